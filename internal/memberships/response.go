package memberships

import (
	"errors"
	"fmt"
	"io"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/ltixml"
)

// ErrTooLarge is an answer above the limit.
var ErrTooLarge = errors.New("roster too large")

// ErrNotRoster is an answer that is no roster, but for example a sign-in page,
// or that breaks off.
var ErrNotRoster = errors.New("not a roster")

// ParseResponse reads an answer of at most limit bytes and hands its members to
// take, one by one, in flat memory. It allows memberships or members, roles or
// role. Members without a user_id are handed over too, for an LMS may know its
// people by something else; only those who say nothing at all are passed over.
//
// Only after a nil error is the roster whole: what take was given before an
// error is to be thrown away. An answer that says no is *ltixml.StatusError;
// an error of take ends the reading and comes back as it is.
func ParseResponse(r io.Reader, limit int64, take func(Member) error) error {
	in := &io.LimitedReader{R: r, N: limit + 1}
	p := responseParser{xml: ltixml.NewReader(in), take: take}
	err := p.document()
	switch {
	case errors.Is(err, errTake):
		return p.taken
	case in.N <= 0: // the one byte above the limit was there
		return fmt.Errorf("%w: over %d bytes", ErrTooLarge, limit)
	case errors.Is(err, ltixml.ErrSyntax), errors.Is(err, ltixml.ErrNotMessage):
		return fmt.Errorf("%w: %w", ErrNotRoster, err)
	}
	return err
}

// errTake marks an error of take, which is kept in taken.
var errTake = errors.New("member not taken")

type responseParser struct {
	xml    *ltixml.Reader
	take   func(Member) error
	taken  error
	status bool // a statusinfo that says success was read
}

func (p *responseParser) document() error {
	root, err := p.xml.Next()
	if err != nil {
		return err
	}
	if root.Name != "message_response" {
		return fmt.Errorf("%w: the root is %.60q", ltixml.ErrNotMessage, root.Name)
	}
	if err := p.children(p.part); err != nil {
		return err
	}
	if !p.status {
		return fmt.Errorf("%w: it has no statusinfo", ltixml.ErrNotMessage)
	}
	if _, err := p.xml.Next(); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// children calls each for every child of the element just begun, to its end.
func (p *responseParser) children(each func(ltixml.Token) error) error {
	for {
		t, err := p.xml.Next()
		switch {
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case t.Kind == ltixml.End:
			return nil
		case t.Kind != ltixml.Start:
			continue
		}
		if err := each(t); err != nil {
			return err
		}
	}
}

func (p *responseParser) part(t ltixml.Token) error {
	switch t.Name {
	case "statusinfo":
		return p.statusInfo(t)
	case "memberships", "members":
		return p.children(p.member)
	}
	return p.xml.Skip()
}

func (p *responseParser) statusInfo(t ltixml.Token) error {
	info, err := p.xml.Element(t)
	if err != nil {
		return err
	}
	status, err := ltixml.ReadStatus(info)
	if err != nil {
		return err
	}
	if !status.OK() {
		return &ltixml.StatusError{Status: status}
	}
	p.status = true
	return nil
}

func (p *responseParser) member(t ltixml.Token) error {
	if t.Name != "member" {
		return p.xml.Skip()
	}
	e, err := p.xml.Element(t)
	if err != nil {
		return err
	}
	m := readMember(e)
	if m.UserID == "" && m.Person == (lti.Person{}) && len(m.Roles) == 0 {
		return nil
	}
	if p.taken = p.take(m); p.taken != nil {
		return errTake
	}
	return nil
}

func readMember(e ltixml.Element) Member {
	roles, _ := e.Child("roles", "role")
	m := Member{
		UserID: e.Find("user_id").Value(),
		Roles:  lti.ParseRoles(roles.Value()),
		Person: lti.Person{
			SourcedID:  e.Find("person_sourcedid").Value(),
			GivenName:  e.Find("person_name_given").Value(),
			FamilyName: e.Find("person_name_family").Value(),
			FullName:   e.Find("person_name_full").Value(),
			Email:      e.Find("person_contact_email_primary").Value(),
			Image:      e.Find("user_image").Value(),
		},
		ResultSourcedID: e.Find("lis_result_sourcedid").Value(),
	}
	for _, g := range e.Find("groups").Children {
		if g.Name != "group" {
			continue
		}
		set := g.Find("set")
		m.Groups = append(m.Groups, Group{
			ID:    g.Find("id").Value(),
			Title: g.Find("title").Value(),
			Set:   Set{ID: set.Find("id").Value(), Title: set.Find("title").Value()},
		})
	}
	return m
}
