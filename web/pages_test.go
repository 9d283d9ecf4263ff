package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ltihub/ltihub/web"
)

// parsedPages are parsed once for all tests: that takes longer than most of them.
var parsedPages = sync.OnceValues(web.New)

func newPages(t testing.TB) *web.Pages {
	t.Helper()
	pages, err := parsedPages()
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// methods are the methods of Pages that write a page, with the type of each.
func methods(pages *web.Pages) map[string]reflect.Type {
	all := map[string]reflect.Type{}
	v := reflect.ValueOf(pages)
	for i := range v.NumMethod() {
		if m := v.Type().Method(i); m.Type.NumIn() == 4 {
			all[m.Name] = m.Type.In(3)
		}
	}
	return all
}

// call writes a page with its method.
func call(pages *web.Pages, w http.ResponseWriter, s sample) error {
	args := []reflect.Value{reflect.ValueOf(w), reflect.ValueOf(s.status), reflect.ValueOf(s.page)}
	err, _ := reflect.ValueOf(pages).MethodByName(s.method).Call(args)[0].Interface().(error)
	return err
}

// render gives a page's HTML.
func render(t testing.TB, pages *web.Pages, s sample) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := call(pages, w, s); err != nil {
		t.Fatalf("%s(%s): %v", s.method, s.variant, err)
	}
	if w.Code != s.status {
		t.Errorf("%s(%s) status = %d, want %d", s.method, s.variant, w.Code, s.status)
	}
	return w.Body.String()
}

func TestEveryPageHasASampleAndATemplate(t *testing.T) {
	t.Parallel()
	typical := map[string]bool{}
	for _, s := range samples() {
		if s.variant == "typical" {
			typical[s.method] = true
		}
	}
	all := methods(newPages(t))
	for method := range all {
		if !typical[method] {
			t.Errorf("%s has no typical sample", method)
		}
	}
	files, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	// base.html, parts.html and fields.html are shared.
	if want := len(all) + 3; len(files) != want {
		t.Errorf("%d templates, want %d", len(files), want)
	}
}

func TestPagesStandEmpty(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	for method, page := range methods(pages) {
		v := reflect.New(page).Elem()
		if method == "LaunchForm" {
			v.FieldByName("Action").SetString("https://tool.example/")
		}
		body := render(t, pages, sample{method, "zero", 200, v.Interface()})
		if !strings.HasSuffix(strings.TrimSpace(body), "</html>") {
			t.Errorf("%s: the page does not end", method)
		}
	}
}

func TestPagesKeepTheSession(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	frame := personFrame("/courses/uni/phys101")
	body := render(t, pages, sample{"Course", "session", 200, web.CoursePage{Frame: frame,
		Links: []web.CourseLink{{ID: "a b/c", Title: "Quiz"}}}})
	for _, want := range []string{
		`href="/courses/uni/phys101/l/a%20b%2Fc?s=` + sessionID + `"`,
		`href="/courses/uni/phys101/results?s=` + sessionID + `"`,
		`<strong>Ada Moss</strong>, student, from Campus LMS`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("page lacks %s", want)
		}
	}
}

func TestStaticFilesAreFoundByTheirHashAlone(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	body := render(t, pages, sample{"LaunchForm", "static", 200, launchForm("iframe")})
	found := staticName.FindAllString(body, -1)
	if len(found) < 5 {
		t.Fatalf("page loads %v, want icon, two styles and two scripts", found)
	}
	for _, path := range found {
		w := httptest.NewRecorder()
		pages.Static().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Body.Len() == 0 {
			t.Errorf("%s: status %d, headers %v", path, w.Code, w.Header())
		}
	}
	for _, path := range []string{"/static/", "/static/hub.css", "/static/../pages.go", "/static/pico.LICENSE.md"} {
		w := httptest.NewRecorder()
		pages.Static().ServeHTTP(w, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, w.Code)
		}
	}
}

func TestRefusalSaysWhatToDo(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	for _, status := range []int{400, 401, 403, 404, 429, 500, 503} {
		body := render(t, pages, sample{"Refusal", "status", status, web.RefusalPage{Ref: "r-1"}})
		for _, want := range []string{"What happened", "What to do", ">r-1<", "Error " + strconv.Itoa(status)} {
			if !strings.Contains(body, want) {
				t.Errorf("status %d: page lacks %q", status, want)
			}
		}
	}
}
