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
			update(t, s, func(tx store.Tx) error {
				for range rapid.IntRange(1, 8).Draw(r, "steps") {
					rebind(r, tx, domain, want)
				}
				return nil
			})
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

func rebind(r *rapid.T, tx store.Tx, domain string, want map[string]string) {
	value := rapid.SampledFrom([]string{"1", "1/", "2", "ada", "%2F"}).Draw(r, "value")
	b := lti.Binding{Domain: domain, Consumer: "c", Value: value, Username: rapid.SampledFrom(usernames()).Draw(r, "user")}
	switch verb := rapid.SampledFrom([]string{"put", "new", "delete"}).Draw(r, "verb"); verb {
	case "put":
		if err := store.Bindings.Put(tx, b); err != nil {
			r.Fatalf("Put(%v) = %v", b, err)
		}
		want[value] = b.Username
	case "new":
		_, taken := want[value]
		if err := store.Bindings.PutNew(tx, b); taken != errors.Is(err, store.ErrExists) || !taken && err != nil {
			r.Fatalf("PutNew(%v) = %v, taken %v", b, err, taken)
		}
		if !taken {
			want[value] = b.Username
		}
	case "delete":
		if err := store.Bindings.Delete(tx, domain, "c", value); err != nil {
			r.Fatalf("Delete(%v) = %v", b, err)
		}
		delete(want, value)
	}
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
		held := tinyCodes{owner: map[string]string{}, of: map[string][]string{}}
		update(t, s, func(tx store.Tx) error {
			for range rapid.IntRange(1, 12).Draw(r, "steps") {
				id := rapid.SampledFrom([]string{"x", "y", "z"}).Draw(r, "course")
				tiny := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"p", "q", "r", "s"}), 0, 3, rapid.ID).Draw(r, "codes")
				held.recode(r, tx, lti.Course{Domain: domain, ID: id, Links: links(tiny)}, tiny)
			}
			return nil
		})
		view(t, s, func(tx store.Tx) error {
			for _, code := range []string{"p", "q", "r", "s"} {
				c, err := store.Courses.Find(tx, "tiny", store.Join(domain, code))
				shared, errShared := store.Courses.FindRead(tx, "tiny", store.Join(domain, code))
				if want, there := held.owner[code]; there && (err != nil || errShared != nil || c.ID != want || shared.ID != want) ||
					!there && !(errors.Is(err, store.ErrNotFound) && errors.Is(errShared, store.ErrNotFound)) {
					r.Fatalf("Find(%q) = %q, %v, %v, want %q", code, c.ID, err, errShared, want)
				}
			}
			return nil
		})
	})
}

func links(tiny []string) []lti.ResourceLink {
	var all []lti.ResourceLink
	for _, code := range tiny {
		all = append(all, lti.ResourceLink{ID: "link-" + code, Tiny: code})
	}
	return all
}

// tinyCodes is the model: which course a code leads to, and the codes of each.
type tinyCodes struct {
	owner map[string]string
	of    map[string][]string
}

func (h tinyCodes) recode(r *rapid.T, tx store.Tx, c lti.Course, tiny []string) {
	free := !slices.ContainsFunc(tiny, func(code string) bool { return h.owner[code] != "" && h.owner[code] != c.ID })
	err := store.Courses.Put(tx, c)
	if free != (err == nil) || !free && !errors.Is(err, store.ErrExists) {
		r.Fatalf("Put(%s with %q) = %v, free %v", c.ID, tiny, err, free)
	}
	if !free {
		return
	}
	for _, code := range h.of[c.ID] {
		delete(h.owner, code)
	}
	for _, code := range tiny {
		h.owner[code] = c.ID
	}
	h.of[c.ID] = tiny
}

func takenEntry(t *testing.T, e Engine) {
	s := e.Open(t)
	update(t, s, func(tx store.Tx) error {
		return store.ToolConsumers.Put(tx, lti.ToolConsumer{Domain: "d", ID: "first", Key: "key"})
	})
	second := lti.ToolConsumer{Domain: "d", ID: "second", Key: "key"}
	update(t, s, func(tx store.Tx) error {
		wantError(t, "PutNew with a taken key", store.ToolConsumers.PutNew(tx, second), store.ErrExists)
		wantError(t, "Put with a taken key", store.ToolConsumers.Put(tx, second), store.ErrExists)
		return nil // the unit goes on, and is committed
	})
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
			seen, keep := maps.Clone(kept), rapid.Bool().Draw(r, "keep")
			err := s.Update(t.Context(), func(tx store.Tx) error {
				for range rapid.IntRange(1, 4).Draw(r, "steps") {
					id := rapid.SampledFrom([]string{"a", "b"}).Draw(r, "user")
					seen[id] = rapid.SampledFrom([]string{"0", "1", "2"}).Draw(r, "name")
					if err := putUser(tx, id, seen[id]); err != nil {
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
