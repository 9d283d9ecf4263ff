package enrol

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// RosterMember takes one member of a roster in: the account by the same rules
// as a launch, the role by the tool consumer's mapping within what the asker
// may assign, the membership if this LMS brought it, and where the grade goes.
// again says that the person was listed before in this roster; then a role is
// only ever raised. What can't be done for this one person is told in the
// change, not as an error. Running it again changes nothing.
func (e *Enroller) RosterMember(tx store.Tx, run lti.RosterRun, m lti.RosterMember, again bool) (lti.RosterChange, error) {
	v := newListed(e, tx, run, m)
	v.again = again
	err := v.takeIn()
	var refusal *lti.Refusal
	if errors.As(err, &refusal) {
		v.skip(refusal.Detail)
		err = nil
	}
	return v.change, err
}

// RosterSighting finds whom a member of a roster stands for, and writes
// nothing. One whose roles give nothing here counts as not listed.
func (e *Enroller) RosterSighting(tx store.Tx, run lti.RosterRun, m lti.RosterMember) (lti.RosterSighting, error) {
	v := newListed(e, tx, run, m)
	value := v.value()
	if value == "" {
		return lti.RosterSighting{Nameless: true}, nil
	}
	username, err := v.bound(value)
	if err != nil || username == "" {
		return lti.RosterSighting{}, err
	}
	v.User.Username = username
	if m.Gone || !v.role().Known() {
		return lti.RosterSighting{}, nil
	}
	return lti.RosterSighting{Username: username}, nil
}

// listed is one member of a roster being taken in. To the rules of accounts it
// is a launch that says what the roster says.
type listed struct {
	visit
	run    lti.RosterRun
	member lti.RosterMember
	again  bool
	change lti.RosterChange
}

func newListed(e *Enroller, tx store.Tx, run lti.RosterRun, m lti.RosterMember) *listed {
	v := &listed{run: run, member: m}
	v.visit = visit{Enroller: e, tx: tx, now: tx.Now(), course: run.Course, listing: true}
	v.Consumer = run.Consumer
	v.Believed.Launch, v.Listing = m.Launch(), m.Listing
	v.change.Name = lti.User{
		Username: m.UserID, GivenName: m.Person.GivenName, FamilyName: m.Person.FamilyName, FullName: m.Person.FullName,
	}.Name()
	return v
}

// maxValue bounds what a roster may call a person, in bytes: more fits no key.
const maxValue = 512

// value is what this LMS's people are known by; "" if the roster lacks it.
func (v *listed) value() string {
	value := v.matched(v.Consumer.Users.Match)
	if len(value) > maxValue || strings.ContainsRune(value, 0) || !utf8.ValidString(value) {
		return ""
	}
	return value
}

// bound is the username that the value is bound to, "" if none is.
func (v *listed) bound(value string) (string, error) {
	binding, err := store.Bindings.Read(v.tx, v.Consumer.Domain, v.Consumer.ID, value)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return binding.Username, nil
}

func (v *listed) skip(why string) { v.change.Kind, v.change.Why = lti.RosterSkipped, why }

func (v *listed) takeIn() error {
	value := v.value()
	if value == "" {
		v.skip("the roster gives no usable " + v.Consumer.Users.Match + ", by which people of this LMS are known")
		return nil
	}
	v.change.Value = value
	username, err := v.bound(value)
	if err != nil {
		return err
	}
	v.User.Username = username
	v.change.Username = username
	switch {
	case v.member.Gone:
		v.skip("the LMS lists this person as not active")
		return nil
	case !v.role().Known():
		v.skip("its roles " + v.member.Roles + " give no role here that may be assigned")
		return nil
	}
	if username == "" {
		known, err := v.welcome(value)
		if err != nil || !known {
			return err
		}
	} else if err := v.findUser(); err != nil {
		return err
	}
	v.change.Username = v.User.Username
	if err := v.mayEnter(); err != nil {
		return err
	}
	return v.settle()
}

// welcome makes or claims the account of a person who is not known yet, where
// the configuration lets a launch do that unasked. Otherwise the person is only
// listed as unknown.
func (v *listed) welcome(value string) (known bool, err error) {
	if v.createMode() == lti.CreateAuto {
		err := v.bind(value)
		var refusal *lti.Refusal
		if errors.As(err, &refusal) && refusal.Cause == lti.CauseNoAccount {
			v.change.Kind, v.change.Why = lti.RosterUnknown, refusal.Detail
			return false, nil
		}
		return err == nil, err
	}
	claimed, err := v.claim(value)
	if err != nil {
		return false, err
	}
	if !claimed {
		v.change.Kind = lti.RosterUnknown
		v.change.Why = "no account is bound to this " + v.Consumer.Users.Match + " yet, and a roster may make none"
		return false, nil
	}
	return true, store.Bindings.PutNew(v.tx, lti.Binding{
		Domain: v.Consumer.Domain, Consumer: v.Consumer.ID, Value: value,
		Username: v.User.Username, UserID: v.member.UserID, Created: v.now, How: lti.BoundClaimed,
	})
}

// role is what the LMS's roles mean here, of what may be assigned: by the
// asker's rank, and the coordinator's role to the owner of the course alone.
func (v *listed) role() lti.Role {
	mapping := v.grantable()
	assignable := make(map[string]lti.Role, len(mapping))
	for name, role := range mapping {
		owners := role == lti.Coordinator && v.User.Username != "" && v.run.Asker.CanManage()
		if v.run.Asker.CanAssign(role) || owners {
			assignable[name] = role
		}
	}
	role, _ := lti.MapRoles(v.Believed.Launch.Roles, assignable)
	return role
}

// settle gives or changes the membership, and keeps where the grade goes.
func (v *listed) settle() error {
	held, err := store.Memberships.Get(v.tx, v.course.Domain, v.course.ID, v.User.Username)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	found := err == nil
	m := held
	switch {
	case found && (held.Locked || held.Source != v.Consumer.ID):
		v.stands(held)
	case !found || held.Status != lti.MemberActive || held.Ended(v.now):
		if v.course.Enrolment.Ended(v.now) {
			v.skip("the enrolment dates of the course are over")
			return nil
		}
		m = v.fresh(held, found)
	default:
		m = v.follow(held)
	}
	v.change.Role, v.change.Section = m.Role, m.Section
	if m != held {
		if m.Role != held.Role || m.Section != held.Section {
			if err := v.keepPast(held, "changed by the roster of "+v.Consumer.ID); err != nil {
				return err
			}
		}
		if err := store.Memberships.Put(v.tx, m); err != nil {
			return err
		}
	}
	if err := v.keepGroups(); err != nil {
		return err
	}
	return v.keepTarget(m)
}

// keepGroups keeps the groups that the roster puts the person in, if the LMS
// was asked for them.
func (v *listed) keepGroups() error {
	if !v.member.InGroups {
		return nil
	}
	held, err := store.MemberGroups.Get(v.tx, v.course.Domain, v.course.ID, v.User.Username)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if slices.Equal(held.By[v.Consumer.ID], v.member.Groups) {
		return nil
	}
	kept := lti.MemberGroups{Domain: v.course.Domain, Course: v.course.ID, Username: v.User.Username, By: maps.Clone(held.By)}
	if kept.By == nil {
		kept.By = map[string][]lti.Group{}
	}
	kept.By[v.Consumer.ID] = v.member.Groups
	return store.MemberGroups.Put(v.tx, kept)
}

// stands leaves alone what is locked or what another source brought.
func (v *listed) stands(held lti.Membership) {
	v.change.Kind = lti.RosterSame
	if held.Status == lti.MemberActive && held.Role == v.role() {
		return
	}
	v.skip("the membership was brought by " + held.Source + " and stays as it is")
	if held.Locked {
		v.skip("the membership is set by hand and stays as it is")
	}
}

// fresh is the membership of somebody who is new or back.
func (v *listed) fresh(held lti.Membership, found bool) lti.Membership {
	v.change.Kind = lti.RosterNew
	m := lti.Membership{
		Domain: v.course.Domain, Course: v.course.ID, Username: v.User.Username, Source: v.Consumer.ID,
		Digest: sourcedid.UserDigest(v.course.DigestKey, v.User.Username), Created: v.now,
	}
	if found {
		v.change.Kind, v.change.WasRole, v.change.WasSection = lti.RosterBack, held.Role, held.Section
		m = held
	}
	m.Role, m.Status, m.Period, m.Given = v.role(), lti.MemberActive, v.course.Enrolment, v.course.Enrolment
	m.Section = v.sectionOf(m.Role)
	return m
}

// follow is the membership of somebody who is in: the LMS's word counts for
// role and section, the course's for the dates, as at a launch.
func (v *listed) follow(held lti.Membership) lti.Membership {
	m := held
	v.change.Kind, v.change.WasRole, v.change.WasSection = lti.RosterSame, held.Role, held.Section
	if role := v.role(); !v.again || role.Rank() > held.Role.Rank() {
		m.Role = role
	}
	m.Section = v.sectionOf(m.Role)
	m, redated := m.Follow(v.course.Enrolment)
	switch {
	case m.Role != held.Role:
		v.change.Kind = lti.RosterRole
	case m.Section != held.Section:
		v.change.Kind = lti.RosterSection
	case redated:
		v.change.Kind = lti.RosterDates
	default:
		return held
	}
	return m
}

func (v *listed) sectionOf(role lti.Role) string {
	if role != lti.Student {
		return ""
	}
	return v.section()
}

// RosterLeaver drops a member whom a whole roster does not list any more, if
// this LMS brought the membership and nobody set it by hand.
func (e *Enroller) RosterLeaver(tx store.Tx, run lti.RosterRun, username string) (lti.RosterChange, error) {
	held, err := store.Memberships.Get(tx, run.Course.Domain, run.Course.ID, username)
	if errors.Is(err, store.ErrNotFound) || err == nil && !run.MayDrop(held, tx.Now()) {
		return lti.RosterChange{}, nil
	}
	if err != nil {
		return lti.RosterChange{}, err
	}
	c := lti.RosterChange{Kind: lti.RosterLeft, Username: username, Name: username, WasRole: held.Role, WasSection: held.Section}
	user, err := store.Users.Read(tx, held.Domain, username)
	switch {
	case err == nil:
		c.Name = user.Name()
	case !errors.Is(err, store.ErrNotFound):
		return c, err
	}
	return c, drop(tx, held, "not on the roster of "+run.Consumer.ID+" any more")
}
