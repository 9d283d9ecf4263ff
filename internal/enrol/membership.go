package enrol

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// findMembership gives the mapped role of a self-enrolling launch. What
// another source brought, or what is locked, stands as it is; a person with
// neither is refused.
func (v *visit) findMembership() error {
	mapped, unknown := lti.MapRoles(v.Believed.Launch.Roles, v.grantable())
	role := mapped
	if enrolling := v.selfEnrolling(); len(enrolling) < len(v.Believed.Launch.Roles) {
		role, _ = lti.MapRoles(enrolling, v.grantable())
	}
	v.Unknown = unknown
	held, found, err := v.standingMembership()
	if err != nil {
		return err
	}
	if !v.believesCourse() && !(found && held.ActiveAt(v.now)) {
		v.leaveChoice()
		return nil
	}
	if err := v.giveRole(held, found, role, mapped); err != nil {
		return err
	}
	if !v.Membership.ActiveAt(v.now) {
		return lti.Refuse(lti.CauseNotOpen, "the membership in %s is %s or outside its dates", v.course.Ref(), v.Membership.Status)
	}
	return nil
}

// standingMembership is the membership that stands, with the course's dates.
func (v *visit) standingMembership() (held lti.Membership, found bool, err error) {
	shared, err := store.Memberships.Read(v.tx, v.course.Domain, v.course.ID, v.User.Username)
	if errors.Is(err, store.ErrNotFound) {
		return held, false, nil
	}
	if err != nil {
		return held, false, err
	}
	held, err = v.followDates(*shared)
	return held, true, err
}

// giveRole settles the membership: mapped is what all roles of the launch mean,
// role what those mean that may enrol by themselves.
func (v *visit) giveRole(held lti.Membership, found bool, role, mapped lti.Role) error {
	switch {
	case found && (held.Locked || held.Source != v.Consumer.ID || !v.believesCourse()):
		v.Membership = held
		v.step("role %s stands: it was set by %s", held.Role, held.Source)
	case found && mapped == held.Role && role.Rank() < mapped.Rank() && held.Status == lti.MemberActive:
		v.Membership = held
		v.step("role %s is held already", held.Role)
	case role.Known() && v.believesCourse():
		return v.enrol(held, role, found)
	case found && mapped.Known() && mapped.Rank() < held.Role.Rank():
		// No new right is given, so it does not take self_enrol.
		return v.enrol(held, mapped, found)
	case found && mapped == held.Role:
		v.Membership = held
		v.step("role %s is held already", held.Role)
	default:
		return v.refuseRole(mapped)
	}
	return nil
}

// selfEnrolling are the launch's roles that may enrol by themselves. A role
// beside them gives nothing, however it is mapped. Those of an institution or
// system count where their full URN is listed.
func (v *visit) selfEnrolling() []lti.LTIRole {
	var roles []lti.LTIRole
	for _, r := range v.Believed.Launch.Roles {
		if slices.ContainsFunc(v.Consumer.SelfEnrol, r.Is) {
			roles = append(roles, r)
		}
	}
	return roles
}

// grantable is the consumer's role mapping without what this launch may not
// give: the coordinator's role goes to the owner of the course alone.
func (v *visit) grantable() map[string]lti.Role {
	if v.course.Owner == v.User.Username {
		return v.Consumer.Roles
	}
	granted := make(map[string]lti.Role, len(v.Consumer.Roles))
	for name, role := range v.Consumer.Roles {
		if role != lti.Coordinator {
			granted[name] = role
		}
	}
	return granted
}

func (v *visit) enrol(held lti.Membership, role lti.Role, found bool) error {
	m := held
	if !found {
		m = lti.Membership{
			Domain: v.course.Domain, Course: v.course.ID, Username: v.User.Username,
			Source: v.Consumer.ID, Period: v.course.Enrolment, Given: v.course.Enrolment, Created: v.now,
			Digest: sourcedid.UserDigest(v.course.DigestKey, v.User.Username),
		}
	}
	m.Role, m.Status, m.Section = role, lti.MemberActive, ""
	if role == lti.Student {
		m.Section = v.section()
	}
	v.Membership = m
	if m == held {
		v.step("role %s is held already", role)
		return nil
	}
	v.step("role %s given by this launch", role)
	if found && (m.Role != held.Role || m.Section != held.Section) {
		if err := v.keepPast(held, "changed by a launch of "+v.Consumer.ID); err != nil {
			return err
		}
	}
	return store.Memberships.Put(v.tx, m)
}

// section is the configured section, cleaned of what is no word character;
// one that is named like a group of the course is none.
func (v *visit) section() string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, v.Consumer.Section)
	if name == "none" || slices.Contains(v.course.Groups, name) {
		return ""
	}
	return name
}

func (v *visit) refuseRole(role lti.Role) error {
	var said []string
	for _, r := range v.Believed.Launch.Roles {
		said = append(said, r.Raw)
	}
	r := lti.Refuse(lti.CauseNoRole, "the roles %q are mapped to no role here", strings.Join(said, ","))
	r.Hint = "Map one of them under roles of this tool consumer."
	if role.Known() {
		r.Detail = "the roles " + strings.Join(said, ",") + " mean " + string(role) + " here, but what means it is not in self_enrol"
		r.Hint = "Add the role to self_enrol of this tool consumer, or enrol the person by hand or roster."
	}
	return r
}
