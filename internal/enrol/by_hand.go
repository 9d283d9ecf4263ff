package enrol

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// ErrAssign: the role is not the actor's to give or to take.
var ErrAssign = errors.New("not the actor's to assign")

// MemberChange is what a person wants a membership to be.
type MemberChange struct {
	Course   lti.CourseRef
	Username string

	Role    lti.Role
	Section string
	Status  string
	lti.Period
	// Locked keeps launches and rosters from changing it again.
	Locked bool

	// By is who wants it, for the audit log; Actor is that person's role in the
	// course, Admin says that an admin needs none. Self is the username of an
	// actor who is a member: nobody changes their own membership.
	By    string
	Actor lti.Role
	Admin bool
	Self  string
}

// ChangeMember sets a membership by hand. What brought it stays its source, so
// that nobody else may take it away; Locked makes the hand's word last. The
// actor may neither give nor take a role that is not theirs to assign
// (ErrAssign). What stays as it is leaves no audit entry.
func (e *Enroller) ChangeMember(tx store.Tx, c MemberChange) error {
	course, err := store.Courses.Read(tx, c.Course.Domain, c.Course.ID)
	if err != nil {
		return err
	}
	held, err := store.Memberships.Get(tx, c.Course.Domain, c.Course.ID, c.Username)
	if err != nil {
		return err
	}
	if !c.mayAssign(course, held.Role) || !c.mayAssign(course, c.Role) || c.Self == c.Username && !c.Admin {
		return ErrAssign
	}
	m := held
	m.Role, m.Section, m.Status, m.Period, m.Locked = c.Role, c.Section, c.Status, c.Period, c.Locked
	if m == held {
		return nil
	}
	if m.Role != held.Role || m.Section != held.Section || m.Status != lti.MemberActive {
		if err := keepPast(tx, held, "changed by hand by "+c.By); err != nil {
			return err
		}
	}
	if err := store.Memberships.Put(tx, m); err != nil {
		return err
	}
	return store.Audit.PutNew(tx, lti.AuditEntry{
		ID: e.NewID(), At: tx.Now(), By: c.By, Action: "change a member", Object: fmt.Sprintf("course %s member %s", c.Course, c.Username),
		Detail: differences(held, m),
	})
}

// mayAssign reports whether the actor may give or take a role: an admin any, but
// the coordinator's to the owner of the course alone.
func (c MemberChange) mayAssign(course *lti.Course, role lti.Role) bool {
	if role == lti.Coordinator {
		return (c.Admin || c.Actor == lti.Coordinator) && course.Owner == c.Username
	}
	return role.Known() && (c.Admin || c.Actor.CanAssign(role))
}

// Assignable lists the roles that the actor may give to the person, highest
// first; none if the role that the person holds is not the actor's to take.
func (c MemberChange) Assignable(course *lti.Course, held lti.Role) []lti.Role {
	if !c.mayAssign(course, held) || c.Self == c.Username && !c.Admin {
		return nil
	}
	var roles []lti.Role
	for _, role := range lti.CourseRoles() {
		if c.mayAssign(course, role) {
			roles = append(roles, role)
		}
	}
	return roles
}

// differences says in words what changed.
func differences(from, to lti.Membership) string {
	var parts []string
	add := func(what, was, is string) {
		if was != is {
			parts = append(parts, what+" "+orNone(was)+" to "+orNone(is))
		}
	}
	add("role", string(from.Role), string(to.Role))
	add("section", from.Section, to.Section)
	add("status", from.Status, to.Status)
	add("start", day(from.Start), day(to.Start))
	add("end", day(from.End), day(to.End))
	add("locked", fmt.Sprint(from.Locked), fmt.Sprint(to.Locked))
	return strings.Join(parts, ", ")
}

func orNone(s string) string { return firstOf(s, "none") }

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
