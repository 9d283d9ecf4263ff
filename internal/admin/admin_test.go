package admin_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// inspected stores launches of every kind: 70 accepted, then one refused.
func inspected(w *world) (accepted []lti.LaunchRecord, refused lti.LaunchRecord) {
	w.t.Helper()
	for range 70 {
		accepted = append(accepted, w.record("bob", lti.Place{Course: phys}))
	}
	refused = lti.LaunchRecord{
		ID: newID(), At: w.now(), Direction: lti.Inbound, Domain: "uni", Consumer: "campus", Key: "key-uni", Refused: true,
		Status: 401, Cause: string(lti.CauseSignature), Detail: "the port was signed", Hint: "Leave the port out.", Steps: []string{"the key is known", "the signature does not hold"},
	}
	w.update(func(tx store.Tx) error {
		elsewhere := refused
		elsewhere.ID, elsewhere.Consumer, elsewhere.Refused, elsewhere.Cause = newID(), "", true, string(lti.CauseUnknownKey)
		if err := store.Launches.PutNew(tx, refused); err != nil {
			return err
		}
		return store.Launches.PutNew(tx, elsewhere)
	})
	return accepted, refused
}

func TestInspectorList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	accepted, refused := inspected(w)
	oldest, newest := accepted[0].ID, accepted[len(accepted)-1].ID

	a := root.get(web.LaunchRecordsPath)
	wantAll(t, a, newest, refused.ID)
	wantNone(t, a, oldest)
	older := regexp.MustCompile(`href="(/admin/launches\?after=[^"]+)"`).FindStringSubmatch(a.body)
	if older == nil {
		t.Fatal("the list leads to no older launches")
	}
	a = root.get(strings.ReplaceAll(older[1], "&amp;", "&"))
	wantAll(t, a, oldest)
	wantNone(t, a, newest, "Older entries")

	a = root.get(web.LaunchRecordsPath + "?refused=1&consumer=campus")
	wantAll(t, a, refused.ID, "The signature does not hold")
	wantNone(t, a, newest, "Nobody here has this consumer key")
	for _, query := range []string{lti.Reference(oldest), strings.ToLower(strings.ReplaceAll(lti.Reference(oldest), "-", " ")), oldest} {
		a = root.get(web.LaunchRecordsPath + "?refused=1&q=" + url.QueryEscape(query))
		wantAll(t, a, oldest)
		wantNone(t, a, newest)
	}
	wantAll(t, root.get(web.LaunchRecordsPath+"?q=nonsense"), "No launch with this reference number")
	if a := root.get(web.LaunchRecordsPath + "?after=" + url.QueryEscape("\x00/..")); a.status != ok {
		t.Errorf("a strange cursor answers %d, want 200", a.status)
	}
}

func TestInspectorRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	accepted, refused := inspected(w)
	wantAll(t, root.get(web.LaunchRecordPath(refused.ID)), "The port was signed", "Leave the port out.", "the signature does not hold", lti.Reference(refused.ID))
	a := root.get(web.LaunchRecordPath(accepted[0].ID))
	wantAll(t, a, "user_id", "Accepted", "custom_note")
	wantNone(t, a, accepted[0].Session.Token, accepted[0].Session.Ticket)
	if a := root.get(web.LaunchRecordPath(newID())); a.status != missing {
		t.Errorf("an unknown launch answers %d, want 404", a.status)
	}
}

func TestOverviewCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	inspected(w)
	wantAll(t, root.get(web.AdminPath), `<span class="big">70</span>`, "70 launches accepted and 2 refused in the last 24 hours", "Nobody here has this consumer key",
		`<span class="name">Refused scores</span><span class="big">2</span>`, "https://hub.example/lti/launch")
}

// The tiles and the plot count the same launches, up to the same second.
func TestOverviewCountsOneDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	inspected(w)
	for ahead, want := range map[time.Duration][2]string{
		23*time.Hour + 59*time.Minute: {"70", "70 launches accepted"}, 24*time.Hour + time.Minute: {"0", "No launches in the last 24 hours"},
	} {
		w.ahead.Store(int64(ahead))
		wantAll(t, root.get(web.AdminPath), fmt.Sprintf(`<span class="big">%s</span>`, want[0]), want[1])
	}
}

func TestConsumerPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	record := w.record("bob", lti.Place{Course: phys})
	w.update(change(store.Launches, func(l *lti.LaunchRecord) { l.Params = sent("Learner", l.At.Add(4*time.Minute)) }, record.ID))
	a := root.get(web.ConsumerPath("uni", "campus"))
	wantAll(t, a, "https://hub.example/lti/launch", "https://hub.example/lti/launch/uni/phys", "ahead of", record.ID, "<code>"+origin+"</code>")
	wantNone(t, a, "https://hub.example/lti/launch/far", "The new secret", "no mapped role")
	wantAll(t, root.get(web.ConsumersPath), "Campus LMS", "key-uni")
	wantAll(t, root.get(web.ConsumerPath("far", "campus")), "none seen lately")
	if a := root.get(web.ConsumerPath("uni", "none")); a.status != missing {
		t.Errorf("an unknown tool consumer answers %d, want 404", a.status)
	}
}

// sent are the parameters of a launch with these roles.
func sent(roles string, at time.Time) [][2]string {
	return [][2]string{
		{"lti_message_type", "basic-lti-launch-request"}, {"lti_version", "LTI-1p0"}, {"resource_link_id", "r"}, {"roles", roles},
		{"oauth_timestamp", strconv.FormatInt(at.Unix(), 10)},
	}
}

func TestNewSecretIsShownOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	path := web.ConsumerPath("uni", "campus")
	a := root.post(path+"/secret", nil)
	secret := regexp.MustCompile(`id="new-secret" value="([^"]+)"`).FindStringSubmatch(a.body)
	if secret == nil {
		t.Fatalf("the new secret is not shown (%d)", a.status)
	}
	wantNone(t, root.get(path), secret[1], "The new secret")
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	for _, fields := range []url.Values{{"name": {" "}, "role": {"read"}}, {"name": {strings.Repeat("n", 101)}, "role": {"read"}}, {"name": {"x"}, "role": {"owner"}}} {
		if a := root.post(web.TokensPath, fields); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%v answers %d, want 422", fields, a.status)
		}
	}
	a := root.post(web.TokensPath, url.Values{"name": {"nightly export"}, "role": {"admin"}})
	text := regexp.MustCompile(`id="new-token" value="([^"]+)"`).FindStringSubmatch(a.body)
	if text == nil {
		t.Fatalf("the new token is not shown (%d)", a.status)
	}
	a = root.get(web.TokensPath)
	wantAll(t, a, "nightly export", "in force")
	wantNone(t, a, text[1])
	a = root.post(web.TokensPath+"/revoke", url.Values{"hash": {digest(text[1])}})
	wantAll(t, root.get(a.to), "revoked", "opens nothing any more")
	if a := root.post(web.TokensPath+"/revoke", url.Values{"hash": {digest("none")}}); a.status != missing {
		t.Errorf("revoking nothing answers %d, want 404", a.status)
	}
}

func TestManifestPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	a := root.get(web.ManifestPath)
	wantAll(t, a, "id: quizzer")
	wantNone(t, a, "tool-secret")
	a = root.get(web.ManifestPath + "/export")
	if got := a.header.Get("Content-Type"); got != "application/yaml; charset=utf-8" || strings.Contains(a.body, "tool-secret") {
		t.Errorf("the export is %s: %s", got, a.body)
	}

	const sound = "version: 1\ndomains:\n  - {id: new, name: New}\n"
	a = root.post(web.ManifestPath, url.Values{"do": {"apply"}, "manifest": {sound + "cats: 3\n"}})
	wantAll(t, a, "line 4", "1 fault; nothing was changed", "cats: 3")
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a manifest at fault answers %d, want 422", a.status)
	}
	wantNone(t, root.get(web.ManifestPath), "id: new")
	wantAll(t, root.post(web.ManifestPath, url.Values{"do": {"apply"}, "manifest": {sound}}), "Applied", "domain new made")
	wantAll(t, root.post(web.ManifestPath, url.Values{"do": {"apply"}, "manifest": {sound}}), "Nothing to change")
	wantAll(t, root.get(web.ManifestPath), "id: new")
	if a := root.post(web.ManifestPath, url.Values{"do": {"sing"}, "manifest": {sound}}); a.status != http.StatusBadRequest {
		t.Errorf("an unknown wish answers %d, want 400", a.status)
	}
	if a := root.post(web.ManifestPath, url.Values{"do": {"check"}, "manifest": {sound}}); a.status != missing {
		t.Errorf("a check that nobody makes answers %d, want 404", a.status)
	}
}

// A chosen file counts instead of the text.
func TestManifestUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "m.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte("version: 1\ndomains:\n  - {id: uploaded}\n"))
	_ = form.WriteField("manifest", "version: 2")
	_ = form.WriteField("do", "apply")
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.server.URL+web.ManifestPath, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	answer, err := root.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != ok {
		t.Errorf("the upload answers %d, want 200", answer.StatusCode)
	}
	wantAll(t, root.get(web.ManifestPath), "id: uploaded")
}

// Without the functions behind them the pages say where else to go.
func TestConfigurationThatIsNotWired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	w.people.Export, w.people.Apply, w.people.NewToken, w.people.RevokeToken, w.people.NewSecret = nil, nil, nil, nil, nil
	wantAll(t, root.get(web.ManifestPath), "ltihub apply MANIFEST")
	wantNone(t, root.get(web.ConsumerPath("uni", "campus")), "Make a new secret")
	for path, fields := range map[string]url.Values{
		web.ManifestPath: {"do": {"apply"}}, web.TokensPath: {"name": {"x"}, "role": {"read"}},
		web.TokensPath + "/revoke": {"hash": {"x"}}, web.ConsumerPath("uni", "campus") + "/secret": nil,
	} {
		if a := root.post(path, fields); a.status != missing {
			t.Errorf("POST %s answers %d, want 404", path, a.status)
		}
	}
	if a := root.get(web.ManifestPath + "/export"); a.status != missing {
		t.Errorf("the export answers %d, want 404", a.status)
	}
}

func TestAdminLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	w.update(func(tx store.Tx) error {
		for i := range 60 {
			name := fmt.Sprintf("zz%02d", i)
			put(t, store.Users, tx, lti.User{Domain: "uni", Username: name, Handle: name})
		}
		return nil
	})
	a := root.get(web.UsersPath)
	wantAll(t, a, "ada:uni", "bob:far", "Older entries")
	wantNone(t, a, "zz59")
	a = root.get(web.UsersPath + "?q=ZZ59")
	wantAll(t, a, "zz59:uni")
	wantNone(t, a, "ada:uni", "Older entries")
	wantAll(t, root.get(web.UserPath("uni", "bob")), "Course of uni/phys", "No launches yet")

	wantAll(t, root.get(web.AdminCoursesPath), "far/phys", "uni/chem", "uni/phys")
	wantNone(t, root.get(web.AdminCoursesPath+"?q=CHEM"), "uni/phys")
	wantAll(t, root.get(web.ToolsPath), "Quizzer", "Own tool", `<td class="num">4</td>`)
	wantAll(t, root.get(web.ToolPath("uni", "", "quizzer")), "Quiz of phys", "Quiz of chem", "https://hub.example/service/passback")
	wantAll(t, root.get(web.ToolPath("uni", "chem", "own")), "Own tool", "No course uses it yet")

	wantAll(t, root.get(web.DeliveriesPath), refusedID(phys), refusedID(chem))
	wantAll(t, root.get(web.DeliveriesPath+"?state=refused"), refusedID(phys))
	wantNone(t, root.get(web.DeliveriesPath+"?state=delivered"), refusedID(phys))
	wantAll(t, root.get(web.DeliveryPath(refusedID(phys))), "The LMS refused it.", origin+"/outcomes", "Quiz of phys")

	wantAll(t, root.get(web.AuditPath), "Nothing changed yet")
	w.launched("ada", lti.Place{Course: phys}).post(web.GradePath(phys, "quiz1", "bob")+"/override", url.Values{"score": {"1"}})
	wantAll(t, root.get(web.AuditPath), "override result", "ada")
}

// Admins see every course, also closed ones.
func TestAdminSeesEveryCourse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	w.update(change(store.Courses, func(c *lti.Course) { c.Disabled = true }, "uni", "chem"))
	wantAll(t, root.get(web.CoursePath(chem)), "This course is closed", "Quiz of chem")
	wantAll(t, root.get(web.GradebookPath(abroad)), "bob")
	wantAll(t, root.get(web.MembersPath(phys)), "Bob")
}
