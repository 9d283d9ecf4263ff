package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// One person has two accounts at the LMS. Merged, both of them get each grade,
// also one for a service id of before; taken back, each has its own again.
func TestMergedPeopleShareTheirGrades(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	const ada, bo = "7f3a-ada", "19c2-bo"
	first, second := w.enter(newVisitor(t), ada, "rl-quiz-1"), w.enter(newVisitor(t), bo, "rl-quiz-1")
	w.score(first, "0.9")
	w.score(second, "0.2")
	w.graded(ada, "rl-quiz-1", 0.9)
	w.graded(bo, "rl-quiz-1", 0.2)

	status, text := w.api().call(http.MethodPost, "/users/uni/bo/merge", `{"into":"ada"}`)
	var merge struct{ ID string }
	if err := json.Unmarshal([]byte(text), &merge); status != http.StatusOK || err != nil {
		t.Fatalf("merge = %d %s", status, text)
	}
	w.graded(ada, "rl-quiz-1", 0.2) // the newest counts
	w.score(second, "0.7")          // the tool knows nothing of it
	w.graded(ada, "rl-quiz-1", 0.7)
	w.graded(bo, "rl-quiz-1", 0.7)
	w.launchedAgain(newVisitor(t), ada, bo)

	status, text = w.api().call(http.MethodPost, "/merges/"+merge.ID+"/undo", "")
	if status != http.StatusOK || !strings.Contains(text, "phys101/quiz1") {
		t.Fatalf("undo = %d %s, want it to name what stays", status, text)
	}
	w.graded(bo, "rl-quiz-1", 0.2)
	w.score(w.enter(newVisitor(t), bo, "rl-quiz-1"), "1")
	w.graded(bo, "rl-quiz-1", 1)
	if got, ok := w.lms.Grade(ada, "rl-quiz-1"); !ok || got == 1 {
		t.Errorf("ada's grade is %v after a score of bo's", got)
	}
}

// launchedAgain lets the account that was merged away launch anew, as the other one:
// its score reaches both.
func (w *world) launchedAgain(v *visitor, one, other string) {
	w.t.Helper()
	w.score(w.enter(v, other, "rl-quiz-1"), "0.8")
	w.graded(one, "rl-quiz-1", 0.8)
	w.graded(other, "rl-quiz-1", 0.8)
}

// Names come from the directory that was loaded, and never from the launch.
func TestDirectoryNamesPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(manifest string) string { return strings.Replace(manifest, "info: lti}", "info: directory}", 1) })
	var user struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	}
	w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.api().read("/users/uni/ada", &user)
	if user.Name != "ada" || user.Email != "" {
		t.Errorf("without a directory the account is %+v, want no names", user)
	}
	status, text := w.api().call(http.MethodPut, "/domains/uni/directory", "username,full_name,email\nada,Ada of the Registry,ada@registry.example\n")
	if status != http.StatusOK {
		t.Fatalf("load = %d %s", status, text)
	}
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.api().read("/users/uni/ada", &user)
	if user.Name != "Ada of the Registry" || user.Email != "ada@registry.example" {
		t.Errorf("the account is %+v, want the directory's names", user)
	}
	w.score(l, "0.5")
}
