package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// LMSs are set up from our cartridges, and tools are imported from theirs.

func TestCartridgesOfLaunchURLs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := newVisitor(t)
	for tail, title := range map[string]string{
		"": "ltihub", "/uni/phys101": "Physics 101", "/uni/phys101/f/week1": "Week 1", "/uni/phys101/l/quiz1": "Quiz 1", "/tiny/uni/lab1": "Lab 1",
	} {
		got := v.get(w.url + "/lti/cartridge.xml" + tail)
		want := "<blti:launch_url>" + w.url + "/lti/launch" + tail + "</blti:launch_url>"
		if got.status != http.StatusOK || !strings.Contains(got.body, want) || !strings.Contains(got.body, "<blti:title>"+title+"</blti:title>") {
			t.Errorf("%s = %d, want %s:\n%s", tail, got.status, want, got.body)
		}
		if kind := got.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/xml") || strings.Contains(got.body, "secret") {
			t.Errorf("%s is %q, or tells a secret", tail, kind)
		}
	}
	_, rest, _ := strings.Cut(v.get(w.url+"/lti/cartridge.xml").body, "<blti:icon>")
	icon, _, _ := strings.Cut(rest, "</blti:icon>")
	if got := v.get(icon); got.status != http.StatusOK || got.header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("the icon %q = %d %s", icon, got.status, got.header.Get("Content-Type"))
	}
	for _, tail := range []string{"/uni/none", "/uni/phys101/f/none", "/uni/phys101/l/none", "/tiny/uni/none", "/none/phys101", "/uni", "/uni/phys101/x/y"} {
		if got := v.get(w.url + "/lti/cartridge.xml" + tail); got.status != http.StatusNotFound {
			t.Errorf("%s = %d, want 404", tail, got.status)
		}
	}
}

// The hub reads its own cartridge from its own address: the guard lets that
// through here, and the launch URL is then a tool's.
func TestToolIsImportedFromItsURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	v := w.signedInAdmin()
	preview := v.post(w.url+"/admin/tools/import", url.Values{"url": {w.url + "/lti/cartridge.xml/uni/phys101"}})
	if preview.status != http.StatusOK || !strings.Contains(preview.body, w.url+"/lti/launch/uni/phys101") || !strings.Contains(preview.body, `value="physics-101"`) {
		t.Fatalf("the preview = %d\n%s", preview.status, preview.body)
	}
	for _, bad := range []string{"http://169.254.169.254/config.xml", w.url + "/healthz", w.url + "/nowhere"} {
		if got := v.post(w.url+"/admin/tools/import", url.Values{"url": {bad}}); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s = %d, want 422", bad, got.status)
		}
	}
}
