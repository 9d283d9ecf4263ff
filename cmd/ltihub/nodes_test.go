package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ltihub/ltihub/internal/store/postgres/pgtest"
)

// nodesKey is the master key that all nodes share.
const nodesKey = "LTIHUB_MASTER_KEY=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// cluster starts a PostgreSQL of the test's own.
func cluster(t *testing.T) *pgtest.Cluster {
	t.Helper()
	c, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Remove(); err != nil {
			t.Errorf("remove the cluster: %v", err)
		}
	})
	return c
}

// database names an empty database on a PostgreSQL of the test's own.
func database(t *testing.T) string {
	t.Helper()
	return cluster(t).Database(t)
}

// TestTwoNodesAreOne launches at one node and at the other of the same
// database: what the one took the other refuses, and either carries the score.
func TestTwoNodesAreOne(t *testing.T) {
	t.Parallel()
	dsn := "LTIHUB_STORE=" + database(t)
	w := newWorld(t, nil, dsn, nodesKey)
	other := freeAddress(t)
	second := begin(t, append(w.env, "LTIHUB_PUBLIC_URL="+w.url), "serve", "--listen", other, "--data", t.TempDir())
	action, fields, err := w.lms.LaunchForm("7f3a-ada", "rl-quiz-1")
	if err != nil {
		t.Fatal(err)
	}
	statuses := make(chan int, 16)
	var group sync.WaitGroup
	for i := range cap(statuses) {
		group.Go(func() {
			to := action
			if i%2 == 1 {
				to = strings.Replace(action, strings.TrimPrefix(w.url, "http://"), other, 1)
			}
			statuses <- newVisitor(t).stay().post(to, fields).status
		})
	}
	group.Wait()
	close(statuses)
	count := map[int]int{}
	for status := range statuses {
		count[status]++
	}
	if count[http.StatusSeeOther] != 1 || count[http.StatusConflict] != 15 {
		t.Errorf("one launch at two nodes was answered with %v, want 303 once and 409 for the rest", count)
	}
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.hub.kill()
	w.tool.Client = &http.Client{Transport: redirected{other}}
	w.score(l, "0.75")
	w.graded("7f3a-ada", "rl-quiz-1", 0.75)
	if code := second.terminate(); code != 0 {
		t.Errorf("the second node ended with %d, want 0", code)
	}
}

// redirected carries every request to one address, as a proxy in front of the
// nodes does when one of them is gone.
type redirected struct{ addr string }

func (r redirected) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Host = r.addr
	return http.DefaultTransport.RoundTrip(req)
}

// TestCopyMovesAStore takes a store to PostgreSQL and back, and goes on there.
func TestCopyMovesAStore(t *testing.T) {
	t.Parallel()
	dsn := database(t)
	w := newWorld(t, nil, nodesKey)
	l := w.enter(newVisitor(t), "7f3a-ada", "rl-quiz-1")
	w.score(l, "0.5")
	w.graded("7f3a-ada", "rl-quiz-1", 0.5)
	if code := w.hub.terminate(); code != 0 {
		t.Fatalf("the server ended with %d, want 0", code)
	}
	file := "bolt:" + filepath.Join(w.data, storeFile)
	for range 2 { // the second time changes nothing
		if got := ask(t, nil, "", "copy", "--from", file, "--to", dsn); got.code != 0 || !strings.Contains(got.out, "results          1") {
			t.Fatalf("copy = %d\n%s%s", got.code, got.out, got.err)
		}
	}
	w.env = append(w.env, "LTIHUB_STORE="+dsn)
	w.start()
	if got := w.api().results()["quiz1 ada"]; got.Score == nil || *got.Score != 0.5 {
		t.Errorf("the result after the move = %+v", got)
	}
	back := "bolt:" + filepath.Join(t.TempDir(), "back.db")
	if code := w.hub.terminate(); code != 0 {
		t.Fatalf("the server ended with %d, want 0", code)
	}
	if got := ask(t, nil, "", "copy", "--from", dsn, "--to", back); got.code != 0 || !strings.Contains(got.out, "results          1") {
		t.Errorf("copy back = %d\n%s%s", got.code, got.out, got.err)
	}
}
