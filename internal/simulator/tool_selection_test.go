package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// askForItems signs a request for content items as a consumer would.
func (l loop) askForItems(t *testing.T, change func(url.Values)) (int, string) {
	t.Helper()
	form := url.Values{
		"lti_message_type": {"ContentItemSelectionRequest"}, "lti_version": {"LTI-1p0"}, "user_id": {"7"},
		"context_title": {"Physics " + hostile}, "roles": {"Instructor"}, "data": {"opaque"},
		"accept_media_types": {"*/*"}, "accept_presentation_document_targets": {"iframe"},
		"content_item_return_url": {"https://lms.example/items?x=1"},
	}
	if change != nil {
		change(form)
	}
	if err := l.lms.SignForm(l.tool.LaunchURL(), form); err != nil {
		t.Fatal(err)
	}
	return l.post(t, l.tool.LaunchURL(), form)
}

func TestToolAnswersARequestForItems(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	status, page := l.askForItems(t, nil)
	if status != http.StatusOK || !strings.Contains(page, "Quiz: Osmosis") || strings.Contains(page, "<script>") {
		t.Fatalf("the tool shows %d\n%s", status, page)
	}
	requests := l.tool.Selections()
	if len(requests) != 1 || len(l.tool.Launches()) != 0 {
		t.Fatalf("the tool took %d requests and %d launches", len(requests), len(l.tool.Launches()))
	}
	resp, err := l.client.PostForm(l.tool.PublicURL+"/selections/"+requests[0].ID, url.Values{"action": {"choose"}, "item": {"forces", "reader", "none"}})
	if err != nil {
		t.Fatal(err)
	}
	if status, page := readPage(t, resp); status != http.StatusOK || !strings.Contains(page, "Quiz: Forces") || strings.Contains(page, "Osmosis") {
		t.Errorf("the answer's page is %d\n%s", status, page)
	}
	action, form, err := l.tool.SelectionForm(SelectionCall{Request: requests[0], Choices: []Choice{l.tool.LinkChoice("Quiz", 5, nil)}, Error: "oh"})
	if err != nil || action != "https://lms.example/items?x=1" {
		t.Fatalf("SelectionForm() = %q, %v", action, err)
	}
	if form.Get("data") != "opaque" || form.Get("lti_message_type") != "ContentItemSelection" || form.Get("oauth_signature") == "" || form.Get("lti_errormsg") != "oh" {
		t.Errorf("the answer is %v", form)
	}
	var items struct {
		Graph []struct {
			Type string `json:"@type"`
		} `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(form.Get("content_items")), &items); err != nil || len(items.Graph) != 1 || items.Graph[0].Type != "LtiLinkItem" {
		t.Errorf("content_items is %s (%v)", form.Get("content_items"), err)
	}
}

func TestToolRefusesUnfitRequestsForItems(t *testing.T) {
	t.Parallel()
	l := newLoop(t)
	for name, change := range map[string]func(url.Values){
		"nowhere to answer":  func(f url.Values) { f.Del("content_item_return_url") },
		"a link":             func(f url.Values) { f.Set("resource_link_id", "7") },
		"a cell":             func(f url.Values) { f.Set("lis_result_sourcedid", "7") },
		"a return URL":       func(f url.Values) { f.Set("launch_presentation_return_url", "https://lms.example/") },
		"two kinds of media": func(f url.Values) { f.Add("accept_media_types", "image/*") },
	} {
		if status, _ := l.askForItems(t, change); status != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", name, status)
		}
	}
	if _, _, err := l.tool.SelectionForm(SelectionCall{}); err == nil {
		t.Error("an answer to nothing is signed")
	}
}
