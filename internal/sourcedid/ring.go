package sourcedid

import (
	"crypto/hmac"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// Secret is one service secret of a ring, as (resource link, service) has them.
// It seals until ValidFor after Made, opens until twice that, and is then gone.
//
// So an id sealed at t is refused at every time after t + 2 x ValidFor, and
// accepted at every time up to t + ValidFor. The former holds whatever the
// clock does; the latter also when it steps back, as long as it has not
// meanwhile passed t + ValidFor, when Prune may have dropped the secret.
//
// A secret keeps the ValidFor that it was made with. One who wants another
// validity to count at once makes a new secret though Current still has one.
type Secret struct {
	Plain    string
	Made     time.Time
	ValidFor time.Duration
}

// NewSecret is a secret made at now, in UTC and cut to seconds as a store keeps
// times, except for a validity of less than a second, which that would end
// before it began.
func NewSecret(plain string, now time.Time, validFor time.Duration) Secret {
	made := now.UTC()
	if validFor >= time.Second {
		made = made.Truncate(time.Second)
	}
	return Secret{Plain: plain, Made: made, ValidFor: validFor}
}

// Current is the secret that seals at now: of those that may, the one made
// last, and of several made at once the first of the ring. ok is false when
// none may and a new one has to be made; a secret from after now may not,
// because its ids would outlive the promise.
func Current(ring []Secret, now time.Time) (current Secret, ok bool) {
	for _, s := range ring {
		if s.seals(now) && (!ok || s.Made.After(current.Made)) {
			current, ok = s, true
		}
	}
	return current, ok
}

// Open checks the seal of id against every secret that opens at now, in the
// same time whichever holds. The error is a *Refusal that wraps
// ErrUnknownSecret when there is no such secret, and ErrSeal when none holds.
func Open(ring []Secret, id ID, now time.Time) error {
	usable, holds := false, false
	for _, s := range ring {
		if !s.Opens(now) {
			continue
		}
		usable = true
		if hmac.Equal([]byte(sign(s.Plain, id)), []byte(id.Signature)) {
			holds = true
		}
	}
	switch {
	case holds:
		return nil
	case !usable:
		return &Refusal{Cause: CauseNoSecret}
	case id.Service == lti.ServiceGrade:
		return &Refusal{Cause: CauseGradeSeal}
	}
	return &Refusal{Cause: CauseRosterSeal}
}

// Prune returns the secrets of ring that still open at now, in their order.
// The ring itself stays as it is.
func Prune(ring []Secret, now time.Time) []Secret {
	var live []Secret
	for _, s := range ring {
		if s.Opens(now) {
			live = append(live, s)
		}
	}
	return live
}

func (s Secret) seals(now time.Time) bool {
	return s.Plain != "" && !now.Before(s.Made) && !now.After(s.Made.Add(s.ValidFor))
}

// Opens reports whether ids under the secret are accepted at now. It holds before
// Made, too: the clock may have stepped back since.
func (s Secret) Opens(now time.Time) bool {
	// Twice Add, because twice a long ValidFor may not fit a Duration.
	return s.Plain != "" && !now.After(s.Made.Add(s.ValidFor).Add(s.ValidFor))
}
