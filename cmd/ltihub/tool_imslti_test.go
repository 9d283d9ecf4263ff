package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A whole tool of other people's code: it is launched, scores, reads, deletes,
// and its scores reach the LMS.

// imsTool is a running tool that is written with ims-lti.
type imsTool struct {
	t   testing.TB
	url string // of launches
}

func newIMSTool(t *testing.T) imsTool {
	t.Helper()
	cmd := node(t, "tool_of_ims_lti.js")
	cmd.Args = append(cmd.Args, "tool-key", "tool-secret")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // it ends by that
		_ = cmd.Wait() // how does not matter
		if t.Failed() && errs.Len() > 0 {
			t.Logf("the tool says\n%s", &errs)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the tool does not start: %v\n%s", err, &errs)
	}
	return imsTool{t, strings.TrimSpace(line)}
}

// imsLaunch is what the tool makes of a launch.
type imsLaunch struct {
	Valid    bool   `json:"valid"`
	Error    string `json:"error"`
	Launch   int    `json:"launch"`
	User     string `json:"user"`
	Name     string `json:"name"`
	Outcomes bool   `json:"outcomes"`
	Text     bool   `json:"text"`
}

func (i imsTool) launch(v *visitor, action string, fields url.Values) (got imsLaunch) {
	i.t.Helper()
	answer := v.post(action, fields)
	if err := json.Unmarshal([]byte(answer.body), &got); err != nil {
		i.t.Fatalf("the tool answers %d %s: %v", answer.status, answer.body, err)
	}
	return got
}

// imsDone is what the tool makes of the hub's answer to a message of its.
type imsDone struct {
	Error      string `json:"error"`
	Understood any    `json:"understood"`
}

func (i imsTool) score(ask map[string]any) (got imsDone) {
	i.t.Helper()
	body, err := json.Marshal(ask)
	if err != nil {
		i.t.Fatal(err)
	}
	to, _, _ := strings.Cut(i.url, "/lti")
	answer, err := http.Post(to+"/score", "application/json", bytes.NewReader(body))
	shown := newVisitor(i.t).see(answer, err)
	if err := json.Unmarshal([]byte(shown.body), &got); err != nil {
		i.t.Fatalf("the tool answers %d %s: %v", shown.status, shown.body, err)
	}
	return got
}

func TestToolWrittenWithIMSLTIWorks(t *testing.T) {
	t.Parallel()
	tool := newIMSTool(t)
	w := newWorld(t, func(manifest string) string {
		simulated := between(manifest, "    url: ", "\n")
		return strings.Replace(manifest, simulated, tool.url, 1)
	})
	v := newVisitor(t)
	action, fields, err := w.lms.LaunchForm("7f3a-ada", "rl-quiz-1")
	if err != nil {
		t.Fatal(err)
	}
	target, form := v.post(action, fields).form(t, "launch")
	if target != tool.url {
		t.Fatalf("the launch goes to %s, not to %s", target, tool.url)
	}
	got := tool.launch(v, target, form)
	if !got.Valid || got.User == "" || got.Name != "Ada Moss" || !got.Outcomes || !got.Text {
		t.Fatalf("of our launch ims-lti makes %+v", got)
	}
	if again := tool.launch(v, target, form); again.Valid {
		t.Error("it takes a replay, so it holds nothing")
	}

	for _, step := range []struct {
		name string
		ask  map[string]any
		want any
	}{
		{"replace", map[string]any{"do": "replace", "score": 0.5}, true},
		{"read", map[string]any{"do": "read"}, 0.5},
		{"text", map[string]any{"do": "text", "score": 0.75, "text": "an <essay> & more"}, true},
		{"read again", map[string]any{"do": "read"}, 0.75},
	} {
		step.ask["launch"] = got.Launch
		if done := tool.score(step.ask); done.Error != "" || done.Understood != step.want {
			t.Errorf("%s: it understood %+v, want %v", step.name, done, step.want)
		}
	}
	w.graded("7f3a-ada", "rl-quiz-1", 0.75)
	if done := tool.score(map[string]any{"do": "delete", "launch": got.Launch}); done.Error != "" || done.Understood != true {
		t.Errorf("delete: it understood %+v", done)
	}
	until(t, "the grade is deleted at the LMS", func() bool {
		_, ok := w.lms.Grade("7f3a-ada", "rl-quiz-1")
		return !ok
	})
}

// between is the part of text after one mark and before the next.
func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}
