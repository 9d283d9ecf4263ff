package admin_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// everyKey has every key that a form has, with a value that no new record has.
const everyKey = `version: 1
domains:
  - {id: big, name: Big University, username: {pattern: "^[a-z]{2,32}$", from: email_local, lower: true}}
tool_consumers:
  - domain: big
    id: lms
    name: Campus "LMS"
    enabled: {start: "2020-09-01", end: "2099-03-31T08:00:00Z"}
    instance_guid: lms.big.example
    key: big-key
    secret: big-secret
    previous_secret: older
    previous_until: 2099-01-01
    nonce_lifetime: 90s
    signature_methods: [HMAC-SHA256, HMAC-SHA1]
    user_identity: false
    course_identity: false
    users: {match: custom_number, create: existing, create_by: {Instructor: ask, Learner: auto, "urn:lti:role:ims/lis/Mentor": existing}, create_for: [Mentor, Learner], info: directory, bind_existing: true}
    courses: {match: ext_course, store_mapping: false, create_for: [Administrator], types: [community, official], tail_over_mapping: true}
    roles: {Mentor: observer, Learner: ta}
    self_enrol: [Mentor, "urn:lti:role:ims/lis/Officer"]
    section: S 1
    roster: {pull: true, on_instructor_launch: true, every: 36h, drop: false, brake: 0.25}
    passback: {format: "1.0", score: ratio, signature: HMAC-SHA256, rate: 7, read_first: true}
    logout: {callback_param: custom_logout_service_url}
    menu: {header: false, items: [roster, results], inline: true, locked: true}
tools:
  - domain: big
    id: quill
    name: Quill & Co
    url: https://quill.example/lti?a=b&c=d
    key: quill-key
    secret: quill-secret
    previous_secret: older
    previous_until: 2099-01-01
    signature_method: HMAC-SHA256
    nonce_lifetime: 2m
    passback: {enabled: false, valid_for: 100h}
    roster: {enabled: true, valid_for: 48h}
    setting: {enabled: true, valid_for: 12h}
    send: [roles, name]
    custom: {chapter: "3", who: $Person.name.full}
    send_original_case: true
    target: window
    width: 640
    height: 480
    content_items: {enabled: false, url: https://quill.example/choose}
    about:
      description: Writes <well>
      icon: http://quill.example/icon.png
      secure_icon: https://quill.example/icon.png
      vendor: {code: quill.example, name: Quill Ltd, description: They write, url: "https://quill.example/", contact: hello@quill.example}
courses:
  - {domain: big, id: art, title: Art, label: ART1, type: community, owner: ada, disabled: true, enrolment: {start: "2026-01-01", end: "2026-07-01"},
     sections: ["002", "001"], groups: [lab-b, lab-a], history: [ctx-2, ctx-1]}
`

// formsOfEveryKey are the forms of what everyKey makes, with the keys that
// other pages change.
func formsOfEveryKey() map[string]struct {
	object    manifest.Object
	elsewhere []string
} {
	return map[string]struct {
		object    manifest.Object
		elsewhere []string
	}{
		web.DomainPath("big"):                                        {manifest.Object{Section: manifest.Domains, ID: "big"}, nil},
		web.ConsumerPath("big", "lms") + "/edit":                     {manifest.Object{Section: manifest.ToolConsumers, Domain: "big", ID: "lms"}, []string{"previous_until"}},
		web.ToolPath("big", "", "quill") + "/edit":                   {manifest.Object{Section: manifest.Tools, Domain: "big", ID: "quill"}, nil},
		web.AdminCoursePath(lti.CourseRef{Domain: "big", ID: "art"}): {manifest.Object{Section: manifest.Courses, Domain: "big", ID: "art"}, nil},
	}
}

func TestFormsHaveEveryKeyAndChangeNothingUnasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	if _, err := w.people.Apply(t.Context(), []byte(everyKey), "root:uni"); err != nil {
		t.Fatal(err)
	}
	for path, form := range formsOfEveryKey() {
		before, err := w.people.Record(t.Context(), form.object)
		if err != nil {
			t.Fatal(err)
		}
		noted := w.audited()
		fields := formOf(root.get(path).body)
		for _, key := range keysOf(t, before.Base) {
			if !slices.Contains(append(form.elsewhere, "domain", "id"), key) && !hasField(fields, key) {
				t.Errorf("%s has no field for %s", path, key)
			}
		}
		if a := root.post(path, fields); a.status != http.StatusSeeOther {
			t.Errorf("saving %s answers %d", path, a.status)
		}
		after, err := w.people.Record(t.Context(), form.object)
		if err != nil || after.Base != before.Base {
			t.Errorf("saving %s unchanged makes\n%s\nof\n%s\n(%v)", path, after.Base, before.Base, err)
		}
		if n := w.audited(); n != noted {
			t.Errorf("saving %s unchanged leaves %d audit entries", path, n-noted)
		}
	}
}

// audited is how many entries the audit log has.
func (w *world) audited() int {
	n := 0
	w.view(func(tx store.Tx) error {
		n = 0
		return store.Audit.All(tx, "", func(lti.AuditEntry) error { n++; return nil })
	})
	return n
}

// keysOf are the paths of a record's plain values, lists, and mappings of names
// of one's own.
func keysOf(t testing.TB, base string) []string {
	t.Helper()
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(base), &root); err != nil {
		t.Fatal(err)
	}
	var keys []string
	var walk func(path string, n *yaml.Node)
	walk = func(path string, n *yaml.Node) {
		free := slices.Contains([]string{"roles", "custom", "users.create_by"}, path)
		if n.Kind != yaml.MappingNode || free {
			keys = append(keys, path)
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			walk(strings.TrimPrefix(path+"."+n.Content[i].Value, "."), n.Content[i+1])
		}
	}
	walk("", root.Content[0])
	return keys
}

// hasField reports whether a form has a field for a key. A box that is not
// ticked sends nothing, and everyKey ticks them all but the flags that are off
// in it.
func hasField(fields url.Values, key string) bool {
	off := []string{"user_identity", "course_identity", "courses.store_mapping", "roster.drop", "menu.header", "passback.enabled", "content_items.enabled"}
	return fields.Has(key) || fields.Has(key+".name") || slices.Contains(off, key)
}

func TestFormOfALMSChangesWhatIsNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	path := web.ConsumerPath("uni", "campus") + "/edit"
	if a := root.post(path, formOf(root.get(path).body)); a.status != http.StatusSeeOther {
		t.Fatalf("saving an old record answers %d", a.status)
	}
	fields := formOf(root.get(path).body)
	fields.Set("enabled.start", "2026-09-01")
	fields.Set("enabled.end", "2026-08-01")
	fields.Set("roster.every", "soon")
	fields.Set("roster.brake", "30")
	fields.Set("passback.rate", "fast")
	fields["users.create_by.name"], fields["users.create_by.value"] = []string{"Instructor"}, []string{"never"}
	a := root.post(path, fields)
	wantAll(t, a, `id="f-enabled-end-fault"`, `id="f-roster-every-fault"`, `id="f-roster-brake-fault"`, `id="f-passback-rate-fault"`, `id="f-users-create-by-fault"`, "Instructor: must be")
	fields.Set("enabled.end", "2027-08-01")
	fields.Set("roster.every", "0")
	fields.Set("roster.brake", "0.5")
	fields.Set("passback.rate", "3")
	fields["users.create_by.value"] = []string{"existing"}
	fields["menu.items"] = []string{"results"}
	fields.Set("menu.locked", "true")
	if a := root.post(path, fields); a.status != http.StatusSeeOther {
		t.Fatalf("saving answers %d: %s", a.status, a.body)
	}
	var c lti.ToolConsumer
	w.view(func(tx store.Tx) (err error) {
		c, err = store.ToolConsumers.Get(tx, "uni", "campus")
		return err
	})
	if c.Enabled.Start.IsZero() || c.Enabled.End.IsZero() || c.Roster.Every != 0 || c.Roster.Brake != .5 || c.Passback.Rate != 3 || c.Users.CreateBy["Instructor"] != lti.CreateExisting ||
		!c.Menu.Locked || len(c.Menu.Items) != 1 {
		t.Errorf("the tool consumer is %+v", c)
	}
	fields = formOf(root.get(path).body)
	fields.Set("enabled.end", "2026-08-01") // before the start, which stays
	wantAll(t, root.post(path, fields), `id="f-enabled-end-fault"`)
}
