package roster

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// What callers tell apart.
var (
	// ErrOff: the tool consumer is closed or its roster is not to be fetched.
	ErrOff = errors.New("rosters of this tool consumer are not fetched")
	// ErrNoSource: no launch has named where the roster comes from.
	ErrNoSource = errors.New("no launch has named a roster service yet")
	// ErrBusy: a job for this source waits or runs.
	ErrBusy = errors.New("busy with this roster")
	// ErrNoPreview: there is no such preview, or it is too old.
	ErrNoPreview = errors.New("no such preview")
)

// PreviewLifetime is how long a preview may be confirmed.
const PreviewLifetime = time.Hour

// Puller runs the jobs. All fields are set before use.
type Puller struct {
	Store store.Store
	// Fetch hands on the members of the source's roster. Only after a nil error
	// is it whole; restart throws away what was handed on. Errors that are no
	// *lti.RosterError are those of restart and take.
	Fetch func(ctx context.Context, s lti.RosterSource, restart func() error, take func(lti.RosterMember) error) error
	// Sighting finds whom a member stands for, Member takes one in, Leaver
	// drops one who is not listed; see enrol.Enroller.
	Sighting func(tx store.Tx, run lti.RosterRun, m lti.RosterMember) (lti.RosterSighting, error)
	Member   func(tx store.Tx, run lti.RosterRun, m lti.RosterMember, again bool) (lti.RosterChange, error)
	Leaver   func(tx store.Tx, run lti.RosterRun, username string) (lti.RosterChange, error)
	// Target keeps only where a member's grade goes; see enrol.Enroller.
	Target func(tx store.Tx, run lti.RosterRun, m lti.RosterMember) error
	// Listing says what the institution's directory knows of somebody new, for
	// tool consumers that want names from there. nil knows nobody.
	Listing func(ctx context.Context, c *lti.ToolConsumer, m lti.RosterMember) lti.Listing
	Log     *slog.Logger

	NewID func() string  // UUIDs version 7
	Float func() float64 // chance for the jitter, from 0 up to 1

	// Slice is how many members one transaction takes in.
	Slice int
	// MaxMembers is how many a roster may have.
	MaxMembers int
	// Lease is how long a job may go without a sign of life: longer than one
	// answer of an LMS may take. Another node takes over after.
	Lease time.Duration
	// RetryBase is the first pause after a failure that may pass, doubled with
	// each up to RetryMax; MaxFailures in a row wait for the schedule.
	RetryBase   time.Duration
	RetryMax    time.Duration
	MaxFailures int
	// Poll is how often is looked for jobs without being woken.
	Poll time.Duration
	// Workers is how many jobs run at once.
	Workers int

	wake chan struct{}
}

// Defaults of a Puller.
const (
	DefaultSlice      = 200
	DefaultMaxMembers = 200_000
	DefaultLease      = 5 * time.Minute
	DefaultWorkers    = 2
)

// New prepares a puller that can be woken.
func New(p Puller) *Puller {
	p.wake = make(chan struct{}, 1)
	return &p
}

// Wake makes Run look for jobs now. It is a hint: without it, Run looks after
// Poll.
func (p *Puller) Wake() {
	select {
	case p.wake <- struct{}{}:
	default: // woken already
	}
}

// pause is how long to wait after failures in a row, with jitter over its upper
// half.
func (p *Puller) pause(failures int) time.Duration {
	d := p.RetryBase
	for i := 1; i < failures && d < p.RetryMax; i++ {
		d *= 2
	}
	d = min(d, p.RetryMax)
	return d/2 + time.Duration(p.Float()*float64(d)/2)
}
