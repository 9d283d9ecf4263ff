package consumer_test

import (
	"context"
	"testing"

	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/store"
)

// FuzzTakeResult sends what nobody signed: it is answered and never believed.
func FuzzTakeResult(f *testing.F) {
	h := newHub(f)
	id := h.sourcedID("bob", "quiz1")
	req := h.pox(h.signer("stranger"), replace(id, "0.5"))
	f.Add(req.ContentType, req.Authorization[0], req.Body)
	form := h.form(h.signer("stranger"), passbackURL, outcome.BuildForm(update(id, "0.5", "")))
	f.Add(form.ContentType, "", form.Body)
	f.Add("application/x-www-form-urlencoded", "OAuth nonsense", []byte("lti_message_type=basic-lis-readresult&sourcedid=%ff"))
	f.Add("text/xml; charset=latin1", "OAuth a=\"b\"", []byte("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"))
	h.Store = deadStore{h.Store, store.ErrUnavailable} // records of refusals would only slow it down
	f.Fuzz(func(t *testing.T, contentType, authorization string, body []byte) {
		a := h.TakeResult(context.Background(), oauth1.Request{
			Method: "POST", URL: passbackURL, ContentType: contentType, Authorization: []string{authorization}, Body: body,
		})
		if a.Cause == "" || a.Status < 200 || a.Status >= 500 || len(a.Body) == 0 {
			t.Errorf("answer %d %q: %s %q", a.Status, a.Cause, a.Detail, a.Body)
		}
	})
}
