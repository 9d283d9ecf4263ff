package course

import (
	"errors"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// ToolForm is a tool of one course as a person writes it.
type ToolForm struct {
	// ID is only of a new tool; without one it is made of the name.
	ID, Name, URL string
	// Key and Secret of a new tool are made here if they are empty. Passport is
	// id:key:secret, as edX writes it, and stands in for all three.
	Key, Secret, Passport string
	Method                string
	// Send is what of a person goes to the tool.
	Send                      []string
	Custom                    string
	Target                    string
	Width, Height             string
	Passback, Roster, Setting bool
	Disabled                  bool
}

// ToolFormOf is a tool as a form shows it, without its secret.
func ToolFormOf(t lti.Tool) ToolForm {
	f := ToolForm{
		ID: t.ID, Name: t.Name, URL: t.URL, Key: t.Key, Method: t.SignatureMethod, Send: t.Send, Custom: CustomText(t.Custom),
		Target: t.Target, Width: numberText(float64(t.Width)), Height: numberText(float64(t.Height)),
		Passback: t.Passback.Enabled, Roster: t.Roster.Enabled, Setting: t.Setting.Enabled, Disabled: t.Disabled,
	}
	if f.Target == "" {
		f.Target = lti.TargetIframe
	}
	return f
}

// NewToolForm is the form of a new tool with the defaults.
func NewToolForm() ToolForm { return ToolFormOf(lti.NewTool("", "", "")) }

// New is the tool that the form adds to the course that of names, and its
// secret; the caller makes whichever of key and secret is empty. What a form does
// not ask for is as in read, what a link file says; the zero value says nothing.
// What is wrong with the form is a Faults; no secret is ever part of it.
func (f ToolForm) New(of lti.CourseRef, read lti.Tool) (tool lti.Tool, secret string, err error) {
	faults := Faults{}
	f.takePassport(faults)
	id := strings.TrimSpace(f.ID)
	if id == "" {
		id = lti.Slug(f.Name, maxSlug)
	}
	if id == "" {
		id = "tool"
	}
	faults.add("id", lti.CheckName(id))
	if f.Secret != "" {
		faults.add("secret", lti.CheckSecret(f.Secret))
	}
	tool = lti.NewTool(of.Domain, of.ID, id)
	tool.About, tool.Placements, tool.ContentItems = read.About, read.Placements, read.ContentItems
	f.apply(&tool, faults)
	return tool, f.Secret, faults.err()
}

// takePassport puts the parts of a passport into their fields.
func (f *ToolForm) takePassport(faults Faults) {
	text := strings.TrimSpace(f.Passport)
	if text == "" {
		return
	}
	passport, err := lti.ParsePassport(text)
	if err != nil {
		faults.add("passport", err)
		return
	}
	if f.Key != "" || f.Secret != "" {
		faults.add("passport", errors.New("it gives key and secret: leave those fields empty"))
		return
	}
	if f.ID == "" {
		f.ID = passport.ID
	}
	f.Key, f.Secret = passport.Key, passport.Secret
}

// apply makes t what the form says, but for its id and secret.
func (f ToolForm) apply(t *lti.Tool, faults Faults) {
	t.Name, t.URL, t.Key = strings.TrimSpace(f.Name), strings.TrimSpace(f.URL), strings.TrimSpace(f.Key)
	if t.Name == "" {
		faults.add("name", errors.New("it is missing: people see it beside the links"))
	}
	faults.add("name", lti.CheckText(t.Name))
	faults.add("url", lti.CheckURL(t.URL))
	if t.Key != "" || t.Secret.Sealed != "" { // one that is missing is made with the secret
		faults.add("key", lti.CheckKey(t.Key))
	}
	faults.add("method", lti.CheckOneOf(f.Method, lti.SignatureMethods()))
	t.SignatureMethod = f.Method
	t.Send = nil
	for _, what := range lti.Releases() {
		if slices.Contains(f.Send, what) {
			t.Send = append(t.Send, what)
		}
	}
	t.Custom = readCustom(f.Custom, t.Custom, faults)
	t.Target, t.Width, t.Height = readShown(f.Target, f.Width, f.Height, faults)
	t.Passback.Enabled, t.Roster.Enabled, t.Setting.Enabled = f.Passback, f.Roster, f.Setting
	t.Disabled = f.Disabled
}
