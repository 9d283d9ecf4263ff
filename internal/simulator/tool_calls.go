package simulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const maxAnswer = 1 << 20

// ToolCall is one service call the tool made, and what came of it.
type ToolCall struct {
	Seq     int       `json:"seq"` // from 1
	At      time.Time `json:"at"`
	Launch  string    `json:"launch"`
	Kind    string    `json:"kind"`
	URL     string    `json:"url"`
	Request string    `json:"request"` // the body as sent, without a form's signature
	Answer  Answer    `json:"answer"`
	Error   string    `json:"error,omitempty"` // why there is no answer, or no readable one
}

// Answer is a service's answer, raw and read. Of Score, Setting and Members the one
// that was asked for is filled.
type Answer struct {
	Status      int      `json:"status"`
	ContentType string   `json:"content_type"`
	CodeMajor   string   `json:"code_major"` // lower case; "" when the body is no answer
	Description string   `json:"description"`
	Score       string   `json:"score,omitempty"`
	Setting     string   `json:"setting,omitempty"`
	Members     []Member `json:"members,omitempty"`
	MessageRef  string   `json:"message_ref,omitempty"`
	Body        string   `json:"body"`
}

// Success tells whether the service did as it was asked: 2xx and codeMajor success.
func (a Answer) Success() bool {
	return a.Status/100 == 2 && a.CodeMajor == codeSuccess
}

// sentRequest is a request as it went over the wire.
type sentRequest struct {
	launch, kind, target       string
	contentType, authorization string
	body                       []byte
	shown                      string
}

// Calls returns every service call the tool made, oldest first.
func (t *Tool) Calls() []ToolCall {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.calls)
}

// Resend sends the request of call seq again, byte by byte: same nonce, timestamp
// and signature. A receiver should refuse it.
func (t *Tool) Resend(ctx context.Context, seq int) (Answer, error) {
	t.mu.Lock()
	if seq < 1 || seq > len(t.sent) {
		t.mu.Unlock()
		return Answer{}, fmt.Errorf("resend: no call %d", seq)
	}
	old := t.sent[seq-1]
	t.mu.Unlock()
	return t.send(ctx, old)
}

// signer returns a signer for one call, with a nonce of its own.
func (t *Tool) signer() signer {
	return signer{key: t.Key, secret: t.Secret, method: t.SignatureMethod, nonce: t.NewID(), at: t.Now()}
}

// sendForm signs and sends a message of the 1.0 extension services.
func (t *Tool) sendForm(ctx context.Context, launch Launch, target string, form url.Values, s signer) (Answer, error) {
	kind := form.Get("lti_message_type")
	if kind == "" {
		kind = "logout"
	} else {
		form.Set("lti_version", "LTI-1p0")
	}
	shown := form.Encode()
	if err := s.signForm(target, form); err != nil {
		return Answer{}, fmt.Errorf("sign %s: %w", kind, err)
	}
	return t.send(ctx, sentRequest{
		launch: launch.ID, kind: kind, target: target, shown: shown,
		contentType: "application/x-www-form-urlencoded", body: []byte(form.Encode()),
	})
}

// sendPOX signs and sends a message of the outcome service.
func (t *Tool) sendPOX(ctx context.Context, launch Launch, target string, message poxRequest, s signer) (Answer, error) {
	body, err := writePOX(message)
	if err != nil {
		return Answer{}, err
	}
	header, err := s.signBody(target, body)
	if err != nil {
		return Answer{}, fmt.Errorf("sign %s: %w", message.Kind, err)
	}
	return t.send(ctx, sentRequest{
		launch: launch.ID, kind: message.Kind, target: target, shown: string(body),
		contentType: "application/xml", authorization: header, body: body,
	})
}

// send makes the call and records it, whatever comes of it.
func (t *Tool) send(ctx context.Context, req sentRequest) (Answer, error) {
	at := t.Now().UTC()
	answer, err := t.exchange(ctx, req)
	call := ToolCall{At: at, Launch: req.launch, Kind: req.kind, URL: req.target, Request: req.shown, Answer: answer}
	if err != nil {
		call.Error = err.Error()
	}
	t.mu.Lock()
	call.Seq = len(t.calls) + 1
	t.calls = append(t.calls, call)
	t.sent = append(t.sent, req)
	t.mu.Unlock()
	t.changes.tell()
	return answer, err
}

func (t *Tool) exchange(ctx context.Context, req sentRequest) (Answer, error) {
	if req.target == "" {
		return Answer{}, fmt.Errorf("%s: the launch named no such service", req.kind)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, req.target, bytes.NewReader(req.body))
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", req.kind, err)
	}
	r.Header.Set("Content-Type", req.contentType)
	if req.authorization != "" {
		r.Header.Set("Authorization", req.authorization)
	}
	resp, err := t.Client.Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", req.kind, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", req.kind, err)
	}
	answer := readAnswer(body)
	answer.Status, answer.ContentType, answer.Body = resp.StatusCode, resp.Header.Get("Content-Type"), string(body)
	return answer, nil
}

// readAnswer reads either format; what is neither has no CodeMajor.
func readAnswer(body []byte) Answer {
	var answer Answer
	if bytes.Contains(body, []byte("message_response")) {
		response, err := readMessageResponse(body)
		if err != nil {
			return answer
		}
		answer.CodeMajor, answer.Description = strings.ToLower(strings.TrimSpace(response.CodeMajor)), response.Description
		if response.Result != nil {
			answer.Score = strings.TrimSpace(response.Result.Score)
		}
		if response.Members != nil {
			answer.Members = response.Members.Members
		}
		if response.Setting != nil {
			answer.Setting = *response.Setting
		}
		return answer
	}
	envelope, err := readPOXAnswer(body)
	if err != nil {
		return answer
	}
	answer.CodeMajor = strings.ToLower(strings.TrimSpace(envelope.Status.CodeMajor))
	answer.Description, answer.MessageRef = envelope.Status.Description, strings.TrimSpace(envelope.Status.MessageRef)
	for _, operation := range envelope.Body.Answers {
		if operation.Result != nil {
			answer.Score = strings.TrimSpace(operation.Result.Score)
		}
	}
	return answer
}

// together runs every call at once and returns the answers in the order of the calls.
func together(calls []func() (Answer, error)) ([]Answer, error) {
	answers, faults := make([]Answer, len(calls)), make([]error, len(calls))
	var running sync.WaitGroup
	for i, call := range calls {
		running.Go(func() { answers[i], faults[i] = call() })
	}
	running.Wait()
	return answers, errors.Join(faults...)
}
