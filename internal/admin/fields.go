package admin

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/web"
)

// The fields of a form are the keys of the manifest: the name of a field is the
// path of its key, "users.match". So a field is one line in a list of fields,
// and the manifest's own reader checks what is typed.

func text(path, label, help string) web.Field {
	return web.Field{Kind: web.FieldText, Name: path, Label: label, Help: help}
}

func flag(path, label, help string) web.Field {
	return web.Field{Kind: web.FieldFlag, Name: path, Label: label, Help: help}
}

func choice(path, label, help string, options ...web.Option) web.Field {
	return web.Field{Kind: web.FieldSelect, Name: path, Label: label, Help: help, Options: options}
}

func boxes(path, label, help string, options ...web.Option) web.Field {
	return web.Field{Kind: web.FieldChecks, Name: path, Label: label, Help: help, Options: options}
}

func lines(path, label, help string) web.Field {
	return web.Field{Kind: web.FieldLines, Name: path, Label: label, Help: help}
}

func suggesting(f web.Field, suggestions ...string) web.Field {
	f.Suggestions = suggestions
	return f
}

func as(kind string, f web.Field) web.Field {
	f.Kind = kind
	return f
}

func required(f web.Field) web.Field {
	f.Required = true
	return f
}

func option(value, text string) web.Option { return web.Option{Value: value, Text: text} }

// plain makes options of values that need no other words.
func plain(values ...string) []web.Option {
	options := make([]web.Option, len(values))
	for i, v := range values {
		options[i] = option(v, v)
	}
	return options
}

// ours are the roles of a course as options.
func ours() []web.Option {
	roles := lti.CourseRoles()
	options := make([]web.Option, len(roles))
	for i, r := range roles {
		options[i] = option(string(r), string(r))
		if r == lti.TA {
			options[i].Text = "teaching assistant"
		}
	}
	return options
}

// theirs are the roles of LTI that LMSs usually send.
func theirs() []string {
	return []string{
		"Learner", "Instructor", "TeachingAssistant", "ContentDeveloper", "Administrator", "Mentor", "Manager", "Member", "Officer",
		"Learner/Instructor", "Learner/GuestLearner", "Learner/NonCreditLearner",
	}
}

// eachField walks the fields of a form.
func eachField(f *web.Form, fn func(*web.Field)) {
	for i := range f.Groups {
		for j := range f.Groups[i].Fields {
			fn(&f.Groups[i].Fields[j])
		}
	}
}

// fillFrom gives the fields the values of a record.
func fillFrom(f *web.Form, r manifest.Record) {
	f.Base = r.Base
	eachField(f, func(field *web.Field) {
		switch field.Kind {
		case web.FieldChecks, web.FieldLines:
			field.Values = r.List(field.Name)
		case web.FieldPairs:
			field.Pairs = pairsOf(r.Pairs(field.Name))
		case web.FieldArea:
			field.Value = linesOf(r.Pairs(field.Name))
		case web.FieldFlag:
			field.Value = mark(r.Flag(field.Name))
		case web.FieldSecret:
		default:
			field.Value = r.Text(field.Name)
		}
	})
}

func pairsOf(pairs [][2]string) []web.Param {
	list := make([]web.Param, len(pairs))
	for i, p := range pairs {
		list[i] = web.Param{Name: p[0], Value: p[1]}
	}
	return list
}

// linesOf writes names and values as lines name=value.
func linesOf(pairs [][2]string) string {
	list := make([]string, len(pairs))
	for i, p := range pairs {
		list[i] = p[0] + "=" + p[1]
	}
	return strings.Join(list, "\n")
}

func mark(set bool) string {
	if set {
		return "true"
	}
	return ""
}

// fillTyped gives the fields what was typed.
func fillTyped(f *web.Form, sent form) {
	f.Base = sent.plain("base")
	eachField(f, func(field *web.Field) {
		switch field.Kind {
		case web.FieldChecks:
			field.Values = sent.fields[field.Name]
		case web.FieldLines:
			field.Values = nonEmptyLines(sent.text(field.Name))
		case web.FieldPairs:
			field.Pairs = typedPairs(sent.fields[field.Name+".name"], sent.fields[field.Name+".value"])
		case web.FieldArea:
			field.Value = sent.plain(field.Name)
		case web.FieldSecret:
			field.Value = sent.text(field.Name)
		default:
			field.Value = strings.TrimSpace(sent.text(field.Name))
		}
	})
}

// plain is a field's text with the line ends that it had before a browser sent
// it.
func (f form) plain(name string) string { return strings.ReplaceAll(f.text(name), "\r\n", "\n") }

func nonEmptyLines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// typedPairs are the rows that have a name.
func typedPairs(names, values []string) []web.Param {
	var pairs []web.Param
	for i, name := range names {
		if name = strings.TrimSpace(name); name != "" && i < len(values) {
			pairs = append(pairs, web.Param{Name: name, Value: strings.TrimSpace(values[i])})
		}
	}
	return pairs
}

// draftOf writes what the form says other than the record.
func draftOf(f web.Form, r manifest.Record, base string) *manifest.Draft {
	d := manifest.NewDraft(r.Object, base)
	eachField(&f, func(field *web.Field) {
		if field.Fixed || field.Loose || field.Name == "domain" || field.Name == "id" {
			return
		}
		if v, differs := valueOf(*field, r); differs || partOfPeriod(f, r, field.Name) {
			d.Set(field.Name, v)
		}
	})
	return d
}

// partOfPeriod reports whether the field is an end of a period whose other end
// has another value than the record: the manifest judges the two together.
func partOfPeriod(f web.Form, r manifest.Record, name string) bool {
	other := ""
	if of, ok := strings.CutSuffix(name, ".start"); ok {
		other = of + ".end"
	} else if of, ok := strings.CutSuffix(name, ".end"); ok {
		other = of + ".start"
	}
	found := false
	eachField(&f, func(field *web.Field) {
		if field.Name == other {
			_, found = valueOf(*field, r)
		}
	})
	return found
}

// valueOf is a field's value for a draft, and whether the record has another.
func valueOf(f web.Field, r manifest.Record) (v any, differs bool) {
	switch f.Kind {
	case web.FieldChecks:
		return f.Values, !sameSet(f.Values, r.List(f.Name))
	case web.FieldLines:
		return f.Values, !slices.Equal(f.Values, r.List(f.Name))
	case web.FieldPairs:
		pairs := make([][2]string, len(f.Pairs))
		for i, p := range f.Pairs {
			pairs[i] = [2]string{p.Name, p.Value}
		}
		return pairs, !slices.Equal(pairs, r.Pairs(f.Name))
	case web.FieldArea:
		return f.Value, strings.TrimSpace(f.Value) != linesOf(r.Pairs(f.Name))
	case web.FieldFlag:
		return f.Value != "", (f.Value != "") != r.Flag(f.Name)
	case web.FieldNumber:
		if n, err := strconv.Atoi(f.Value); err == nil {
			return n, f.Value != r.Text(f.Name)
		}
		if f.Value == "" {
			return 0, r.Text(f.Name) != ""
		}
	}
	return f.Value, f.Value != r.Text(f.Name)
}

// sameSet reports whether two lists hold the same; boxes have an order of their
// own.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// place puts faults to the fields that they are about. Those of no field stand
// on top of the form.
func place(f *web.Form, faults manifest.Faults) {
	for _, fault := range faults {
		var best *web.Field
		eachField(f, func(field *web.Field) {
			rest, below := strings.CutPrefix(fault.Path, field.Name)
			below = below && (rest == "" || rest[0] == '.' || rest[0] == '[')
			if below && (best == nil || len(field.Name) > len(best.Name)) {
				best = field
			}
		})
		if best == nil { // a fault of two fields together, such as the ends of a period
			eachField(f, func(field *web.Field) {
				if strings.HasPrefix(field.Name, fault.Path+".") {
					best = field
				}
			})
		}
		if best == nil || best.Kind == web.FieldHidden {
			fault.Line = 0
			f.Faults = append(f.Faults, fault.Error())
			continue
		}
		said := fault.Text
		if detail := strings.Trim(strings.TrimPrefix(fault.Path, best.Name), ".[]"); detail != "" && best.Kind == web.FieldPairs {
			said = detail + ": " + said
		}
		if best.Fault == "" {
			best.Fault = said
		}
	}
}
