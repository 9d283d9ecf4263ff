package web

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// mover is the pair of buttons that moves a folder or link up or down.
type mover struct {
	Kind, ID, Title string
	First, Last     bool
	Action, Version string
}

// spot is the place of an item in a list of so many.
type spot struct{ i, n int }

func newSpot(i, n int) spot { return spot{i, n} }

func newMover(page EditCoursePage, kind, id, title string, at spot) mover {
	return mover{
		Kind: kind, ID: id, Title: or(title, id), First: at.i == 0, Last: at.i == at.n-1,
		Action: withSession(EditPath(page.Frame.Course.Ref)+"/move", page.Session), Version: page.Version,
	}
}

// editList is the links of one folder on the page that arranges them.
type editList struct {
	Links  []EditLinkRow
	Folder string
	Page   EditCoursePage
}

func newEditList(links []EditLinkRow, folder string, page EditCoursePage) editList {
	return editList{links, folder, page}
}

// newEditAddFrom offers the tools to add to one folder, or outside any.
func newEditAddFrom(page EditCoursePage, folder, title string) addFrom {
	return addFrom{page.AddFrom, page.Frame.Course.Ref, page.Session, folder, or(title, folder)}
}

// fault is what is wrong with a field, as a sentence. The rules of fields that
// say what one must be are texts without the "it" before them.
func (s *speech) fault(text string) string {
	var from, to int
	if n, _ := fmt.Sscanf(text, "it must be a number from %d to %d", &from, &to); n == 2 {
		return s.say("It must be a number from %s to %s.", strconv.Itoa(from), strconv.Itoa(to))
	}
	if n, _ := fmt.Sscanf(text, "it must be a whole number from %d to %d", &from, &to); n == 2 {
		return s.say("It must be a whole number from %s to %s.", strconv.Itoa(from), strconv.Itoa(to))
	}
	var name string
	if n, _ := fmt.Sscanf(text, "the name %q occurs twice", &name); n == 1 {
		return s.say("The name %q occurs twice.", name)
	}
	if rule, ok := strings.CutPrefix(text, "it "); ok && s.known[rule] {
		return wholeSentence(s.say(rule))
	}
	return wholeSentence(s.echo(text))
}

// choice is an option of a select.
type choice struct{ Value, Text string }

func (s *speech) policyChoices() []choice {
	return []choice{{lti.PolicyLatest, s.say("the latest")}, {lti.PolicyBest, s.say("the best")}, {lti.PolicyFirst, s.say("the first")}}
}

func (s *speech) targetChoices() []choice {
	return []choice{
		{lti.TargetIframe, s.say("in a frame on our page")}, {lti.TargetTab, s.say("in a tab of its own")},
		{lti.TargetWindow, s.say("in a window of its own")},
	}
}

func (s *speech) releaseChoices() []choice {
	return []choice{
		{lti.SendName, s.say("name")}, {lti.SendEmail, s.say("e-mail address")}, {lti.SendUsername, s.say("username")},
		{lti.SendRoles, s.say("role in the course")},
	}
}

// told lists what a tool is told about a person.
func (s *speech) told(t lti.Tool) string {
	list := []string{s.say("an id that no other tool sees")}
	for _, c := range s.releaseChoices() {
		if t.Sends(c.Value) {
			list = append(list, c.Text)
		}
	}
	return strings.Join(list, ", ")
}

// shown says where a tool opens, and how large.
func (s *speech) shown(t lti.Tool) string {
	var list []string
	for _, c := range s.targetChoices() {
		if c.Value == or(t.Target, lti.TargetIframe) {
			list = append(list, c.Text)
		}
	}
	if t.Width > 0 {
		list = append(list, s.say("%s px wide", strconv.Itoa(t.Width)))
	}
	if t.Height > 0 {
		list = append(list, s.say("%s px high", strconv.Itoa(t.Height)))
	}
	return strings.Join(list, ", ")
}
