package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// settings shows how the server is set up: nothing there is changed by a page.
func (p *People) settings(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.SettingsPage{Backs: true}
	if p.Settings != nil {
		page = p.Settings(r.Context())
		page.Backs = true
	}
	page.Frame, page.Version, page.PublicURL = p.frame(r, v), p.Version, p.PublicURL
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		page.StoreTime = tx.Now()
		page.Sizes = nil
		for _, collection := range []struct{ name, text string }{
			{store.Domains.Name(), "Institutions"}, {store.Users.Name(), "Users"}, {store.Courses.Name(), "Courses"},
			{store.Memberships.Name(), "Members"}, {store.Results.Name(), "Results"}, {store.Deliveries.Name(), "Deliveries"},
			{store.Launches.Name(), "Launch records"}, {store.Audit.Name(), "Audit entries"},
		} {
			n, err := countUpTo(tx, collection.name, maxSifted)
			if err != nil {
				return err
			}
			page.Sizes = append(page.Sizes, web.Size{Name: collection.text, Count: n, More: n >= maxSifted})
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Settings(w, http.StatusOK, page))
	return nil
}

// countUpTo counts the records of a collection, and stops at limit.
func countUpTo(tx store.Tx, collection string, limit int) (int, error) {
	n := 0
	for after := ""; n < limit; {
		items, err := tx.Scan(collection, "", after, store.MaxScan)
		if err != nil {
			return 0, err
		}
		n += len(items)
		if len(items) < store.MaxScan {
			return n, nil
		}
		after = items[len(items)-1].Key
	}
	return limit, nil
}

// backup streams a copy of the whole store. A copy that breaks off ends the
// connection, so that nobody takes a part for the whole.
func (p *People) backup(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	if sent.text("sure") != "yes" {
		return errForm
	}
	if err := p.noteBackup(r.Context(), v); err != nil {
		return err
	}
	// A copy takes as long as it takes; where deadlines can't be lifted there are none.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="ltihub-%s.backup"`, v.now.Format("2006-01-02-1504")))
	out := &counted{ResponseWriter: w}
	if err := p.Store.Backup(r.Context(), out); err != nil {
		if out.n == 0 {
			w.Header().Del("Content-Disposition")
			return fmt.Errorf("back up: %w", err)
		}
		p.wrote(r, errors.Join(errors.New("the backup broke off"), err))
		panic(http.ErrAbortHandler)
	}
	return nil
}

// noteBackup says in the audit log who took a copy of everything.
func (p *People) noteBackup(ctx context.Context, v visit) error {
	entry := p.auditEntry(v, "backup taken", "store", "by the page Settings")
	return p.Store.Update(ctx, func(tx store.Tx) error { return store.Audit.PutNew(tx, entry) })
}

// counted knows how much was written.
type counted struct {
	http.ResponseWriter
	n int
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.n += n
	return n, err
}

// Unwrap gives http.ResponseController the writer below.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }
