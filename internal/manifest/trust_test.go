package manifest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/store"
)

const trusted = `version: 1
domains: [{id: uni, username: {pattern: "^[a-z0-9._-]{2,32}$", from: email_local, lower: true}}]
tool_consumers:
  - {domain: uni, id: campus, key: k, secret: s, enabled: {start: 2026-01-01, end: 2027-01-01}, instance_guid: lms.example,
     users: {create: ask, create_by: {Instructor: ask, Learner: auto}}}
courses:
  - domain: uni
    id: c
    protection: [{key: pk, secret: ps, lifetime: LIFETIME}]
    tools: [{id: t, url: "https://t.example/", key: k, secret: s}]
    folders: [{id: f, protected: true, links: [{id: l, tool: t, protected: true}]}]
`

func TestApplyKeepsWhatGuards(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	text := strings.Replace(trusted, "LIFETIME", "5m", 1)
	h.apply(t, text)
	if report := h.apply(t, text); report.Changed() {
		t.Errorf("applied again it changed %v", report)
	}
	domain, campus, course := get(t, h, store.Domains, "uni"), get(t, h, store.ToolConsumers, "uni", "campus"), get(t, h, store.Courses, "uni", "c")
	if u := domain.Username; u.From != "email_local" || !u.Lower || u.Pattern == "" {
		t.Errorf("username rule %+v", u)
	}
	if campus.InstanceGUID != "lms.example" || campus.Enabled.End.Year() != 2027 || campus.Users.CreateBy["Learner"] != "auto" {
		t.Errorf("tool consumer %+v", campus)
	}
	if f := course.Folders[0]; !f.Protected || !f.Links[0].Protected || !course.Protection[0].NotBefore.IsZero() {
		t.Errorf("course %+v", course)
	}
	// Taken back by saying so.
	h.apply(t, `version: 1
tool_consumers: [{domain: uni, id: campus, enabled: {end: ""}, instance_guid: "", users: {create_by: {}}}]
courses: [{domain: uni, id: c, folders: [{id: f, protected: false}]}]
`)
	campus, course = get(t, h, store.ToolConsumers, "uni", "campus"), get(t, h, store.Courses, "uni", "c")
	if campus.InstanceGUID != "" || !campus.Enabled.End.IsZero() || campus.Enabled.Start.IsZero() || len(campus.Users.CreateBy) != 0 || course.Folders[0].Protected || !course.Folders[0].Links[0].Protected {
		t.Errorf("tool consumer %+v, folder %+v", campus, course.Folders[0])
	}
}

// A lifetime that grows must not make a launch good again whose nonce may be
// forgotten.
func TestProtectionKeyThatLivesLongerTakesNothingOlder(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.apply(t, strings.Replace(trusted, "LIFETIME", "1m", 1))
	h.apply(t, strings.Replace(trusted, "LIFETIME", "1h", 1))
	if got := get(t, h, store.Courses, "uni", "c").Protection[0].NotBefore; got.IsZero() {
		t.Error("older launches are good again")
	}
	fresh := newHub(t)
	fresh.apply(t, strings.Replace(trusted, "LIFETIME", "1h", 1))
	if got := get(t, fresh, store.Courses, "uni", "c").Protection[0].NotBefore; got.IsZero() || got.After(time.Now()) {
		t.Errorf("a new key with a long life takes launches from %v on", got)
	}
}

func TestParseRefusesWhatGuardsBadly(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"tool_consumers: [{domain: uni, id: admin}]", "tool_consumers[0].id: it is reserved: as the source of a record it means the admin"},
		{"tool_consumers: [{domain: uni, id: manifest}]", "it is reserved: as the source of a record it means the manifest"},
		{"tool_consumers: [{domain: uni, id: c, enabled: {start: 2026-02-01, end: 2026-01-01}}]", "end must come after start"},
		{"tool_consumers: [{domain: uni, id: c, users: {create_by: {Learner: sometimes}}}]", "must be one of auto, ask, existing"},
		{"tool_consumers: [{domain: uni, id: c, users: {create_by: {\"a b\": auto}}}]", "as an LTI role"},
		{"domains: [{id: uni, username: {pattern: \"(\"}}]", "it is no regular expression"},
		{"domains: [{id: uni, username: {pattern: \"^one$\"}}]", "no made-up name obeys it"},
		{"domains: [{id: uni, username: {from: e-mail}}]", "must be one of matched, email_local"},
		{"courses: [{domain: uni, id: c, folders: [{id: f, protected: maybe}]}]", "must be true or false"},
		{"courses: [{domain: uni, id: c, protection: [{key: k, lifetime: 25h}]}]", "must be from 1s to 24h"},
	}
	for _, tt := range tests {
		if got := strings.Join(faults(t, "version: 1\n"+tt.text), "\n"); !strings.Contains(got, tt.want) {
			t.Errorf("%s: faults %q, want %q", tt.text, got, tt.want)
		}
	}
}
