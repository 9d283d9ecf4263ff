package manifest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v3"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Change is what a manifest does to one record.
type Change struct {
	// Object is the record in words: "tool consumer uni/campus".
	Object string
	// New says that the record was not there before.
	New    bool
	Fields []FieldChange
}

// FieldChange is one key that another value came to. Before is empty for what
// was not there, After for what is gone. Secrets are never repeated.
type FieldChange struct {
	Path   string
	Before string
	After  string
}

// Paths lists the keys that changed.
func (c Change) Paths() []string {
	paths := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		paths[i] = f.Path
	}
	return paths
}

// CompareBases tells two texts of a record apart, as Record.Base gives them. One
// that can't be read counts as empty.
func CompareBases(before, after string) []FieldChange {
	return compare(readBase(before), readBase(after))
}

func readBase(text string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) != 1 {
		return &yaml.Node{Kind: yaml.MappingNode}
	}
	return doc.Content[0]
}

// compare lists the differences of two records, in the order of the later one,
// then what is gone. Either may be nil.
func compare(before, after *yaml.Node) []FieldChange {
	was, is := flatten(before), flatten(after)
	var changes []FieldChange
	for _, leaf := range is {
		old, _ := valueOf(was, leaf[0])
		if old != leaf[1] {
			changes = append(changes, hide(FieldChange{leaf[0], old, leaf[1]}))
		}
	}
	for _, leaf := range was {
		if _, still := valueOf(is, leaf[0]); !still && leaf[1] != "" {
			changes = append(changes, hide(FieldChange{leaf[0], leaf[1], ""}))
		}
	}
	return changes
}

// hide takes the secrets out of a change.
func hide(c FieldChange) FieldChange {
	last := c.Path[strings.LastIndexByte(c.Path, '.')+1:]
	if last != "secret" && last != "previous_secret" {
		return c
	}
	changed := c.Before != ""
	if changed {
		c.Before = hidden
	}
	switch {
	case c.After != "" && changed:
		c.After = hiddenToo
	case c.After != "":
		c.After = hidden
	}
	return c
}

// What stands for a secret, and for one in the place of another.
const (
	hidden    = "(a secret)"
	hiddenToo = "(another secret)"
)

func valueOf(leaves [][2]string, path string) (string, bool) {
	i := slices.IndexFunc(leaves, func(l [2]string) bool { return l[0] == path })
	if i < 0 {
		return "", false
	}
	return leaves[i][1], true
}

// flatten lists the plain values of a record by their paths. A list of plain
// values is one value, an item of any other list goes by its id.
func flatten(n *yaml.Node) [][2]string {
	var leaves [][2]string
	if n != nil {
		flattenInto(&leaves, "", n)
	}
	return leaves
}

func flattenInto(leaves *[][2]string, path string, n *yaml.Node) {
	switch {
	case n.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			flattenInto(leaves, place{path: path}.key(n.Content[i].Value).path, n.Content[i+1])
		}
	case n.Kind != yaml.SequenceNode:
		*leaves = append(*leaves, [2]string{path, n.Value})
	case len(n.Content) > 0 && n.Content[0].Kind == yaml.MappingNode:
		for _, item := range n.Content {
			flattenInto(leaves, path+"["+itemName(item)+"]", item)
		}
	default:
		texts := make([]string, len(n.Content))
		for i, item := range n.Content {
			texts[i] = item.Value
		}
		*leaves = append(*leaves, [2]string{path, strings.Join(texts, ", ")})
	}
}

func itemName(item *yaml.Node) string {
	for _, name := range []string{"id", "username", "key"} {
		if n := lookUp(item, name); n != nil {
			return n.Value
		}
	}
	return ""
}

func splitPath(path string) []string { return strings.Split(path, ".") }

// keep writes v in the place of old and, if changes are wanted, notes what
// differs.
func keep[T any](w *work, old stored[T], v T, name string) error {
	if !w.noteChanges {
		return old.in.Put(w.tx, v)
	}
	if member, ok := any(v).(lti.Membership); ok {
		change, err := memberChange(old.text, member, name)
		if err != nil {
			return err
		}
		w.changes = append(w.changes, change)
		return old.in.Put(w.tx, v)
	}
	o := objectOf(old.in.Name(), old.in.Key(v))
	before, err := exportOne(w.tx, w.Vault, o)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := old.in.Put(w.tx, v); err != nil {
		return err
	}
	after, err := exportOne(w.tx, w.Vault, o)
	if err != nil {
		return err
	}
	change := Change{Object: o.String(), New: old.text == nil, Fields: compare(before, after)}
	if len(change.Fields) == 0 { // of all that differs, a file never repeats this alone
		change.Fields = []FieldChange{{Path: "password", After: hidden}}
	}
	w.changes = append(w.changes, change)
	return nil
}

// objectOf names the record under a key of a collection; the collections of
// what stands in a manifest are called as its sections.
func objectOf(section, key string) Object {
	parts := store.Split(key)
	if section == Domains {
		return Object{Section: section, ID: parts[0]}
	}
	return Object{Section: section, Domain: parts[0], ID: parts[1]}
}

// memberChange compares a membership with what is stored of it, nil for none.
func memberChange(stored []byte, m lti.Membership, name string) (Change, error) {
	change := Change{Object: "member " + name, New: stored == nil}
	var after, before yaml.Node
	if err := after.Encode(memberDocument(m, lti.Period{})); err != nil {
		return change, fmt.Errorf("write a member: %w", err)
	}
	if !change.New {
		var old lti.Membership
		if err := json.Unmarshal(stored, &old); err != nil {
			return change, fmt.Errorf("read a member: %w", err)
		}
		if err := before.Encode(memberDocument(old, lti.Period{})); err != nil {
			return change, fmt.Errorf("write a member: %w", err)
		}
	}
	change.Fields = compare(&before, &after)
	return change, nil
}
