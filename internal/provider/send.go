package provider

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

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
		r, done := p.lookFirst(ctx, signer, c, d, t)
		if !done {
			r = p.write(ctx, signer, c, d, t)
		}
		if r.Verdict != lti.RefusedBy || r.Theirs != nil {
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

// usesForm reports whether results go in the LTI 1.0 form.
func usesForm(c *lti.ToolConsumer, t lti.UpstreamTarget) bool {
	return c.Passback.Format == "1.0" || t.URL == ""
}

// formTarget is where forms go.
func formTarget(t lti.UpstreamTarget) string { return cmp.Or(t.FormURL, t.URL) }

// write sets or deletes the grade.
func (p *Provider) write(ctx context.Context, signer oauth1.Signer, c *lti.ToolConsumer, d lti.Delivery, t lti.UpstreamTarget) lti.SendResult {
	if usesForm(c, t) {
		return p.sendForm(ctx, signer, formTarget(t), outcome.BuildForm(formRequest(c, d, t, p.Now()))).result
	}
	msg := outcome.Request{Operation: outcome.Delete, MessageID: d.ID, SourcedID: t.SourcedID}
	if d.Score != nil {
		msg.Operation, msg.HasScore, msg.ScoreText = outcome.Replace, true, lti.FormatScore(*d.Score)
	}
	return p.sendPOX(ctx, signer, t.URL, msg).result
}

// reply is the answer to a POX message or to a form, and its meaning.
type reply struct {
	result lti.SendResult
	pox    outcome.Response
	form   outcome.FormResponse
}

func (p *Provider) sendPOX(ctx context.Context, signer oauth1.Signer, target string, msg outcome.Request) reply {
	body := outcome.BuildRequest(msg)
	header, err := signer.SignBody(http.MethodPost, target, body)
	if err != nil {
		return reply{result: noAddress("the outcome service URL can't be signed: " + err.Error())}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return reply{result: noAddress("the outcome service URL is no URL")}
	}
	req.Header.Set("Content-Type", "application/xml")
	req.Header.Set("Authorization", header)
	answer, err := p.Send(ctx, req)
	if err != nil {
		return reply{result: unsent(err)}
	}
	r, err := outcome.ParseResponse(answer.Body, answer.Header.Get("Content-Type"))
	return reply{result: judge(answer, err == nil, r.CodeMajor, r.Description), pox: r}
}

func (p *Provider) sendForm(ctx context.Context, signer oauth1.Signer, target string, form oauth1.Params) reply {
	signed, err := signer.SignForm(target, form)
	if err != nil {
		return reply{result: noAddress("the outcome service URL can't be signed: " + err.Error())}
	}
	req, err := postForm(ctx, target, signed)
	if err != nil {
		return reply{result: noAddress("the outcome service URL is no URL")}
	}
	answer, err := p.Send(ctx, req)
	if err != nil {
		return reply{result: unsent(err)}
	}
	r, err := outcome.ParseFormResponse(answer.Body)
	return reply{result: judge(answer, err == nil, r.CodeMajor, r.Description), form: r}
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
