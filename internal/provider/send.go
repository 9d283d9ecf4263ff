package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/store"
)

// SendResult makes one attempt to give a result to the LMS: POX replaceResult
// or deleteResult (LTI 1.1 section 6), or the LTI 1.0 form where the tool
// consumer is configured for it or names no other service. Only a 2xx answer
// that says success counts as taken.
func (p *Provider) SendResult(ctx context.Context, d lti.Delivery, t lti.UpstreamTarget) lti.SendResult {
	c, secrets, err := p.credential(ctx, d)
	if err != nil {
		return retry(err.Error())
	}
	var first lti.SendResult
	for i, secret := range secrets {
		signer := oauth1.Signer{Key: c.Key, Secret: secret, Method: c.Passback.Signature, Now: p.Now, Nonce: p.NewID}
		send := p.sendPOX
		if c.Passback.Format == "1.0" || t.URL == "" {
			send = p.sendForm
		}
		r := send(ctx, signer, c, d, t)
		if r.Verdict != lti.RefusedBy {
			return r
		}
		if i == 0 { // while a secret changes over, the LMS may still have the old one
			first = r
		}
	}
	return first
}

// credential finds the tool consumer that a delivery goes to, and its live
// secrets, of which there is one at the least.
func (p *Provider) credential(ctx context.Context, d lti.Delivery) (c *lti.ToolConsumer, secrets []string, err error) {
	err = p.Store.View(ctx, func(tx store.Tx) (err error) {
		c, err = store.ToolConsumers.Read(tx, d.Domain, d.Consumer)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, fmt.Errorf("the tool consumer %s/%s is not configured any more", d.Domain, d.Consumer)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the tool consumer: %w", err)
	}
	secrets, err = p.secrets(c, p.Now())
	if err != nil {
		return nil, nil, err
	}
	if len(secrets) == 0 {
		return nil, nil, fmt.Errorf("the tool consumer %s/%s has no live secret", d.Domain, d.Consumer)
	}
	return c, secrets, nil
}

func (p *Provider) sendPOX(ctx context.Context, signer oauth1.Signer, _ *lti.ToolConsumer, d lti.Delivery, t lti.UpstreamTarget) lti.SendResult {
	msg := outcome.Request{Operation: outcome.Delete, MessageID: d.ID, SourcedID: t.SourcedID}
	if d.Score != nil {
		msg.Operation, msg.HasScore, msg.ScoreText = outcome.Replace, true, lti.FormatScore(*d.Score)
	}
	body := outcome.BuildRequest(msg)
	header, err := signer.SignBody(http.MethodPost, t.URL, body)
	if err != nil {
		return refused(0, "the outcome service URL can't be signed: "+err.Error())
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, bytes.NewReader(body))
	if err != nil {
		return refused(0, "the outcome service URL is no URL")
	}
	req.Header.Set("Content-Type", "application/xml")
	req.Header.Set("Authorization", header)
	answer, err := p.Send(ctx, req)
	if err != nil {
		return unsent(err)
	}
	r, err := outcome.ParseResponse(answer.Body, answer.Header.Get("Content-Type"))
	return judge(answer, err == nil, r.CodeMajor, r.Description)
}

func (p *Provider) sendForm(ctx context.Context, signer oauth1.Signer, c *lti.ToolConsumer, d lti.Delivery, t lti.UpstreamTarget) lti.SendResult {
	target := t.FormURL
	if target == "" {
		target = t.URL
	}
	signed, err := signer.SignForm(target, outcome.BuildForm(formRequest(c, d, t, p.Now())))
	if err != nil {
		return refused(0, "the outcome service URL can't be signed: "+err.Error())
	}
	req, err := postForm(ctx, target, signed)
	if err != nil {
		return refused(0, "the outcome service URL is no URL")
	}
	answer, err := p.Send(ctx, req)
	if err != nil {
		return unsent(err)
	}
	r, err := outcome.ParseFormResponse(answer.Body)
	return judge(answer, err == nil, r.CodeMajor, r.Description)
}

// postForm is the request that posts a signed form.
func postForm(ctx context.Context, target string, signed oauth1.Params) (*http.Request, error) {
	body := make(url.Values, len(signed))
	for _, pair := range signed {
		body.Add(pair.Name, pair.Value)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(body.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}

func formRequest(c *lti.ToolConsumer, d lti.Delivery, t lti.UpstreamTarget, now time.Time) outcome.FormRequest {
	r := outcome.FormRequest{Operation: outcome.Delete, SourcedID: t.SourcedID}
	if d.Score == nil {
		return r
	}
	r.Operation, r.HasScore = outcome.Replace, true
	r.ScoreText, r.ValueType = lti.FormatScoreAs(c.Passback.Score, *d.Score, d.Total, d.Possible)
	r.Status, r.Language, r.DataSource = "final", "en-US", "ltihub"
	r.Date = now.UTC().Format(time.RFC3339)
	return r
}

// judge reads an answer. readable says that it held a message of the service;
// without one the HTTP status alone decides, and then nothing counts as taken.
func judge(answer egress.Response, readable bool, code outcome.CodeMajor, description string) lti.SendResult {
	status, said := answer.Status, words(description)
	result := lti.SendResult{Verdict: lti.RefusedBy, Status: status, RetryAfter: retryAfter(answer.Header)}
	switch {
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		result.Verdict, result.Reason = lti.Retry, fmt.Sprintf("the LMS answered with status %d%s", status, said)
	case !readable && status < 300:
		result.Verdict, result.Reason = lti.Retry, fmt.Sprintf("the LMS answered with status %d, but with no outcome message: is something else at this address?", status)
	case !readable:
		result.Reason = fmt.Sprintf("the LMS refused with status %d%s", status, meaning(status))
	case code == outcome.Success && status < 300:
		return lti.SendResult{Verdict: lti.Taken, Status: status}
	case code == outcome.Processing:
		result.Verdict, result.Reason = lti.Retry, "the LMS is still processing"+said
	default:
		result.Reason = fmt.Sprintf("the LMS answered %s with status %d%s%s", code, status, said, meaning(status))
	}
	return result
}

// meaning says what a refusal usually stands for.
func meaning(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return ": it does not accept our key and secret for this"
	case http.StatusNotFound, http.StatusGone:
		return ": the service or the link is gone there"
	}
	return ""
}

// maxWords bounds what is kept of an LMS's own words, in characters.
const maxWords = 300

// words makes a description of the other side fit to be shown: one line,
// without characters that steer a terminal or turn the direction of writing.
func words(description string) string {
	plain := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(description, ""))
	text := strings.Join(strings.Fields(plain), " ")
	if text == "" {
		return ""
	}
	if runes := []rune(text); len(runes) > maxWords {
		text = string(runes[:maxWords]) + "…"
	}
	return ": “" + text + "”"
}

// retryAfter reads Retry-After, in seconds or as a date; 0 without one.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	sent, err := http.ParseTime(h.Get("Date"))
	if err != nil || at.Before(sent) {
		return 0
	}
	return at.Sub(sent)
}

// unsent is an attempt that got no answer.
func unsent(err error) lti.SendResult {
	if errors.Is(err, egress.ErrURL) {
		return refused(0, err.Error())
	}
	return retry(err.Error())
}

func retry(reason string) lti.SendResult {
	return lti.SendResult{Verdict: lti.Retry, Reason: reason}
}

func refused(status int, reason string) lti.SendResult {
	return lti.SendResult{Verdict: lti.RefusedBy, Status: status, Reason: reason}
}
