package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func collections() []behaviour {
	return []behaviour{
		{"IndexesFollowTheirRecords", indexesFollow},
		{"UniqueEntriesAgreeWithAModel", uniqueModel},
		{"ATakenEntryChangesNothing", takenEntry},
		{"ReadIsNeverStale", readNeverStale},
		{"ListPagesThroughRecords", listPages},
		{"ListByGoesByTheIndex", listBy},
	}
}

// indexesFollow binds and unbinds at random and compares the list of each
// user's bindings with a model.
func indexesFollow(t *testing.T, e Engine) {
	s := e.Open(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		domain := fmt.Sprintf("d%d", round)
		want := map[string]string{} // value to username
		for range rapid.IntRange(1, 3).Draw(r, "units") {
			steps := rapid.SliceOfN(rebindingGenerator(domain), 1, 8).Draw(r, "steps")
			var after map[string]string
			update(t, s, func(tx store.Tx) error {
				after = maps.Clone(want)
				for _, st := range steps {
					if err := st.apply(tx, after); err != nil {
						return err
					}
				}
				return nil
			})
			want = after
			view(t, s, func(tx store.Tx) error {
				for _, user := range usernames() {
					compareBindings(r, tx, domain, user, want)
				}
				return nil
			})
		}
	})
}

func usernames() []string { return []string{"ada", "ada/", "ada%", "bob", ""} }

// rebinding is one change of a binding.
type rebinding struct {
	verb string
	lti.Binding
}

func rebindingGenerator(domain string) *rapid.Generator[rebinding] {
	return rapid.Custom(func(r *rapid.T) rebinding {
		return rebinding{
			verb: rapid.SampledFrom([]string{"put", "new", "delete"}).Draw(r, "verb"),
			Binding: lti.Binding{
				Domain: domain, Consumer: "c",
				Value:    rapid.SampledFrom([]string{"1", "1/", "2", "ada", "%2F"}).Draw(r, "value"),
				Username: rapid.SampledFrom(usernames()).Draw(r, "user"),
			},
		}
	})
}

// apply does the step to the store and the model. What is wrong it returns,
// because an engine may run the unit again when it returns an error.
func (st rebinding) apply(tx store.Tx, want map[string]string) error {
	b := st.Binding
	switch st.verb {
	case "put":
		if err := store.Bindings.Put(tx, b); err != nil {
			return err
		}
		want[b.Value] = b.Username
	case "new":
		_, taken := want[b.Value]
		if err := store.Bindings.PutNew(tx, b); taken != errors.Is(err, store.ErrExists) || !taken && err != nil {
			return fmt.Errorf("PutNew(%v) = %w, taken %v", b, err, taken)
		}
		if !taken {
			want[b.Value] = b.Username
		}
	case "delete":
		if err := store.Bindings.Delete(tx, b.Domain, b.Consumer, b.Value); err != nil {
			return err
		}
		delete(want, b.Value)
	}
	return nil
}

func compareBindings(r *rapid.T, tx store.Tx, domain, user string, want map[string]string) {
	found, _, err := store.Bindings.ListBy(tx, "user", store.Prefix(domain, user), "", store.MaxScan)
	if err != nil {
		r.Fatalf("ListBy(%q) = %v", user, err)
	}
	got := map[string]string{}
	for _, b := range found {
		got[b.Value] = b.Username
	}
	mine := maps.Clone(want)
	maps.DeleteFunc(mine, func(_, u string) bool { return u != user })
	if !maps.Equal(got, mine) || len(found) != len(got) {
		r.Fatalf("bindings of %q = %v, want %v", user, found, mine)
	}
}

// uniqueModel gives courses tiny codes at random, in one unit with whatever is
// refused, and finds each code where the model has it.
func uniqueModel(t *testing.T, e Engine) {
	s := e.Open(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		domain := fmt.Sprintf("u%d", round)
		courses := rapid.SliceOfN(codedGenerator(domain), 1, 12).Draw(r, "courses")
		var owner map[string]string
		update(t, s, func(tx store.Tx) error {
			owner = map[string]string{}
			codes := map[string][]string{}
			for _, c := range courses {
				if err := recode(tx, c, owner, codes); err != nil {
					return err
				}
			}
			return nil
		})
		view(t, s, func(tx store.Tx) error {
			for _, code := range []string{"p", "q", "r", "s"} {
				c, err := store.Courses.Find(tx, "tiny", store.Join(domain, code))
				shared, errShared := store.Courses.FindRead(tx, "tiny", store.Join(domain, code))
				want, there := owner[code]
				found := err == nil && errShared == nil && c.ID == want && shared.ID == want
				missing := errors.Is(err, store.ErrNotFound) && errors.Is(errShared, store.ErrNotFound)
				if there && !found || !there && !missing {
					r.Fatalf("Find(%q) = %q, %v, %v, want %q", code, c.ID, err, errShared, want)
				}
			}
			return nil
		})
	})
}

// codedGenerator makes courses whose links have tiny codes.
func codedGenerator(domain string) *rapid.Generator[lti.Course] {
	return rapid.Custom(func(r *rapid.T) lti.Course {
		c := lti.Course{Domain: domain, ID: rapid.SampledFrom([]string{"x", "y", "z"}).Draw(r, "course")}
		for _, code := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"p", "q", "r", "s"}), 0, 3, rapid.ID).Draw(r, "codes") {
			c.Links = append(c.Links, lti.ResourceLink{ID: "link-" + code, Tiny: code})
		}
		return c
	})
}

// recode puts the course and tells the model which codes it has then.
func recode(tx store.Tx, c lti.Course, owner map[string]string, codes map[string][]string) error {
	free := !slices.ContainsFunc(c.Links, func(l lti.ResourceLink) bool { return owner[l.Tiny] != "" && owner[l.Tiny] != c.ID })
	err := store.Courses.Put(tx, c)
	if free != (err == nil) || !free && !errors.Is(err, store.ErrExists) {
		return fmt.Errorf("Put(%v) = %w, free %v", c, err, free)
	}
	if !free {
		return nil
	}
	for _, code := range codes[c.ID] {
		delete(owner, code)
	}
	codes[c.ID] = nil
	for _, l := range c.Links {
		owner[l.Tiny] = c.ID
		codes[c.ID] = append(codes[c.ID], l.Tiny)
	}
	return nil
}

func takenEntry(t *testing.T, e Engine) {
	s := e.Open(t)
	update(t, s, func(tx store.Tx) error {
		return store.ToolConsumers.Put(tx, lti.ToolConsumer{Domain: "d", ID: "first", Key: "key"})
	})
	second := lti.ToolConsumer{Domain: "d", ID: "second", Key: "key"}
	var errNew, errPut error
	update(t, s, func(tx store.Tx) error {
		errNew = store.ToolConsumers.PutNew(tx, second)
		errPut = store.ToolConsumers.Put(tx, second)
		return nil // the unit goes on, and is committed
	})
	wantError(t, "PutNew with a taken key", errNew, store.ErrExists)
	wantError(t, "Put with a taken key", errPut, store.ErrExists)
	view(t, s, func(tx store.Tx) error {
		_, err := store.ToolConsumers.Get(tx, "d", "second")
		wantError(t, "Get of the refused one", err, store.ErrNotFound)
		found, err := store.ToolConsumers.Find(tx, "key", store.Join("key"))
		if found.ID != "first" {
			t.Errorf("Find() = %q, want the first", found.ID)
		}
		return err
	})
}

// readNeverStale changes users in units that are kept or thrown away, and
// reads them through the cache inside and outside.
func readNeverStale(t *testing.T, e Engine) {
	s := e.Open(t)
	failure := errors.New("thrown away")
	rapid.Check(t, func(r *rapid.T) {
		kept := map[string]string{}
		update(t, s, func(tx store.Tx) error { return errors.Join(putUser(tx, "a", "0"), putUser(tx, "b", "0")) })
		kept["a"], kept["b"] = "0", "0"
		for range rapid.IntRange(1, 8).Draw(r, "units") {
			steps, keep := rapid.SliceOfN(renamingGenerator(), 1, 4).Draw(r, "steps"), rapid.Bool().Draw(r, "keep")
			var seen map[string]string
			err := s.Update(t.Context(), func(tx store.Tx) error {
				seen = maps.Clone(kept)
				for _, st := range steps {
					seen[st.username] = st.name
					if err := putUser(tx, st.username, st.name); err != nil {
						return err
					}
					compareUsers(r, tx, seen)
				}
				if !keep {
					return failure
				}
				return nil
			})
			if keep {
				kept = seen
			}
			if keep != (err == nil) || !keep && !errors.Is(err, failure) {
				r.Fatalf("Update() = %v, keep %v", err, keep)
			}
			view(t, s, func(tx store.Tx) error { compareUsers(r, tx, kept); return nil })
		}
	})
}

type renaming struct{ username, name string }

func renamingGenerator() *rapid.Generator[renaming] {
	return rapid.Custom(func(r *rapid.T) renaming {
		return renaming{
			username: rapid.SampledFrom([]string{"a", "b"}).Draw(r, "user"),
			name:     rapid.SampledFrom([]string{"0", "1", "2"}).Draw(r, "name"),
		}
	})
}

func putUser(tx store.Tx, username, name string) error {
	return store.Users.Put(tx, lti.User{Domain: "stale", Username: username, GivenName: name})
}

func compareUsers(r *rapid.T, tx store.Tx, want map[string]string) {
	for username, name := range want {
		u, err := store.Users.Read(tx, "stale", username)
		if err != nil || u.GivenName != name {
			r.Fatalf("Read(%q) = %v, %v, want the name %q", username, u, err, name)
		}
	}
}

func listPages(t *testing.T, e Engine) {
	s := e.Open(t)
	update(t, s, func(tx store.Tx) error {
		for i := range 25 {
			if err := store.Users.Put(tx, lti.User{Domain: "d", Username: fmt.Sprintf("u%02d", i)}); err != nil {
				return err
			}
		}
		return store.Users.Put(tx, lti.User{Domain: "d2", Username: "other"})
	})
	view(t, s, func(tx store.Tx) error {
		for _, limit := range []int{1, 5, 7, 25, 26} {
			forward, back := userPages(t, tx, store.Users.List, limit), userPages(t, tx, store.Users.ListBack, limit)
			slices.Reverse(back)
			if len(forward) != 25 || !slices.IsSorted(forward) || !slices.Equal(forward, back) {
				t.Errorf("pages of %d: %q and %q, want u00 to u24", limit, forward, back)
			}
		}
		n := 0
		err := store.Users.All(tx, "", func(lti.User) error { n++; return nil })
		if n != 26 {
			t.Errorf("All() walked %d users, want 26", n)
		}
		return err
	})
}

func userPages(t testing.TB, tx store.Tx, list func(tx store.Tx, prefix, bound string, limit int) ([]lti.User, string, error), limit int) []string {
	t.Helper()
	var names []string
	for bound := ""; ; {
		users, next, err := list(tx, store.Prefix("d"), bound, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range users {
			names = append(names, u.Username)
		}
		if next == "" {
			return names
		}
		bound = next
	}
}

func listBy(t *testing.T, e Engine) {
	s := e.Open(t)
	update(t, s, func(tx store.Tx) error {
		for i := range 9 {
			b := lti.Binding{Domain: "d", Consumer: "c", Value: fmt.Sprint(9 - i), Username: fmt.Sprint(i % 2)}
			if err := store.Bindings.Put(tx, b); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(tx store.Tx) error {
		var got []string
		for after := ""; ; {
			found, next, err := store.Bindings.ListBy(tx, "user", store.Prefix("d"), after, 2)
			if err != nil {
				return err
			}
			for _, b := range found {
				got = append(got, b.Username+b.Value)
			}
			if after = next; after == "" {
				break
			}
		}
		if want := []string{"01", "03", "05", "07", "09", "12", "14", "16", "18"}; !slices.Equal(got, want) {
			t.Errorf("ListBy() = %q, want %q", got, want)
		}
		return nil
	})
}
