package web

import "strings"

// Kinds of field.
const (
	FieldText   = "text"
	FieldURL    = "url"
	FieldNumber = "number"
	FieldSecret = "secret" // typed unseen and never shown again
	FieldSelect = "select"
	FieldRadio  = "radio"
	FieldFlag   = "flag"   // one check box
	FieldChecks = "checks" // several
	FieldArea   = "area"   // lines of text
	FieldLines  = "lines"  // a list, a line each: its Values
	FieldPairs  = "pairs"  // rows of name and value, the value chosen from Options if there are any
	FieldHidden = "hidden"
)

// Form is a form of our own. It posts the fields by their names, and base, to
// Action. Each field keeps what was typed, with its fault beside it.
type Form struct {
	Action string
	// Base is what the record was when it was read.
	Base   string
	Groups []FieldGroup
	// Faults are those that belong to no field.
	Faults []string
	// Stale lists what others changed while the form was open.
	Stale  []FieldChange
	Submit string
	// Cancel leads back; empty shows no link.
	Cancel string
}

// FieldGroup is a set of fields under a heading.
type FieldGroup struct {
	Title  string
	Help   string
	Fields []Field
	// Folded groups stand closed until they are opened or hold a fault.
	Folded bool
}

// Field is one question of a form.
type Field struct {
	Kind string
	// Name is the name of the input.
	Name  string
	Label string
	// Help is one line below the label.
	Help  string
	Fault string
	// Value is that of a plain field, Values those of boxes; a flag is set if
	// its Value is not empty.
	Value  string
	Values []string
	// Pairs are the rows of FieldPairs. They post Name + ".name" and Name +
	// ".value" in their order.
	Pairs   []Param
	Options []Option
	// Suggestions are offered beside what may be typed freely.
	Suggestions []string
	Placeholder string
	Required    bool
	Fixed       bool // shown, not to be changed
	Loose       bool // no key of the record that the form is about
}

// Option is a choice. A radio option may have a line of help.
type Option struct{ Value, Text, Help string }

// FieldChange is one key with its values before and after.
type FieldChange struct{ Path, Before, After string }

// ID is the id of the field's element.
func (f Field) ID() string {
	return "f-" + strings.Map(func(c rune) rune {
		if c == '.' || c == '_' || c == ' ' {
			return '-'
		}
		return c
	}, f.Name)
}

// Has reports whether a box of the field is ticked.
func (f Field) Has(value string) bool {
	for _, v := range f.Values {
		if v == value {
			return true
		}
	}
	return false
}

// Others are the ticked values that no option stands for; they are kept.
func (f Field) Others() []string {
	var others []string
	for _, v := range f.Values {
		known := false
		for _, o := range f.Options {
			known = known || o.Value == v
		}
		if !known {
			others = append(others, v)
		}
	}
	return others
}

// Text is what stands in a text area.
func (f Field) Text() string {
	if f.Kind == FieldLines {
		return strings.Join(f.Values, "\n")
	}
	return f.Value
}

// Area reports whether the field is a text area.
func (f Field) Area() bool { return f.Kind == FieldArea || f.Kind == FieldLines }

// Described names the elements that explain the field.
func (f Field) Described() string {
	var ids []string
	if f.Help != "" {
		ids = append(ids, f.ID()+"-help")
	}
	if f.Fault != "" {
		ids = append(ids, f.ID()+"-fault")
	}
	return strings.Join(ids, " ")
}

// Boxes reports whether the field is a group of inputs with a legend of its own.
func (f Field) Boxes() bool {
	return f.Kind == FieldChecks || f.Kind == FieldRadio || f.Kind == FieldPairs
}

// Input is the type of a plain input.
func (f Field) Input() string {
	switch f.Kind {
	case FieldSecret:
		return "password"
	case FieldURL:
		return "url"
	}
	return "text"
}

// Spare are the rows of FieldPairs with some empty ones to fill in.
func (f Field) Spare() []Param { return append(append([]Param{}, f.Pairs...), Param{}, Param{}) }

// Open reports whether a group stands open.
func (g FieldGroup) Open() bool {
	for _, f := range g.Fields {
		if f.Fault != "" {
			return true
		}
	}
	return !g.Folded
}

// Faulty counts the faults of a form.
func (f Form) Faulty() int {
	n := len(f.Faults)
	for _, g := range f.Groups {
		for _, field := range g.Fields {
			if field.Fault != "" {
				n++
			}
		}
	}
	return n
}
