package web_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/ltihub/ltihub/internal/lti"
)

// hostile is what an LMS, a tool or a person might put in any text.
const hostile = `<script>alert(1)</script>"' onclick=x style=x javascript:alert(2)`

func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	for method, page := range methods(pages) {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			v := reflect.New(page).Elem()
			fill(v, hostile)
			if method == "LaunchForm" {
				v.FieldByName("Action").SetString("https://tool.example/" + strings.ReplaceAll(hostile, " ", ""))
			}
			body := render(t, pages, sample{method, "hostile", 200, v.Interface()})
			if strings.Contains(body, "<script>alert") {
				t.Error("the page has the script in it")
			}
			if !strings.Contains(body, "&lt;script&gt;alert(1)&lt;/script&gt;") {
				t.Error("the page does not show the text at all")
			}
			doc, err := html.Parse(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			checkPolicy(t, doc)
			walk(doc, 0, func(n *html.Node, _ int) {
				if a := attr(n, "href"); strings.HasPrefix(a, "javascript:") {
					t.Errorf("<%s> leads to %q", n.Data, a)
				}
			})
		})
	}
}

// TestScriptLinksAreCut holds the URLs that come from outside against the
// scheme that runs in the page.
func TestScriptLinksAreCut(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	for method, page := range methods(pages) {
		if method == "LaunchForm" {
			continue // refuses such a URL, see TestLaunchFormRefusesOtherSchemes
		}
		v := reflect.New(page).Elem()
		fill(v, "javascript:alert(1)")
		doc, err := html.Parse(strings.NewReader(render(t, pages, sample{method, "script", 200, v.Interface()})))
		if err != nil {
			t.Fatal(err)
		}
		walk(doc, 0, func(n *html.Node, _ int) {
			for _, name := range []string{"href", "action", "src", "formaction"} {
				if strings.HasPrefix(strings.ToLower(strings.TrimSpace(attr(n, name))), "javascript:") {
					t.Errorf("%s: <%s %s=%q>", method, n.Data, name, attr(n, name))
				}
			}
		})
	}
}

// fill puts the text into every string that v holds, and something into all
// else, so that every branch of a template has something to show.
func fill(v reflect.Value, text string) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(now))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[[]lti.ToolExtension]() { // they hold each other; no page shows them
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), text)
		fill(v.Index(1), text)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, text)
		fill(value, text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	}
}
