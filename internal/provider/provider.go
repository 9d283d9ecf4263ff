// Package provider is us as Tool Provider, toward an LMS: it accepts launches
// (LTI 1.1 sections 3 and 4, RFC 5849) and sends results upstream (section 6,
// and the LTI 1.0 form). It must not know HTTP routes, pages, or how accounts,
// courses and roles are decided: those come in as functions.
package provider

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// Provider accepts launches and sends results. All fields are set before use
// and not changed after.
type Provider struct {
	Store store.Store
	Vault *vault.Vault
	// PublicURL is the server's own URL, without a slash at its end.
	PublicURL string
	// Icon is where our icon lies below PublicURL; "" for none.
	Icon string

	// Enrol resolves a believed launch inside the launch's transaction; the
	// person is empty when the tool consumer states no user.
	Enrol func(tx store.Tx, b lti.Believed) (lti.Arrival, error)
	// TakeBack ends, in the transaction that records the refusal, what an LMS
	// brought and no longer states; nil leaves everything.
	TakeBack func(tx store.Tx, b lti.Believed) error
	// Directory looks a person up in the institution's directory by the value
	// that the tool consumer matches people by. It is asked before the launch's
	// transaction, and an error of it refuses nobody; nil has no directory.
	Directory func(ctx context.Context, c *lti.ToolConsumer, value string) (lti.Person, bool, error)
	// TargetStored is told, in the same transaction, of an upstream target
	// that is new or has a new sourcedid, so that a result that exists
	// already gets on its way.
	TargetStored func(tx store.Tx, t lti.UpstreamTarget) error
	// Send carries one request to an LMS.
	Send func(ctx context.Context, req *http.Request) (egress.Response, error)
	// Stream is Send for long answers; see egress.Client.
	Stream func(ctx context.Context, req *http.Request, limits egress.Limits, read func(egress.Response, io.Reader) error) error

	// Status is the HTTP status that a refusal is answered with, for the record
	// of it; nil knows none.
	Status func(lti.Cause) int

	Now   func() time.Time
	NewID func() string // UUIDs version 7
	Rand  io.Reader

	// SessionLifetime is how long the session of a launch stays open.
	SessionLifetime time.Duration

	doctor sync.Mutex // held while a bad signature is being explained
	seen   seenNotes
}

// vaultContext is what a tool consumer's secrets are sealed for.
func vaultContext(c *lti.ToolConsumer) string { return "tool_consumer/" + c.Domain + "/" + c.ID }

// live are the secrets of a tool consumer that are accepted at now, the current
// one first.
func live(c *lti.ToolConsumer, now time.Time) []lti.Secret {
	both := []lti.Secret{c.Secret, c.Previous}
	return slices.DeleteFunc(both, func(s lti.Secret) bool { return !s.Live(now) })
}

// secrets opens the live secrets of a tool consumer, in their order.
func (p *Provider) secrets(c *lti.ToolConsumer, now time.Time) ([]string, error) {
	return p.open(live(c, now), vaultContext(c))
}

// open opens sealed secrets.
func (p *Provider) open(sealed []lti.Secret, context string) ([]string, error) {
	var plain []string
	for _, s := range sealed {
		text, err := p.Vault.Open(s.Sealed, context)
		if err != nil {
			return nil, fmt.Errorf("open the secret of %s: %w", context, err)
		}
		plain = append(plain, text)
	}
	return plain, nil
}

// token draws 256 random bits as text for a cookie or ticket.
func (p *Provider) token() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(p.Rand, b[:]); err != nil {
		return "", fmt.Errorf("draw a session token: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}
