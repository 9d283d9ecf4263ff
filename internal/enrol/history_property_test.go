package enrol_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	people "github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/store"
)

// within is a store whose units of work are all parts of one transaction.
type within struct {
	store.Store
	tx store.Tx
}

func (w within) Update(_ context.Context, fn func(tx store.Tx) error) error { return fn(w.tx) }
func (w within) View(_ context.Context, fn func(tx store.Tx) error) error   { return fn(w.tx) }

// event is a word of an LMS or, with an act, something that an admin does to two
// of the accounts or bindings that there are then.
type event struct {
	word
	act      string
	one, two int
}

func drawEvent(t *rapid.T, consumers []*lti.ToolConsumer) event {
	acts := []string{"", "", "", "merge", "undo", "unlink", "relink", "move"}
	e := event{act: rapid.SampledFrom(acts).Draw(t, "act")}
	if e.act != "" {
		e.one, e.two = rapid.IntRange(0, 9).Draw(t, "one"), rapid.IntRange(0, 9).Draw(t, "two")
		return e
	}
	e.word = drawWord(t, consumers)
	if e.launch != nil && rapid.Bool().Draw(t, "answered") {
		e.launch.Answer = &lti.Answer{Username: rapid.SampledFrom([]string{"", "ines", "ada", "1", "root"}).Draw(t, "answer")}
	}
	return e
}

// history is what happened so far, and what follows from it.
type history struct {
	school
	statements
	keeper *people.Keeper
	tx     store.Tx
	// bound has the accounts of bindings by key, parted those that an admin took
	// away, as key and account.
	bound  map[string]string
	parted map[[2]string]bool
}

func (h *history) bindings() (list []lti.Binding) {
	h.must(store.Bindings.All(h.tx, "", func(b lti.Binding) error {
		list = append(list, b)
		return nil
	}))
	return list
}

func (h *history) users() (list []lti.User) {
	h.must(store.Users.All(h.tx, "", func(u lti.User) error {
		list = append(list, u)
		return nil
	}))
	return list
}

func (h *history) must(err error) {
	if err != nil {
		panic(err)
	}
}

// acts does what an admin does; a refusal is as good as nothing.
func (h *history) acts(e event) {
	ctx := context.Background()
	users, bindings := h.users(), h.bindings()
	one, two := users[e.one%len(users)], users[e.two%len(users)]
	var err error
	switch {
	case e.act == "merge":
		if _, err = h.keeper.Merge(ctx, "uni", one.Username, two.Username, "root:uni"); err == nil {
			h.inherits(one.Username, two.Username)
		}
	case e.act == "undo":
		var merges []lti.Merge
		h.must(store.Merges.All(h.tx, "", func(m lti.Merge) error {
			merges = append(merges, m)
			return nil
		}))
		if len(merges) > 0 {
			m := merges[e.one%len(merges)]
			if _, err = h.keeper.Undo(ctx, m.ID, "root:uni"); err == nil {
				h.inherits(m.Into, m.From)
			}
		}
	case e.act == "relink":
		var gone []lti.Unlinked
		h.must(store.Unlinked.All(h.tx, "", func(u lti.Unlinked) error {
			gone = append(gone, u)
			return nil
		}))
		if len(gone) > 0 {
			u := gone[e.one%len(gone)]
			if err = h.keeper.Relink(ctx, people.BindingRef{Domain: "uni", Consumer: u.Binding.Consumer, Value: u.Binding.Value}, u.ID, "root:uni"); err == nil {
				delete(h.parted, [2]string{store.Bindings.Key(u.Binding), u.Binding.Username})
			}
		}
	case len(bindings) > 0:
		b := bindings[e.one%len(bindings)]
		ref := people.BindingRef{Domain: "uni", Consumer: b.Consumer, Value: b.Value}
		if e.act == "move" {
			if err = h.keeper.Move(ctx, ref, two.Username, "root:uni"); err == nil {
				delete(h.parted, [2]string{store.Bindings.Key(b), two.Username})
			}
		} else if _, err = h.keeper.Unlink(ctx, ref, "root:uni"); err == nil {
			h.parted[[2]string{store.Bindings.Key(b), b.Username}] = true
		}
	}
	var refused *people.Refused
	if err != nil && !errors.As(err, &refused) {
		h.must(err)
	}
	h.bound = map[string]string{}
	for _, b := range h.bindings() {
		h.bound[store.Bindings.Key(b)] = b.Username
	}
}

// inherits notes that what LMSs said of one account counts for the other.
func (h *history) inherits(from, to string) {
	for _, c := range []string{"campus", "annex"} {
		h.statements[[2]string{c, to}] = max(h.statements[[2]string{c, to}], h.statements[[2]string{c, from}])
	}
}

// hear takes a word in and says what was wrong with what became of it.
func (h *history) hear(w word) string {
	before, err := memberships(h.tx)
	h.must(err)
	h.must(h.hears(h.tx, w))
	h.must(h.note(w, h.tx))
	after, err := memberships(h.tx)
	h.must(err)
	owners := map[string]string{}
	h.must(store.Courses.All(h.tx, store.Prefix("uni"), func(c lti.Course) error {
		owners[c.ID] = c.Owner
		return nil
	}))
	if fault := h.check(w, before, after, owners); fault != "" {
		return fault
	}
	for key, m := range before {
		if m.Into != "" && after[key] != m {
			return fmt.Sprintf("a merged account is a member again: %+v", after[key])
		}
	}
	for _, b := range h.bindings() {
		key := store.Bindings.Key(b)
		if old, known := h.bound[key]; known && old != b.Username {
			return fmt.Sprintf("%s was %s and is %s", key, old, b.Username)
		} else if !known && h.parted[[2]string{key, b.Username}] {
			return fmt.Sprintf("%s is %s again, which an admin has parted", key, b.Username)
		}
		h.bound[key] = b.Username
	}
	if i := slices.IndexFunc(h.users(), func(u lti.User) bool { return u.Admin && u.Username != "root" }); i >= 0 {
		return "a word made an admin"
	}
	return ""
}

// Launches, answers to questions, rosters and what admins do to people, in any
// order: the same identity stays the same person until an admin says otherwise,
// no word gives more than the configuration grants, and none touches what
// another source brought.
func TestNoHistoryGivesMoreThanTheConfigurationOrMixesPeople(t *testing.T) {
	t.Parallel()
	s := propertySchool(t)
	rapid.Check(t, func(t *rapid.T) {
		consumers := []*lti.ToolConsumer{drawConsumer(t, "campus"), drawConsumer(t, "annex")}
		for _, c := range consumers {
			c.Users.Create = rapid.SampledFrom([]string{lti.CreateAuto, lti.CreateAuto, lti.CreateAsk, lti.CreateExisting}).Draw(t, "create")
			if rapid.Bool().Draw(t, "by role") {
				c.Users.CreateBy = map[string]string{"Instructor": lti.CreateAsk, "Learner": lti.CreateAuto}
			}
		}
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) event { return drawEvent(t, consumers) }), 2, 16).Draw(t, "events")
		fault := s.inPassing(func(tx store.Tx) string {
			h := &history{
				school: s, statements: statements{}, tx: tx, bound: map[string]string{}, parted: map[[2]string]bool{},
				keeper: &people.Keeper{
					Store: within{s.Store, tx}, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
					Requeue: func(store.Tx, lti.UpstreamTarget) error { return nil },
				},
			}
			for _, e := range events {
				if e.act != "" {
					h.acts(e)
				} else if fault := h.hear(e.word); fault != "" {
					return fault
				}
			}
			return ""
		})
		if fault != "" {
			t.Fatal(fault)
		}
	})
}
