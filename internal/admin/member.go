package admin

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// member shows one membership to those who may change it.
func (p *People) member(w http.ResponseWriter, r *http.Request, v visit) error {
	page, _, err := p.readMember(r, v)
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Member(w, http.StatusOK, page))
	return nil
}

// maxPast is how many former states of a membership are shown.
const maxPast = 50

// readMember reads the membership that the path names, and what the visitor may
// make of it.
func (p *People) readMember(r *http.Request, v visit) (page web.MemberPage, change enrol.MemberChange, err error) {
	err = p.Store.View(r.Context(), func(tx store.Tx) error {
		s, err := p.managedSeat(tx, r, v)
		if err != nil {
			return err
		}
		m, err := store.Memberships.Get(tx, s.course.Domain, s.course.ID, param(r, "username"))
		if err == nil && m.Into != "" {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		found, err := named(tx, []lti.Membership{m})
		if err != nil {
			return err
		}
		change = enrol.MemberChange{
			Course: s.course.Ref(), Username: m.Username, By: v.name(), Actor: s.role, Admin: s.admin,
		}
		if v.User.Domain == s.course.Domain {
			change.Self = v.User.Username
		}
		page = web.MemberPage{
			Frame: p.courseFrame(r, v, s), Member: found[0], Roles: change.Assignable(s.course, m.Role), Sections: s.course.Sections,
			Typed: web.MemberForm{
				Role: m.Role, Section: m.Section, Status: m.Status, Start: formTime(m.Start), End: formTime(m.End), Locked: true,
			},
		}
		page.Past, _, err = store.PastMemberships.ListBack(tx, store.Prefix(m.Domain, m.Course, m.Username), "", maxPast)
		return err
	})
	return page, change, err
}

// The form in which browsers send a date and time.
const formLayout = "2006-01-02T15:04"

func formTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(formLayout)
}

// changeMember sets a membership by hand.
func (p *People) changeMember(w http.ResponseWriter, r *http.Request, v visit) error {
	page, change, err := p.readMember(r, v)
	if err != nil {
		return err
	}
	if len(page.Roles) == 0 {
		return errForbidden
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	page.Typed = web.MemberForm{
		Role: lti.Role(sent.text("role")), Section: strings.TrimSpace(sent.text("section")), Status: sent.text("status"),
		Start: sent.text("start"), End: sent.text("end"), Locked: sent.text("locked") != "",
	}
	page.Faults = readMemberForm(page, &change)
	if len(page.Faults) > 0 {
		p.wrote(r, p.Pages.Member(w, http.StatusUnprocessableEntity, page))
		return nil
	}
	err = p.ChangeMember(r.Context(), change)
	if errors.Is(err, enrol.ErrAssign) {
		return errForbidden
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, web.MemberPath(change.Course, change.Username), doneMemberChanged)
	return nil
}

// readMemberForm reads what was typed into the change, and says what is wrong,
// by field.
func readMemberForm(page web.MemberPage, change *enrol.MemberChange) map[string]string {
	faults := map[string]string{}
	typed := page.Typed
	change.Role, change.Section, change.Status, change.Locked = typed.Role, typed.Section, typed.Status, typed.Locked
	if !slices.Contains(page.Roles, typed.Role) {
		faults["role"] = "Choose one of the roles."
	}
	if typed.Status != lti.MemberDropped {
		change.Status = lti.MemberActive
	}
	odd := func(r rune) bool { return r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	if strings.ContainsFunc(typed.Section, odd) || len(typed.Section) > 100 {
		faults["section"] = "Write at most 100 letters, digits, - and _."
	}
	var startFault, endFault string
	change.Start, startFault = readFormTime(typed.Start, page.Member.Start)
	change.End, endFault = readFormTime(typed.End, page.Member.End)
	if startFault == "" && endFault == "" && !change.End.IsZero() && !change.End.After(change.Start) {
		endFault = "Choose an end after the beginning."
	}
	for field, fault := range map[string]string{"start": startFault, "end": endFault} {
		if fault != "" {
			faults[field] = fault
		}
	}
	return faults
}

// readFormTime reads a date and time of a form, in UTC; empty is none. One that
// stayed as it was keeps its seconds.
func readFormTime(text string, held time.Time) (t time.Time, fault string) {
	if text == formTime(held) {
		return held, ""
	}
	for _, layout := range []string{formLayout, "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, ""
		}
	}
	if text == "" {
		return time.Time{}, ""
	}
	return time.Time{}, "Write a date and a time, for example 2027-01-31T23:59."
}
