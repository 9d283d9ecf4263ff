package provider

import (
	"context"
	"fmt"
	"math"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
)

// How near two scores are to be the same: LMSs keep points with few decimals.
const (
	sameScore = 0.00005
	nearScore = 0.0051
)

// lookFirst reads the LMS's grade before it is written. done is false when the
// delivery is to be written: the grade there is ours or none, the LMS can't
// tell, or a person said so. What was changed there is left alone.
func (p *Provider) lookFirst(ctx context.Context, signer oauth1.Signer, c *lti.ToolConsumer, d lti.Delivery, t lti.UpstreamTarget) (r lti.SendResult, done bool) {
	if !c.Passback.ReadFirst || d.Anyway {
		return r, false
	}
	got, r := p.read(ctx, signer, c, d, t)
	switch {
	case r.Verdict == lti.Retry:
		return r, true
	case r.Verdict != lti.Taken: // it can't be read; the writing says why, if there is a reason
		return r, false
	case got == nil:
		return r, d.Score == nil // nothing there: nothing to delete, or a free cell
	case d.Score != nil && math.Abs(*got-*d.Score) < sameScore:
		return r, true
	}
	for _, ours := range d.Ours {
		if math.Abs(*got-ours) < nearScore {
			return r, false
		}
	}
	changed := refused(r.Status, fmt.Sprintf("the LMS holds %s, which did not come from here, so it was left alone", lti.FormatScore(*got)))
	changed.Cause, changed.Theirs = lti.SendChanged, got
	return changed, true
}

// read asks for the grade in the form that it would be written in. Taken means
// that the LMS told; nil is no grade.
func (p *Provider) read(ctx context.Context, signer oauth1.Signer, c *lti.ToolConsumer, d lti.Delivery, t lti.UpstreamTarget) (*float64, lti.SendResult) {
	if usesForm(c, t) {
		form := outcome.BuildForm(outcome.FormRequest{Operation: outcome.Read, SourcedID: t.SourcedID, ValueType: lti.ScoreDecimal})
		a := p.sendForm(ctx, signer, formTarget(t), form)
		got, ok := scoreOf(a.form.Result)
		return got, told(a.result, ok)
	}
	a := p.sendPOX(ctx, signer, t.URL, outcome.Request{Operation: outcome.Read, MessageID: d.ID + "-read", SourcedID: t.SourcedID})
	return a.pox.Score, told(a.result, a.pox.Score != nil || a.pox.ScoreText == "")
}

// told turns an answer whose score nobody can read into one that says nothing.
func told(r lti.SendResult, readable bool) lti.SendResult {
	if r.Verdict == lti.Taken && !readable {
		return refused(r.Status, "the LMS answered with a grade that is no number")
	}
	if r.Verdict == lti.Retry && r.Status == http.StatusNotImplemented {
		r.Verdict = lti.RefusedBy
	}
	return r
}

// scoreOf reads the score of an LTI 1.0 answer; nil is none. ok is false for a
// text that is no number.
func scoreOf(r *outcome.FormResult) (got *float64, ok bool) {
	if r == nil || r.ScoreText == "" {
		return nil, true
	}
	x, err := lti.ParseScoreAs(r.ValueType, r.ScoreText)
	if err != nil {
		return nil, false
	}
	return &x, true
}
