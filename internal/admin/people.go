package admin

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// People serves the pages for people. All fields are set before Handler is
// called; those that say so may be nil.
type People struct {
	Store    store.Store
	Sessions *session.Sessions
	Pages    *web.Pages
	Consumer *consumer.Consumer

	// Keeper changes people; Directory knows their names.
	Keeper    *person.Keeper
	Directory *directory.Directory

	// Retry and RetryAll send deliveries again; see delivery.Carrier.
	Retry    func(ctx context.Context, id string) error
	RetryAll func(ctx context.Context, pick func(lti.Delivery) bool) (int, error)

	// Apply parses and applies a manifest on behalf of by, Check only says
	// what Apply would do, and Export writes the manifest in force. The error
	// of a manifest that is at fault is manifest.Faults. Each may be nil.
	Apply  func(ctx context.Context, data []byte, by string) (manifest.Report, error)
	Check  func(ctx context.Context, data []byte) (manifest.Report, error)
	Export func(ctx context.Context, withSecrets bool) ([]byte, error)

	// NewToken makes an API token and returns its text, which is kept nowhere;
	// RevokeToken closes the one with the hash. Each may be nil.
	NewToken    func(ctx context.Context, name, role, by string) (text string, err error)
	RevokeToken func(ctx context.Context, hash, by string) error
	// NewSecret gives a tool consumer a new secret beside the old one and
	// returns it. It may be nil.
	NewSecret func(ctx context.Context, domain, id, by string) (secret string, err error)

	// Fetch reads a file from elsewhere, of at most cartridge.MaxDocument bytes,
	// through the guard on outgoing calls. It may be nil.
	Fetch func(ctx context.Context, url string) ([]byte, error)

	// Address says who sent a request; nil believes the connection.
	Address func(*http.Request) netip.Addr
	// PublicURL is scheme, host and port that the outside knows us by,
	// without a slash at its end.
	PublicURL string
	Version   string
	Log       *slog.Logger
	Now       func() time.Time

	guesses guesses
}
