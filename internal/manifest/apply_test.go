package manifest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

const small = `
version: 1
domains: [{id: uni}]
users: [{domain: uni, username: ada, given_name: Ada}]
tool_consumers: [{domain: uni, id: campus, key: lms-key, secret: lms-secret}]
tools: [{domain: uni, id: quizzer, url: "https://quizzer.example/", key: tool-key, secret: tool-secret}]
courses:
  - domain: uni
    id: phys101
    owner: ada
    protection: [{key: link-key, secret: link-secret}]
    folders: [{id: week1, links: [{id: quiz1, tool: quizzer, points: 10, tiny: q1}]}]
    links: [{id: read, tool: quizzer}]
    members: [{username: bob, role: student}]
`

func TestApplyReportsWhatItDid(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	none := []string{}
	tally := func(created, updated, unchanged []string) manifest.Tally {
		return manifest.Tally{Created: created, Updated: updated, Unchanged: unchanged}
	}
	first := h.apply(t, small)
	want := manifest.Report{
		Domains: tally([]string{"uni"}, none, none), Users: tally([]string{"ada:uni", "bob:uni"}, none, none),
		ToolConsumers: tally([]string{"uni/campus"}, none, none), Tools: tally([]string{"uni/quizzer"}, none, none),
		Courses: tally([]string{"uni/phys101"}, none, none), Members: tally([]string{"uni/phys101/bob"}, none, none),
		Warnings: none,
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("first apply (-want +got):\n%s", diff)
	}
	second := h.apply(t, strings.Replace(small, "given_name: Ada", "given_name: Adah", 1))
	want = manifest.Report{
		Domains: tally(none, none, []string{"uni"}), Users: tally(none, []string{"ada:uni"}, none),
		ToolConsumers: tally(none, none, []string{"uni/campus"}), Tools: tally(none, none, []string{"uni/quizzer"}),
		Courses: tally(none, none, []string{"uni/phys101"}), Members: tally(none, none, []string{"uni/phys101/bob"}),
		Warnings: none,
	}
	if diff := cmp.Diff(want, second); diff != "" {
		t.Errorf("second apply (-want +got):\n%s", diff)
	}
	h.apply(t, strings.Replace(small, "given_name: Ada", "given_name: Adah", 1))
	var audit []string
	for _, e := range all(t, h, store.Audit) {
		audit = append(audit, e.By+" "+e.Action+" "+e.Object+": "+e.Detail)
	}
	wantAudit := []string{
		"test apply manifest: domains 1 created; users 2 created; tool consumers 1 created; tools 1 created; courses 1 created; members 1 created",
		"test apply manifest: domains 1 unchanged; users 1 updated; tool consumers 1 unchanged; tools 1 unchanged; courses 1 unchanged; members 1 unchanged",
	}
	if !slices.Equal(audit, wantAudit) {
		t.Errorf("audit %q, want %q", audit, wantAudit)
	}
}

func TestApplySealsAndHashes(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	text := strings.Replace(small, "given_name: Ada", `password: "correct horse"`, 1)
	h.apply(t, text)
	if report := h.apply(t, text); report.Changed() {
		t.Errorf("a password that stands already changed %v", report)
	}
	if report := h.apply(t, small+"\n"); len(report.Users.Updated) != 1 {
		t.Errorf("a name changed %v", report)
	}
	c := get(t, h, store.ToolConsumers, "uni", "campus")
	tool := get(t, h, store.Tools, "uni", "quizzer")
	course := get(t, h, store.Courses, "uni", "phys101")
	for _, tt := range []struct{ context, sealed, want string }{
		{"tool_consumer/uni/campus", c.Secret.Sealed, "lms-secret"},
		{"tool/uni/quizzer", tool.Secret.Sealed, "tool-secret"},
		{"protection/uni/phys101/link-key", course.Protection[0].Secret.Sealed, "link-secret"},
	} {
		if got, err := h.vault.Open(tt.sealed, tt.context); got != tt.want || err != nil {
			t.Errorf("secret of %s = %q, %v, want %q", tt.context, got, err, tt.want)
		}
	}
	ada := get(t, h, store.Users, "uni", "ada")
	if same, err := argon2id.ComparePasswordAndHash("correct horse", ada.PasswordHash); !same || err != nil {
		t.Errorf("password does not match its hash: %v", err)
	}
	if state := h.state(t); strings.Contains(state, "secret\":\"lms") || strings.Contains(state, "correct horse") {
		t.Errorf("a secret is stored in clear:\n%s", state)
	}
	bob := get(t, h, store.Memberships, "uni", "phys101", "bob")
	if want := sourcedid.UserDigest(course.DigestKey, "bob"); bob.Digest != want || len(course.DigestKey) != 32 || len(tool.IDKey) != 32 || ada.Handle == "" {
		t.Errorf("digest %q, want %q; keys %x %x; handle %q", bob.Digest, want, course.DigestKey, tool.IDKey, ada.Handle)
	}
}

func TestApplyKeepsWhatItDoesNotSpeakOf(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	change(t, h, store.Courses, func(c *lti.Course) {
		c.Links = append(c.Links, lti.ResourceLink{ID: "added", Tool: "quizzer"})
		c.Label = "P"
	}, "uni", "phys101")
	change(t, h, store.ToolConsumers, func(c *lti.ToolConsumer) { c.Section = "7" }, "uni", "campus")
	change(t, h, store.Users, func(u *lti.User) { u.Email = "ada@uni.example" }, "uni", "ada")
	change(t, h, store.Memberships, func(m *lti.Membership) { m.Status, m.Section = lti.MemberDropped, "002" }, "uni", "phys101", "bob")
	before := h.state(t)
	if report := h.apply(t, small); report.Changed() {
		t.Errorf("the manifest took back what it does not name: %v", report)
	}
	h.apply(t, strings.NewReplacer(", secret: lms-secret", "", ", secret: tool-secret", "", ", secret: link-secret", "").Replace(small))
	if after := h.state(t); after != before {
		t.Errorf("state:\n%s\nwas:\n%s", after, before)
	}
}

func TestApplyMovesALink(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	h.apply(t, "version: 1\ncourses: [{domain: uni, id: phys101, folders: [{id: week2, title: Two, links: [{id: quiz1, title: Moved}, {id: read}]}]}]")
	c := get(t, h, store.Courses, "uni", "phys101")
	want := []lti.Folder{
		{ID: "week1", Title: "week1"},
		{ID: "week2", Title: "Two", Links: []lti.ResourceLink{
			{ID: "quiz1", Tool: "quizzer", Title: "Moved", Points: 10, Tiny: "q1"}, {ID: "read", Tool: "quizzer", Title: "read"}}},
	}
	if diff := cmp.Diff(want, c.Folders); diff != "" || len(c.Links) != 0 {
		t.Errorf("folders (-want +got):\n%s\nlinks %v", diff, c.Links)
	}
}

func TestApplyTellsOfChangedCredentials(t *testing.T) {
	t.Parallel()
	const head = "version: 1\ntool_consumers: [{domain: uni, id: campus, "
	tests := []struct {
		name, text string
		want       bool
	}{
		{"the same", head + "key: lms-key, secret: lms-secret}]", false},
		{"a name", head + "name: New}]", false},
		{"a key", head + "key: other}]", true},
		{"a secret", head + "secret: other}]", true},
		{"a previous secret", head + "previous_secret: older, previous_until: 2027-01-01}]", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.apply(t, small)
			sealed := get(t, h, store.ToolConsumers, "uni", "campus").Secret.Sealed
			h.apply(t, tt.text)
			if got := slices.Equal(h.changed, []string{"uni/campus"}); got != tt.want || !tt.want && len(h.changed) > 0 {
				t.Errorf("told of %v, want %v", h.changed, tt.want)
			}
			now := get(t, h, store.ToolConsumers, "uni", "campus").Secret.Sealed
			if strings.Contains(tt.text, " secret: other") == (now == sealed) {
				t.Error("the sealed secret is not what it should be")
			}
		})
	}
}

func TestPreviousSecretComesAndGoes(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	h.apply(t, "version: 1\ntool_consumers: [{domain: uni, id: campus, secret: new, previous_secret: lms-secret, previous_until: 2027-01-01}]")
	c := get(t, h, store.ToolConsumers, "uni", "campus")
	plain, err := h.vault.Open(c.Previous.Sealed, "tool_consumer/uni/campus")
	if plain != "lms-secret" || err != nil || c.Previous.Until.Year() != 2027 {
		t.Errorf("previous secret %q until %v, %v", plain, c.Previous.Until, err)
	}
	h.apply(t, `{version: 1, tool_consumers: [{domain: uni, id: campus, previous_secret: ""}]}`)
	if c := get(t, h, store.ToolConsumers, "uni", "campus"); c.Previous != (lti.Secret{}) {
		t.Errorf("previous secret %v is still there", c.Previous)
	}
}

func TestProtectionIsSetAsAWhole(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	sealed := get(t, h, store.Courses, "uni", "phys101").Protection[0].Secret
	h.apply(t, "version: 1\ncourses: [{domain: uni, id: phys101, protection: [{key: second, secret: s}, {key: link-key, lifetime: 9m}]}]")
	c := get(t, h, store.Courses, "uni", "phys101")
	if len(c.Protection) != 2 || c.Protection[1].Secret != sealed || c.Protection[1].Lifetime.Minutes() != 9 {
		t.Errorf("protection %v", c.Protection)
	}
	h.apply(t, "version: 1\ncourses: [{domain: uni, id: phys101, protection: []}]")
	if c := get(t, h, store.Courses, "uni", "phys101"); len(c.Protection) != 0 {
		t.Errorf("protection %v", c.Protection)
	}
}

func TestApplyRefusesAndChangesNothing(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"unknown domains", "users: [{domain: no, username: u}]\ntools: [{domain: no, id: t}]",
			"line 2: users[0].domain: there is no domain no\nline 3: tools[0].domain: there is no domain no"},
		{"a new consumer without all", "tool_consumers: [{domain: uni, id: new}, {domain: uni, id: new2, key: k2}]",
			"line 2: tool_consumers[0].key: is missing; a new tool consumer needs one\nline 2: tool_consumers[1].secret: is missing; a new tool consumer needs one"},
		{"a key that is taken", "tool_consumers: [{domain: uni, id: new, key: lms-key, secret: s}, {domain: uni, id: new2, key: link-key, secret: s}]",
			"line 2: tool_consumers[0].key: is the key of tool consumer uni/campus already\nline 2: tool_consumers[1].key: is a protection key of course uni/phys101 already"},
		{"a protection key that is taken", "courses: [{domain: uni, id: c, protection: [{key: lms-key, secret: s}, {key: link-key, secret: s}]}]",
			"line 2: courses[0].protection[0].key: is the key of tool consumer uni/campus already\nline 2: courses[0].protection[1].key: is a protection key of course uni/phys101 already"},
		{"a protection key without secret", "courses: [{domain: uni, id: c, protection: [{key: fresh}]}]",
			"line 2: courses[0].protection[0].secret: is missing; a new protection key needs one"},
		{"links without tools", "courses: [{domain: uni, id: c, links: [{id: a}, {id: b, tool: none}]}]",
			"line 2: courses[0].links[0].tool: is missing; a new link needs one\nline 2: courses[0].links[1].tool: neither course uni/c nor domain uni has a tool none"},
		{"another course's tool", "courses: [{domain: uni, id: c, tools: [{id: own, url: 'https://x.example', key: k, secret: s}]}, {domain: uni, id: d, links: [{id: b, tool: own}]}]",
			"line 2: courses[1].links[0].tool: neither course uni/d nor domain uni has a tool own"},
		{"a tiny code that is taken", "courses: [{domain: uni, id: c, links: [{id: a, tool: quizzer, tiny: q1}]}]",
			"line 2: courses[0].links[0].tiny: leads to a link of course uni/phys101 already"},
		{"a tiny code twice in a course", "courses: [{domain: uni, id: phys101, links: [{id: read, tiny: q1}]}]",
			"line 2: courses[0].links[0].tiny: leads to link quiz1 of this course already"},
		{"a member without role", "courses: [{domain: uni, id: phys101, members: [{username: eve}]}]",
			"line 2: courses[0].members[0].role: is missing; a new member needs one"},
		{"an end for no previous secret", "tool_consumers: [{domain: uni, id: campus, previous_until: 2027-01-01}]",
			"line 2: tool_consumers[0].previous_until: there is no previous secret that could end"},
	}
	h := newHub(t)
	h.apply(t, small)
	before := h.state(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := h.Apply(t.Context(), parse(t, "version: 1\n"+tt.text+"\ndomains: [{id: more}]"), "test")
			var faults manifest.Faults
			if !errors.As(err, &faults) || !strings.Contains(tt.want, faults[0].Error()) {
				t.Fatalf("Apply error = %v, want %s", err, tt.want)
			}
			if got := faults.Error(); got != tt.want {
				t.Errorf("faults:\n%s\nwant:\n%s", got, tt.want)
			}
			if after := h.state(t); after != before {
				t.Error("it changed the store")
			}
		})
	}
}

func TestCredentialHookStopsTheApply(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, small)
	before := h.state(t)
	broken := errors.New("broken")
	h.CredentialsChanged = func(store.Tx, string, string) error { return broken }
	_, err := h.Apply(t.Context(), parse(t, strings.Replace(small, "lms-secret", "other", 1)), "test")
	if !errors.Is(err, broken) || h.state(t) != before {
		t.Errorf("Apply error = %v, want %v and an unchanged store", err, broken)
	}
}

func TestApplyTakesPastedPassportsAndCustomLines(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	text := `
version: 1
domains: [{id: uni}]
tools:
  - {domain: uni, passport: "quizzer:edx-key:a:b", url: "https://quizzer.example/"}
courses:
  - domain: uni
    id: c
    tools:
      - id: own
        passport: "ours:own-key:own-secret"
        url: https://own.example/
        send_original_case: true
        custom: |
          Level = hard = very

          who=$Person.name.full
    links:
      - {id: l, tool: own, custom: "Level=easy"}
`
	h.apply(t, text)
	if report := h.apply(t, text); report.Changed() {
		t.Errorf("applied again it changed %v", report)
	}
	tool := get(t, h, store.Tools, "uni", "quizzer")
	course := get(t, h, store.Courses, "uni", "c")
	own := course.Tools[0]
	for _, tt := range []struct {
		tool                 lti.Tool
		context, key, secret string
	}{
		{tool, "tool/uni/quizzer", "edx-key", "a:b"},
		{own, "tool/uni/c/own", "own-key", "own-secret"},
	} {
		got, err := h.vault.Open(tt.tool.Secret.Sealed, tt.context)
		if err != nil || got != tt.secret || tt.tool.Key != tt.key {
			t.Errorf("%s has key %q and secret %q (%v), want %q and %q", tt.context, tt.tool.Key, got, err, tt.key, tt.secret)
		}
	}
	if diff := cmp.Diff(map[string]string{"Level": "hard = very", "who": "$Person.name.full"}, own.Custom); diff != "" || !own.SendOriginalCase {
		t.Errorf("custom parameters of the tool (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"Level": "easy"}, course.Links[0].Custom); diff != "" {
		t.Errorf("custom parameters of the link (-want +got):\n%s", diff)
	}
}

func TestApplyWarnsOfToolsWithoutEncryption(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	text := `version: 1
domains: [{id: uni}]
tools:
  - {domain: uni, id: open, url: "HTTP://open.example/", key: k, secret: s}
  - {domain: uni, id: safe, url: "https://safe.example/", key: k, secret: s}
courses:
  - domain: uni
    id: c
    tools: [{id: own, url: "http://own.example/", key: k, secret: s}]
    links: [{id: a, tool: safe, url: "http://other.example/"}, {id: b, tool: own}]
`
	want := []string{
		"line 4: tools[0].url: launches go unencrypted over http; use https",
		"line 9: courses[0].tools[0].url: launches go unencrypted over http; use https",
		"line 10: courses[0].links[0].url: launches go unencrypted over http; use https",
	}
	for range 2 {
		report := h.apply(t, text)
		if diff := cmp.Diff(want, report.Warnings); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
		if got := strings.Count(report.Text(), "\nwarning: line "); got != len(want) || strings.Contains(report.String(), "warning") {
			t.Errorf("the report is\n%s", report.Text())
		}
	}
}
