package admin

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/roster"
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

	// Retry, RetryAnyway and Resend send deliveries again; see delivery.Carrier.
	Retry       func(ctx context.Context, id, by string) error
	RetryAnyway func(ctx context.Context, id, by string) error
	Resend      func(ctx context.Context, by string, f lti.DeliveryFilter) (lti.Batch, error)

	// Apply parses and applies a manifest on behalf of by, Check only says
	// what Apply would do, and Export writes the manifest in force. The error
	// of a manifest that is at fault is manifest.Faults. Each may be nil.
	Apply  func(ctx context.Context, data []byte, by string) (manifest.Report, error)
	Check  func(ctx context.Context, data []byte) (manifest.Report, error)
	Export func(ctx context.Context, withSecrets bool) ([]byte, error)

	// Rosters fetches the rosters of LMSs, ChangeMember sets a membership by hand;
	// see enrol.Enroller.
	Rosters      *roster.Puller
	ChangeMember func(ctx context.Context, c enrol.MemberChange) error
	// Record reads one record as the manifest has it, Edit changes one by a
	// draft, and Remove takes one away that is not used; see manifest.Applier.
	// Without them there are no forms.
	Record func(ctx context.Context, o manifest.Object) (manifest.Record, error)
	Edit   func(ctx context.Context, d *manifest.Draft, by string) (manifest.Change, error)
	Remove func(ctx context.Context, o manifest.Object, by string) error
	// TryLaunch signs a launch as the tool consumer would and takes it through
	// every check, without keeping anything. It may be nil.
	TryLaunch func(ctx context.Context, domain, id string) (steps []string, err error)

	// NewToken makes an API token and returns its text, which is kept nowhere;
	// RevokeToken closes the one with the hash. Each may be nil.
	NewToken    func(ctx context.Context, name, role, by string) (text string, err error)
	RevokeToken func(ctx context.Context, hash, by string) error
	// NewSecret gives a tool consumer a new secret beside the old one and
	// returns it. It may be nil.
	NewSecret func(ctx context.Context, domain, id, by string) (secret string, err error)

	// Editor changes courses for those who may; without one nobody may.
	Editor *course.Editor
	// Pending reads the launch that waits for a person's answer under a token,
	// Resume goes on with it; see provider.Provider.
	Pending func(ctx context.Context, token string) (provider.Pending, error)
	Resume  func(ctx context.Context, token string, answer lti.Answer) (provider.Accepted, error)
	// SetMenu changes what LMSs show around a course. It may be nil.
	SetMenu func(ctx context.Context, course lti.CourseRef, menu lti.MenuChange, by string) error
	// MapRole gives an LTI role of a tool consumer a meaning. It may be nil.
	MapRole func(ctx context.Context, domain, id string, m provider.RoleMeaning, by string) error
	// Settle answers the offer of a launch; see provider.Provider.
	Settle func(ctx context.Context, id string, choice lti.CourseChoice) (lti.LaunchRecord, error)

	// Fetch reads a file from elsewhere, of at most cartridge.MaxDocument bytes,
	// through the guard on outgoing calls. It may be nil.
	Fetch func(ctx context.Context, url string) ([]byte, error)

	// Settings tells how the server is set up, without secrets. It may be nil.
	Settings func(ctx context.Context) web.SettingsPage

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
