package manifest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// Applier brings a store to what manifests say.
type Applier struct {
	Store store.Store
	Vault *vault.Vault
	Now   func() time.Time
	// NewID makes ids that grow with time (UUID version 7).
	NewID func() string
	Rand  io.Reader
	// CredentialsChanged is called in the transaction that changes the key or
	// a secret of a tool consumer that was there before; nil is called never.
	CredentialsChanged func(tx store.Tx, domain, consumer string) error
	// CourseChanged is called in the transaction that changes what scopes of a
	// course are worth: its links, or the points of those; nil is called never.
	CourseChanged func(tx store.Tx, course lti.CourseRef, scopes []lti.Scope) error
}

// Apply brings the store to what m says, in one transaction, and reports what
// that changed; by is who asked, for the audit log. What is right already is
// not written again, so the same manifest applied twice changes nothing the
// second time.
//
// It returns a Faults, and changes nothing, when m refers to what neither it
// nor the store holds, when a new record lacks what it needs (a secret, a key,
// a URL, a role), or when a name is taken that must be unique on the server. A
// person whom a course names as member or owner and whom nobody knows gets an
// account without a name.
func (a *Applier) Apply(ctx context.Context, m *Manifest, by string) (Report, error) {
	return a.apply(ctx, m, by, nil)
}

// errChecked ends the transaction of a check, so that nothing is written.
var errChecked = errors.New("only checked")

// Check reports what Apply would do, record by record and key by key, and
// changes nothing.
func (a *Applier) Check(ctx context.Context, m *Manifest) (Report, error) {
	return a.apply(ctx, m, "", errChecked)
}

func (a *Applier) apply(ctx context.Context, m *Manifest, by string, end error) (Report, error) {
	hashes := newHasher()
	if err := a.hashPasswords(ctx, m, hashes); err != nil {
		return Report{}, fmt.Errorf("apply manifest: %w", err)
	}
	var report Report
	now := a.Now().UTC().Truncate(time.Second)
	err := a.Store.Update(ctx, func(tx store.Tx) error {
		w := &work{Applier: a, tx: tx, now: now, hashes: hashes, report: newReport(), noteChanges: end != nil}
		if err := w.run(m, by); err != nil {
			return err
		}
		report = w.report
		report.Changes = w.changes
		return end
	})
	var faults Faults
	switch {
	case errors.As(err, &faults):
		return Report{}, faults
	case err != nil && !errors.Is(err, errChecked):
		return Report{}, fmt.Errorf("apply manifest: %w", err)
	}
	return report, nil
}

// work is one run of the transaction.
type work struct {
	*Applier
	tx     store.Tx
	now    time.Time
	hashes *hasher
	report Report
	faults ledger
	// changes are noted only if noteChanges says so.
	noteChanges bool
	changes     []Change
}

func (w *work) run(m *Manifest, by string) error {
	if err := w.steps(m); err != nil || !w.report.Changed() {
		return err
	}
	return store.Audit.PutNew(w.tx, lti.AuditEntry{
		ID: w.NewID(), At: w.now, By: by, Action: "apply", Object: sourceManifest, Detail: w.report.String(),
	})
}

// steps writes what the manifest says, section by section.
func (w *work) steps(m *Manifest) error {
	for _, step := range []func(*Manifest) error{w.domains, w.users, w.consumers, w.tools, w.courses} {
		if err := step(m); err != nil {
			return err
		}
	}
	return w.faults.err()
}

// stored is a record of a collection as the store has it before the change.
type stored[T any] struct {
	in   *store.Collection[T]
	text []byte // as JSON; nil if the record is new
}

// load reads the record under parts, or gives fresh with an old that is new.
func load[T any](w *work, c *store.Collection[T], fresh T, parts ...string) (v T, old stored[T], err error) {
	old.in = c
	v, err = c.Get(w.tx, parts...)
	if errors.Is(err, store.ErrNotFound) {
		return fresh, old, nil
	}
	if err != nil {
		return fresh, old, err
	}
	old.text, err = json.Marshal(v)
	return v, old, err
}

// save writes v if it is new or differs from old, and tallies it as name.
func save[T any](w *work, old stored[T], v T, tally *Tally, name string) error {
	now, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s %s: %w", old.in.Name(), name, err)
	}
	switch {
	case old.text == nil:
		tally.Created = append(tally.Created, name)
	case bytes.Equal(old.text, now):
		tally.Unchanged = append(tally.Unchanged, name)
		return nil
	default:
		tally.Updated = append(tally.Updated, name)
	}
	return keep(w, old, v, name)
}

// exists reports whether a record was found or, by its error, was not.
func exists(err error) (bool, error) {
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (w *work) domains(m *Manifest) error {
	for _, e := range m.domains {
		d, old, err := load(w, store.Domains, lti.Domain{ID: e.id}, e.id)
		if err != nil {
			return err
		}
		e.change(&d)
		if err := save(w, old, d, &w.report.Domains, e.id); err != nil {
			return err
		}
	}
	return nil
}

// knownDomain records a fault at the entry unless the domain is in the store,
// where those of the manifest are by now.
func (w *work) knownDomain(at place, domain string) (bool, error) {
	_, err := store.Domains.Read(w.tx, domain)
	known, err := exists(err)
	if err == nil && !known {
		w.faults.add(at.key("domain"), "there is no domain %s", domain)
	}
	return known, err
}

func (w *work) consumers(m *Manifest) error {
	for _, e := range m.consumers {
		if known, err := w.knownDomain(e.place, e.domain); err != nil {
			return err
		} else if !known {
			continue
		}
		if err := w.consumer(e); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) consumer(e consumerEntry) error {
	c, old, err := load(w, store.ToolConsumers, newConsumer(e.domain, e.id), e.domain, e.id)
	if err != nil {
		return err
	}
	before := c
	e.change(&c)
	w.keepForgotten(old.text != nil, before.NonceLifetime, c.NonceLifetime, &c.NotBefore)
	if c.Key == "" {
		w.faults.add(e.place.key("key"), "is missing; a new tool consumer needs one")
		return nil
	}
	free, err := w.freeKey(e.place, c.Key, store.ToolConsumers.Key(c), "")
	if err != nil || !free {
		return err
	}
	at := sealing{e.place, "a new tool consumer", "tool_consumer/" + e.domain + "/" + e.id}
	if err := w.seal(at, e.credential, &c.Secret, &c.Previous); err != nil {
		return err
	}
	changed := c.Key != before.Key || c.Secret != before.Secret || c.Previous.Sealed != before.Previous.Sealed
	if err := save(w, old, c, &w.report.ToolConsumers, e.domain+"/"+e.id); err != nil {
		return err
	}
	if old.text == nil || !changed || w.CredentialsChanged == nil {
		return nil
	}
	return w.CredentialsChanged(w.tx, e.domain, e.id)
}

func (w *work) tools(m *Manifest) error {
	for _, e := range m.tools {
		if known, err := w.knownDomain(e.place, e.domain); err != nil {
			return err
		} else if !known {
			continue
		}
		t, old, err := load(w, store.Tools, lti.NewTool(e.domain, "", e.id), e.domain, e.id)
		if err != nil {
			return err
		}
		if err := w.tool(e, &t, "tool/"+e.domain+"/"+e.id); err != nil {
			return err
		}
		if err := save(w, old, t, &w.report.Tools, e.domain+"/"+e.id); err != nil {
			return err
		}
	}
	return nil
}

// tool makes t what e says.
func (w *work) tool(e toolEntry, t *lti.Tool, context string) error {
	known, before := t.Key != "", t.NonceLifetime
	e.change(t)
	w.keepForgotten(known, before, t.NonceLifetime, &t.NotBefore)
	if t.URL == "" {
		w.faults.add(e.place.key("url"), "is missing; a new tool needs one")
	}
	if t.Key == "" {
		w.faults.add(e.place.key("key"), "is missing; a new tool needs one")
	}
	if err := w.seal(sealing{e.place, "a new tool", context}, e.credential, &t.Secret, &t.Previous); err != nil {
		return err
	}
	w.warnUnencrypted(e.place, t.URL)
	return w.random(&t.IDKey)
}

// warnUnencrypted warns of a URL that launches reach over http.
func (w *work) warnUnencrypted(at place, url string) {
	if lti.Unencrypted(url) {
		w.report.Warnings = append(w.report.Warnings,
			fmt.Sprintf("line %d: %s: launches go unencrypted over http; use https", at.line, at.key("url").path))
	}
}

// keepForgotten sees to it that a lifetime that grows does not make acceptable
// again what had expired before: its nonces may be forgotten.
func (w *work) keepForgotten(known bool, before, after time.Duration, notBefore *time.Time) {
	if known {
		*notBefore = lti.KeepForgotten(*notBefore, w.now, before, after)
	}
}

// random fills key once, with 256 bits that never change.
func (w *work) random(key *[]byte) error {
	if len(*key) > 0 {
		return nil
	}
	*key = make([]byte, 32)
	if _, err := io.ReadFull(w.Rand, *key); err != nil {
		return fmt.Errorf("draw a random key: %w", err)
	}
	return nil
}
