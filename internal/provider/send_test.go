package provider_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/simulator"
	"github.com/ltihub/ltihub/internal/store"
)

// sender is a hub whose LMS answers over HTTP.
type sender struct {
	*hub
	target lti.UpstreamTarget
}

func newSender(t *testing.T) sender {
	t.Helper()
	h := newHub(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.lms.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { h.lms.SetFault(simulator.FaultNone) }) // lets go what hangs
	h.lms.PublicURL = server.URL
	h.Send = egress.New(egress.Options{AllowCIDRs: loopback()}).Do
	sourcedID, _ := h.lms.SourcedID(student, quiz)
	return sender{h, lti.UpstreamTarget{
		Domain: "uni", Course: "phys101", Username: student, Consumer: "campus", SourcedID: sourcedID,
		URL: server.URL + "/services/outcomes", FormURL: server.URL + "/services/outcomes10",
	}}
}

func loopback() []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// answeredBy is a sender whose target is another server.
func answeredBy(t *testing.T, handler http.HandlerFunc) sender {
	t.Helper()
	s := newSender(t)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	s.target.URL, s.target.FormURL = server.URL+"/outcomes", server.URL+"/outcomes10"
	return s
}

func points(total, possible float64) lti.Delivery {
	score := total / possible
	return lti.Delivery{ID: newID(), Domain: "uni", Consumer: "campus", Score: &score, Total: total, Possible: possible}
}

func deletion() lti.Delivery {
	return lti.Delivery{ID: newID(), Domain: "uni", Consumer: "campus"}
}

func (s sender) useFormat(format, score string) {
	s.Helper()
	s.configure(func(c *lti.ToolConsumer) { c.Passback.Format, c.Passback.Score = format, score })
}

func formats() []string { return []string{"1.1", "1.0"} }

func TestSendResultReadsEveryAnswer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault  simulator.ServiceFault
		want   lti.Verdict
		status int
		reason string
		wait   time.Duration
		stored bool
	}{
		{fault: simulator.FaultNone, want: lti.Taken, status: 200, stored: true},
		{fault: simulator.FaultDown, want: lti.Retry, status: 503, reason: "status 503"},
		{fault: simulator.FaultHTML, want: lti.Retry, status: 500, reason: "status 500"},
		{fault: simulator.FaultUnauthorised, want: lti.RefusedBy, status: 401, reason: "key and secret"},
		{fault: simulator.FaultBusy, want: lti.Retry, status: 429, reason: "status 429", wait: time.Second},
		{fault: simulator.FaultFailure, want: lti.RefusedBy, status: 200, reason: "“simulated failure”"},
		{fault: simulator.FaultUnsupported, want: lti.RefusedBy, status: 200, reason: "unsupported"},
		{fault: simulator.FaultProcessing, want: lti.Retry, status: 200, reason: "processing"},
		{fault: simulator.FaultUnprocessable, want: lti.RefusedBy, status: 422, reason: "“simulated failure”"},
		{fault: simulator.FaultCut, want: lti.Retry, reason: "127.0.0.1", stored: true},
		{fault: simulator.FaultContentType, want: lti.Taken, status: 200, stored: true},
	}
	for _, format := range formats() {
		for _, tt := range tests {
			t.Run(format+" "+string(tt.fault), func(t *testing.T) {
				t.Parallel()
				s := newSender(t)
				s.useFormat(format, lti.ScoreDecimal)
				s.lms.SetFault(tt.fault)
				r := s.SendResult(t.Context(), points(8, 10), s.target)
				if r.Verdict != tt.want || r.Status != tt.status || r.RetryAfter != tt.wait {
					t.Errorf("SendResult() = %+v, want %s with status %d", r, tt.want, tt.status)
				}
				if !strings.Contains(r.Reason, tt.reason) || (r.Reason == "") != (tt.want == lti.Taken) {
					t.Errorf("Reason = %q, want it to say %q", r.Reason, tt.reason)
				}
				if score, ok := s.lms.Grade(student, quiz); ok != tt.stored || ok && score != 0.8 {
					t.Errorf("the gradebook holds %v, %v", score, ok)
				}
			})
		}
	}
}

func TestSendResultEndsWithItsTime(t *testing.T) {
	t.Parallel()
	s := newSender(t)
	s.lms.SetFault(simulator.FaultHang)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		defer cancel()
		_ = s.lms.Until(ctx, func() bool { return len(s.lms.Calls()) == 1 }) // ends with the test at the latest
	}()
	if r := s.SendResult(ctx, points(8, 10), s.target); r.Verdict != lti.Retry || r.Status != 0 {
		t.Errorf("SendResult() = %+v, want another attempt", r)
	}
}

func TestSendResultWritesTheConfiguredForm(t *testing.T) {
	t.Parallel()
	sha256 := func(c *lti.ToolConsumer) { c.Passback.Signature = oauth1.HMACSHA256 }
	tests := []struct {
		name          string
		format, score string
		edit          func(*lti.ToolConsumer)
		target        func(*lti.UpstreamTarget)
		delivery      lti.Delivery
		want          simulator.Call
	}{
		{name: "POX", format: "1.1", delivery: points(17, 20), want: simulator.Call{Service: "outcomes", Kind: "replaceResult", Value: "0.85"}},
		{name: "POX is always decimal", format: "1.1", score: "percentage", delivery: points(17, 20), want: simulator.Call{Service: "outcomes", Kind: "replaceResult", Value: "0.85"}},
		{name: "POX of zero", format: "1.1", delivery: points(0, 20), want: simulator.Call{Service: "outcomes", Kind: "replaceResult", Value: "0"}},
		{name: "POX deletion", format: "1.1", delivery: deletion(), want: simulator.Call{Service: "outcomes", Kind: "deleteResult"}},
		{name: "POX with SHA-256", format: "1.1", edit: sha256, delivery: points(1, 1), want: simulator.Call{Service: "outcomes", Kind: "replaceResult", Value: "1", SignatureMethod: "HMAC-SHA256"}},
		{name: "decimal", format: "1.0", score: "decimal", delivery: points(17, 20), want: simulator.Call{Service: "outcomes10", Kind: "basic-lis-updateresult", Value: "0.85", ValueType: "decimal"}},
		{name: "percentage", format: "1.0", score: "percentage", delivery: points(17, 20), want: simulator.Call{Service: "outcomes10", Kind: "basic-lis-updateresult", Value: "85", ValueType: "percentage"}},
		{name: "ratio", format: "1.0", score: "ratio", delivery: points(17, 20), want: simulator.Call{Service: "outcomes10", Kind: "basic-lis-updateresult", Value: "17/20", ValueType: "ratio"}},
		{name: "form deletion", format: "1.0", delivery: deletion(), want: simulator.Call{Service: "outcomes10", Kind: "basic-lis-deleteresult", Value: "0"}},
		{name: "form with SHA-256", format: "1.0", edit: sha256, delivery: points(1, 1), want: simulator.Call{Service: "outcomes10", Kind: "basic-lis-updateresult", Value: "1", ValueType: "decimal", SignatureMethod: "HMAC-SHA256"}},
		{name: "form without its own URL", format: "1.0", target: func(t *lti.UpstreamTarget) { t.FormURL = "" }, delivery: points(1, 2), want: simulator.Call{Service: "outcomes", Kind: "basic-lis-updateresult", Value: "0.5", ValueType: "decimal"}},
		{name: "no URL but the form's", format: "1.1", target: func(t *lti.UpstreamTarget) { t.URL = "" }, delivery: points(1, 2), want: simulator.Call{Service: "outcomes10", Kind: "basic-lis-updateresult", Value: "0.5", ValueType: "decimal"}},
		{name: "URL with a query", format: "1.1", target: func(t *lti.UpstreamTarget) { t.URL += "?tenant=a%20b&x=1" }, delivery: points(1, 2), want: simulator.Call{Service: "outcomes", Kind: "replaceResult", Value: "0.5"}},
		{name: "form URL with a query", format: "1.0", target: func(t *lti.UpstreamTarget) { t.FormURL += "?tenant=a%20b&x=1" }, delivery: points(1, 2), want: simulator.Call{Service: "outcomes10", Kind: "basic-lis-updateresult", Value: "0.5", ValueType: "decimal"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSender(t)
			s.useFormat(tt.format, tt.score)
			if tt.edit != nil {
				s.configure(tt.edit)
			}
			if tt.target != nil {
				tt.target(&s.target)
			}
			if r := s.SendResult(t.Context(), tt.delivery, s.target); r.Verdict != lti.Taken {
				t.Fatalf("SendResult() = %+v, want it taken", r)
			}
			if tt.want.SignatureMethod == "" {
				tt.want.SignatureMethod = "HMAC-SHA1"
			}
			c := s.lms.Calls()[0]
			got := simulator.Call{Service: c.Service, Kind: c.Kind, Value: c.Value, ValueType: c.ValueType, SignatureMethod: c.SignatureMethod}
			if got != tt.want || c.SourcedID != s.target.SourcedID {
				t.Errorf("the LMS was called with %+v for %q, want %+v", got, c.SourcedID, tt.want)
			}
		})
	}
}

func TestEachAttemptHasAFreshNonce(t *testing.T) {
	t.Parallel()
	for _, format := range formats() {
		s := newSender(t)
		s.useFormat(format, "")
		d := points(8, 10)
		for range 3 {
			if r := s.SendResult(t.Context(), d, s.target); r.Verdict != lti.Taken {
				t.Errorf("SendResult() in format %s = %+v, want it taken again", format, r)
			}
		}
		nonces := make(map[string]bool)
		for _, c := range s.lms.Calls() {
			nonces[c.Nonce] = true
		}
		if len(nonces) != 3 {
			t.Errorf("3 attempts with %d nonces", len(nonces))
		}
	}
}

func TestDeletionEmptiesTheCell(t *testing.T) {
	t.Parallel()
	for _, format := range formats() {
		s := newSender(t)
		s.useFormat(format, "")
		s.SendResult(t.Context(), points(8, 10), s.target)
		if r := s.SendResult(t.Context(), deletion(), s.target); r.Verdict != lti.Taken {
			t.Errorf("SendResult() of a deletion in format %s = %+v", format, r)
		}
		if score, ok := s.lms.Grade(student, quiz); ok {
			t.Errorf("the gradebook still holds %v", score)
		}
	}
}

func TestWrongSecretIsRefusedWithAHint(t *testing.T) {
	t.Parallel()
	s := newSender(t)
	s.configure(func(c *lti.ToolConsumer) { c.Secret = s.sealed("not the LMS's") })
	r := s.SendResult(t.Context(), points(8, 10), s.target)
	if r.Verdict != lti.RefusedBy || r.Status != 401 || strings.Contains(r.Reason, "not the LMS's") || !strings.Contains(r.Reason, "secret") {
		t.Errorf("SendResult() = %+v, want it refused for the secret", r)
	}
}

func TestSendResultWithoutUsableConfigurationWaits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		edit func(tx store.Tx, c lti.ToolConsumer) error
		want string
	}{
		{"removed", func(tx store.Tx, _ lti.ToolConsumer) error { return store.ToolConsumers.Delete(tx, "uni", "campus") }, "not configured any more"},
		{"no live secret", func(tx store.Tx, c lti.ToolConsumer) error {
			c.Secret.Until = noon
			return store.ToolConsumers.Put(tx, c)
		}, "no live secret"},
		{"sealed elsewhere", func(tx store.Tx, c lti.ToolConsumer) error {
			c.Secret.Sealed = c.Secret.Sealed[4:]
			return store.ToolConsumers.Put(tx, c)
		}, "open the secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSender(t)
			s.change(func(tx store.Tx) error { return tt.edit(tx, s.campus()) })
			r := s.SendResult(t.Context(), points(8, 10), s.target)
			if r.Verdict != lti.Retry || !strings.Contains(r.Reason, tt.want) || len(s.lms.Calls()) != 0 {
				t.Errorf("SendResult() = %+v, want it to wait: %s", r, tt.want)
			}
		})
	}
}

const poxSuccess = `<imsx_POXEnvelopeResponse><imsx_POXHeader><imsx_POXResponseHeaderInfo><imsx_statusInfo>` +
	`<imsx_codeMajor>success</imsx_codeMajor></imsx_statusInfo></imsx_POXResponseHeaderInfo></imsx_POXHeader></imsx_POXEnvelopeResponse>`

func poxFailure(description string) string {
	return strings.Replace(poxSuccess, "success</imsx_codeMajor>",
		"failure</imsx_codeMajor><imsx_description>"+description+"</imsx_description>", 1)
}

func TestSendResultMeetsOddAnswers(t *testing.T) {
	t.Parallel()
	const page = "<!doctype html><html><body>Please sign in</body></html>"
	tests := []struct {
		name   string
		status int
		header map[string]string
		body   string
		want   lti.Verdict
		reason string
		wait   time.Duration
	}{
		{name: "success", status: 200, body: poxSuccess, want: lti.Taken},
		{name: "success with 201", status: 201, body: poxSuccess, want: lti.Taken},
		{name: "sign-in page", status: 200, body: page, want: lti.Retry, reason: "no outcome message"},
		{name: "empty", status: 200, want: lti.Retry, reason: "no outcome message"},
		{name: "no content", status: 204, want: lti.Retry, reason: "no outcome message"},
		{name: "cut XML", status: 200, body: poxSuccess[:200], want: lti.Retry, reason: "no outcome message"},
		{name: "entity bomb", status: 200, body: `<!DOCTYPE x [<!ENTITY a "success">]>` + poxSuccess, want: lti.Retry, reason: "no outcome message"},
		{name: "unknown code", status: 200, body: strings.Replace(poxSuccess, "success", "splendid", 1), want: lti.RefusedBy, reason: "splendid"},
		{name: "success with 401", status: 401, body: poxSuccess, want: lti.RefusedBy, reason: "401"},
		{name: "success with 500", status: 500, body: poxSuccess, want: lti.Retry, reason: "500"},
		{name: "failure with 500", status: 500, body: poxFailure("broken"), want: lti.Retry, reason: "“broken”"},
		{name: "processing with 422", status: 422, body: strings.Replace(poxSuccess, "success", "processing", 1), want: lti.Retry, reason: "processing"},
		{name: "forbidden page", status: 403, body: page, want: lti.RefusedBy, reason: "status 403"},
		{name: "gone", status: 404, body: page, want: lti.RefusedBy, reason: "gone"},
		{name: "bad request", status: 400, body: page, want: lti.RefusedBy, reason: "status 400"},
		{name: "request timeout", status: 408, want: lti.Retry, reason: "status 408"},
		{name: "redirect", status: 302, header: map[string]string{"Location": "http://127.0.0.1:1/login"}, want: lti.Retry, reason: "/login"},
		{name: "redirect that keeps the method", status: 307, header: map[string]string{"Location": "http://127.0.0.1:1/x"}, want: lti.Retry, reason: "/x"},
		{name: "retry in a minute", status: 503, header: map[string]string{"Retry-After": "60"}, want: lti.Retry, wait: time.Minute},
		{name: "retry at a date", status: 503, header: map[string]string{
			"Retry-After": "Sat, 21 Nov 2026 12:02:00 GMT", "Date": "Sat, 21 Nov 2026 12:00:00 GMT",
		}, want: lti.Retry, wait: 2 * time.Minute},
		{name: "retry in the past", status: 503, header: map[string]string{
			"Retry-After": "Sat, 21 Nov 2026 11:00:00 GMT", "Date": "Sat, 21 Nov 2026 12:00:00 GMT",
		}, want: lti.Retry},
		{name: "retry before now", status: 503, header: map[string]string{"Retry-After": "-5"}, want: lti.Retry},
		{name: "retry in nonsense", status: 503, header: map[string]string{"Retry-After": "1h1"}, want: lti.Retry},
		{name: "endless", status: 200, body: strings.Repeat("x", egress.DefaultMaxBody+1), want: lti.Retry, reason: "too large"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := answeredBy(t, func(w http.ResponseWriter, _ *http.Request) {
				for name, value := range tt.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body) // the caller may hang up
			})
			r := s.SendResult(t.Context(), points(8, 10), s.target)
			if r.Verdict != tt.want || r.RetryAfter != tt.wait || !strings.Contains(r.Reason, tt.reason) {
				t.Errorf("SendResult() = %+v, want %s after %s: %q", r, tt.want, tt.wait, tt.reason)
			}
		})
	}
}

func TestHostileDescriptionIsTamed(t *testing.T) {
	t.Parallel()
	s := answeredBy(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, poxFailure("&lt;script&gt;  \n\n line two \u202etxt.exe\u200b \u009b31m "+strings.Repeat("€", 5000)))
	})
	r := s.SendResult(t.Context(), points(8, 10), s.target)
	if r.Verdict != lti.RefusedBy || len([]rune(r.Reason)) > 400 {
		t.Errorf("SendResult() = %s with a reason of %d characters", r.Verdict, len([]rune(r.Reason)))
	}
	if !strings.Contains(r.Reason, "<script> line two txt.exe 31m €€€") {
		t.Errorf("Reason = %.80q, want one plain line", r.Reason)
	}
}

func TestSendResultStaysOffForbiddenAddresses(t *testing.T) {
	t.Parallel()
	reached := false
	s := answeredBy(t, func(http.ResponseWriter, *http.Request) { reached = true })
	s.Send = egress.New(egress.Options{}).Do // nothing is allowed
	targets := []struct {
		url  string
		want lti.Verdict
	}{
		{s.target.URL, lti.Retry},
		{"http://169.254.169.254/latest", lti.Retry},
		{"http://[::ffff:127.0.0.1]/x", lti.Retry},
		{"file:///etc/passwd", lti.RefusedBy},
		{"gopher://127.0.0.1/x", lti.RefusedBy},
		{"https://user:pass@lms.example/x", lti.RefusedBy},
		{"no URL at all", lti.RefusedBy},
		{"http://%zz/", lti.RefusedBy},
		{"http://lms.example/?oauth_nonce=x", lti.RefusedBy},
	}
	for _, format := range formats() {
		s.useFormat(format, "")
		for _, tt := range targets {
			s.target.URL, s.target.FormURL = tt.url, tt.url
			r := s.SendResult(t.Context(), points(8, 10), s.target)
			if r.Verdict != tt.want || r.Reason == "" || strings.Contains(r.Reason, "user:pass") {
				t.Errorf("SendResult() to %s = %+v, want %s", tt.url, r, tt.want)
			}
		}
	}
	if reached {
		t.Error("the guarded address was called")
	}
}
