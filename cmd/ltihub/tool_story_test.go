package main

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// A course may have a tool of its own. It does all that a tool of the domain
// does, and stands before one of the same id.

// withOwnTool gives the course the tool that answers, under the id of the
// domain's tool, which then has other credentials.
func withOwnTool(manifest string) string {
	at := regexp.MustCompile(`url: (\S+)`).FindStringSubmatch(manifest)[1]
	manifest = strings.NewReplacer("key: tool-key", "key: other-key", "secret: tool-secret", "secret: other-secret", "send: [name, email, roles]", "send: []").Replace(manifest)
	return strings.Replace(manifest, "    label: PHYS101\n", `    label: PHYS101
    tools:
      - passport: "quizzer:tool-key:tool-secret"
        url: `+at+`?room=7
        passback: {enabled: true, valid_for: 1h}
        roster: {enabled: true}
        setting: {enabled: true}
        send: [roles]
        custom: |
          Level = hard
          who=$Person.name.full
          role=$Membership.role
        send_original_case: true
        target: window
`, 1)
}

func TestToolOfACourseWorksLikeOneOfTheDomain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withOwnTool)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	for name, want := range map[string]string{
		"custom_level": "hard", "custom_Level": "hard", "custom_who": "$Person.name.full", "custom_role": "Learner", "custom_quiz": "1",
		"lis_person_name_full": "", "launch_presentation_document_target": "window", "room": "7",
	} {
		if got := l.Param(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	w.score(l, "0.7")
	w.graded("7f3a-ada", "rl-quiz-1", 0.7)
	if a, err := w.tool.SaveSetting(soon(t), l, "kept"); err != nil || !a.Success() {
		t.Errorf("save the setting = %+v, %v", a, err)
	}
	if a, err := w.tool.LoadSetting(soon(t), l); err != nil || !a.Success() || !strings.Contains(string(a.Body), "kept") {
		t.Errorf("load the setting = %+v, %v", a, err)
	}
	if a, err := w.tool.Roster(soon(t), l, false); err != nil || !a.Success() || strings.Contains(string(a.Body), "Ada") {
		t.Errorf("the roster of a tool that gets no names = %+v, %v", a, err)
	}

	v := newVisitor(t)
	v.post(w.url+"/login", url.Values{"username": {"root"}, "domain": {"uni"}, "password": {"correct-horse"}})
	page := v.get(w.url + "/admin/courses/uni/phys101/tools/quizzer")
	for _, want := range []string{"tool-key", "not encrypted", "Current one: last used", "this course alone"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the tool's page (%d) does not say %q:\n%s", page.status, want, page.body)
		}
	}
	if strings.Contains(page.body, "tool-secret") || strings.Contains(page.body, `<span class="muted">never</span>, ends`) {
		t.Errorf("the tool's page tells too much:\n%s", page.body)
	}
}
