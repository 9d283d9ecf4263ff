package contentitem_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/contentitem"
	"github.com/ltihub/ltihub/internal/oauth1"
)

func fixed(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// answer is a selection with more parameters, by name and value.
func answer(pairs ...string) oauth1.Params {
	p := oauth1.Params{
		{Name: "oauth_consumer_key", Value: "k"},
		{Name: "lti_message_type", Value: "ContentItemSelection"}, {Name: "lti_version", Value: "LTI-1p0"},
	}
	for i := 0; i < len(pairs); i += 2 {
		p = append(p, oauth1.Param{Name: pairs[i], Value: pairs[i+1]})
	}
	return p
}

// graph is a selection of these items.
func graph(items ...string) oauth1.Params {
	return answer("content_items", `{"@graph":[`+strings.Join(items, ",")+`]}`)
}

func TestParseSelectionReadsFixedTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file string
		want contentitem.Selection
	}{
		{"selection.json", contentitem.Selection{Items: []contentitem.Item{
			{
				Type: contentitem.LinkItem, MediaType: contentitem.LTILink,
				Title: "Quiz 4", Text: "Osmosis", URL: "https://tool.example.org/launch",
				Icon:      contentitem.Image{URL: "https://tool.example.org/i.png", Width: 32, Height: 32},
				Thumbnail: contentitem.Image{URL: "https://tool.example.org/t.png", Width: 90, Height: 60},
				Placement: contentitem.Placement{Target: "iframe", WindowTarget: "_blank", Width: 800, Height: 600},
				Custom:    map[string]string{"quiz": "4", "level": "2", "timed": "true", "hint": ""},
				LineItem:  &contentitem.LineItem{Label: "Quiz 4 score", ActivityID: "a-4", NormalMaximum: 20, TotalMaximum: 20},
			},
			{Type: contentitem.ContentItem, MediaType: "text/html", Text: "<b>hi</b>", Placement: contentitem.Placement{Target: "embed"}},
			{Type: contentitem.FileItem, MediaType: "application/pdf", URL: "https://tool.example.org/f.pdf#page=2",
				CopyAdvice: true, ExpiresAt: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)},
		}}},
		{"odd.json", contentitem.Selection{
			Items: []contentitem.Item{
				{Type: contentitem.LinkItem},
				{Type: contentitem.LinkItem, URL: "http://tool.example.org/l", Icon: contentitem.Image{URL: "http://tool.example.org/i.png"},
					LineItem: &contentitem.LineItem{Label: "Column", TotalMaximum: 12.5, ExtraMaximum: 2.5}},
				{Type: contentitem.LinkItem, MediaType: contentitem.LTILink, Title: "7"},
				{Type: contentitem.LinkItem, MediaType: "application/vnd.ims.lti.v1.launch+json"},
				{Type: contentitem.FileItem, URL: "https://tool.example.org/f"},
			},
			Ignored: []contentitem.Ignored{
				{Item: 5, Part: "expiresAt", Reason: "it is no time"},
				{Item: 6, Reason: `its type "Recipe" is unknown`},
				{Item: 7, Reason: "it is no object"},
				{Item: 8, Reason: "it has no type"},
			},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			got, err := contentitem.ParseSelection(answer("content_items", fixed(t, tt.file)))
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("ParseSelection = %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestParseSelectionRefuses(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("x", n) }
	nest := func(n int) string {
		return `{"@graph":[],"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}"
	}
	items := func(text string) oauth1.Params { return answer("content_items", text) }
	tests := []struct {
		name string
		p    oauth1.Params
		want error
	}{
		{"nothing", nil, contentitem.ErrMessageType},
		{"a launch", oauth1.Params{{Name: "lti_message_type", Value: "basic-lti-launch-request"}}, contentitem.ErrMessageType},
		{"a request", oauth1.Params{{Name: "lti_message_type", Value: contentitem.RequestType}}, contentitem.ErrMessageType},
		{"no version", answer()[:2], contentitem.ErrVersion},
		{"another version", append(answer()[:2], oauth1.Param{Name: "lti_version", Value: "LTI-2p0"}), contentitem.ErrVersion},
		{"two types", answer("lti_message_type", "ContentItemSelection"), contentitem.ErrRepeated},
		{"two texts", answer("content_items", "{}", "content_items", "{}"), contentitem.ErrRepeated},
		{"two data", answer("data", "1", "data", "1"), contentitem.ErrRepeated},
		{"two messages", answer("lti_msg", "", "lti_msg", ""), contentitem.ErrRepeated},
		{"too much text", items(`{"x":"` + long(contentitem.MaxText) + `"}`), contentitem.ErrTooLarge},
		{"too much data", answer("data", long(4097)), contentitem.ErrTooLarge},
		{"too many", graph(strings.TrimSuffix(strings.Repeat(`{"@type":"LtiLink"},`, 201), ",")), contentitem.ErrTooLarge},
		{"no JSON", items("<html>"), contentitem.ErrJSON},
		{"cut", items(`{"@graph":[`), contentitem.ErrJSON},
		{"a list", items("[]"), contentitem.ErrJSON},
		{"null", items("null"), contentitem.ErrJSON},
		{"a text", items(`"x"`), contentitem.ErrJSON},
		{"two documents", items("{}{}"), contentitem.ErrJSON},
		{"a comment", items("{} // x"), contentitem.ErrJSON},
		{"a comma too many", items(`{"@graph":[],}`), contentitem.ErrJSON},
		{"invalid UTF-8", items("{\"x\":\"\xff\"}"), contentitem.ErrJSON},
		{"two graphs", items(`{"@graph":[],"@graph":[]}`), contentitem.ErrJSON},
		{"two urls", graph(`{"@type":"LtiLink","url":"https://a.example/","url":"https://b.example/"}`), contentitem.ErrJSON},
		{"two urls, one escaped", graph(`{"@type":"LtiLink","url":"https://a.example/","\u0075rl":"https://b.example/"}`), contentitem.ErrJSON},
		{"two names far inside", graph(`{"custom":{"a":"1","b":[{"c":1,"c":2}]}}`), contentitem.ErrJSON},
		{"graph of text", items(`{"@graph":"x"}`), contentitem.ErrJSON},
		{"graph of number", items(`{"@graph":1e999}`), contentitem.ErrJSON},
		{"too deep", items(nest(17)), contentitem.ErrJSON},
		{"much too deep", items(strings.Repeat("[", 500_000)), contentitem.ErrJSON},
		{"much too deep and well-formed", items(`{"x":` + strings.Repeat("[", 400_000) + strings.Repeat("]", 400_000) + "}"), contentitem.ErrJSON},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := contentitem.ParseSelection(tt.p)
			if diff := cmp.Diff(contentitem.Selection{}, got); !errors.Is(err, tt.want) || diff != "" {
				t.Errorf("ParseSelection = %v, want %v and nothing (-want +got):\n%s", err, tt.want, diff)
			}
		})
	}
	if _, err := contentitem.ParseSelection(items(nest(16))); err != nil {
		t.Errorf("ParseSelection at the greatest depth = %v", err)
	}
	if got, err := contentitem.ParseSelection(graph(strings.TrimSuffix(strings.Repeat(`{"@type":"LtiLink"},`, 200), ","))); err != nil || len(got.Items) != 200 {
		t.Errorf("ParseSelection of as many items as there may be = %d, %v", len(got.Items), err)
	}
}

func TestParseSelectionCancelled(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]oauth1.Params{
		"no items":     answer(),
		"no text":      answer("content_items", ""),
		"white space":  answer("content_items", " \n"),
		"no graph":     answer("content_items", "{}"),
		"context only": answer("content_items", `{"@context":"http://purl.imsglobal.org/ctx/lti/v1/ContentItem"}`),
		"null graph":   answer("content_items", `{"@graph":null}`),
		"empty graph":  graph(),
	} {
		if got, err := contentitem.ParseSelection(p); err != nil || !got.Cancelled() {
			t.Errorf("%s: ParseSelection = %+v, %v, want cancelled", name, got, err)
		}
	}
	got, err := contentitem.ParseSelection(graph("7"))
	if err != nil || got.Cancelled() {
		t.Errorf("ParseSelection of what cannot be used = %+v, %v, want not cancelled", got, err)
	}
}

func TestParseSelectionOfOneItem(t *testing.T) {
	t.Parallel()
	const item = `{"@context":"x","@type":"LtiLinkItem","title":"One"}`
	want := []contentitem.Item{{Type: contentitem.LinkItem, Title: "One"}}
	for name, text := range map[string]string{
		"list":            `{"@graph":[` + item + `]}`,
		"graph":           `{"@graph":` + item + `}`,
		"document":        item,
		"byte order mark": "\uFEFF" + item,
	} {
		got, err := contentitem.ParseSelection(answer("content_items", text))
		if diff := cmp.Diff(want, got.Items); err != nil || diff != "" {
			t.Errorf("%s: ParseSelection = %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestParseSelectionMessages(t *testing.T) {
	t.Parallel()
	got, err := contentitem.ParseSelection(answer("data", " d\x00 ", "lti_msg", "Done", "lti_log", "l\x00\xff",
		"lti_errormsg", strings.Repeat("é", 1001), "lti_errorlog", "e"))
	want := contentitem.Selection{Data: " d\x00 ", Message: "Done", Log: "l\uFFFD\uFFFD",
		ErrorMessage: strings.Repeat("é", 1000), ErrorLog: "e"}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ParseSelection = %v (-want +got):\n%s", err, diff)
	}
}

func TestIgnoredReadsAsASentence(t *testing.T) {
	t.Parallel()
	for want, i := range map[string]contentitem.Ignored{
		"item 2 is left out: it has no type":           {Item: 2, Reason: "it has no type"},
		"icon of item 1 is left out: it has no host":   {Item: 1, Part: "icon", Reason: "it has no host"},
		"the end of title of item 3 is left out: long": {Item: 3, Part: "the end of title", Reason: "long"},
	} {
		if got := fmt.Sprint(i); got != want {
			t.Errorf("String = %q, want %q", got, want)
		}
	}
}

func TestRequestParams(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		r    contentitem.Request
		want oauth1.Params
	}{
		{"least", contentitem.Request{ReturnURL: "https://hub.example/r"}, oauth1.Params{
			{Name: "accept_media_types", Value: "application/vnd.ims.lti.v1.ltilink"},
			{Name: "accept_presentation_document_targets", Value: "iframe,window"},
			{Name: "content_item_return_url", Value: "https://hub.example/r"},
			{Name: "accept_unsigned", Value: "false"}, {Name: "accept_multiple", Value: "false"},
			{Name: "accept_copy_advice", Value: "false"}, {Name: "auto_create", Value: "false"},
			{Name: "can_confirm", Value: "false"},
		}},
		{"all", contentitem.Request{ReturnURL: "https://hub.example/r", MediaTypes: []string{contentitem.LTILink, "text/html", "image/*"},
			Targets: []string{"embed", "none"}, Unsigned: true, Multiple: true, CopyAdvice: true, AutoCreate: true, Confirm: true,
			Title: "t", Text: "x & y", Data: "d"}, oauth1.Params{
			{Name: "accept_media_types", Value: "application/vnd.ims.lti.v1.ltilink,text/html,image/*"},
			{Name: "accept_presentation_document_targets", Value: "embed,none"},
			{Name: "content_item_return_url", Value: "https://hub.example/r"},
			{Name: "accept_unsigned", Value: "true"}, {Name: "accept_multiple", Value: "true"},
			{Name: "accept_copy_advice", Value: "true"}, {Name: "auto_create", Value: "true"},
			{Name: "can_confirm", Value: "true"},
			{Name: "title", Value: "t"}, {Name: "text", Value: "x & y"}, {Name: "data", Value: "d"},
		}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.r.Params()); diff != "" {
			t.Errorf("%s: Params (-want +got):\n%s", tt.name, diff)
		}
	}
}
