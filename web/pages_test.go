package web_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/ltihub/ltihub/web"
)

func newPages(t testing.TB) *web.Pages {
	t.Helper()
	pages, err := web.New()
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
