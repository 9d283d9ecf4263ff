package api

import (
	"context"
	"io"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Tokens makes and revokes API tokens, for this door and for others.
type Tokens struct {
	Store store.Store
	Now   func() time.Time
	NewID func() string
	Rand  io.Reader
}

// Create makes a token of role admin or read on behalf of by. Its text is kept
// nowhere: it is shown once.
func (t *Tokens) Create(ctx context.Context, name, role, by string) (text string, record lti.APIToken, err error) {
	now := t.Now().UTC().Truncate(time.Second)
	text, record, err = NewToken(t.Rand, name, role, now)
	if err != nil {
		return "", lti.APIToken{}, err
	}
	err = t.Store.Update(ctx, func(tx store.Tx) error {
		if err := store.APITokens.PutNew(tx, record); err != nil {
			return err
		}
		return t.audit(tx, now, by, "create token", record)
	})
	return text, record, err
}

// Revoke closes the token with the hash on behalf of by; one that is revoked
// stays so. An unknown one is store.ErrNotFound.
func (t *Tokens) Revoke(ctx context.Context, hash, by string) error {
	now := t.Now().UTC().Truncate(time.Second)
	return t.Store.Update(ctx, func(tx store.Tx) error {
		record, err := store.APITokens.GetKey(tx, hash)
		if err != nil || !record.Revoked.IsZero() {
			return err
		}
		record.Revoked = now
		if err := store.APITokens.Put(tx, record); err != nil {
			return err
		}
		return t.audit(tx, now, by, "revoke token", record)
	})
}

func (t *Tokens) audit(tx store.Tx, now time.Time, by, action string, record lti.APIToken) error {
	return store.Audit.PutNew(tx, lti.AuditEntry{
		ID: t.NewID(), At: now, By: by, Action: action, Object: "token " + record.Name, Detail: "role " + record.Role,
	})
}
