package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/api"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// applyManifest reads and applies a manifest on behalf of by.
func (h *hub) applyManifest(ctx context.Context, data []byte, by string) (manifest.Report, error) {
	m, err := manifest.Parse(data)
	if err != nil {
		return manifest.Report{}, err
	}
	report, err := h.applier.Apply(ctx, m, by)
	h.carrier.Wake()
	return report, err
}

// checkManifest reports what applyManifest would change, and changes nothing.
func (h *hub) checkManifest(ctx context.Context, data []byte) (manifest.Report, error) {
	m, err := manifest.Parse(data)
	if err != nil {
		return manifest.Report{}, err
	}
	rehearsed := *h.applier
	rehearsed.Store = rehearsal{h.store}
	return rehearsed.Apply(ctx, m, "")
}

// rehearsal is a store that takes back each unit of work once it is done.
type rehearsal struct{ store.Store }

var errTakenBack = errors.New("taken back")

func (r rehearsal) Update(ctx context.Context, fn func(tx store.Tx) error) error {
	err := r.Store.Update(ctx, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errTakenBack
	})
	if errors.Is(err, errTakenBack) {
		return nil
	}
	return err
}

// newToken makes an API token on behalf of by and returns its text, which is
// kept nowhere.
func (h *hub) newToken(ctx context.Context, name, role, by string) (string, error) {
	at := now().Truncate(time.Second)
	text, record, err := api.NewToken(rand.Reader, name, role, at)
	if err != nil {
		return "", err
	}
	err = h.store.Update(ctx, func(tx store.Tx) error {
		if err := store.APITokens.PutNew(tx, record); err != nil {
			return err
		}
		return audit(tx, at, by, "create token", "token "+name, "role "+role)
	})
	return text, err
}

// revokeToken closes the API token with the hash; one that is closed stays so.
func (h *hub) revokeToken(ctx context.Context, hash, by string) error {
	at := now().Truncate(time.Second)
	return h.store.Update(ctx, func(tx store.Tx) error {
		t, err := store.APITokens.GetKey(tx, hash)
		if err != nil || !t.Revoked.IsZero() {
			return err
		}
		t.Revoked = at
		if err := store.APITokens.Put(tx, t); err != nil {
			return err
		}
		return audit(tx, at, by, "revoke token", "token "+t.Name, "role "+t.Role)
	})
}

// changeOver is how long a tool consumer's old secret stays good beside a new
// one, so that somebody finds the time to paste that into the LMS.
const changeOver = 14 * 24 * time.Hour

// newSecret gives a tool consumer a new secret on behalf of by and returns it.
func (h *hub) newSecret(ctx context.Context, domain, id, by string) (string, error) {
	at := now().Truncate(time.Second)
	secret := vault.NewSecret(rand.Reader)
	sealed, err := h.vault.Seal(secret, "tool_consumer/"+domain+"/"+id)
	if err != nil {
		return "", fmt.Errorf("seal the new secret: %w", err)
	}
	err = h.store.Update(ctx, func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, domain, id)
		if err != nil {
			return err
		}
		c.Previous = lti.Secret{Sealed: c.Secret.Sealed, Until: at.Add(changeOver)}
		c.Secret = lti.Secret{Sealed: sealed}
		if err := store.ToolConsumers.Put(tx, c); err != nil {
			return err
		}
		if err := h.carrier.CredentialsChanged(tx, domain, id); err != nil {
			return err
		}
		return audit(tx, at, by, "new secret", "tool consumer "+domain+"/"+id, "the old one ends "+c.Previous.Until.Format(time.RFC3339))
	})
	h.carrier.Wake()
	return secret, err
}

func audit(tx store.Tx, at time.Time, by, action, object, detail string) error {
	return store.Audit.PutNew(tx, lti.AuditEntry{ID: newID(), At: at, By: by, Action: action, Object: object, Detail: detail})
}
