package admin_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// formOf reads the fields of a page's form as a browser would send them.
func formOf(body string) url.Values {
	fields := url.Values{}
	_, body, _ = strings.Cut(body, `class="edit"`)
	for _, tag := range regexp.MustCompile(`<input [^>]*>`).FindAllString(body, -1) {
		name, value := attribute(tag, "name"), attribute(tag, "value")
		boxed := strings.Contains(tag, `type="checkbox"`) || strings.Contains(tag, `type="radio"`)
		if name != "" && (!boxed || strings.Contains(tag, " checked")) {
			fields.Add(name, value)
		}
	}
	for _, area := range regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]*)"[^>]*>\n(.*?)</textarea>`).FindAllStringSubmatch(body, -1) {
		fields.Add(area[1], html.UnescapeString(area[2]))
	}
	for _, box := range regexp.MustCompile(`(?s)<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>`).FindAllStringSubmatch(body, -1) {
		chosen := regexp.MustCompile(`<option value="([^"]*)" selected>`).FindStringSubmatch(box[2])
		if chosen == nil {
			chosen = regexp.MustCompile(`<option value="([^"]*)"`).FindStringSubmatch(box[2])
		}
		fields.Add(box[1], html.UnescapeString(chosen[1]))
	}
	return fields
}

func attribute(tag, name string) string {
	m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

var shownValue = regexp.MustCompile(`id="new-(key|secret)" value="([^"]+)"`)

func TestWizardMakesAToolConsumer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	first := formOf(root.get(web.NewConsumerPath).body)
	if a := root.post(web.NewConsumerPath, first); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "field-fault") {
		t.Errorf("without a name the wizard answers %d, want the fault at its field", a.status)
	}
	first.Set("name", "Campus Moodle")
	second := formOf(root.post(web.NewConsumerPath, first).body)
	second.Set("trust", "identity")
	done := root.post(web.NewConsumerPath, second)
	shown := shownValue.FindAllStringSubmatch(done.body, -1)
	if done.status != http.StatusOK || len(shown) != 2 || !strings.Contains(done.body, "Waiting for the first launch") {
		t.Fatalf("the wizard ends with %d and shows %v", done.status, shown)
	}
	var c lti.ToolConsumer
	w.view(func(tx store.Tx) (err error) {
		c, err = store.ToolConsumers.Get(tx, "uni", "campus-moodle")
		return err
	})
	if c.Key != shown[0][2] || c.Name != "Campus Moodle" || !c.UserIdentity || c.CourseIdentity || strings.Contains(c.Secret.Sealed, shown[1][2]) {
		t.Errorf("the tool consumer is %+v", c)
	}
	if again := root.get(web.ConsumerPath("uni", "campus-moodle")); strings.Contains(again.body, shown[1][2]) {
		t.Error("the secret is shown twice")
	}
	if again := root.post(web.NewConsumerPath, second); !strings.Contains(again.body, web.ConsumerPath("uni", "campus-moodle-2")) {
		t.Error("a second one of that name has no id of its own")
	}
}

func TestConsumerFormChangesWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	root := w.signIn("root:uni")
	path := web.ConsumerPath("uni", "campus") + "/edit"
	fields := formOf(root.get(path).body)
	fields.Set("name", "Campus Two")
	fields.Set("users.match", "nonsense")
	fields.Add("roles.name", "Mentor")
	fields.Add("roles.value", "observer")
	a := root.post(path, fields)
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="f-users-match-fault"`) || !strings.Contains(a.body, "Campus Two") || !strings.Contains(a.body, `value="Mentor"`) {
		t.Fatalf("a fault answers %d, want it at its field and the rest kept", a.status)
	}
	fields.Set("users.match", "custom_number")
	if a := root.post(path, fields); a.status != http.StatusSeeOther {
		t.Fatalf("saving answers %d: %s", a.status, a.body)
	}
	var c lti.ToolConsumer
	w.view(func(tx store.Tx) (err error) {
		c, err = store.ToolConsumers.Get(tx, "uni", "campus")
		return err
	})
	if c.Name != "Campus Two" || c.Users.Match != "custom_number" || c.Roles["Mentor"] != lti.Observer || c.Roles["Learner"] != lti.Student {
		t.Errorf("the tool consumer is %+v", c)
	}
	fields.Set("name", "Campus Three") // with the base of before
	stale := root.post(path, fields)
	if stale.status != http.StatusConflict || !strings.Contains(stale.body, "Somebody else") || !strings.Contains(stale.body, "Campus Two") || !strings.Contains(stale.body, `value="Campus Three"`) {
		t.Errorf("a stale form answers %d, want what has changed and what was typed", stale.status)
	}
	if a := root.post(path, formOf(stale.body)); a.status != http.StatusSeeOther {
		t.Errorf("saving it again answers %d", a.status)
	}
}
