package ltixml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Element is an element with what is in it. Attributes are dropped.
type Element struct {
	Name string
	// Text is the element's own text, comments left out, CDATA joined, white
	// space kept.
	Text     string
	Children []Element
}

// Parse reads a whole document. With an error the element holds what came
// before it, so that an answer can refer to the message.
func Parse(body []byte) (Element, error) {
	r := NewReader(bytes.NewReader(body))
	t, err := r.Next()
	if err != nil {
		return Element{}, err
	}
	root, err := r.Element(t)
	if err != nil {
		return root, err
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		return root, err
	}
	return root, nil
}

// Element reads the rest of the element that start began, to its end.
func (r *Reader) Element(start Token) (Element, error) {
	e := Element{Name: start.Name}
	var text strings.Builder
	for {
		t, err := r.Next()
		if err == nil && t.Kind == Start {
			var child Element
			child, err = r.Element(t)
			e.Children = append(e.Children, child)
		}
		if err != nil || t.Kind == End {
			e.Text = text.String()
			return e, err
		}
		text.WriteString(t.Text)
	}
}

// Skip passes over the rest of the element that was just begun.
func (r *Reader) Skip() error {
	for depth := r.depth; r.depth >= depth; {
		if _, err := r.Next(); err != nil {
			return err
		}
	}
	return nil
}

// Value is the element's text without the white space around it.
func (e Element) Value() string { return strings.Trim(e.Text, " \t\r\n") }

// Child is the first child of one of the names.
func (e Element) Child(names ...string) (Element, bool) {
	for _, c := range e.Children {
		for _, name := range names {
			if c.Name == name {
				return c, true
			}
		}
	}
	return Element{}, false
}

// Find follows first children down a path. An element that is not there is
// empty.
func (e Element) Find(path ...string) Element {
	for _, name := range path {
		e, _ = e.Child(name)
	}
	return e
}

// Optional is the child of that name, of which there may be one at the most.
func (e Element) Optional(name string) (child Element, ok bool, err error) {
	for _, c := range e.Children {
		if c.Name != name {
			continue
		}
		if ok {
			return Element{}, false, fmt.Errorf("%w: more than one %s in %.60s", ErrSyntax, name, e.Name)
		}
		child, ok = c, true
	}
	return child, ok, nil
}

// Leaf is the text of a child that may be there once and holds text alone.
func (e Element) Leaf(name string) (string, error) {
	child, _, err := e.Optional(name)
	if err != nil {
		return "", err
	}
	if len(child.Children) > 0 {
		return "", fmt.Errorf("%w: elements inside %s", ErrSyntax, name)
	}
	return child.Value(), nil
}
