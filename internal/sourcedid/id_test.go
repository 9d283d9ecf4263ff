package sourcedid_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
)

var services = []string{lti.ServiceGrade, lti.ServiceRoster, lti.ServiceSetting}

func gradeID() sourcedid.ID {
	key := []byte("course key")
	return sourcedid.ID{
		Service: lti.ServiceGrade, Link: sourcedid.LinkDigest(key, "quiz1"), User: sourcedid.UserDigest(key, "bob"),
		Domain: "uni", Course: "phys101",
	}
}

func rosterID() sourcedid.ID {
	id := gradeID()
	id.Service, id.User = lti.ServiceRoster, ""
	return id
}

// TestSealKeepsItsForm holds the text against HMAC-SHA256 computed apart from
// this package (Python's hmac), so that ids outlive a rewrite.
func TestSealKeepsItsForm(t *testing.T) {
	t.Parallel()
	tests := []struct {
		id   sourcedid.ID
		want string
	}{
		{gradeID(), "28cfc81ee561f099be32f72822fbb3b26d738c076ceaa99a983fad69d96add85:::fea0ca7d61c3943858e20dad73975c6b:::83522e013ca9be156c5aec6fc058a2fe:::uni/phys101"},
		{rosterID(), "b5a6badd4d7dc36c23748d1ba27c1bc3ef807c82f168c6475aa5bd5f60beb229:::fea0ca7d61c3943858e20dad73975c6b:::uni/phys101"},
	}
	for _, tt := range tests {
		t.Run(tt.id.Service, func(t *testing.T) {
			if got := sourcedid.Seal("sec-1", tt.id); got != tt.want {
				t.Errorf("Seal = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParseReadsWhatSealWrites(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0).UTC()
	ring := []sourcedid.Secret{{Plain: "sec-1", Made: now, ValidFor: time.Hour}}
	name := rapid.StringN(1, 40, -1)
	raw := rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 20), func(b []byte) string { return string(b) })
	rapid.Check(t, func(t *rapid.T) {
		id := sourcedid.ID{
			Service: rapid.SampledFrom(services).Draw(t, "service"),
			Link:    sourcedid.LinkDigest([]byte("k"), name.Draw(t, "link")),
			Domain:  rapid.OneOf(name, raw).Draw(t, "domain"), Course: rapid.OneOf(name, raw).Draw(t, "course"),
		}
		if id.Service == lti.ServiceGrade {
			id.User = sourcedid.UserDigest([]byte("k"), name.Draw(t, "user"))
		}
		text := sourcedid.Seal("sec-1", id)
		if rest := strings.Trim(text, unreserved+":/"); rest != "" {
			t.Fatalf("Seal = %q, holds more than unreserved ASCII", text)
		}
		got, err := sourcedid.Parse(text, id.Service)
		if err != nil {
			t.Fatalf("Parse(%q): %v", text, err)
		}
		id.Signature = got.Signature
		if got != id {
			t.Fatalf("Parse(%q) = %+v, want %+v", text, got, id)
		}
		if err := sourcedid.Open(ring, got, now); err != nil {
			t.Fatalf("Open(%q): %v", text, err)
		}
	})
}

const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

func TestSealHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	text := sourcedid.Seal("sec-1", gradeID())
	for _, clear := range []string{"bob", "quiz1", "sec-1"} {
		if strings.Contains(text, clear) {
			t.Errorf("Seal = %q, holds %q", text, clear)
		}
	}
	if len(text) > 255 { // some tools cut there
		t.Errorf("Seal gives %d characters, want at most 255", len(text))
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const sig, link, user = "aa11", "bb22", "cc33"
	join := func(parts ...string) string { return strings.Join(parts, ":::") }
	tests := []struct {
		name, text, service string
		want                sourcedid.Cause
	}{
		{"missing grade", "", lti.ServiceGrade, sourcedid.CauseGradeMissing},
		{"missing roster", "", lti.ServiceRoster, sourcedid.CauseRosterMissing},
		{"missing setting", "", lti.ServiceSetting, sourcedid.CauseRosterMissing},
		{"grade of one word", "hello", lti.ServiceGrade, sourcedid.CauseGradeMalformed},
		{"roster of one word", "hello", lti.ServiceRoster, sourcedid.CauseRosterMalformed},
		{"roster's as grade", join(sig, link, "uni/phys101"), lti.ServiceGrade, sourcedid.CauseGradeMalformed},
		{"grade's as roster", join(sig, link, user, "uni/phys101"), lti.ServiceRoster, sourcedid.CauseRosterMalformed},
		{"five parts", join(sig, link, user, "uni/phys101", ""), lti.ServiceGrade, sourcedid.CauseGradeMalformed},
		{"empty signature", join("", link, user, "uni/phys101"), lti.ServiceGrade, sourcedid.CauseGradeMalformed},
		{"empty user", join(sig, link, "", "uni/phys101"), lti.ServiceGrade, sourcedid.CauseGradeMalformed},
		{"fourth colon", join(sig, link+":", user, "uni/phys101"), lti.ServiceGrade, sourcedid.CauseGradeMalformed},
		{"white space", " " + join(sig, link, user, "uni/phys101"), lti.ServiceGrade, sourcedid.CauseGradeMalformed},
		{"too long", join(sig, link, user, "uni/"+strings.Repeat("a", 4096)), lti.ServiceGrade, sourcedid.CauseGradeMalformed},
		{"no slash", join(sig, link, user, "uni_phys101"), lti.ServiceGrade, sourcedid.CauseCourseShape},
		{"two slashes", join(sig, link, user, "uni/phys/101"), lti.ServiceGrade, sourcedid.CauseCourseShape},
		{"no domain", join(sig, link, "/phys101"), lti.ServiceRoster, sourcedid.CauseCourseShape},
		{"no course", join(sig, link, "uni/"), lti.ServiceRoster, sourcedid.CauseCourseShape},
		{"bare umlaut", join(sig, link, "uni/phü"), lti.ServiceRoster, sourcedid.CauseCourseShape},
		{"second spelling", join(sig, link, "uni/~61"), lti.ServiceRoster, sourcedid.CauseCourseShape},
		{"lower-case escape", join(sig, link, "uni/~2f"), lti.ServiceRoster, sourcedid.CauseCourseShape},
		{"cut escape", join(sig, link, "uni/a~2"), lti.ServiceRoster, sourcedid.CauseCourseShape},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, err := sourcedid.Parse(tt.text, tt.service)
			var refusal *sourcedid.Refusal
			if !errors.As(err, &refusal) || refusal.Cause != tt.want {
				t.Fatalf("Parse(%q) error = %v, want cause %d", tt.text, err, tt.want)
			}
			if !errors.Is(err, sourcedid.ErrMalformed) || id != (sourcedid.ID{}) {
				t.Errorf("Parse(%q) = %+v, %v, want nothing and ErrMalformed", tt.text, id, err)
			}
		})
	}
}

func TestDigestsDiffer(t *testing.T) {
	t.Parallel()
	one, two := []byte("course one"), []byte("course two")
	seen := map[string]string{}
	for name, digest := range map[string]string{
		"link a of one": sourcedid.LinkDigest(one, "a"), "link b of one": sourcedid.LinkDigest(one, "b"),
		"link a of two": sourcedid.LinkDigest(two, "a"), "user a of one": sourcedid.UserDigest(one, "a"),
		"user a of two": sourcedid.UserDigest(two, "a"), "user none": sourcedid.UserDigest(one, ""),
	} {
		if len(digest) != 32 || strings.Trim(digest, "0123456789abcdef") != "" {
			t.Errorf("%s: digest = %q, want 32 hex digits", name, digest)
		}
		if other, taken := seen[digest]; taken {
			t.Errorf("%s and %s share a digest", name, other)
		}
		seen[digest] = name
	}
	if again := sourcedid.LinkDigest(one, "a"); seen[again] != "link a of one" {
		t.Error("a digest changes between calls")
	}
}

func TestRefusalTellsTheLogAndHidesFromTheCaller(t *testing.T) {
	t.Parallel()
	beneath := errors.New("no such record")
	tests := []struct {
		refusal *sourcedid.Refusal
		text    string
		is      error
	}{
		{&sourcedid.Refusal{Cause: sourcedid.CauseGradeSeal}, "seal of grade id wrong (cause 18)", sourcedid.ErrSeal},
		{&sourcedid.Refusal{Cause: sourcedid.CauseUser, Err: beneath}, "user unknown (cause 10): no such record", beneath},
		{&sourcedid.Refusal{Cause: sourcedid.CauseNoSecret}, "no usable service secret (cause 20)", sourcedid.ErrUnknownSecret},
		{&sourcedid.Refusal{Cause: 99}, "cause 99 (cause 99)", nil},
	}
	for _, tt := range tests {
		if got := tt.refusal.Error(); got != tt.text {
			t.Errorf("Error = %q, want %q", got, tt.text)
		}
		if tt.is != nil && !errors.Is(fmt.Errorf("take result: %w", tt.refusal), tt.is) {
			t.Errorf("%v is not %v", tt.refusal, tt.is)
		}
	}
	for c := sourcedid.Cause(1); c <= 21; c++ {
		if text := c.String(); text == "" || strings.HasPrefix(text, "cause") {
			t.Errorf("cause %d has no words", int(c))
		}
	}
}

func FuzzParse(f *testing.F) {
	for i, id := range []sourcedid.ID{gradeID(), rosterID()} {
		f.Add(sourcedid.Seal("sec-1", id), uint8(i))
	}
	f.Add("a:::b:::c/~2F~GG", uint8(1))
	f.Add(":::::::::/", uint8(0))
	now := time.Unix(1_800_000_000, 0)
	ring := []sourcedid.Secret{{Plain: "sec-2", Made: now, ValidFor: time.Hour}}
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		service := services[int(n)%len(services)]
		id, err := sourcedid.Parse(text, service)
		if err != nil {
			return
		}
		if sourcedid.Open(ring, id, now) == nil {
			t.Errorf("Open accepts the stranger %q", text)
		}
		signature, _, _ := strings.Cut(text, ":::")
		resealed := sourcedid.Seal("sec-1", id)
		if got := signature + resealed[strings.Index(resealed, ":::"):]; got != text {
			t.Errorf("Parse(%q) written again is %q", text, got)
		}
	})
}
