package manifest_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/vault"
)

// hub is a server's store with what applies and exports manifests.
type hub struct {
	*manifest.Applier
	*manifest.Exporter
	store store.Store
	vault *vault.Vault
	// changed are the tool consumers whose credentials changed, in order.
	changed []string
	// touched are the scopes that the last change of a course touched.
	touched []lti.Scope
}

func now() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 8, time.UTC) }

// tester is a testing.TB or a *rapid.T.
type tester interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func newHub(tb testing.TB) *hub {
	tb.Helper()
	s, err := bolt.Open(filepath.Join(tb.TempDir(), "test.db"), bolt.Options{Now: now, MapSize: 16 << 20})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	v, _, err := vault.Create(vault.NewMasterKey(rand.Reader))
	if err != nil {
		tb.Fatal(err)
	}
	h := &hub{store: s, vault: v, Exporter: &manifest.Exporter{Store: s, Vault: v}}
	h.Applier = &manifest.Applier{
		Store: s, Vault: v, Now: now, Rand: rand.Reader,
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		CredentialsChanged: func(_ store.Tx, domain, consumer string) error {
			h.changed = append(h.changed, domain+"/"+consumer)
			return nil
		},
		CourseChanged: func(_ store.Tx, _ lti.CourseRef, scopes []lti.Scope) error {
			h.touched = scopes
			return nil
		},
	}
	return h
}

func parse(tb tester, text string) *manifest.Manifest {
	tb.Helper()
	m, err := manifest.Parse([]byte(text))
	if err != nil {
		tb.Fatalf("Parse: %v", err)
	}
	return m
}

// apply parses and applies text, which must be without fault.
func (h *hub) apply(tb tester, text string) manifest.Report {
	tb.Helper()
	report, err := h.Apply(tb.Context(), parse(tb, text), "test")
	if err != nil {
		tb.Fatalf("Apply: %v", err)
	}
	return report
}

func (h *hub) export(tb tester, withSecrets bool) string {
	tb.Helper()
	data, err := h.Export(tb.Context(), withSecrets)
	if err != nil {
		tb.Fatalf("Export: %v", err)
	}
	return string(data)
}

// get reads one record.
func get[T any](tb tester, h *hub, c *store.Collection[T], parts ...string) T {
	tb.Helper()
	var v T
	err := h.store.View(tb.Context(), func(tx store.Tx) (err error) {
		v, err = c.Get(tx, parts...)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// all reads a collection.
func all[T any](tb tester, h *hub, c *store.Collection[T]) []T {
	tb.Helper()
	var items []T
	err := h.store.View(tb.Context(), func(tx store.Tx) error {
		items = nil
		return c.All(tx, "", func(v T) error { items = append(items, v); return nil })
	})
	if err != nil {
		tb.Fatal(err)
	}
	return items
}

// change rewrites one record as a person or a launch would.
func change[T any](tb tester, h *hub, c *store.Collection[T], fn func(*T), parts ...string) {
	tb.Helper()
	err := h.store.Update(tb.Context(), func(tx store.Tx) error {
		v, err := c.Get(tx, parts...)
		if err != nil {
			return err
		}
		fn(&v)
		return c.Put(tx, v)
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func read(tb tester, name string) string {
	tb.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// state is the whole store as bytes.
func (h *hub) state(tb tester) string {
	tb.Helper()
	var b bytes.Buffer
	for _, part := range []any{
		all(tb, h, store.Domains), all(tb, h, store.Users), all(tb, h, store.ToolConsumers), all(tb, h, store.Tools),
		all(tb, h, store.Courses), all(tb, h, store.Memberships), all(tb, h, store.Audit),
	} {
		if err := json.NewEncoder(&b).Encode(part); err != nil {
			tb.Fatal(err)
		}
	}
	return b.String()
}

func TestExamplesRoundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"testdata/whole.yaml", "../../configs/manifest.example.yaml"} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			first, second := newHub(t), newHub(t)
			text := read(t, name)
			first.apply(t, text)
			exported := first.export(t, true)
			second.apply(t, exported)
			if got := second.export(t, true); got != exported {
				t.Errorf("export of the copy:\n%s\nwant:\n%s", got, exported)
			}
			before := first.state(t)
			for what, again := range map[string]string{"itself": text, "export": exported, "export without secrets": first.export(t, false)} {
				report := first.apply(t, again)
				if report.Changed() {
					t.Errorf("%s applied again changed %v", what, report)
				}
			}
			if after := first.state(t); after != before {
				t.Errorf("applied again it wrote:\n%s\nwas:\n%s", after, before)
			}
		})
	}
}

func TestApplyStopsWithItsContext(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Apply(ctx, parse(t, "version: 1\ndomains: [{id: uni}]"), "test"); err == nil {
		t.Error("Apply with an ended context succeeded")
	}
	if got := all(t, h, store.Domains); len(got) > 0 {
		t.Errorf("it wrote %v", got)
	}
}
