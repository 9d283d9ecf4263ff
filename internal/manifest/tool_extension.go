package manifest

import "github.com/ltihub/ltihub/internal/lti"

// readExtensions reads what a tool's link file says to platforms; the list is
// set as a whole.
func readExtensions(t *entry[lti.Tool], v value) {
	all := readExtensionList(v, 1)
	if err := lti.CheckExtensions(all); err != nil {
		v.fault("can't be kept: %v", err)
	}
	t.changes = append(t.changes, func(t *lti.Tool) { t.Extensions = all })
}

func readExtensionList(v value, depth int) []lti.ToolExtension {
	if depth > lti.MaxExtensionDepth {
		v.fault("is deeper than %d", lti.MaxExtensionDepth)
		return nil
	}
	var all []lti.ToolExtension
	v.each(func(item value) {
		var e lti.ToolExtension
		present := item.mapping(keys{
			"name":       into(&e.Name, value.about),
			"properties": into(&e.Properties, texts),
			"options":    func(v value) { e.Options = readExtensionList(v, depth+1) },
		})
		item.require(present, "name")
		all = append(all, e)
	})
	return all
}

// extensionDoc is what readExtensionList reads.
type extensionDoc struct {
	Name       exact           `yaml:"name"`
	Properties map[exact]exact `yaml:"properties,omitempty"`
	Options    []extensionDoc  `yaml:"options,omitempty"`
}

func extensions(all []lti.ToolExtension) []extensionDoc {
	var docs []extensionDoc
	for _, e := range all {
		docs = append(docs, extensionDoc{Name: exact(e.Name), Properties: exactMap(e.Properties), Options: extensions(e.Options)})
	}
	return docs
}
