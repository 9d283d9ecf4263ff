package provider

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/outcome"
)

// judge reads an answer. readable says that it held a message of the service;
// without one the HTTP status alone decides, and then nothing counts as taken.
func judge(answer egress.Response, readable bool, code outcome.CodeMajor, description string) lti.SendResult {
	status, said := answer.Status, words(description)
	result := lti.SendResult{Verdict: lti.RefusedBy, Status: status, RetryAfter: retryAfter(answer.Header)}
	result.Cause = causeOf(status, code, description)
	switch {
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		result.Verdict, result.Reason = lti.Retry, fmt.Sprintf("the LMS answered with status %d%s", status, said)
		result.Cause, result.Silent = lti.SendSilent, true
		if status == http.StatusTooManyRequests {
			result.Cause, result.Silent = lti.SendBusy, result.RetryAfter == 0
		}
	case !readable && status < 300:
		result.Verdict, result.Reason = lti.Retry, fmt.Sprintf("the LMS answered with status %d, but with no outcome message: is something else at this address?", status)
		result.Cause, result.Silent = lti.SendForeign, true
	case !readable:
		result.Reason = fmt.Sprintf("the LMS refused with status %d%s", status, meaning(status))
	case code == outcome.Success && status < 300:
		return lti.SendResult{Verdict: lti.Taken, Status: status}
	case code == outcome.Processing:
		result.Verdict, result.Reason, result.Cause = lti.Retry, "the LMS is still processing"+said, lti.SendBusy
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
	if errors.Is(err, egress.ErrURL) || errors.Is(err, egress.ErrForbiddenAddress) {
		r := retry(err.Error())
		if r.Cause = lti.SendAddress; errors.Is(err, egress.ErrURL) {
			r.Verdict = lti.RefusedBy
		}
		return r
	}
	return lti.SendResult{Verdict: lti.Retry, Reason: err.Error(), Cause: lti.SendSilent, Silent: true}
}

// retry is an attempt that did not leave this server.
func retry(reason string) lti.SendResult {
	return lti.SendResult{Verdict: lti.Retry, Reason: reason, Cause: lti.SendSetup}
}

func refused(status int, reason string) lti.SendResult {
	return lti.SendResult{Verdict: lti.RefusedBy, Status: status, Reason: reason}
}

func noAddress(reason string) lti.SendResult {
	r := refused(0, reason)
	r.Cause = lti.SendAddress
	return r
}
