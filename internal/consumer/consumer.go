// Package consumer is us as Tool Consumer, toward a tool: it launches tools
// (LTI 1.1 section 3), takes their results (section 6 and the LTI 1.0 forms),
// serves rosters and settings, and rotates the secrets that seal service ids.
// It must not know HTTP routes or pages, nor how a result gets to an LMS: that
// comes in as a function.
package consumer

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// Consumer launches tools and answers their service calls. All fields are set
// before use and not changed after; a Consumer is not copied.
type Consumer struct {
	Store store.Store
	Vault *vault.Vault

	// PublicURL is the server's own URL, without a slash at its end.
	PublicURL string
	// Instance is what tools are told of this server.
	Instance lti.Instance

	// Status is the HTTP status that a browser sees when a cause turns it away,
	// for the record of it; nil knows none.
	Status func(lti.Cause) int
	// Queue puts a changed result on its way upstream, in the transaction
	// that stores it. Wake is called after such a transaction has committed.
	Queue func(tx store.Tx, r lti.Result) error
	Wake  func()

	Now   func() time.Time
	NewID func() string // UUIDs version 7
	Rand  io.Reader

	digests digests
	// doctor explains one bad call at a time: that takes tens of milliseconds
	// and costs the sender nothing.
	doctor sync.Mutex
}

// Paths of the services below PublicURL.
const (
	passbackPath = "/service/passback"
	rosterPath   = "/service/roster"
	settingPath  = "/service/setting"
	membersPath  = "/service/memberships/"
	returnPath   = "/lti/return/"
	itemsPath    = "/lti/content-items/"
)

// productFamily is what we call ourselves to tools.
const productFamily = "ltihub"

// instance is Instance with our product family, URL and host where it does not
// say.
func (c *Consumer) instance() lti.Instance {
	i := c.Instance
	if i.ProductFamily == "" {
		i.ProductFamily = productFamily
	}
	if i.URL == "" {
		i.URL = c.PublicURL
	}
	if u, err := url.Parse(c.PublicURL); err == nil && i.GUID == "" {
		i.GUID = u.Hostname()
	}
	return i
}

// live are the secrets of the tool at p that are accepted at now, the current
// one first.
func (p place) live(now time.Time) []lti.Secret {
	both := []lti.Secret{p.tool.Secret, p.tool.Previous}
	return slices.DeleteFunc(both, func(s lti.Secret) bool { return !s.Live(now) })
}

// secrets opens the live secrets of the tool at p, in their order.
func (c *Consumer) secrets(p place, now time.Time) ([]string, error) {
	var plain []string
	for _, s := range p.live(now) {
		text, err := c.Vault.Open(s.Sealed, p.vaultContext())
		if err != nil {
			return nil, fmt.Errorf("open the secret of tool %s: %w", p.toolName(), err)
		}
		plain = append(plain, text)
	}
	return plain, nil
}

// clip bounds a text that is kept in a record, and not inside a character.
func clip(s string) string {
	const most = 1024
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// maxKept bounds the parameters that a record keeps.
const maxKept = 200
