package consumer

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// idKeyBytes is how long the key of a tool's opaque user ids is.
const idKeyBytes = 32

// AddTool adds a tool of a domain on behalf of by, and returns its key and
// secret; the secret is not shown again. An empty key or secret is made here.
// What t leaves empty gets its default: HMAC-SHA1, five minutes, an iframe, and
// the passback service. A tool of that id is store.ErrExists, a domain that is
// not there store.ErrNotFound; an id, key or URL that can't be used is
// lti.CauseMalformed.
func (c *Consumer) AddTool(ctx context.Context, t lti.Tool, secret, by string) (key, plain string, err error) {
	if t.Key == "" {
		t.Key = vault.NewKey(c.Rand)
	}
	if secret == "" {
		secret = vault.NewSecret(c.Rand)
	}
	if err := checkTool(t); err != nil {
		return "", "", err
	}
	sealed, err := c.Vault.Seal(secret, "tool/"+t.Domain+"/"+t.ID)
	if err != nil {
		return "", "", fmt.Errorf("seal the tool's secret: %w", err)
	}
	t.Secret = lti.Secret{Sealed: sealed}
	t.IDKey = make([]byte, idKeyBytes)
	if _, err := io.ReadFull(c.Rand, t.IDKey); err != nil {
		return "", "", fmt.Errorf("draw the tool's id key: %w", err)
	}
	t = t.Filled()
	now, id := c.Now().UTC().Truncate(time.Second), c.NewID()
	err = c.Store.Update(ctx, func(tx store.Tx) error {
		if _, err := store.Domains.Read(tx, t.Domain); err != nil {
			return err
		}
		if err := store.Tools.PutNew(tx, t); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: id, At: now, By: by, Action: "tool added", Object: "tool " + t.Domain + "/" + t.ID,
		})
	})
	if err != nil {
		return "", "", fmt.Errorf("add tool %s/%s: %w", t.Domain, t.ID, err)
	}
	return t.Key, secret, nil
}

func checkTool(t lti.Tool) error {
	for _, part := range []struct {
		what, value string
		check       func(string) error
	}{
		{"id", t.ID, lti.CheckName}, {"key", t.Key, lti.CheckKey}, {"URL", t.URL, lti.CheckURL},
	} {
		if err := part.check(part.value); err != nil {
			return lti.Refuse(lti.CauseMalformed, "the %s can't be used: %v", part.what, err)
		}
	}
	return nil
}
