package enrol_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// word is what an LMS says once: a launch, or a roster of phys101.
type word struct {
	consumer *lti.ToolConsumer
	launch   *lti.Believed
	roster   []lti.RosterMember
	asker    lti.Role
}

func drawWord(t *rapid.T, consumers []*lti.ToolConsumer) word {
	w := word{consumer: rapid.SampledFrom(consumers).Draw(t, "consumer")}
	if rapid.Bool().Draw(t, "launches") {
		b := drawLaunch(t, w.consumer)
		w.launch = &b
		return w
	}
	w.asker = rapid.SampledFrom([]lti.Role{lti.Instructor, lti.Coordinator}).Draw(t, "asker")
	for range rapid.IntRange(0, 6).Draw(t, "members") {
		said := drawLaunch(t, w.consumer).Launch
		m := lti.RosterMember{UserID: said.UserID, Person: said.Person, Gone: rapid.Float64().Draw(t, "gone") > 0.9}
		for i, r := range said.Roles {
			if i > 0 {
				m.Roles += ","
			}
			m.Roles += r.Raw
		}
		w.roster = append(w.roster, m)
	}
	return w
}

// memberships reads all memberships, by key.
func memberships(tx store.Tx) (map[string]lti.Membership, error) {
	all := map[string]lti.Membership{}
	err := store.Memberships.All(tx, "", func(m lti.Membership) error {
		all[store.Memberships.Key(m)] = m
		return nil
	})
	return all, err
}

// hears takes a word in; a refused launch changes nothing but what is taken
// back.
func (s school) hears(tx store.Tx, w word) error {
	if w.launch != nil {
		// A refusal undoes its transaction, here its leavings stay; none is a membership.
		_, err := s.enroller.Launch(tx, *w.launch)
		if err != nil && lti.Reason(err).Cause == lti.CauseNoRole {
			return s.enroller.TakeBack(tx, *w.launch)
		}
		return nil
	}
	course, err := store.Courses.Read(tx, "uni", "phys101")
	if err != nil {
		return err
	}
	run := lti.RosterRun{Consumer: w.consumer, Course: course, Asker: w.asker, Source: lti.RosterSource{Domain: "uni", Course: "phys101", Consumer: w.consumer.ID}}
	listed := map[string]bool{}
	for _, m := range w.roster {
		seen, err := s.enroller.RosterSighting(tx, run, m)
		if err != nil {
			return err
		}
		c, err := s.enroller.RosterMember(tx, run, m, seen.Username != "" && listed[seen.Username])
		if err != nil {
			return err
		}
		if c.Role.Known() {
			listed[c.Username] = true
		}
	}
	all, err := memberships(tx)
	if err != nil {
		return err
	}
	for _, m := range all {
		if !listed[m.Username] && m.Domain == "uni" && m.Course == "phys101" && run.MayDrop(m, noon) {
			if _, err := s.enroller.RosterLeaver(tx, run, m.Username); err != nil {
				return err
			}
		}
	}
	return nil
}

// statements remembers the highest rank that each LMS's words and configuration
// ever allowed a person, written down anew from the manifest's words.
type statements map[[2]string]int // consumer and username

func (s statements) note(w word, tx store.Tx) error {
	note := func(value, roles string) error {
		binding, err := store.Bindings.Get(tx, "uni", w.consumer.ID, value)
		if err != nil {
			return nil //nolint:nilerr // nobody is bound, so nothing was given
		}
		for _, r := range lti.ParseRoles(roles) {
			for key, role := range w.consumer.Roles {
				if r.Is(key) {
					who := [2]string{w.consumer.ID, binding.Username}
					s[who] = max(s[who], role.Rank())
				}
			}
		}
		return nil
	}
	if w.launch != nil {
		var raw []string
		for _, r := range w.launch.Launch.Roles {
			raw = append(raw, r.Raw)
		}
		return note(w.launch.Launch.Parameter(w.consumer.Users.Match), strings.Join(raw, ","))
	}
	for _, m := range w.roster {
		value := m.UserID
		if w.consumer.Users.Match == "lis_person_sourcedid" {
			value = m.Person.SourcedID
		}
		if err := note(value, m.Roles); err != nil {
			return err
		}
	}
	return nil
}

// check compares what a word changed with what it may.
func (s statements) check(w word, before, after map[string]lti.Membership, owners map[string]string) string {
	for key, m := range after {
		if m.Role == lti.Coordinator && m.Status == lti.MemberActive && m.Source != "manifest" && owners[m.Course] != m.Username {
			return fmt.Sprintf("%s is a coordinator but does not own the course", key)
		}
		if m.Source != "manifest" && m.Role.Rank() > s[[2]string{m.Source, m.Username}] {
			return fmt.Sprintf("%s has %s, which %s never stated", key, m.Role, m.Source)
		}
	}
	for key, m := range before {
		if (m.Source != w.consumer.ID || m.Locked) && after[key] != m {
			return fmt.Sprintf("a word of %s changed %+v to %+v", w.consumer.ID, m, after[key])
		}
	}
	return ""
}

func TestNoWordsOfLMSsGiveMoreThanTheConfigurationOrTouchOthers(t *testing.T) {
	t.Parallel()
	s := propertySchool(t)
	s.change(func(tx store.Tx) error {
		return store.Memberships.PutNew(tx, lti.Membership{
			Domain: "uni", Course: "phys101", Username: "root", Role: lti.TA, Status: lti.MemberActive, Source: "manifest", Digest: "root",
		})
	})
	rapid.Check(t, func(t *rapid.T) {
		consumers := []*lti.ToolConsumer{drawConsumer(t, "campus"), drawConsumer(t, "annex")}
		words := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) word { return drawWord(t, consumers) }), 1, 10).Draw(t, "words")
		fault := s.inPassing(func(tx store.Tx) string { return s.hearAll(tx, words) })
		if fault != "" {
			t.Fatal(fault)
		}
	})
}

// hearAll takes the words in one after the other and says what was wrong.
func (s school) hearAll(tx store.Tx, words []word) string {
	said, people := statements{}, map[string]string{}
	for _, w := range words {
		before, err := memberships(tx)
		if err != nil {
			return err.Error()
		}
		if err := s.hears(tx, w); err != nil {
			return err.Error()
		}
		if err := said.note(w, tx); err != nil {
			return err.Error()
		}
		after, err := memberships(tx)
		if err != nil {
			return err.Error()
		}
		owners, bound := map[string]string{}, map[string]string{}
		err = store.Courses.All(tx, store.Prefix("uni"), func(c lti.Course) error {
			owners[c.ID] = c.Owner
			return nil
		})
		if err != nil {
			return err.Error()
		}
		if fault := said.check(w, before, after, owners); fault != "" {
			return fault
		}
		err = store.Bindings.All(tx, "", func(b lti.Binding) error {
			bound[store.Bindings.Key(b)] = b.Username
			return nil
		})
		if err != nil {
			return err.Error()
		}
		for value, username := range people {
			if bound[value] != username {
				return fmt.Sprintf("%s was %s and is %q: %s", value, username, bound[value], cmp.Diff(people, bound))
			}
		}
		maps.Copy(people, bound)
	}
	return ""
}
