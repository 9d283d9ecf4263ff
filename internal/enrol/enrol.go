// Package enrol decides who a believed launch is, which course it means and
// what role it gives there: accounts, course mapping, role mapping and
// membership rules (LTI 1.1 section 3; the order of courses is that of a Tool
// Provider that knows six ways to name one). It works inside the caller's
// transaction. It must not know signatures, sessions, HTTP or the network.
package enrol

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Enroller holds the chance that new accounts and courses need.
type Enroller struct {
	NewID func() string
	Rand  io.Reader
	// StoreTarget keeps where an LMS wants a grade, for rosters.
	StoreTarget func(tx store.Tx, t lti.UpstreamTarget) error
	// CopyContent gives a new course the folders, links and tools of another
	// of its domain. It changes nothing else and writes nothing.
	CopyContent func(original, made lti.Course) (lti.Course, error)
}

// Launch resolves a believed launch to a person, a place and a membership, and
// writes whatever of these is new or changed. Its refusals are *lti.Refusal, and with
// one the arrival holds the steps up to it. Running it again on the same records
// changes nothing. For a tool consumer without user identity the person and the
// membership are empty. Where the person is to be asked first it writes nothing
// and the arrival says so. An arrival with an offer has neither place nor
// membership: the same launch with the answer as its choice goes on from there.
func (e *Enroller) Launch(tx store.Tx, b lti.Believed) (lti.Arrival, error) {
	v := &visit{Enroller: e, Believed: b, tx: tx, now: tx.Now()}
	err := v.resolve()
	if errors.Is(err, errAsk) {
		err = nil
	}
	return v.Arrival, err
}

// resolve finds as much as the tool consumer is believed about: the place that
// the launch URL names always, the person with user identity, and with course
// identity as well the LMS's own word on course and role.
func (v *visit) resolve() error {
	if v.Consumer.UserIdentity {
		if err := v.findUser(); err != nil {
			return err
		}
	} else {
		v.step("this tool consumer states no user: nobody is signed in")
	}
	if !v.believesCourse() && v.Tail == (lti.Tail{}) {
		v.step("this tool consumer states no course: the person chooses one")
		return nil
	}
	if err := v.findCourse(); err != nil || v.Offer != nil {
		return err
	}
	if err := v.findPlace(); err != nil || !v.Consumer.UserIdentity {
		return err
	}
	if err := v.findMembership(); err != nil {
		return err
	}
	v.chooseByHand()
	return nil
}

// believesCourse reports whether the launch's own words on course and role
// count.
func (v *visit) believesCourse() bool {
	return v.Consumer.UserIdentity && v.Consumer.CourseIdentity
}

// matched is the launch's value of a parameter by which users or courses are
// known, "" for none. A custom or extension parameter that still holds the
// name of its variable is none: the LMS does not know or tell it (LTI 1.1
// appendix C), and so says the same of everybody.
func (v *visit) matched(param string) string {
	value := v.Believed.Launch.Parameter(param)
	open := strings.HasPrefix(value, "$") &&
		(strings.HasPrefix(param, lti.CustomPrefix) || strings.HasPrefix(param, lti.ExtPrefix))
	if open || strings.TrimSpace(value) == "" {
		return ""
	}
	return value
}

// visit is one launch being resolved.
type visit struct {
	*Enroller
	lti.Believed
	lti.Arrival
	tx     store.Tx
	now    time.Time
	course *lti.Course
	// listing says that it is a row of a roster, not a launch of the person's
	// own.
	listing bool
	// origin is the course that the launch URL names, where it means the copy
	// of it that course is; empty otherwise.
	origin lti.CourseRef
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
