// Package enrol decides who a believed launch is, which course it means and
// what role it gives there: accounts, course mapping, role mapping and
// membership rules (LTI 1.1 section 3; the order of courses is that of a Tool
// Provider that knows six ways to name one). It works inside the caller's
// transaction. It must not know signatures, sessions, HTTP or the network.
package enrol

import (
	"fmt"
	"io"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Enroller holds the chance that new accounts and courses need.
type Enroller struct {
	NewID func() string
	Rand  io.Reader
}

// Launch resolves a believed launch to a person, a place and a membership, and
// writes whatever of these is new or changed. Its refusals are *lti.Refusal.
// Running it again on the same records changes nothing.
func (e *Enroller) Launch(tx store.Tx, b lti.Believed) (lti.Arrival, error) {
	v := &visit{Enroller: e, Believed: b, tx: tx, now: tx.Now()}
	if err := v.findUser(); err != nil {
		return lti.Arrival{}, err
	}
	if !b.Consumer.CourseIdentity && b.Tail == (lti.Tail{}) {
		v.step("the tool consumer states no course: the person chooses one")
		return v.Arrival, nil
	}
	if err := v.findCourse(); err != nil {
		return lti.Arrival{}, err
	}
	if err := v.findPlace(); err != nil {
		return lti.Arrival{}, err
	}
	if err := v.findMembership(); err != nil {
		return lti.Arrival{}, err
	}
	return v.Arrival, nil
}

// visit is one launch being resolved.
type visit struct {
	*Enroller
	lti.Believed
	lti.Arrival
	tx     store.Tx
	now    time.Time
	course *lti.Course
}

func (v *visit) step(format string, args ...any) {
	v.Steps = append(v.Steps, fmt.Sprintf(format, args...))
}

// random draws n bytes for keys and handles.
func (e *Enroller) random(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(e.Rand, b); err != nil {
		return nil, fmt.Errorf("draw random bytes: %w", err)
	}
	return b, nil
}
