package manifest

import (
	"context"
	"errors"
	"fmt"

	yaml "go.yaml.in/yaml/v3"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// Record is one record as the manifest writes it, without its secrets. The
// folders, links, tools, protection keys and members of a course are left out.
type Record struct {
	Object
	// Base is the record's text. Two that are equal say the same.
	Base string

	root *yaml.Node
}

// Record reads the object, or returns store.ErrNotFound.
func (x *Exporter) Record(ctx context.Context, o Object) (Record, error) {
	var r Record
	err := x.Store.View(ctx, func(tx store.Tx) (err error) {
		r, err = readRecord(tx, o)
		return err
	})
	if err != nil {
		return Record{}, fmt.Errorf("read %s: %w", o, err)
	}
	return r, nil
}

// NewRecord is the object as it is when nothing but its id is said: all
// defaults.
func NewRecord(o Object) (Record, error) {
	var fresh any
	switch o.Section {
	case ToolConsumers:
		fresh = newConsumer(o.Domain, o.ID)
	case Tools:
		fresh = lti.NewTool(o.Domain, "", o.ID)
	case Courses:
		fresh = newCourse(o.Domain, o.ID)
	case Domains:
		fresh = lti.Domain{ID: o.ID}
	default:
		fresh = newUser(o.Domain, o.ID)
	}
	root, err := (&export{fresh: fresh}).one(o)
	if err != nil {
		return Record{}, err
	}
	return recordOf(o, root)
}

// partsOfCourse are the keys of a course that have pages of their own.
func partsOfCourse() []string { return []string{"folders", "links", "tools", "protection", "members"} }

func readRecord(tx store.Tx, o Object) (Record, error) {
	root, err := exportOne(tx, nil, o)
	if err != nil {
		return Record{}, err
	}
	return recordOf(o, root)
}

func recordOf(o Object, root *yaml.Node) (Record, error) {
	if o.Section == Courses {
		for _, name := range partsOfCourse() {
			drop(root, name)
		}
	}
	text, err := yaml.Marshal(root)
	if err != nil {
		return Record{}, fmt.Errorf("write %s: %w", o, err)
	}
	return Record{Object: o, Base: string(text), root: root}, nil
}

// exportOne writes one record; with a vault its secrets too. One that is not
// there is store.ErrNotFound.
func exportOne(tx store.Tx, v *vault.Vault, o Object) (*yaml.Node, error) {
	return (&export{tx: tx, vault: v, only: o.key()}).one(o)
}

// one writes the one record that is wanted.
func (w *export) one(o Object) (*yaml.Node, error) {
	walks := map[string]func() error{
		Domains: w.domains, Users: w.users, ToolConsumers: w.consumers, Tools: w.tools, Courses: w.courses,
	}
	walk, ok := walks[o.Section]
	if !ok {
		return nil, fmt.Errorf("a manifest has no %q", o.Section)
	}
	if err := walk(); err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := root.Encode(w.doc); err != nil {
		return nil, fmt.Errorf("write %s: %w", o, err)
	}
	list := lookUp(&root, o.Section)
	if list == nil || len(list.Content) != 1 {
		return nil, store.ErrNotFound
	}
	return list.Content[0], nil
}

// each walks the records of a collection that are wanted.
func each[T any](w *export, c *store.Collection[T], fn func(T) error) error {
	if fresh, ok := w.fresh.(T); ok {
		return fn(fresh)
	}
	if w.only == "" {
		return c.All(w.tx, "", fn)
	}
	v, err := c.GetKey(w.tx, w.only)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return fn(v)
}

func drop(n *yaml.Node, name string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			n.Content = append(n.Content[:i], n.Content[i+2:]...)
			return
		}
	}
}

// at is the node at a path, nil if there is none.
func (r Record) at(path string) *yaml.Node {
	if r.root == nil {
		return nil
	}
	n := r.root
	for _, name := range splitPath(path) {
		if n = lookUp(n, name); n == nil {
			return nil
		}
	}
	return n
}

// Text is the plain value at a path, "" if there is none.
func (r Record) Text(path string) string {
	if n := r.at(path); n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" {
		return n.Value
	}
	return ""
}

// Flag reports whether the value at a path is true.
func (r Record) Flag(path string) bool { return r.Text(path) == "true" }

// List is the list at a path, nil if there is none.
func (r Record) List(path string) []string {
	var list []string
	if n := r.at(path); n != nil && n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			list = append(list, item.Value)
		}
	}
	return list
}

// Pairs are the names and values at a path, in the order of the names.
func (r Record) Pairs(path string) [][2]string {
	var pairs [][2]string
	if n := r.at(path); n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			pairs = append(pairs, [2]string{n.Content[i].Value, n.Content[i+1].Value})
		}
	}
	return pairs
}
