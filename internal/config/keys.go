package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// checkKeys refuses keys of the file that are no option, each with its line.
// It goes before viper, which knows no lines and takes keys in any case.
func checkKeys(text []byte) error {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return err
	}
	if len(document.Content) == 0 {
		return nil
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil
	}
	if root.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: want options as \"name: value\"", root.Line)
	}
	return joinFaults(unknownKeys(root, ""))
}

func unknownKeys(mapping *yaml.Node, prefix string) []string {
	var faults []string
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		name, value := mapping.Content[i], mapping.Content[i+1]
		key := prefix + name.Value
		switch {
		case slices.Contains(Keys(), key):
		case !isGroup(key):
			faults = append(faults, fmt.Sprintf("line %d: unknown option %q", name.Line, key))
		case value.Kind == yaml.MappingNode:
			faults = append(faults, unknownKeys(value, key+".")...)
		case value.Tag != "!!null":
			faults = append(faults, fmt.Sprintf("line %d: %q is a group of options, not one", name.Line, key))
		}
	}
	return faults
}

func isGroup(key string) bool {
	return slices.ContainsFunc(Keys(), func(k string) bool { return strings.HasPrefix(k, key+".") })
}
