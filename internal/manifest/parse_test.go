package manifest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/manifest"
)

// faults are the faults of a text that Parse must refuse.
func faults(tb testing.TB, text string) []string {
	tb.Helper()
	m, err := manifest.Parse([]byte(text))
	var list manifest.Faults
	if m != nil || !errors.As(err, &list) {
		tb.Fatalf("Parse(%q) = %v, %v, want faults", text, m, err)
	}
	return strings.Split(list.Error(), "\n")
}

func TestParseListsEveryFaultWithItsLine(t *testing.T) {
	t.Parallel()
	text := `version: 2
colour: red
domains:
  - {id: uni, id: again}
  - name: 7
tool_consumers:
  - domain: uni
    id: campus
    key: k
    secret: ""
    nonce_lifetime: soon
    signature_methods: [PLAINTEXT]
    users: {match: custom_, create: always}
    roles: {Learner: pupil}
    menu: [grades]
    previous_until: yesterday
tools:
  - {domain: "a/b", id: t, url: "ftp://x", key: k, target: popup, send: [name, name], width: wide}
courses:
  - domain: uni
    id: c
    owner: "a b"
    enrolment: {start: 2026-02-01, end: 2026-01-01}
    folders:
      - id: f
        links: [{id: l, points: -1}, {id: l, points: .nan}]
    members: [{username: bob, role: king, locked: "yes"}]
users: nobody
`
	want := []string{
		"line 1: version: must be 1, the only version there is",
		"line 2: colour: is not a key of the manifest",
		"line 4: domains[0].id: occurs twice",
		"line 5: domains[1].id: is missing",
		"line 10: tool_consumers[0].secret: must not be empty",
		"line 11: tool_consumers[0].nonce_lifetime: must be a duration such as 90s, 5m or 720h",
		"line 12: tool_consumers[0].signature_methods[0]: must be one of HMAC-SHA1, HMAC-SHA256",
		"line 13: tool_consumers[0].users.match: must be one of user_id, lis_person_sourcedid, lis_person_contact_email_primary, custom_... or ext_...",
		"line 13: tool_consumers[0].users.create: must be one of auto, ask, existing",
		"line 14: tool_consumers[0].roles.Learner: must be one of coordinator, instructor, designer, ta, proctor, observer, student",
		"line 15: tool_consumers[0].menu: must be a mapping (key: value)",
		"line 16: tool_consumers[0].previous_until: must be a date such as 2006-01-02 or 2006-01-02T15:04:05Z, from 1970 on",
		`line 18: tools[0].domain: it contains '/'; allowed are letters, digits and ._~@+-`,
		"line 18: tools[0].url: it does not start with http:// or https://",
		"line 18: tools[0].target: must be one of iframe, window, tab",
		"line 18: tools[0].send[1]: occurs twice in the list",
		"line 18: tools[0].width: must be a whole number from 0 to 10000",
		"line 22: courses[0].owner: it contains ' '; allowed are letters, digits and ._-@+",
		"line 23: courses[0].enrolment: end must come after start",
		"line 26: courses[0].folders[0].links[0].points: must be a number from 0 to 1000000",
		"line 26: courses[0].folders[0].links[1].points: must be a number from 0 to 1000000",
		"line 26: courses[0].folders[0].links[1].id: this link of the course is in the manifest already, at line 26",
		"line 27: courses[0].members[0].role: must be one of coordinator, instructor, designer, ta, proctor, observer, student",
		"line 27: courses[0].members[0].locked: must be true or false",
		"line 28: users: must be a list",
	}
	got := faults(t, text)
	for i := 0; i < max(len(got), len(want)); i++ {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("faults:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"nothing", "", "is empty"},
		{"a comment alone", "# hello\n", "is empty"},
		{"no version", "domains: []", "line 1: version: is missing"},
		{"a version in quotes", `version: "1"`, "line 1: version: must be 1, the only version there is"},
		{"a list", "- 1", "line 1: must be a mapping (key: value)"},
		{"two documents", "version: 1\n---\nversion: 1\n", "line 2: a second document starts here; a manifest is one document"},
		{"broken YAML", "version: 1\ndomains: [", "line 2: is not YAML: did not find expected node content"},
		{"an alias", "version: 1\ndomains: &d []\nusers: *d\n", "line 2: anchors (&) and aliases (*) are not supported; put quotes around a value that starts so"},
		{"an alias bomb", "version: 1\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "line 2: anchors (&)"},
		{"a secret that looks like an alias", "version: 1\nusers: [{password: *hunter2}]", "anchors (&)"},
		{"a tag", "version: 1\ndomains: [{id: !!binary dW5p}]", "line 2: has a type tag; write plain values"},
		{"a merge key", "version: 1\ndomains: [{id: u, <<: {name: x}}]", "line 2: domains[0].(a key): is not a key of the manifest"},
		{"a key that is a list", "version: 1\n? [a]\n: b\n", "line 2: a key must be a plain word"},
		{"a secret run into its key", "version: 1\nusers: [{password:hunter2}]", "line 2: users[0].(a key): is not a key of the manifest"},
		{"too deep", "version: 1\ndomains: " + strings.Repeat("[", 50) + strings.Repeat("]", 50), "line 2: nests deeper than 32"},
		{"too large", "version: 1\n#" + strings.Repeat("x", manifest.MaxSize), "is larger than 5 MiB"},
		{"NUL", `{version: 1, domains: [{id: u, name: "a\0b"}]}`, "line 1: domains[0].name: must not contain the character NUL"},
		{"a null in a list", "version: 1\ndomains: [~]", "line 2: domains[0]: must be a mapping (key: value)"},
		{"one key for two consumers", "version: 1\ntool_consumers:\n- {domain: u, id: a, key: k}\n- {domain: u, id: b, key: k}\n",
			"line 4: tool_consumers[1].key: this key is in the manifest already, at line 3"},
		{"one tiny code for two links", "version: 1\ncourses:\n- {domain: u, id: a, links: [{id: x, tiny: q}]}\n- {domain: u, id: b, links: [{id: x, tiny: q}]}\n",
			"line 4: courses[1].links[0].tiny: this tiny code of the domain is in the manifest already, at line 3"},
		{"a service without end", "version: 1\ntools: [{domain: u, id: t, passback: {valid_for: 999999h}}]", "line 2: tools[0].passback.valid_for: must be from 1s to 8784h"},
		{"a rate that is none", "version: 1\ntool_consumers: [{domain: u, id: a, passback: {rate: 0.5}}]", "line 2: tool_consumers[0].passback.rate: must be a whole number from 0 to 1000"},
		{"a rate beyond its bound", "version: 1\ntool_consumers: [{domain: u, id: a, passback: {rate: 1001}}]", "line 2: tool_consumers[0].passback.rate: must be a whole number from 0 to 1000"},
		{"no methods", "version: 1\ntool_consumers: [{domain: u, id: a, signature_methods: []}]", "line 2: tool_consumers[0].signature_methods: must name at least one method"},
		{"a passport cut short", "version: 1\ntools: [{domain: u, passport: 'quizzer:hunter2'}]",
			`line 2: tools[0].passport: can't be read as an LTI passport: it is not "id:key:secret"`},
		{"a passport beside a secret", "version: 1\ntools: [{domain: u, passport: 'q:k:hunter2', secret: hunter2}]",
			"line 2: tools[0].passport: gives the secret, which stands beside it as well"},
		{"two tools of one passport", "version: 1\ntools:\n- {domain: u, passport: 'q:k:hunter2'}\n- {domain: u, id: q}\n",
			"line 4: tools[1].id: this tool is in the manifest already, at line 3"},
		{"a custom line without =", "version: 1\ntools: [{domain: u, id: t, custom: \"a=1\\nb\\n=c\"}]",
			"line 2: tools[0].custom: could not read the custom parameter \"b\"; it should be name=value\n" +
				"line 2: tools[0].custom: could not read the custom parameter \"=c\"; it should be name=value"},
		{"a history with a hole", "version: 1\ncourses: [{domain: u, id: c, history: ['']}]", "line 2: courses[0].history[0]: it is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(faults(t, tt.text), "\n")
			if !strings.HasPrefix(got, tt.want) && !strings.Contains(got, ": "+tt.want) {
				t.Errorf("faults %q, want %q", got, tt.want)
			}
			if strings.Contains(got, "hunter2") {
				t.Errorf("%q repeats a secret", got)
			}
		})
	}
}

func TestParseBoundsItsFaults(t *testing.T) {
	t.Parallel()
	got := faults(t, "version: 1\ndomains:\n"+strings.Repeat("- {}\n", 5000))
	if len(got) != 1001 || got[1000] != "line 1003: and more faults" {
		t.Errorf("%d faults, the last %q", len(got), got[len(got)-1])
	}
}

func FuzzParse(f *testing.F) {
	f.Add(read(f, "testdata/whole.yaml"))
	f.Add(read(f, "../../configs/manifest.example.yaml"))
	for _, text := range []string{
		"", "version: 1", "version: 1\n---\n", "&a [*a]", "{version: 1, users: [{password: *x}]}",
		"version: 1\ncourses: [{members: [{start: 1}]}]", "? ? :\n", "\xff\xfe", "version: 1\r\ndomains:\r\n- id: a\r\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := manifest.Parse([]byte(text))
		if err == nil {
			if m == nil {
				t.Fatal("neither manifest nor error")
			}
			return
		}
		var list manifest.Faults
		if !errors.As(err, &list) || len(list) == 0 {
			t.Fatalf("error %v lists no faults", err)
		}
	})
}
