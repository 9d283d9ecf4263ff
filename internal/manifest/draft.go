package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"
)

// Draft is a manifest of one record that is being written, for instance from a
// form. It says nothing of the keys that were not Set.
type Draft struct {
	Object
	// Base is what the author had before: the Base of the record that was
	// read, "" for a record that is to be new. Edit refuses a draft whose
	// record has changed since.
	Base string

	root *yaml.Node
}

// NewDraft begins a draft of the object.
func NewDraft(o Object, base string) *Draft {
	d := &Draft{Object: o, Base: base, root: &yaml.Node{Kind: yaml.MappingNode}}
	if o.Section != Domains {
		d.Set("domain", o.Domain)
	}
	d.Set(o.idKey(), o.ID)
	return d
}

// Set gives the key at a path such as "users.match" a value: a string, bool or
// int, a list ([]string), or names with values ([][2]string).
func (d *Draft) Set(path string, v any) {
	at := d.root
	parts := strings.Split(path, ".")
	for _, name := range parts[:len(parts)-1] {
		below := lookUp(at, name)
		if below == nil {
			below = &yaml.Node{Kind: yaml.MappingNode}
			at.Content = append(at.Content, textNode(name), below)
		}
		at = below
	}
	name := parts[len(parts)-1]
	if held := lookUp(at, name); held != nil {
		*held = *valueNode(v)
		return
	}
	at.Content = append(at.Content, textNode(name), valueNode(v))
}

func textNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: strings.ToValidUTF8(s, "\uFFFD"), Style: yaml.DoubleQuotedStyle}
}

func valueNode(v any) *yaml.Node {
	switch v := v.(type) {
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}
	case int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(v)}
	case []string:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for _, s := range v {
			n.Content = append(n.Content, textNode(s))
		}
		return n
	case [][2]string:
		n := &yaml.Node{Kind: yaml.MappingNode}
		for _, pair := range v {
			n.Content = append(n.Content, textNode(pair[0]), textNode(pair[1]))
		}
		return n
	}
	return textNode(fmt.Sprint(v))
}

// lookUp is the value of a key of a mapping, nil without it.
func lookUp(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// parse reads the draft as the manifest that it is. The faults' paths begin at
// the record: "users.match".
func (d *Draft) parse() (*Manifest, error) {
	list := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{d.root}}
	root := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
		textNode("version"), valueNode(1), textNode(d.Section), list,
	}}
	var text bytes.Buffer
	if err := yaml.NewEncoder(&text).Encode(root); err != nil {
		return nil, fmt.Errorf("write draft: %w", err)
	}
	m, err := Parse(text.Bytes())
	return m, d.local(err)
}

// local makes the paths of faults begin at the record; lines mean nothing to
// somebody who sees a form.
func (d *Draft) local(err error) error {
	var faults Faults
	if !errors.As(err, &faults) {
		return err
	}
	local := make(Faults, len(faults))
	for i, f := range faults {
		path := strings.TrimPrefix(f.Path, d.Section+"[0]")
		local[i] = Fault{Path: strings.TrimPrefix(path, "."), Text: f.Text}
	}
	return local
}
