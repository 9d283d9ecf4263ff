package admin_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/ltihub/ltihub/web"
)

// journal is a log that tests read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func TestRefusedPagesLogNobodysName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	log := &journal{}
	w.people.Log = slog.New(slog.NewTextHandler(log, nil))
	root := w.signIn("root:uni")
	for _, path := range []string{
		web.UsersPath + "/uni/canary", web.CoursePath(phys) + "/gradebook/quiz1/canary", "/canary", web.LaunchRecordsPath + "/canary",
	} {
		if got := root.get(path); got.status != http.StatusNotFound {
			t.Errorf("GET %s = %d, want 404", path, got.status)
		}
	}
	if text := log.String(); strings.Contains(text, "canary") || strings.Count(text, "page refused") != 4 ||
		!strings.Contains(text, "route="+web.UsersPath+"/{domain}/{username}") {
		t.Errorf("the log:\n%s", text)
	}
}
