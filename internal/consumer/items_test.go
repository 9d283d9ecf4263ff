package consumer_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

func selectRequest(user, folder string) consumer.SelectRequest {
	return consumer.SelectRequest{Course: courseRef, Folder: folder, Tool: "quizzer", Username: user}
}

// asked is a request for items, as the tool got it.
type asked struct {
	params oauth1.Params
	target string
	ticket string
	data   string
}

func (h *hub) ask(req consumer.SelectRequest) asked {
	h.t.Helper()
	form, err := h.Select(context.Background(), req)
	if err != nil {
		h.t.Fatalf("Select(%+v): %v", req, err)
	}
	a := asked{params: form.Params, target: form.Params.Value("content_item_return_url"), data: form.Params.Value("data")}
	var ok bool
	if a.ticket, ok = strings.CutPrefix(a.target, publicURL+"/lti/content-items/"); !ok || len(a.ticket) < 43 || len(a.data) < 43 {
		h.t.Fatalf("the answer is to go to %q with the data %q", a.target, a.data)
	}
	return a
}

// selection is an answer, before it is signed.
func (a asked) selection(items ...any) oauth1.Params {
	graph, err := json.Marshal(map[string]any{"@context": "http://purl.imsglobal.org/ctx/lti/v1/ContentItem", "@graph": items})
	if err != nil {
		panic(err)
	}
	return oauth1.Params{
		{Name: "lti_message_type", Value: "ContentItemSelection"}, {Name: "lti_version", Value: "LTI-1p0"},
		{Name: "content_items", Value: string(graph)}, {Name: "data", Value: a.data},
	}
}

type item map[string]any

func quizItem(title string) item {
	return item{
		"@type": "LtiLinkItem", "mediaType": "application/vnd.ims.lti.v1.ltilink", "title": title,
		"url": "https://tool.example/lti/quiz", "text": "Osmosis", "custom": item{"quiz": "4"},
		"lineItem": item{"@type": "LineItem", "scoreConstraints": item{"@type": "NumericLimits", "normalMaximum": 20}},
	}
}

func (h *hub) take(req oauth1.Request, ticket string) (consumer.Back, error) {
	return h.TakeItems(context.Background(), req, ticket)
}

// answered takes an answer of the quizzer, which must be accepted.
func (h *hub) answered(a asked, p oauth1.Params) consumer.Back {
	h.t.Helper()
	back, err := h.take(h.form(h.signer("quizzer"), a.target, p), a.ticket)
	if err != nil {
		h.t.Fatalf("TakeItems(): %v", err)
	}
	return back
}

func (h *hub) course() (c lti.Course) {
	h.t.Helper()
	h.view(func(tx store.Tx) (err error) {
		c, err = store.Courses.Get(tx, "uni", "phys101")
		return err
	})
	return c
}

func (h *hub) record(id string) (r lti.LaunchRecord) {
	h.t.Helper()
	h.view(func(tx store.Tx) (err error) {
		r, err = store.Launches.Get(tx, id)
		return err
	})
	return r
}

func TestChosenLinksAreAdded(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.ask(selectRequest("ada", "week1"))
	p := append(a.selection(quizItem("Quiz 4"), quizItem("Quiz 4"), item{"@type": "LtiLinkItem", "url": "https://tool.example/lti?room=7"}),
		oauth1.Param{Name: "lti_msg", Value: "Three quizzes"})
	back := h.answered(a, p)
	if want := (consumer.Back{Course: courseRef, Record: back.Record, Tool: "quizzer", Added: 3}); back != want {
		t.Errorf("TakeItems() = %+v, want %+v", back, want)
	}
	links := h.course().Folders[0].Links[1:]
	seen := map[string]bool{}
	for i := range links {
		if err := lti.CheckName(links[i].ID); err != nil || seen[links[i].ID] {
			t.Errorf("the id %q: %v, or twice", links[i].ID, err)
		}
		seen[links[i].ID] = true
		links[i].ID = links[i].ID[:len(links[i].ID)-9]
	}
	quiz := lti.ResourceLink{ID: "quiz-4", Tool: "quizzer", Title: "Quiz 4", Description: "Osmosis", Points: 20, URL: "https://tool.example/lti/quiz", Custom: map[string]string{"quiz": "4"}}
	if diff := cmp.Diff([]lti.ResourceLink{quiz, quiz, {ID: "quizzer", Tool: "quizzer", Title: "quizzer"}}, links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	form := h.launch("bob", h.course().Folders[0].Links[1].ID)
	if form.URL != "https://tool.example/lti/quiz" || form.Params.Value("custom_quiz") != "4" || form.Params.Value("lis_result_sourcedid") == "" {
		t.Errorf("the new link is launched at %s with\n%s", form.URL, dump(form.Params))
	}
	if r := h.record(back.Record).Returned; r == nil || r.Message != "Three quizzes" || len(r.Added) != 3 {
		t.Errorf("the record keeps %+v", r)
	}
}

func TestWhatIsNoLinkIsLeftOutWithAReason(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.ask(selectRequest("ada", ""))
	before := h.course()
	back := h.answered(a, a.selection(
		item{"@type": "ContentItem", "mediaType": "text/html", "title": "A text", "text": "<script>alert(1)</script>"},
		item{"@type": "FileItem", "mediaType": "application/pdf", "url": "https://tool.example/f.pdf", "title": "A file"},
		item{"@type": "LtiLinkItem", "url": "javascript:alert(1)", "title": "A script"},
		item{"@type": "LtiLinkItem", "url": "http://tool.example/lti", "title": "In clear"},
		item{"@type": "Spaceship"},
		quizItem("<script>alert(1)</script>\r\nSet-Cookie: x"),
	))
	after := h.course()
	if len(after.Links) != len(before.Links)+1 || back.Added != 1 || back.LeftOut != 5 {
		t.Fatalf("%d links added, told %+v", len(after.Links)-len(before.Links), back)
	}
	link := after.Links[len(after.Links)-1]
	if link.Title != "<script>alert(1)</script> Set-Cookie: x" || !strings.HasPrefix(link.ID, "script-alert-1-script-set-cookie-x-") {
		t.Errorf("a hostile title makes %+v", link)
	}
	said := strings.Join(h.record(back.Record).Returned.LeftOut, "\n")
	for _, want := range []string{`"A text" is not added`, `"A file" is not added`, "item 3 is left out", `"In clear" is not added`, "item 5 is left out"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in\n%s", want, said)
		}
	}
}

func TestCancelledSelectionUsesTheTicketUp(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.ask(selectRequest("ada", ""))
	before := h.course()
	p := append(a.selection(), oauth1.Param{Name: "lti_errormsg", Value: "Nothing fits"})
	back := h.answered(a, p)
	if diff := cmp.Diff(before, h.course()); diff != "" {
		t.Errorf("a cancelled selection changes the course:\n%s", diff)
	}
	if r := h.record(back.Record).Returned; r == nil || r.ErrorMessage != "Nothing fits" {
		t.Errorf("the record keeps %+v", r)
	}
	if _, err := h.take(h.form(h.signer("quizzer"), a.target, a.selection(quizItem("late"))), a.ticket); lti.Reason(err).Cause != lti.CauseNonceUsed {
		t.Errorf("a second answer: %v", err)
	}
}

func TestTakeItemsRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		// send makes the request; by default it is good.
		send func(h *hub, a *asked) oauth1.Request
		want lti.Cause
	}{
		{"unsigned", func(_ *hub, a *asked) oauth1.Request {
			body := url.Values{}
			for name, value := range a.selection(quizItem("x")).All() {
				body.Add(name, value)
			}
			return oauth1.Request{Method: "POST", URL: a.target, ContentType: "application/x-www-form-urlencoded", Body: []byte(body.Encode())}
		}, lti.CauseMissing},
		{"wrong secret", func(h *hub, a *asked) oauth1.Request {
			return h.form(oauth1.Signer{Key: "quizzer-key", Secret: "guess", Now: h.clock.now}, a.target, a.selection(quizItem("x")))
		}, lti.CauseSignature},
		{"changed after signing", func(h *hub, a *asked) oauth1.Request {
			req := h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
			req.Body = []byte(strings.Replace(string(req.Body), "Osmosis", "Osmosys", 1))
			return req
		}, lti.CauseSignature},
		{"one more pair", func(h *hub, a *asked) oauth1.Request {
			req := h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
			req.Body = append(req.Body, "&lti_msg=hello"...)
			return req
		}, lti.CauseSignature},
		{"another tool's", func(h *hub, a *asked) oauth1.Request {
			return h.form(h.signer("other"), a.target, a.selection(quizItem("x")))
		}, lti.CauseUnknownKey},
		{"old", func(h *hub, a *asked) oauth1.Request {
			req := h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
			h.clock.step(6 * time.Minute)
			return req
		}, lti.CauseTimestampOld},
		{"other data", func(h *hub, a *asked) oauth1.Request {
			a.data = "other"
			return h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
		}, lti.CauseTicket},
		{"data of another ticket", func(h *hub, a *asked) oauth1.Request {
			a.data = h.ask(selectRequest("ada", "")).data
			return h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
		}, lti.CauseTicket},
		{"signed for another ticket", func(h *hub, a *asked) oauth1.Request {
			other := h.ask(selectRequest("ada", ""))
			a.ticket = other.ticket
			req := h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
			req.URL = other.target
			return req
		}, lti.CauseSignature},
		{"unknown ticket", func(h *hub, a *asked) oauth1.Request {
			a.ticket = "no-such-ticket"
			return h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
		}, lti.CauseTicket},
		{"late", func(h *hub, a *asked) oauth1.Request {
			h.clock.step(consumer.TicketLifetime)
			return h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
		}, lti.CauseTicket},
		{"a launch", func(h *hub, a *asked) oauth1.Request {
			p := a.selection(quizItem("x"))
			p[0].Value = "basic-lti-launch-request"
			return h.form(h.signer("quizzer"), a.target, p)
		}, lti.CauseMessageType},
		{"another version", func(h *hub, a *asked) oauth1.Request {
			p := a.selection(quizItem("x"))
			p[1].Value = "LTI-2p0"
			return h.form(h.signer("quizzer"), a.target, p)
		}, lti.CauseVersion},
		{"items twice", func(h *hub, a *asked) oauth1.Request {
			p := a.selection(quizItem("x"))
			return h.form(h.signer("quizzer"), a.target, append(p, p[2]))
		}, lti.CauseRepeated},
		{"no JSON", func(h *hub, a *asked) oauth1.Request {
			p := a.selection()
			p[2].Value = "<items/>"
			return h.form(h.signer("quizzer"), a.target, p)
		}, lti.CauseMalformed},
		{"dropped since", func(h *hub, a *asked) oauth1.Request {
			h.addMember("ada", lti.Student)
			return h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
		}, lti.CauseNoRole},
		{"tool closed since", func(h *hub, a *asked) oauth1.Request {
			h.changeTool("quizzer", func(tool *lti.Tool) { tool.Disabled = true })
			return h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
		}, lti.CauseDisabled},
		{"folder gone since", func(h *hub, a *asked) oauth1.Request {
			h.changeCourse(func(c *lti.Course) { c.Folders[0].ID = "renamed" })
			return h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
		}, lti.CauseUnknownFolder},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t)
			h.Status = func(lti.Cause) int { return 418 }
			a := h.ask(selectRequest("ada", "week1"))
			req := tt.send(h, &a)
			before := h.course()
			_, err := h.take(req, a.ticket)
			var refused *consumer.Refused
			if !errors.As(err, &refused) || lti.Reason(err).Cause != tt.want {
				t.Fatalf("TakeItems() = %v, want %s", err, tt.want)
			}
			if diff := cmp.Diff(before, h.course()); diff != "" {
				t.Errorf("the course changed:\n%s", diff)
			}
			records := h.records(lti.Called)
			if len(records) != 1 || lti.Reference(records[0].ID) != refused.Reference || records[0].Cause != string(tt.want) || records[0].Status != 418 {
				t.Errorf("records = %+v, want one with the reference %s", records, refused.Reference)
			}
		})
	}
}

func TestSelectionIsTakenOnce(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.ask(selectRequest("ada", ""))
	req := h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x")))
	const tries = 8
	outcomes := make(chan error, tries)
	for range tries {
		go func() {
			_, err := h.take(req, a.ticket)
			outcomes <- err
		}()
	}
	taken := 0
	for range tries {
		err := <-outcomes
		if err == nil {
			taken++
		} else if lti.Reason(err).Cause != lti.CauseNonceUsed {
			t.Errorf("a replay: %v", err)
		}
	}
	if links := h.course().Links; taken != 1 || len(links) != 6 {
		t.Errorf("%d of %d taken, %d links, want 1 and 6", taken, tries, len(links))
	}
}

func TestSecretChangedMeanwhileIsOldNews(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.ask(selectRequest("ada", ""))
	sealed, err := h.Vault.Seal("new", "tool/uni/quizzer")
	if err != nil {
		t.Fatal(err)
	}
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Secret = lti.Secret{Sealed: sealed} })
	if _, err := h.take(h.form(h.signer("quizzer"), a.target, a.selection(quizItem("x"))), a.ticket); lti.Reason(err).Cause != lti.CauseSignature {
		t.Errorf("the old secret: %v", err)
	}
	s := oauth1.Signer{Key: "quizzer-key", Secret: "new", Now: h.clock.now}
	if _, err := h.take(h.form(s, a.target, a.selection(quizItem("x"))), a.ticket); err != nil {
		t.Errorf("the new secret: %v", err)
	}
}

// FuzzTakeItems lets anybody post anything to a ticket that is known.
func FuzzTakeItems(f *testing.F) {
	f.Add("lti_message_type=ContentItemSelection&lti_version=LTI-1p0&content_items=%7B%7D", "ticket")
	f.Add("oauth_consumer_key=quizzer-key&oauth_nonce=1&oauth_timestamp=1795251600&oauth_signature_method=HMAC-SHA1&oauth_signature=x", "")
	h := newHub(f)
	a := h.ask(selectRequest("ada", ""))
	before := h.course()
	f.Fuzz(func(t *testing.T, body, ticket string) {
		h.t = t
		if ticket == "" {
			ticket = a.ticket
		}
		req := oauth1.Request{Method: "POST", URL: a.target, ContentType: "application/x-www-form-urlencoded", Body: []byte(body)}
		if _, err := h.take(req, ticket); err == nil {
			t.Errorf("TakeItems(%q) is taken without a signature", body)
		}
		if diff := cmp.Diff(before, h.course()); diff != "" {
			t.Errorf("the course changed:\n%s", diff)
		}
	})
}
