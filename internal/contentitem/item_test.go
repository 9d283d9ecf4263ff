package contentitem_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/contentitem"
	"github.com/ltihub/ltihub/internal/lti"
)

func TestParseSelectionLeavesItemsOut(t *testing.T) {
	t.Parallel()
	link := func(rest string) string { return `{"@type":"LtiLinkItem",` + rest + `}` }
	tests := []struct{ name, item, want string }{
		{"null", "null", "it is no object"},
		{"a list", `[{"@type":"LtiLinkItem"}]`, "it is no object"},
		{"unknown type", `{"@type":["Recipe","x:Soup"]}`, `its type "Recipe x:Soup" is unknown`},
		{"type in another case", `{"@type":"ltilinkitem"}`, `its type "ltilinkitem" is unknown`},
		{"type under another name", `{"type":"LtiLinkItem"}`, "it has no type"},
		{"type of no text", `{"@type":{"@id":"LtiLinkItem"}}`, "it has no type"},
		{"script", link(`"url":"javascript:alert(1)"`), "its url is refused: it does not start with http:// or https://"},
		{"relative url", link(`"url":"/admin"`), "its url is refused: it does not start with http:// or https://"},
		{"fragment", link(`"url":"https://t.example/#x"`), "its url is refused: it contains a fragment"},
		{"long url", link(`"url":"https://t.example/` + strings.Repeat("x", 4096) + `"`), "its url is refused: it is longer than 4096 bytes"},
		{"file without url", `{"@type":"FileItem"}`, "it has no url"},
		{"file on our disk", `{"@type":"FileItem","url":"file:///etc/passwd"}`, "its url is refused: it does not start with http:// or https://"},
		{"content without content", `{"@type":"ContentItem","mediaType":"text/html","title":"x"}`, "it has neither url nor text"},
		{"content as data", `{"@type":"ContentItem","url":"data:text/html,x"}`, "its url is refused: it does not start with http:// or https://"},
		{"space in a fragment", `{"@type":"ContentItem","url":"https://t.example/#a b"}`, "its url is refused: it contains a character that must be escaped"},
		{"endless fragment", `{"@type":"ContentItem","url":"https://t.example/#` + strings.Repeat("x", 5000) + `"}`, "its url is refused: its fragment is too long"},
		{"custom list", link(`"custom":["a"]`), "its custom is no object"},
		{"custom text", link(`"custom":"a=b"`), "its custom is no object"},
		{"nested custom", link(`"custom":{"a":"1","b":{"c":"2"}}`), `its custom parameter "b" is no text`},
		{"list in custom", link(`"custom":{"b":["2"]}`), `its custom parameter "b" is no text`},
		{"nameless custom", link(`"custom":{" ":"2"}`), `its custom parameter " " has no acceptable name`},
		{"NUL in a name", link(`"custom":{"\u0000":"2"}`), `its custom parameter "\x00" has no acceptable name`},
		{"long custom", link(`"custom":{"b":"` + strings.Repeat("x", 4097) + `"}`), `its custom parameter "b" is longer than 4096 bytes`},
		{"long number", link(`"custom":{"b":1` + strings.Repeat("0", 4096) + `}`), `its custom parameter "b" is longer than 4096 bytes`},
		{"much custom", link(`"custom":` + numbered(201)), "it has more than 200 custom parameters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := contentitem.ParseSelection(graph(`{"@type":"LtiLink"}`, tt.item))
			if err != nil || len(got.Items) != 1 {
				t.Fatalf("ParseSelection = %+v, %v, want one item", got, err)
			}
			if diff := cmp.Diff([]contentitem.Ignored{{Item: 2, Reason: tt.want}}, got.Ignored); diff != "" {
				t.Errorf("Ignored (-want +got):\n%s", diff)
			}
		})
	}
}

// numbered is a JSON object of n members.
func numbered(n int) string {
	m := make(map[int]int)
	for i := range n {
		m[i] = i
	}
	b, _ := json.Marshal(m) // ints always work
	return string(b)
}

func TestParseSelectionLeavesPartsOut(t *testing.T) {
	t.Parallel()
	const bounds = "it is no number in its bounds"
	type ignored = []contentitem.Ignored
	limits := func(text string) string { return `"lineItem":{"scoreConstraints":{` + text + `}}` }
	tests := []struct {
		name, part string
		want       ignored
		points     float64
	}{
		{"icon", `"icon":"javascript:x"`, ignored{{Item: 1, Part: "icon", Reason: "it does not start with http:// or https://"}}, 0},
		{"icon size", `"icon":{"@id":"https://t.example/i","width":-1,"height":1e9}`, ignored{{Item: 1, Part: "icon.width", Reason: bounds}, {Item: 1, Part: "icon.height", Reason: bounds}}, 0},
		{"target", `"placementAdvice":{"presentationDocumentTarget":"_top","displayWidth":"wide"}`,
			ignored{{Item: 1, Part: "placementAdvice.displayWidth", Reason: bounds}, {Item: 1, Part: "placementAdvice", Reason: `its target "_top" is unknown`}}, 0},
		{"title", `"title":"` + strings.Repeat("é", 256) + `"`, ignored{{Item: 1, Part: "the end of title", Reason: "it is longer than 255 characters"}}, 0},
		{"text", `"text":"` + strings.Repeat("é", 1001) + `"`, ignored{{Item: 1, Part: "the end of text", Reason: "it is longer than 1000 characters"}}, 0},
		{"huge points", limits(`"normalMaximum":1e999,"totalMaximum":10`), ignored{{Item: 1, Part: "lineItem.normalMaximum", Reason: bounds}}, 10},
		{"negative points", limits(`"normalMaximum":-5`), ignored{{Item: 1, Part: "lineItem.normalMaximum", Reason: bounds}}, 0},
		{"no number", limits(`"totalMaximum":"NaN"`), ignored{{Item: 1, Part: "lineItem.totalMaximum", Reason: bounds}}, 0},
		{"hexadecimal", limits(`"totalMaximum":"0x10"`), ignored{{Item: 1, Part: "lineItem.totalMaximum", Reason: bounds}}, 0},
		{"empty number", limits(`"totalMaximum":""`), ignored{{Item: 1, Part: "lineItem.totalMaximum", Reason: bounds}}, 0},
		{"points in a list", limits(`"totalMaximum":[5]`), ignored{{Item: 1, Part: "lineItem.totalMaximum", Reason: bounds}}, 0},
		{"null points", limits(`"normalMaximum":null,"totalMaximum":5`), nil, 5},
		{"minus zero", limits(`"normalMaximum":-0`), nil, 0},
		{"many digits", limits(`"normalMaximum":0.` + strings.Repeat("1", 5000)), nil, 0.1111111111111111},
		{"no constraints", `"lineItem":{"label":"x","scoreConstraints":7}`, nil, 0},
		{"no line item", `"lineItem":"x"`, nil, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := contentitem.ParseSelection(graph(`{"@type":"LtiLinkItem",` + tt.part + `}`))
			if err != nil || len(got.Items) != 1 {
				t.Fatalf("ParseSelection = %+v, %v, want the item", got, err)
			}
			if diff := cmp.Diff(tt.want, got.Ignored); diff != "" {
				t.Errorf("Ignored (-want +got):\n%s", diff)
			}
			if points := got.Items[0].ResourceLink().Points; points != tt.points {
				t.Errorf("Points = %v, want %v", points, tt.points)
			}
		})
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		l    contentitem.LineItem
		want float64
	}{
		{contentitem.LineItem{}, 0},
		{contentitem.LineItem{NormalMaximum: 20, ExtraMaximum: 5, TotalMaximum: 25}, 20},
		{contentitem.LineItem{ExtraMaximum: 5, TotalMaximum: 25}, 20},
		{contentitem.LineItem{TotalMaximum: 25}, 25},
		{contentitem.LineItem{ExtraMaximum: 5}, 0},
	}
	for _, tt := range tests {
		if got := tt.l.Points(); got != tt.want {
			t.Errorf("Points of %+v = %v, want %v", tt.l, got, tt.want)
		}
	}
}

func TestResourceLink(t *testing.T) {
	t.Parallel()
	got, err := contentitem.ParseSelection(graph(`{"@type":"LtiLinkItem","url":"https://t.example/l","text":"About","custom":{"a":"$User.id"},"lineItem":{"label":"Quiz","scoreConstraints":{"normalMaximum":12.5}}}`))
	if err != nil || len(got.Items) != 1 {
		t.Fatalf("ParseSelection = %+v, %v", got, err)
	}
	want := lti.ResourceLink{Title: "Quiz", Description: "About", URL: "https://t.example/l", Points: 12.5, Custom: map[string]string{"a": "$User.id"}}
	if diff := cmp.Diff(want, got.Items[0].ResourceLink()); diff != "" {
		t.Errorf("ResourceLink (-want +got):\n%s", diff)
	}
}

func TestSafeHTML(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, media, text, want string }{
		{"plain", "text/plain", "<b>1 & 2</b>", "&lt;b&gt;1 &amp; 2&lt;/b&gt;"},
		{"no media type", "", "<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"},
		{"harmless", "text/html", "<b>hi</b><p>there</p>", "<b>hi</b><p>there</p>"},
		{"with charset", "Text/HTML; charset=utf-8", "<b>hi</b>", "<b>hi</b>"},
		{"script", "text/html", "a<script>alert(1)</script>b", "ab"},
		{"handler", "text/html", `<img src="https://t.example/i.png" onerror="alert(1)">`, `<img src="https://t.example/i.png"/>`},
		{"script url", "text/html", `<a href="javascript:alert(1)">x</a>`, "x"},
		{"data url", "text/html", `<img src="data:text/html,x">`, ""},
		{"our pages", "text/html", `<a href="/logout">x</a><img src="/logout"><img src="//t.example/i.png">`, "x"},
		{"frame and form", "text/html", `<iframe src="https://t.example"></iframe><form action="https://t.example"><input name="a"></form>`, ""},
		{"style", "text/html", `<style>body{display:none}</style><p style="position:fixed">x</p>`, "<p>x</p>"},
		{"unclosed", "text/html", "<ul><li><b>x", "<ul><li><b>x</b></li></ul>"},
		{"closes ours", "text/html", "</p></div></main>x</b>", "<p></p>x"},
		{"half a tag", "text/html", `x<a href="https://t.example/`, "x"},
		{"half a comment", "text/html", "x<!-- ", "x"},
		{"too deep", "text/html", strings.Repeat("<b>", 1000), strings.Repeat("&lt;b&gt;", 1000)},
		{"link", "text/html", `<a href="https://t.example/">x</a>`, `<a href="https://t.example/" rel="nofollow">x</a>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			item := contentitem.Item{Type: contentitem.ContentItem, MediaType: tt.media, Text: tt.text}
			if got := item.SafeHTML(); got != tt.want {
				t.Errorf("SafeHTML = %q, want %q", got, tt.want)
			}
		})
	}
}

// wantHarmless looks for markup that runs, reaches out or is not balanced.
func wantHarmless(t testing.TB, markup string) {
	t.Helper()
	var open []string
	z := html.NewTokenizer(strings.NewReader(markup))
	for z.Next() != html.ErrorToken {
		token := z.Token()
		switch {
		case token.Type == html.StartTagToken && !void(token.Data):
			open = append(open, token.Data)
		case token.Type == html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("SafeHTML closes %q, open are %q: %q", token.Data, open, markup)
			}
			open = open[:len(open)-1]
		}
		switch token.Data {
		case "script", "style", "iframe", "form", "object", "embed", "base", "meta", "link", "svg", "math":
			if token.Type != html.TextToken && token.Type != html.CommentToken {
				t.Errorf("SafeHTML let %q pass: %q", token.Data, markup)
			}
		}
		for _, a := range token.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(value, "javascript:") && (a.Key == "href" || a.Key == "src") {
				t.Errorf("SafeHTML let %q pass: %q", a.Key, markup)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("SafeHTML leaves %q open: %q", open, markup)
	}
}

// void tells elements that have no end tag.
func void(name string) bool {
	switch name {
	case "area", "br", "col", "hr", "img", "wbr":
		return true
	}
	return false
}

func FuzzSafeHTML(f *testing.F) {
	f.Add(`<b>hi</b><script>alert(1)</script>`)
	f.Add(`<a href=" java&#x0a;script:alert(1)" onclick=x>y</a><svg><style><img src=x onerror=y>`)
	f.Add(`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`)
	f.Add(`</div></p><ul><li>x<a>y<img src="https://t.example/i"><li></b>z<table><td>`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, media := range []string{"text/html", "text/plain"} {
			wantHarmless(t, contentitem.Item{MediaType: media, Text: text}.SafeHTML())
		}
	})
}

// What a tool states in order is what is read, whatever the texts.
func TestItemComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Map(rapid.StringN(0, 40, -1), func(s string) string {
			return strings.TrimSpace(strings.ReplaceAll(s, "\x00", ""))
		})
		want := contentitem.Item{
			Type: contentitem.LinkItem, Title: text.Draw(t, "title"), Text: text.Draw(t, "text"),
			URL: rapid.SampledFrom([]string{"", "https://t.example/l?a=1&b=%20", "http://t.example:8080/"}).Draw(t, "url"),
			LineItem: &contentitem.LineItem{Label: text.Draw(t, "label"),
				NormalMaximum: rapid.Float64Range(0, 1e6).Draw(t, "points")},
			Placement: contentitem.Placement{Width: rapid.IntRange(0, 65535).Draw(t, "width")},
		}
		custom := rapid.MapOfN(rapid.Map(text, func(s string) string { return "n" + s }), text, 1, 4).Draw(t, "custom")
		want.Custom = custom
		b, err := json.Marshal(map[string]any{"@graph": []any{map[string]any{
			"@type": "LtiLinkItem", "title": want.Title, "text": want.Text, "url": want.URL, "custom": custom,
			"placementAdvice": map[string]any{"displayWidth": want.Placement.Width},
			"lineItem":        map[string]any{"label": want.LineItem.Label, "scoreConstraints": map[string]any{"normalMaximum": want.LineItem.NormalMaximum}},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := contentitem.ParseSelection(answer("content_items", string(b)))
		if diff := cmp.Diff(contentitem.Selection{Items: []contentitem.Item{want}}, got); err != nil || diff != "" {
			t.Fatalf("ParseSelection = %v (-want +got):\n%s", err, diff)
		}
	})
}

func FuzzParseSelection(f *testing.F) {
	f.Add(fixed(f, "selection.json"))
	f.Add(fixed(f, "odd.json"))
	f.Add(`{"@graph":{"@type":"LtiLinkItem","url":"https://a.example","url":"https://b.example"}}`)
	f.Add(`{"@graph":[{"@type":"FileItem","url":"https://t.example/#\u0000","expiresAt":1e999,"icon":{"@id":{}}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := contentitem.ParseSelection(answer("content_items", text))
		if err != nil {
			return
		}
		for _, i := range s.Items {
			page, _, _ := strings.Cut(i.URL, "#")
			if i.URL != "" && lti.CheckURL(page) != nil || i.URL == "" && i.Type == contentitem.FileItem {
				t.Errorf("ParseSelection(%q) gave the URL %q", text, i.URL)
			}
			for _, part := range []string{i.Title, i.Text, i.MediaType, i.Placement.WindowTarget} {
				if !utf8.ValidString(part) || strings.ContainsRune(part, 0) {
					t.Errorf("ParseSelection(%q) gave the text %q", text, part)
				}
			}
			if p := i.ResourceLink().Points; !(p >= 0 && p <= 1e6) {
				t.Errorf("ParseSelection(%q) gave %v points", text, p)
			}
		}
	})
}
