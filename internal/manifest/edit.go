package manifest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// ErrStale means that a record is not any more what the author of a draft saw.
var ErrStale = errors.New("the record has changed meanwhile")

// Edit applies a draft as Apply does a manifest, by the same rules, and returns
// what that changed. Its faults have paths that begin at the record. A draft
// whose record has changed since it was read is ErrStale; one of a record that
// is to be new and is there already has a fault at its id.
func (a *Applier) Edit(ctx context.Context, d *Draft, by string) (Change, error) {
	m, err := d.parse()
	if err != nil {
		return Change{}, err
	}
	hashes := newHasher()
	if err := a.hashPasswords(ctx, m, hashes); err != nil {
		return Change{}, fmt.Errorf("edit %s: %w", d.Object, err)
	}
	var change Change
	now := a.Now().UTC().Truncate(time.Second)
	err = a.Store.Update(ctx, func(tx store.Tx) (err error) {
		w := &work{Applier: a, tx: tx, now: now, hashes: hashes, report: newReport(), noteChanges: true}
		change, err = w.edit(m, d, by)
		return err
	})
	if err = d.local(err); err != nil {
		return Change{}, fmt.Errorf("edit %s: %w", d.Object, err)
	}
	return change, nil
}

// edit is the transaction of one draft.
func (w *work) edit(m *Manifest, d *Draft, by string) (Change, error) {
	change := Change{Object: d.String()}
	held, err := readRecord(w.tx, d.Object)
	switch {
	case errors.Is(err, store.ErrNotFound):
		change.New = true
		if d.Base != "" {
			return change, err
		}
	case err != nil:
		return change, err
	case d.Base == "":
		return change, Faults{{Path: d.idKey(), Text: "is taken already; choose another one"}}
	case held.Base != d.Base:
		return change, ErrStale
	}
	if err := w.steps(m); err != nil || !w.report.Changed() {
		return change, err
	}
	for _, c := range w.changes {
		if c.Object == change.Object {
			change = c
		}
	}
	entry := lti.AuditEntry{ID: w.NewID(), At: w.now, By: by, Action: "changed", Object: d.String(), Detail: strings.Join(change.Paths(), ", ")}
	if change.New {
		entry.Action, entry.Detail = "made", ""
	}
	return change, store.Audit.PutNew(w.tx, entry)
}
