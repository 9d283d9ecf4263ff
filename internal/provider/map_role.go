package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// RoleMeaning gives an LTI role a meaning for one tool consumer.
type RoleMeaning struct {
	// Role is the LTI role as the LMS sends it.
	Role string
	// To is our role for it; SelfEnrol lets people enrol by it.
	To        lti.Role
	SelfEnrol bool
}

// MapRole adds a meaning to the role mapping of a tool consumer on behalf of
// by; it counts from the next launch on. An unknown tool consumer is
// store.ErrNotFound.
func (p *Provider) MapRole(ctx context.Context, domain, id string, m RoleMeaning, by string) error {
	if err := lti.CheckLTIRole(m.Role); err != nil {
		return fmt.Errorf("map role: %w", err)
	}
	if !m.To.Known() {
		return fmt.Errorf("map role: %q is no role of a course", m.To)
	}
	entry := p.NewID()
	err := p.Store.Update(ctx, func(tx store.Tx) error {
		c, err := store.ToolConsumers.Get(tx, domain, id)
		if err != nil {
			return err
		}
		c.Roles = maps.Clone(c.Roles)
		if c.Roles == nil {
			c.Roles = map[string]lti.Role{}
		}
		c.Roles[m.Role] = m.To
		detail := m.Role + " is " + string(m.To)
		if m.SelfEnrol {
			detail += " and may enrol itself"
			if !slices.ContainsFunc(c.SelfEnrol, func(s string) bool { return strings.EqualFold(s, m.Role) }) {
				c.SelfEnrol = append(slices.Clone(c.SelfEnrol), m.Role)
			}
		}
		if err := store.ToolConsumers.Put(tx, c); err != nil {
			return err
		}
		if err := store.SeenRoles.Delete(tx, domain, id, m.Role); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: entry, At: tx.Now().UTC().Truncate(time.Second), By: by, Action: "map role",
			Object: "tool consumer " + domain + "/" + id, Detail: detail,
		})
	})
	if err != nil {
		return fmt.Errorf("map a role of tool consumer %s/%s: %w", domain, id, err)
	}
	return nil
}
