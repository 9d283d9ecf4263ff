package main

import (
	"net/http"
	"testing"
)

// An admin changes in the manifest what a link is worth: the totals that the LMS
// has already go there once more.
func TestPointsChangedByManifestReachTheGradebook(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	const ada = "7f3a-ada"
	action, fields, err := w.lms.LaunchForm(ada, "rl-week-1")
	if err != nil {
		t.Fatal(err)
	}
	newVisitor(t).post(action, fields)
	w.score(w.enter(newVisitor(t), ada, "rl-quiz-1"), "0.8")
	w.graded(ada, "rl-week-1", 0.2) // 8 of 40 points
	const change = "version: 1\ncourses: [{domain: uni, id: phys101, folders: [{id: week1, links: [{id: quiz1, points: 20}]}]}]\n"
	if status, answer := w.api().call(http.MethodPut, "/manifest", change); status != http.StatusOK {
		t.Fatalf("PUT /manifest = %d %s", status, answer)
	}
	w.graded(ada, "rl-week-1", 0.32) // 16 of 50
}
