package sourcedid_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
)

var made = time.Unix(1_800_000_000, 0).UTC()

// sealed is id as a tool would send it, taken apart again.
func sealed(t testing.TB, secret string, id sourcedid.ID) sourcedid.ID {
	t.Helper()
	got, err := sourcedid.Parse(sourcedid.Seal(secret, id), id.Service)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return got
}

func TestOpenHoldsForTwiceTheValidity(t *testing.T) {
	t.Parallel()
	ring := []sourcedid.Secret{{Plain: "s", Made: made, ValidFor: time.Hour}}
	id := sealed(t, "s", gradeID())
	tests := []struct {
		name  string
		after time.Duration
		seals bool
		want  error
	}{
		{"at once", 0, true, nil},
		{"before it was made", -time.Hour, false, nil}, // the clock stepped back
		{"last that seals", time.Hour, true, nil},
		{"first that only opens", time.Hour + 1, false, nil},
		{"last that opens", 2 * time.Hour, false, nil},
		{"gone", 2*time.Hour + 1, false, sourcedid.ErrUnknownSecret},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := made.Add(tt.after)
			if _, ok := sourcedid.Current(ring, now); ok != tt.seals {
				t.Errorf("Current = %v, want %v", ok, tt.seals)
			}
			if err := sourcedid.Open(ring, id, now); !errors.Is(err, tt.want) {
				t.Errorf("Open error = %v, want %v", err, tt.want)
			}
			if kept := len(sourcedid.Prune(ring, now)) == 1; kept != (tt.want == nil) {
				t.Errorf("Prune keeps = %v, want %v", kept, tt.want == nil)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	ring := []sourcedid.Secret{{Plain: "s", Made: made, ValidFor: time.Hour}}
	good, roster := sealed(t, "s", gradeID()), sealed(t, "s", rosterID())
	change := func(id sourcedid.ID, f func(*sourcedid.ID)) sourcedid.ID { f(&id); return id }
	tests := []struct {
		name string
		ring []sourcedid.Secret
		id   sourcedid.ID
		want sourcedid.Cause
	}{
		{"empty ring", nil, good, sourcedid.CauseNoSecret},
		{"secret without text", []sourcedid.Secret{{Made: made, ValidFor: time.Hour}}, sealed(t, "", gradeID()), sourcedid.CauseNoSecret},
		{"another link's secret", ring, sealed(t, "other", gradeID()), sourcedid.CauseGradeSeal},
		{"another user", ring, change(good, func(id *sourcedid.ID) { id.User = sourcedid.UserDigest([]byte("k"), "eve") }), sourcedid.CauseGradeSeal},
		{"another course", ring, change(good, func(id *sourcedid.ID) { id.Course = "chem" }), sourcedid.CauseGradeSeal},
		{"another domain", ring, change(good, func(id *sourcedid.ID) { id.Domain = "school" }), sourcedid.CauseGradeSeal},
		{"shifted slash", ring, change(good, func(id *sourcedid.ID) { id.Domain, id.Course = "un", "iphys101" }), sourcedid.CauseGradeSeal},
		{"roster's at setting", ring, change(roster, func(id *sourcedid.ID) { id.Service = lti.ServiceSetting }), sourcedid.CauseRosterSeal},
		{"no signature", ring, change(roster, func(id *sourcedid.ID) { id.Signature = "" }), sourcedid.CauseRosterSeal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := sourcedid.Open(tt.ring, tt.id, made)
			var refusal *sourcedid.Refusal
			if !errors.As(err, &refusal) || refusal.Cause != tt.want {
				t.Errorf("Open error = %v, want cause %d", err, tt.want)
			}
		})
	}
}

func TestOpenRefusesEachFlippedByte(t *testing.T) {
	t.Parallel()
	ring := []sourcedid.Secret{{Plain: "s", Made: made, ValidFor: time.Hour}}
	for _, id := range []sourcedid.ID{gradeID(), rosterID()} {
		text := sourcedid.Seal("s", id)
		for i := range len(text) {
			for bit := range 8 {
				bad := []byte(text)
				bad[i] ^= 1 << bit
				got, err := sourcedid.Parse(string(bad), id.Service)
				if err == nil && sourcedid.Open(ring, got, made) == nil {
					t.Fatalf("%q passes for %q", bad, text)
				}
			}
		}
	}
}

func TestCurrentTakesTheYoungest(t *testing.T) {
	t.Parallel()
	old := sourcedid.Secret{Plain: "old", Made: made, ValidFor: time.Hour}
	young := sourcedid.Secret{Plain: "young", Made: made.Add(time.Minute), ValidFor: time.Hour}
	twin := sourcedid.Secret{Plain: "twin", Made: young.Made, ValidFor: time.Minute}
	tests := []struct {
		name string
		ring []sourcedid.Secret
		now  time.Time
		want string
	}{
		{"newest first", []sourcedid.Secret{young, old}, made.Add(2 * time.Minute), "young"},
		{"newest last", []sourcedid.Secret{old, young}, made.Add(2 * time.Minute), "young"},
		{"made at once", []sourcedid.Secret{twin, young, old}, made.Add(2 * time.Minute), "twin"},
		{"twin ran out", []sourcedid.Secret{twin, young, old}, made.Add(3 * time.Minute), "young"},
		{"clock stepped back", []sourcedid.Secret{young, old}, made, "old"},
		{"all from later", []sourcedid.Secret{young, old}, made.Add(-1), ""},
		{"none", nil, made, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := sourcedid.Current(tt.ring, tt.now)
			if got.Plain != tt.want || ok != (tt.want != "") {
				t.Errorf("Current = %q, %v, want %q", got.Plain, ok, tt.want)
			}
		})
	}
}

func TestLongestValidityDoesNotOverflow(t *testing.T) {
	t.Parallel()
	const century = 200 * 365 * 24 * time.Hour // twice that is no Duration
	ring := []sourcedid.Secret{{Plain: "s", Made: made, ValidFor: century}}
	if err := sourcedid.Open(ring, sealed(t, "s", gradeID()), made.Add(century)); err != nil {
		t.Errorf("Open after two centuries: %v", err)
	}
}

// issue is an id that was handed out, and what the promise needs to know of it.
type issue struct {
	id       sourcedid.ID
	at       time.Time
	validFor time.Duration
	latest   time.Time // the latest that the clock has read since
}

// link plays one resource link: it issues as the consumer does, with a secret
// made when none seals.
type link struct {
	now      time.Time
	validFor time.Duration
	ring     []sourcedid.Secret
	issues   []issue
	secrets  int
}

func (l *link) rotate() sourcedid.Secret {
	l.secrets++
	s := sourcedid.NewSecret(fmt.Sprintf("secret %d", l.secrets), l.now, l.validFor)
	l.ring = append([]sourcedid.Secret{s}, sourcedid.Prune(l.ring, l.now)...)
	return s
}

func (l *link) issue(t testing.TB) {
	s, ok := sourcedid.Current(l.ring, l.now)
	if !ok {
		s = l.rotate()
	}
	l.issues = append(l.issues, issue{sealed(t, s.Plain, gradeID()), l.now, s.ValidFor, l.now})
}

// check holds each id against the promise as it is written at Secret.
func (l *link) check(t *rapid.T) {
	for i := range l.issues {
		is := &l.issues[i]
		if l.now.After(is.latest) {
			is.latest = l.now
		}
		err := sourcedid.Open(l.ring, is.id, l.now)
		if !is.latest.After(is.at.Add(is.validFor)) && err != nil {
			t.Fatalf("id of %v, valid for %v, refused at %v: %v", is.at, is.validFor, l.now, err)
		}
		if l.now.After(is.at.Add(2*is.validFor)) && err == nil {
			t.Fatalf("id of %v, valid for %v, accepted at %v", is.at, is.validFor, l.now)
		}
	}
}

// TestPromise: an id issued at t is accepted at every t' <= t + valid_for and
// refused at every t' > t + 2 x valid_for, over any sequence of issues,
// rotations, prunings, changes of valid_for and clock steps.
func TestPromise(t *testing.T) {
	t.Parallel()
	validity := rapid.Map(rapid.Int64Range(1, 5000), func(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond })
	quarters, jitter := rapid.Int64Range(0, 9), rapid.Int64Range(-1, 1) // steps around the bounds of the promise
	rapid.Check(t, func(rt *rapid.T) {
		l := &link{now: made, validFor: validity.Draw(rt, "valid for")}
		step := func(rt *rapid.T) time.Duration {
			return l.validFor/4*time.Duration(quarters.Draw(rt, "quarters")) + time.Duration(jitter.Draw(rt, "jitter"))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"issue":     func(*rapid.T) { l.issue(t) },
			"rotate":    func(*rapid.T) { l.rotate() },
			"prune":     func(*rapid.T) { l.ring = sourcedid.Prune(l.ring, l.now) },
			"valid for": func(rt *rapid.T) { l.validFor = validity.Draw(rt, "new valid for") },
			"forward":   func(rt *rapid.T) { l.now = l.now.Add(step(rt)) },
			"back":      func(rt *rapid.T) { l.now = l.now.Add(-step(rt)) },
			"":          l.check,
		})
	})
}
