package consumer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// Roster is the answer to an accepted call for a roster, ready to be written.
type Roster struct {
	// ContentType is that of what WriteTo writes.
	ContentType string

	call   *call
	asked  memberships.Request
	grades sealing // empty unless the link takes grades
	// id is the service id of the call, for members that are told as a launch of
	// the link would tell of them; "" if they are not.
	id string
	// byDigest lists the members by what stands for them in service ids, which
	// a tool may see, and not by their names.
	byDigest bool
}

// ServeRoster answers POST /service/roster. An accepted call gives a roster,
// to be written with status 200; a refused one gives nil and the answer, with
// the statuses of TakeResult.
func (c *Consumer) ServeRoster(ctx context.Context, req oauth1.Request) (*Roster, Answer) {
	k := c.newCall(lti.ServiceRoster, req)
	r := &Roster{ContentType: xmlType, call: k}
	if err := r.open(ctx); err != nil {
		return nil, k.refuse(ctx, err, func(f *fault) []byte {
			return memberships.Refusal(r.asked, string(f.code), f.minor, f.public)
		})
	}
	return r, Answer{}
}

func (r *Roster) open(ctx context.Context) error {
	params, err := r.call.readForm(MaxBody)
	if err != nil {
		return err
	}
	r.asked, err = memberships.ParseRequest(params)
	if errors.Is(err, memberships.ErrMessageType) {
		return unsupported(params.Value("lti_message_type"))
	}
	if err != nil {
		return r.call.badForm(err, r.asked.ID)
	}
	if err := r.call.authenticate(ctx, r.asked.ID); err != nil {
		return err
	}
	return r.call.settle(ctx, func(tx store.Tx) (err error) {
		r.grades = sealing{}
		if r.call.grades() {
			r.grades, err = r.call.sealing(tx, r.call.place, lti.ServiceGrade, true)
		}
		return err
	})
}

// readForm reads the parameters of a call that has to be a form.
func (k *call) readForm(maxBody int) (oauth1.Params, error) {
	if len(k.req.Body) > maxBody {
		return nil, unauthenticated(sourcedid.CauseContent, lti.Refuse(lti.CauseTooLarge, "over %d bytes", maxBody))
	}
	if !isForm(k.req.ContentType) {
		return nil, unauthenticated(sourcedid.CauseContent, lti.Refuse(lti.CauseContentType, "the type %.60q is no form", k.req.ContentType))
	}
	if err := k.parse(); err != nil {
		return nil, err
	}
	return k.message.Unverified(), nil
}

// rosterPage is how many members are read at a time.
const rosterPage = 500

// WriteTo writes the roster member by member, in flat memory and without
// holding a transaction open while the tool reads. After an error what was
// written is no whole document, and the connection has to be broken off.
func (r *Roster) WriteTo(ctx context.Context, w io.Writer) error {
	out := memberships.NewWriter(w, r.asked)
	after := ""
	for {
		members, next, err := r.read(ctx, after, rosterPage)
		if err != nil {
			return fmt.Errorf("read roster: %w", err)
		}
		for _, m := range members {
			if err := out.Write(m); err != nil {
				return fmt.Errorf("write roster: %w", err)
			}
		}
		if next == "" {
			return out.Close()
		}
		after = next
	}
}

// read reads those of the next members, limit of them at the most, who are in
// the course now. after is where the page before ended.
func (r *Roster) read(ctx context.Context, after string, limit int) (members []memberships.Member, next string, err error) {
	c := r.call.course
	err = r.call.Store.View(ctx, func(tx store.Tx) error {
		members = members[:0]
		var page []lti.Membership
		prefix := store.Prefix(c.Domain, c.ID)
		if r.byDigest {
			page, next, err = store.Memberships.ListBy(tx, "digest", prefix, after, limit)
		} else {
			page, next, err = store.Memberships.List(tx, prefix, after, limit)
		}
		if err != nil {
			return err
		}
		keys := make([]store.Key, 0, len(page))
		for _, m := range page {
			keys = append(keys, store.Key{Collection: store.Users.Name(), Key: store.Join(m.Domain, m.Username)})
			if r.asked.Groups {
				keys = append(keys, store.Key{Collection: store.MemberGroups.Name(), Key: store.Join(m.Domain, m.Course, m.Username)})
			}
		}
		if err := tx.Prefetch(keys...); err != nil {
			return err
		}
		for _, m := range page {
			if m.Into != "" || !m.ActiveAt(tx.Now()) { // a merged person is listed once
				continue
			}
			member, ok, err := r.member(tx, m)
			if err != nil {
				return err
			}
			if ok {
				members = append(members, member)
			}
		}
		return nil
	})
	return members, next, err
}

// member is what the tool may know of a member: the same as by a launch. A
// closed account is left out.
func (r *Roster) member(tx store.Tx, m lti.Membership) (memberships.Member, bool, error) {
	u, err := store.Users.Get(tx, m.Domain, m.Username)
	if errors.Is(err, store.ErrNotFound) || err == nil && u.Disabled {
		return memberships.Member{}, false, nil
	}
	if err != nil {
		return memberships.Member{}, false, err
	}
	p := r.call.place
	id, err := userID(p.tool, u)
	if err != nil {
		return memberships.Member{}, false, err
	}
	member := memberships.Member{UserID: id, Roles: releasedRoles(p.tool, m), Person: released(p.tool, u)}
	if m.Role == lti.Student && r.grades.secret != "" {
		member.ResultSourcedID = r.grades.seal(p, lti.ServiceGrade, m.Digest)
	}
	if m.Section != "" {
		member.Groups = []memberships.Group{{
			ID: m.Section, Title: m.Section, Set: memberships.Set{ID: "sections", Title: "Sections"},
		}}
	}
	if r.asked.Groups {
		if err := addGroups(tx, &member, m); err != nil {
			return memberships.Member{}, false, err
		}
	}
	if r.id != "" {
		if err := r.tellLaunch(tx, &member, m, u); err != nil {
			return memberships.Member{}, false, err
		}
	}
	return member, true, nil
}

// addGroups adds the groups in which LMSs list the member.
func addGroups(tx store.Tx, member *memberships.Member, m lti.Membership) error {
	listed, err := store.MemberGroups.Get(tx, m.Domain, m.Course, m.Username)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, consumer := range slices.Sorted(maps.Keys(listed.By)) {
		for _, g := range listed.By[consumer] {
			member.Groups = append(member.Groups, memberships.Group{ID: g.ID, Title: g.Title, Set: memberships.Set{ID: g.SetID, Title: g.SetTitle}})
		}
	}
	return nil
}
