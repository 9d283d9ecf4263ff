package simulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The message that asks for content, and the one that answers it (Content-Item
// Message 1.0, 3).
const (
	messageSelectionRequest = "ContentItemSelectionRequest"
	messageSelection        = "ContentItemSelection"
)

// Choice is one content item, as its JSON text will have it.
type Choice map[string]any

// LinkChoice is a link to an activity of the tool; without points it has no
// line item.
func (t *Tool) LinkChoice(title string, points float64, custom map[string]string) Choice {
	c := Choice{
		"@type": "LtiLinkItem", "mediaType": "application/vnd.ims.lti.v1.ltilink",
		"url": t.LaunchURL(), "title": title, "text": title + ", made by " + t.Name,
		"placementAdvice": Choice{"presentationDocumentTarget": "iframe"},
		"custom":          custom,
	}
	if points > 0 {
		c["lineItem"] = Choice{
			"@type": "LineItem", "label": title, "reportingMethod": "res:totalScore",
			"scoreConstraints": Choice{"@type": "NumericLimits", "normalMaximum": points, "totalMaximum": points},
		}
	}
	return c
}

// SelectionCall is an answer in detail. Only Request is needed: an answer without
// Choices turns back. The rest is for tests: to forge and to disturb.
type SelectionCall struct {
	Request Launch // one of Selections
	Choices []Choice
	Message string // lti_msg
	Error   string // lti_errormsg
	Data    string // in place of the request's own
	Key     string // sign under another key
	Secret  string // sign with another secret
	Skew    time.Duration
}

// Selections returns every accepted request for content items, oldest first.
func (t *Tool) Selections() []Launch {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.selections)
}

// SelectionForm returns the signed answer to a request: where the browser posts it
// and the fields it posts. A request without content_item_return_url is an error.
func (t *Tool) SelectionForm(c SelectionCall) (action string, form url.Values, err error) {
	action = c.Request.Param("content_item_return_url")
	if u, err := url.Parse(action); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", nil, errors.New("answer selection: the request names no address to answer to")
	}
	form = url.Values{"lti_message_type": {messageSelection}, "lti_version": {"LTI-1p0"}}
	if data := cmp.Or(c.Data, c.Request.Param("data")); data != "" {
		form.Set("data", data)
	}
	if len(c.Choices) > 0 {
		text, err := json.Marshal(Choice{"@context": "http://purl.imsglobal.org/ctx/lti/v1/ContentItem", "@graph": c.Choices})
		if err != nil {
			return "", nil, fmt.Errorf("answer selection: %w", err)
		}
		form.Set("content_items", string(text))
	}
	for name, text := range map[string]string{"lti_msg": c.Message, "lti_errormsg": c.Error} {
		if text != "" {
			form.Set(name, text)
		}
	}
	s := t.signer()
	s.key, s.secret, s.at = cmp.Or(c.Key, s.key), cmp.Or(c.Secret, s.secret), s.at.Add(c.Skew)
	if err := s.signForm(action, form); err != nil {
		return "", nil, fmt.Errorf("answer selection: %w", err)
	}
	return action, form, nil
}

// unfitSelection says what a signed request lacks to be one for content items.
func unfitSelection(params url.Values) string {
	for _, name := range []string{"accept_media_types", "accept_presentation_document_targets", "content_item_return_url"} {
		if params.Get(name) == "" {
			return name + " is missing"
		}
	}
	for name, values := range params {
		switch {
		case len(values) > 1:
			return name + " occurs more than once"
		case strings.HasPrefix(name, "resource_link_"), name == "lis_result_sourcedid", name == "launch_presentation_return_url":
			return name + " does not belong here"
		}
	}
	return ""
}

// takeSelection accepts a request for content items and lets the person choose.
func (t *Tool) takeSelection(w http.ResponseWriter, r *http.Request, now time.Time, params url.Values) {
	if why := unfitSelection(params); why != "" {
		t.refuse(w, now, http.StatusBadRequest, why)
		return
	}
	request := Launch{ID: t.NewID(), At: now.UTC(), Params: params}
	t.mu.Lock()
	t.selections = append(t.selections, request)
	t.mu.Unlock()
	t.changes.tell()
	http.Redirect(w, r, "/selections/"+url.PathEscape(request.ID), http.StatusSeeOther)
}

// shelf is what the tool's page has to choose from; points 0 are not graded.
func shelf() []shelfItem {
	return []shelfItem{{"osmosis", "Quiz: Osmosis", 20}, {"forces", "Quiz: Forces", 10}, {"reader", "Course reader", 0}}
}

type shelfItem struct {
	ID, Title string
	Points    float64
}

type selectionPage struct {
	toolFrame
	Request Launch
	Shelf   []shelfItem
}

type answerPage struct {
	toolFrame
	Form SignedForm
}

func (t *Tool) selectionOf(w http.ResponseWriter, r *http.Request) (Launch, bool) {
	requests := t.Selections()
	i := slices.IndexFunc(requests, func(l Launch) bool { return l.ID == r.PathValue("id") })
	if i < 0 {
		http.Error(w, "no such request: start from the course", http.StatusNotFound)
		return Launch{}, false
	}
	return requests[i], true
}

func (t *Tool) showSelection(w http.ResponseWriter, r *http.Request) {
	if request, ok := t.selectionOf(w, r); ok {
		t.pages.render(w, http.StatusOK, "selection", selectionPage{toolFrame{t.Name, "Choose"}, request, shelf()})
	}
}

// answerSelection answers with what was ticked, by a form that posts itself.
func (t *Tool) answerSelection(w http.ResponseWriter, r *http.Request) {
	request, ok := t.selectionOf(w, r)
	if !ok {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxServiceBody)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "unreadable form", http.StatusBadRequest)
		return
	}
	call := SelectionCall{Request: request}
	for _, item := range shelf() {
		if r.PostForm.Get("action") == "choose" && slices.Contains(r.PostForm["item"], item.ID) {
			call.Choices = append(call.Choices, t.LinkChoice(item.Title, item.Points, map[string]string{"quiz": item.ID}))
		}
	}
	call.Message = strconv.Itoa(len(call.Choices)) + " chosen."
	if len(call.Choices) == 0 {
		call.Message = "You chose nothing."
	}
	action, form, err := t.SelectionForm(call)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	t.pages.render(w, http.StatusOK, "answer", answerPage{toolFrame{t.Name, "Back to the course"}, SignedForm{Action: action, Fields: form}})
}
