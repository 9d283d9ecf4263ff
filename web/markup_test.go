package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// maxPage is how large a page may be, in bytes.
const maxPage = 100_000

func TestPagesAreSoundMarkup(t *testing.T) {
	t.Parallel()
	pages := newPages(t)
	for _, s := range samples() {
		t.Run(s.method+"/"+s.variant, func(t *testing.T) {
			t.Parallel()
			body := render(t, pages, s)
			if len(body) > maxPage {
				t.Errorf("page has %d bytes, want at most %d", len(body), maxPage)
			}
			doc, err := html.Parse(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			checkNesting(t, body, doc)
			checkPolicy(t, doc)
			checkAccess(t, doc)
		})
	}
}

// checkNesting compares the elements as they are written with the tree that a
// browser makes of them: any difference is a tag left open or out of place.
func checkNesting(t *testing.T, body string, doc *html.Node) {
	t.Helper()
	written, open := []string{}, []string{}
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			written = append(written, fmt.Sprintf("%d %s", len(open), strings.ToLower(token.Data)))
			if kind == html.StartTagToken && !slices.Contains(voidElements(), token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("</%s> closes %v", token.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	parsed := []string{}
	walk(doc, 0, func(n *html.Node, depth int) {
		parsed = append(parsed, fmt.Sprintf("%d %s", depth, strings.ToLower(n.Data)))
	})
	for i := range min(len(written), len(parsed)) {
		if written[i] != parsed[i] {
			t.Fatalf("element %d is written as %q and read as %q", i, written[i], parsed[i])
		}
	}
	if len(written) != len(parsed) || len(open) > 0 {
		t.Fatalf("%d elements written, %d read, open at the end: %v", len(written), len(parsed), open)
	}
}

func voidElements() []string {
	return []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
}

// checkPolicy finds what a strict content security policy would stop.
func checkPolicy(t *testing.T, doc *html.Node) {
	t.Helper()
	walk(doc, 0, func(n *html.Node, _ int) {
		if n.Data == "style" {
			t.Error("inline <style>")
		}
		if n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil) {
			t.Error("inline <script>")
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			}
			if (a.Key == "src" || (a.Key == "href" && n.Data == "link")) && !strings.HasPrefix(a.Val, "/static/") {
				t.Errorf("<%s> loads %q", n.Data, a.Val)
			}
		}
	})
}

// checkAccess finds what would stop a person with a keyboard or screen reader.
func checkAccess(t *testing.T, doc *html.Node) {
	t.Helper()
	ids, labelled, headings, level := map[string]bool{}, map[string]bool{}, 0, 0
	walk(doc, 0, func(n *html.Node, _ int) {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q stands twice", id)
			}
			ids[id] = true
		}
		if n.Data == "label" {
			labelled[attr(n, "for")] = true
		}
		if n.Data == "h1" {
			headings++
		}
		if n.Data == "h1" || n.Data == "h2" || n.Data == "h3" {
			below := int(n.Data[1] - '0')
			if below > level+1 {
				t.Errorf("<%s>%s stands below no heading of the level above", n.Data, text(n))
			}
			level = below
		}
	})
	if headings != 1 {
		t.Errorf("%d <h1>, want 1", headings)
	}
	walk(doc, 0, func(n *html.Node, _ int) {
		for _, ref := range []string{"for", "aria-describedby", "data-copy", "data-into"} {
			for _, id := range strings.Fields(attr(n, ref)) {
				if !ids[id] {
					t.Errorf("<%s %s=%q> leads nowhere", n.Data, ref, id)
				}
			}
		}
		checkElement(t, n, labelled)
	})
}

// checkElement checks that one element can be understood without seeing it.
func checkElement(t *testing.T, n *html.Node, labelled map[string]bool) {
	t.Helper()
	switch n.Data {
	case "html":
		if attr(n, "lang") == "" {
			t.Error("no language")
		}
	case "title", "button", "a", "h1", "h2", "h3", "summary", "label":
		if strings.TrimSpace(text(n)) == "" {
			t.Errorf("empty <%s>", n.Data)
		}
	case "input", "select", "textarea":
		inLabel := n.Parent.Data == "label"
		if attr(n, "type") != "hidden" && attr(n, "aria-label") == "" && !inLabel && (attr(n, "id") == "" || !labelled[attr(n, "id")]) {
			t.Errorf("<%s name=%q> has no label", n.Data, attr(n, "name"))
		}
	case "img":
		if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) {
			t.Error("<img> without alt")
		}
	case "iframe":
		if attr(n, "title") == "" {
			t.Error("<iframe> without title")
		}
	case "th":
		if attr(n, "scope") == "" {
			t.Error("<th> without scope")
		}
	case "i":
		if attr(n, "aria-hidden") == "" && (attr(n, "role") != "img" || attr(n, "title") == "") {
			t.Errorf("sign %q has no words", attr(n, "class"))
		}
	}
}

// walk visits all elements in the order they stand.
func walk(n *html.Node, depth int, visit func(n *html.Node, depth int)) {
	if n.Type == html.ElementNode {
		visit(n, depth)
		depth++
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, depth, visit)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	all := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		all += text(c)
	}
	return all
}
