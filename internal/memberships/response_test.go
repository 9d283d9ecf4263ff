package memberships_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/memberships"
)

const large = 1 << 30

// parse gathers what ParseResponse hands on.
func parse(in string, limit int64) ([]memberships.Member, error) {
	var all []memberships.Member
	err := memberships.ParseResponse(strings.NewReader(in), limit, func(m memberships.Member) error {
		all = append(all, m)
		return nil
	})
	return all, err
}

func fixed(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(b), "\n")
}

func ada() memberships.Member {
	return memberships.Member{
		UserID: "9d1c6a", Roles: lti.ParseRoles("Learner"),
		Person: lti.Person{SourcedID: "ada", GivenName: "Ada", FamilyName: "Moss", FullName: "Ada Moss", Email: "ada@example.org"},

		ResultSourcedID: "cell-77",
		Groups:          []memberships.Group{{ID: "g1", Title: "Lab A", Set: memberships.Set{ID: "s1", Title: "Labs"}}},
	}
}

func TestParseResponseReadsFixedTexts(t *testing.T) {
	t.Parallel()
	plain := ada()
	plain.Groups = nil
	tests := []struct {
		file string
		want []memberships.Member
	}{
		{"groups.xml", []memberships.Member{ada()}},
		{"sakai.xml", []memberships.Member{plain, {UserID: "bob", Roles: lti.ParseRoles("Instructor,urn:lti:instrole:ims/lis/Staff"),
			Person: lti.Person{FullName: "Bob <B> O'Neil & Söhne"}}}},
	}
	for _, tt := range tests {
		got, err := parse(fixed(t, tt.file), large)
		if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
			t.Errorf("ParseResponse of %s = %v (-want +got):\n%s", tt.file, err, diff)
		}
	}
}

// answer is an answer around members.
func answer(members string) string {
	return "<message_response><statusinfo><codemajor>Success</codemajor></statusinfo><memberships>" + members + "</memberships></message_response>"
}

func TestParseResponseRefuses(t *testing.T) {
	t.Parallel()
	const member = "<member><user_id>u</user_id></member>"
	tests := []struct {
		name, in string
		want     error
	}{
		{"nothing", "", memberships.ErrNotRoster},
		{"page", "<!DOCTYPE html><html/>", memberships.ErrNotRoster},
		{"XHTML page", "<html><body/></html>", memberships.ErrNotRoster},
		{"cut", strings.TrimSuffix(answer(member), "</message_response>"), memberships.ErrNotRoster},
		{"cut in a member", answer(member + member)[:120], memberships.ErrNotRoster},
		{"second root", answer(member) + "<x/>", memberships.ErrNotRoster},
		{"no status", "<message_response><memberships>" + member + "</memberships></message_response>", memberships.ErrNotRoster},
		{"no code", "<message_response><statusinfo/></message_response>", memberships.ErrNotRoster},
		{"entity", answer("&eacute;"), memberships.ErrNotRoster},
		{"too large", answer(strings.Repeat(member, 100)), memberships.ErrTooLarge},
	}
	for _, tt := range tests {
		if _, err := parse(tt.in, 2000); !errors.Is(err, tt.want) {
			t.Errorf("%s: ParseResponse = %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestParseResponseAtItsLimit(t *testing.T) {
	t.Parallel()
	in := answer("<member><user_id>u</user_id></member>")
	if got, err := parse(in, int64(len(in))); err != nil || len(got) != 1 {
		t.Errorf("ParseResponse of as many bytes as allowed = %v, %v", got, err)
	}
	if _, err := parse(in, int64(len(in))-1); !errors.Is(err, memberships.ErrTooLarge) {
		t.Errorf("ParseResponse of a byte more = %v, want ErrTooLarge", err)
	}
}

func TestParseResponseTellsARefusal(t *testing.T) {
	t.Parallel()
	in := string(memberships.Refusal(memberships.Request{Groups: true}, ltixml.Unsupported, "unsupported", "no groups here"))
	_, err := parse(in, large)
	var refused *ltixml.StatusError
	if !errors.As(err, &refused) || refused.Status.CodeMajor != ltixml.Unsupported || refused.Status.Description != "no groups here" {
		t.Errorf("ParseResponse = %v, want a *StatusError", err)
	}
}

func TestParseResponsePassesTheTakersErrorOn(t *testing.T) {
	t.Parallel()
	full := errors.New("full")
	calls := 0
	err := memberships.ParseResponse(strings.NewReader(answer(strings.Repeat("<member><user_id>u</user_id></member>", 3))), large,
		func(memberships.Member) error { calls++; return full })
	if err != full || calls != 1 { //nolint:errorlint // it comes back as it is, not wrapped
		t.Errorf("ParseResponse = %v after %d calls, want %v after 1", err, calls, full)
	}
}

func TestParseResponseIsPatient(t *testing.T) {
	t.Parallel()
	got, err := parse(answer("<other><member/></other><member/><member><user_id> </user_id></member>"+
		"<member><user_id>u<!-- -->1</user_id><role>Learner</role><extra><deep/></extra></member>"+
		"<member><person_sourcedid>ada</person_sourcedid></member><member><roles>Learner</roles></member>"), large)
	want := []memberships.Member{
		{UserID: "u1", Roles: lti.ParseRoles("Learner")},
		{Person: lti.Person{SourcedID: "ada"}, Roles: lti.ParseRoles("")}, // another LMS knows its people by this
		{Roles: lti.ParseRoles("Learner")},                                // somebody, so that nobody is taken for missing
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ParseResponse = %v (-want +got):\n%s", err, diff)
	}
	if got, err := parse(answer(""), large); err != nil || got != nil {
		t.Errorf("ParseResponse of an empty roster = %v, %v", got, err)
	}
}

func TestWriterWritesGolden(t *testing.T) {
	t.Parallel()
	for file, groups := range map[string]bool{"built_groups.xml": true, "built_plain.xml": false} {
		var b bytes.Buffer
		w := memberships.NewWriter(&b, memberships.Request{Groups: groups})
		if err := errors.Join(w.Write(ada()), w.Write(memberships.Member{UserID: "bob"}), w.Close()); err != nil {
			t.Fatal(err)
		}
		if want := fixed(t, file); b.String() != want {
			t.Errorf("%s: written %s\nwant %s", file, b.String(), want)
		}
	}
}

// counter counts bytes and the largest write.
type counter struct{ total, largest int }

func (c *counter) Write(b []byte) (int, error) {
	c.total += len(b)
	c.largest = max(c.largest, len(b))
	return len(b), nil
}

func TestWriterPassesOnInRuns(t *testing.T) {
	t.Parallel()
	var c counter
	w := memberships.NewWriter(&c, memberships.Request{})
	for range 20_000 {
		if err := w.Write(ada()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if c.total < 1<<20 || c.largest > 64<<10 {
		t.Errorf("%d bytes written, %d at once", c.total, c.largest)
	}
}

func TestWriterReportsErrors(t *testing.T) {
	t.Parallel()
	r, broken := io.Pipe()
	_ = r.Close() // so that every write fails
	w := memberships.NewWriter(broken, memberships.Request{})
	if err := w.Close(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Close = %v, want the error of the writer below", err)
	}
}

func text() *rapid.Generator[string] {
	return rapid.Map(rapid.StringN(0, 20, -1), func(s string) string {
		return strings.Trim(strings.Map(func(c rune) rune {
			if c < ' ' || c == 0xFFFE || c == 0xFFFF {
				return -1
			}
			return c
		}, s), " ")
	})
}

func members() *rapid.Generator[memberships.Member] {
	return rapid.Custom(func(t *rapid.T) memberships.Member {
		str := func(name string) string { return text().Draw(t, name) }
		m := memberships.Member{
			UserID: "u" + str("user"), Roles: lti.ParseRoles(rapid.SampledFrom([]string{"", "Learner", "Instructor,Learner/GuestLearner", "urn:lti:instrole:ims/lis/Staff"}).Draw(t, "roles")),
			Person: lti.Person{SourcedID: str("sourcedid"), GivenName: str("given"), FamilyName: str("family"), FullName: str("full"),
				Email: str("email"), Image: str("image")},
			ResultSourcedID: str("result"),
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "groups") {
			m.Groups = append(m.Groups, memberships.Group{ID: fmt.Sprint(i), Title: str("title"), Set: memberships.Set{ID: str("set"), Title: str("set title")}})
		}
		return m
	})
}

func TestRosterComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(members(), 1, 10).Draw(t, "members")
		var b bytes.Buffer
		w := memberships.NewWriter(&b, memberships.Request{Groups: true})
		for _, m := range want {
			if err := w.Write(m); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := parse(b.String(), large)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("ParseResponse = %v (-want +got):\n%s", err, diff)
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	for _, name := range []string{"groups.xml", "sakai.xml", "built_plain.xml"} {
		f.Add(fixed(f, name))
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := parse(in, 64<<10)
		if err != nil {
			return
		}
		for _, m := range got {
			if m.UserID == "" && m.Person == (lti.Person{}) && len(m.Roles) == 0 {
				t.Errorf("ParseResponse(%q) gave a member who says nothing", in)
			}
		}
	})
}
