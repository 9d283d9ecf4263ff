package web_test

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/web"
)

// preview is where to write all sample pages, to be looked at in a browser:
// go test ./web -run Preview -preview /some/directory.
var preview = flag.String("preview", "", "write the sample pages to this directory")

// previewLocale is the language that they are written in.
var previewLocale = flag.String("preview-locale", "", "locale of the sample pages")

// inLocale is the sample for a viewer with that locale.
func (s sample) inLocale(locale string) sample {
	page := reflect.New(reflect.TypeOf(s.page)).Elem()
	page.Set(reflect.ValueOf(s.page))
	page.FieldByName("Frame").FieldByName("Locale").SetString(locale)
	s.page = page.Interface()
	return s
}

func TestPreview(t *testing.T) {
	dir := *preview
	if dir == "" {
		dir = t.TempDir()
	}
	pages := newPages(t)
	for _, s := range samples() {
		name := s.method + "-" + s.variant + ".html"
		body := toFile(render(t, pages, s.inLocale(*previewLocale)))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	writeStatic(t, pages, dir, render(t, pages, samples()[0])+render(t, pages, sample{"LaunchForm", "typical", 200, launchForm("iframe")}))
}

var staticName = regexp.MustCompile(`/static/[^"]+`)

// toFile makes a page find its styles when it is opened as a file.
func toFile(body string) string { return strings.ReplaceAll(body, `"/static/`, `"static/`) }

func writeStatic(t *testing.T, pages *web.Pages, dir, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "static"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range staticName.FindAllString(body, -1) {
		w := httptest.NewRecorder()
		pages.Static().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if err := os.WriteFile(filepath.Join(dir, path), w.Body.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
