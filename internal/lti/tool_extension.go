package lti

import (
	"fmt"
	"maps"
	"slices"
)

// Bounds of what a tool's link file says to platforms, all of it together.
const (
	MaxExtensionParts = 200      // extensions, options and properties
	MaxExtensionBytes = 16 << 10 // their names and values
	MaxExtensionDepth = 8        // of options in options
)

// ToolExtension is what the link file of a tool says to one platform beyond what
// we know by name: kept as it is, and passed on with the tool's own link file.
// At the top Name is the platform, below it that of the options.
type ToolExtension struct {
	Name       string            `json:"name"`
	Properties map[string]string `json:"properties,omitempty"`
	Options    []ToolExtension   `json:"options,omitempty"`
}

// CheckExtensions says why extensions can't be kept: too many parts or bytes, too
// deep, a name that CheckID refuses or that occurs twice, or a value that is too
// long or no UTF-8.
func CheckExtensions(all []ToolExtension) error {
	parts, size := 0, 0
	return checkExtensions(all, 1, &parts, &size)
}

func checkExtensions(all []ToolExtension, depth int, parts, size *int) error {
	if len(all) > 0 && depth > MaxExtensionDepth {
		return fmt.Errorf("the extensions are deeper than %d", MaxExtensionDepth)
	}
	seen := make(map[string]bool, len(all))
	for _, e := range all {
		if err := CheckID(e.Name); err != nil {
			return fmt.Errorf("the name %.60q of an extension: %w", e.Name, err)
		}
		if seen[e.Name] {
			return fmt.Errorf("the extension %.60q occurs twice", e.Name)
		}
		seen[e.Name] = true
		if err := e.check(parts, size); err != nil {
			return err
		}
		if err := checkExtensions(e.Options, depth+1, parts, size); err != nil {
			return err
		}
	}
	return nil
}

// check checks what stands in e itself.
func (e ToolExtension) check(parts, size *int) error {
	*parts += 1 + len(e.Properties)
	*size += len(e.Name)
	for _, name := range slices.Sorted(maps.Keys(e.Properties)) {
		*size += len(name) + len(e.Properties[name])
		if err := CheckID(name); err != nil {
			return fmt.Errorf("the property %.60q of the extension %.60q: %w", name, e.Name, err)
		}
		if err := checkTexts(e.Properties[name]); err != nil {
			return fmt.Errorf("the extension %.60q: %w", e.Name, err)
		}
	}
	switch {
	case *parts > MaxExtensionParts:
		return fmt.Errorf("the extensions have more than %d parts", MaxExtensionParts)
	case *size > MaxExtensionBytes:
		return fmt.Errorf("the extensions have more than %d bytes", MaxExtensionBytes)
	}
	return nil
}
