package person_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/delivery"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// tester is what both a test and a property have.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// office is a keeper over a real store, with the carrier of deliveries beside
// it: a domain with the course phys, two LMSs, and the people ada and bea.
type office struct {
	tester
	store.Store
	*person.Keeper
	carrier *delivery.Carrier
	ahead   atomic.Int64
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{tester: t}
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: o.now})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() { _ = s.Close() })
	o.Store = s
	o.carrier = delivery.New(delivery.Carrier{Store: s, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), NewID: newID, GiveUp: time.Hour})
	o.Keeper = &person.Keeper{Store: s, NewID: newID, Requeue: o.carrier.TargetStored}
	o.change(func(tx store.Tx) error {
		return errors.Join(
			store.Domains.Put(tx, lti.Domain{ID: "uni"}), store.Courses.Put(tx, physics()),
			store.Users.Put(tx, lti.User{Domain: "uni", Username: "root", Admin: true, PasswordHash: "h", Handle: "h0"}),
		)
	})
	return o
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (o *office) now() time.Time { return noon.Add(time.Duration(o.ahead.Load())) }

func (o *office) pass(d time.Duration) { o.ahead.Add(int64(d)) }

func physics() lti.Course {
	return lti.Course{
		Domain: "uni", ID: "phys", Title: "Physics", DigestKey: []byte("key"), Owner: "bea",
		Folders: []lti.Folder{{ID: "week1", Links: []lti.ResourceLink{{ID: "quiz1", Points: 10}, {ID: "best", Points: 10, Policy: lti.PolicyBest}}}},
		Links:   []lti.ResourceLink{{ID: "first", Points: 20, Policy: lti.PolicyFirst}},
	}
}

func (o *office) change(fn func(tx store.Tx) error) {
	o.Helper()
	if err := o.Update(context.Background(), fn); err != nil {
		o.Fatalf("change the store: %v", err)
	}
}

// settle enrols a person whom an LMS knows as value.
func (o *office) settle(username, consumer, value string, role lti.Role) {
	o.Helper()
	o.change(func(tx store.Tx) error {
		err := store.Users.Put(tx, lti.User{Domain: "uni", Username: username, Email: "e@uni.example", Handle: "h-" + username, Source: consumer})
		m := lti.Membership{Domain: "uni", Course: "phys", Username: username, Role: role, Status: lti.MemberActive, Source: consumer, Digest: sourcedid.UserDigest([]byte("key"), username)}
		if role != "" {
			err = errors.Join(err, store.Memberships.Put(tx, m))
		}
		return errors.Join(err, store.Bindings.Put(tx, lti.Binding{Domain: "uni", Consumer: consumer, Value: value, UserID: value, Username: username}))
	})
}

// want stores that an LMS wants the person's grade for a scope.
func (o *office) want(username, consumer, userID string, scope lti.Scope) {
	o.Helper()
	o.change(func(tx store.Tx) error {
		t := lti.UpstreamTarget{Domain: "uni", Course: "phys", Username: username, Scope: scope, Consumer: consumer, Placement: "p", URL: "https://lms.example/o", SourcedID: "of-" + userID, UserID: userID}
		return errors.Join(store.Targets.Put(tx, t), o.carrier.TargetStored(tx, t))
	})
}

// score stores a score as taking one from a tool does, under the link's policy.
func (o *office) score(username, link string, score float64) {
	o.Helper()
	o.pass(time.Second)
	o.change(func(tx store.Tx) error {
		m, err := store.Memberships.Find(tx, "digest", store.Join("uni", "phys", sourcedid.UserDigest([]byte("key"), username)))
		if err != nil {
			return err
		}
		for m.Into != "" { // as the service follows it, however often the person was merged
			username = m.Into
			if m, err = store.Memberships.Get(tx, "uni", "phys", username); err != nil {
				return err
			}
		}
		r, err := store.Results.Get(tx, "uni", "phys", link, username)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		r.Domain, r.Course, r.Link, r.Username = "uni", "phys", link, username
		l, _, _ := physics().Link(link)
		if r.Score == nil || l.Policy == lti.PolicyBest && score > *r.Score || l.Policy == "" {
			r.Score, r.SubmittedAt = &score, tx.Now()
		}
		r.History = append(r.History, lti.Submission{At: tx.Now(), Score: &score, By: "tool", MessageID: newID()})
		r.Version++
		return errors.Join(store.Results.Put(tx, r), o.carrier.Enqueue(tx, r))
	})
}

func (o *office) result(username, link string) (r lti.Result) {
	o.Helper()
	o.change(func(tx store.Tx) (err error) {
		r, err = store.Results.Get(tx, "uni", "phys", link, username)
		if errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		return err
	})
	return r
}

// due says what every place will have in the end: the value of each target's
// newest delivery, by consumer, sourcedid and scope.
func (o *office) due() map[string]string {
	o.Helper()
	values := map[string]string{}
	o.change(func(tx store.Tx) error {
		return store.Targets.All(tx, "", func(t lti.UpstreamTarget) error {
			if t.Live == "" {
				return nil
			}
			d, err := store.Deliveries.Get(tx, t.Live)
			if err != nil {
				return err
			}
			if d.Target != store.Targets.Key(t) || d.Username != t.Username {
				o.Errorf("the delivery of %s leads to %s", store.Targets.Key(t), d.Target)
			}
			text := "none"
			if d.Score != nil {
				text = fmt.Sprintf("%.4f", *d.Score)
			}
			values[t.Consumer+" "+t.SourcedID+" "+t.Scope.Kind+" "+t.Scope.ID] = text
			return nil
		})
	})
	return values
}

// people dumps what a merge may change, but for the deliveries on their way.
func (o *office) people() map[string]string {
	o.Helper()
	dump := map[string]string{}
	o.change(func(tx store.Tx) error {
		for _, name := range []string{
			store.Users.Name(), store.Bindings.Name(), store.Memberships.Name(), store.Results.Name(),
			store.History.Name(), store.Courses.Name(),
		} {
			items, err := tx.Scan(name, "", "", store.MaxScan)
			if err != nil {
				return err
			}
			for _, it := range items {
				dump[name+" "+it.Key] = string(it.Value)
			}
		}
		return store.Targets.All(tx, "", func(t lti.UpstreamTarget) error {
			t.Live = ""
			dump["target "+store.Targets.Key(t)] = fmt.Sprint(t)
			return nil
		})
	})
	return dump
}

// every lists every score that is kept anywhere, by its message.
func (o *office) every() map[string]bool {
	o.Helper()
	scores := map[string]bool{}
	add := func(list []lti.Submission) {
		for _, s := range list {
			scores[s.MessageID] = true
		}
	}
	o.change(func(tx store.Tx) error {
		return errors.Join(
			store.Results.All(tx, "", func(r lti.Result) error { add(r.History); return nil }),
			store.History.All(tx, "", func(h lti.HistoryPage) error { add(h.Submissions); return nil }),
		)
	})
	return scores
}

func (o *office) merge(from, into string) person.Outcome {
	o.Helper()
	out, err := o.Merge(context.Background(), "uni", from, into, "root:uni")
	if err != nil {
		o.Fatalf("Merge(%s, %s) = %v", from, into, err)
	}
	return out
}

func (o *office) undo(id string) lti.Merge {
	o.Helper()
	m, err := o.Undo(context.Background(), id, "root:uni")
	if err != nil {
		o.Fatalf("Undo() = %v", err)
	}
	return m
}

func (o *office) wantRefused(err error) {
	o.Helper()
	var r *person.Refused
	if !errors.As(err, &r) {
		o.Errorf("error = %v, want a *Refused", err)
	}
}

func audited(tx store.Tx) (actions []string, err error) {
	err = store.Audit.All(tx, "", func(e lti.AuditEntry) error {
		actions = append(actions, e.Action)
		return nil
	})
	slices.Sort(actions)
	return actions, err
}
