package lti

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// CustomPrefix begins the wire name of every custom parameter, ExtPrefix that
// of every extension parameter.
const (
	CustomPrefix = "custom_"
	ExtPrefix    = "ext_"
)

// CustomName is the wire name of a custom parameter (LTI 1.1 section 3 and
// appendix B): in lower case, every character but a-z and 0-9 an underscore,
// behind the prefix. "Review:Chapter" is custom_review_chapter.
func CustomName(name string) string {
	return CustomPrefix + strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		}
		return '_'
	}, name)
}

// ParseCustom reads custom parameters written one per line as name=value. The
// first "=" divides; both sides are trimmed. Lines without "=" or without a
// name are returned as skipped; empty ones are just passed over. Of two lines
// with one name the later counts.
func ParseCustom(text string) (custom map[string]string, skipped []string) {
	custom = make(map[string]string)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			skipped = append(skipped, line)
			continue
		}
		custom[name] = strings.TrimSpace(value)
	}
	return custom, skipped
}

// OriginalNames gives the parameters that MergeCustom merges under the names
// they are configured with, behind the prefix, where those differ from the wire
// names; values are those of merged.
func OriginalNames(merged map[string]string, layers ...map[string]string) map[string]string {
	from := make(map[string]string)
	for _, layer := range layers {
		for _, name := range slices.Sorted(maps.Keys(layer)) {
			if name = strings.TrimSpace(name); name != "" {
				from[CustomName(name)] = CustomPrefix + name
			}
		}
	}
	originals := make(map[string]string)
	for wire, name := range from {
		if value, ok := merged[wire]; ok && name != wire {
			originals[name] = value
		}
	}
	return originals
}

// MergeCustom gives the custom parameters by their wire names. A later layer
// wins over an earlier one: first the tool's, then the link's. Two different
// names with one wire name are a warning; of two in one layer the later in the
// alphabet wins. Nameless ones are left out.
func MergeCustom(layers ...map[string]string) (merged map[string]string, warnings []string) {
	merged = make(map[string]string)
	from := make(map[string]string)
	for _, layer := range layers {
		for _, name := range slices.Sorted(maps.Keys(layer)) {
			if strings.TrimSpace(name) == "" {
				continue
			}
			wire := CustomName(strings.TrimSpace(name))
			if before, ok := from[wire]; ok && before != name {
				warnings = append(warnings,
					fmt.Sprintf("custom parameters %q and %q are both sent as %s; the latter counts", before, name, wire))
			}
			merged[wire], from[wire] = layer[name], name
		}
	}
	return merged, warnings
}
