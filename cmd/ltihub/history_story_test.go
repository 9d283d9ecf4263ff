package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// apiLaunch gives the parameters of a launch for a front end of its own.
func (w *world) apiLaunch(course, link, username string) map[string]string {
	w.t.Helper()
	var form struct{ Params map[string]string }
	status, text := w.api().call(http.MethodPost, "/courses/uni/"+course+"/links/"+link+"/launch", `{"username":"`+username+`"}`)
	if err := json.Unmarshal([]byte(text), &form); err != nil || status != http.StatusOK {
		w.t.Fatalf("launch of %s in %s for %s = %d %s", link, course, username, status, text)
	}
	return form.Params
}

// A teacher copies the course on its page, and a program copies a link of the
// copy by the API: each launch tells the tool new ids and, in the history, the old.
func TestCopiesByPageAndAPITellTheirHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(manifest string) string {
		return strings.Replace(manifest, `custom: {chapter: "3",`, `custom: {was: $ResourceLink.id.history, from: $Context.id.history, chapter: "3",`, 1)
	})
	v := newVisitor(t)
	edit := *w.teacherAt(v).url
	edit.Path = "/courses/uni/phys101/edit/copy"
	if made := v.post(edit.String(), url.Values{"id": {"phys101-b"}, "title": {"Physics, again"}}); made.status != http.StatusOK || !strings.Contains(made.body, "This is the copy.") {
		t.Fatalf("the page answers %d at %s\n%s", made.status, made.url, made.body)
	}
	if status, text := w.api().call(http.MethodPost, "/courses/uni/phys101-b/links/quiz1/copy", `{"id":"quiz1b"}`); status != http.StatusCreated {
		t.Fatalf("the API answers %d %s", status, text)
	}
	first := w.apiLaunch("phys101", "quiz1", "ines")
	copied := w.apiLaunch("phys101-b", "quiz1", "ines")
	twice := w.apiLaunch("phys101-b", "quiz1b", "ines")
	for name, tt := range map[string]struct {
		of          map[string]string
		links, from string
	}{
		"the original":    {first, "", ""},
		"the page's copy": {copied, first["resource_link_id"], first["context_id"]},
		"the API's copy":  {twice, copied["resource_link_id"] + "," + first["resource_link_id"], first["context_id"]},
	} {
		if tt.of["custom_was"] != tt.links || tt.of["custom_from"] != tt.from {
			t.Errorf("%s tells the history %q of %q, want %q of %q", name, tt.of["custom_was"], tt.of["custom_from"], tt.links, tt.from)
		}
	}
	if copied["context_id"] == first["context_id"] || twice["resource_link_id"] == copied["resource_link_id"] || twice["context_id"] != copied["context_id"] {
		t.Error("a copy has an id of its original")
	}
}
