package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// ChangeOver is how long the old secret is accepted beside a new one, so that
// the LMS's admin has time to enter it.
const ChangeOver = 30 * 24 * time.Hour

// NewSecret gives a tool consumer a new secret on behalf of by and returns it;
// it is not shown again. The old one stays good for ChangeOver. An unknown
// tool consumer is store.ErrNotFound.
func (p *Provider) NewSecret(ctx context.Context, domain, id, by string) (string, error) {
	plain := vault.NewSecret(p.Rand)
	sealed, err := p.Vault.Seal(plain, "tool_consumer/"+domain+"/"+id)
	if err != nil {
		return "", fmt.Errorf("seal the new secret: %w", err)
	}
	now := p.Now().UTC().Truncate(time.Second)
	err = p.Store.Update(ctx, func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, domain, id)
		if err != nil {
			return err
		}
		c.Previous, c.Secret = c.Secret, lti.Secret{Sealed: sealed}
		c.Previous.Until = now.Add(ChangeOver)
		if err := store.ToolConsumers.Put(tx, c); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: p.NewID(), At: now, By: by, Action: "new secret", Object: "tool consumer " + domain + "/" + id,
			Detail: "the old one is good until " + c.Previous.Until.Format(time.DateOnly),
		})
	})
	if err != nil {
		return "", fmt.Errorf("give tool consumer %s/%s a new secret: %w", domain, id, err)
	}
	return plain, nil
}
