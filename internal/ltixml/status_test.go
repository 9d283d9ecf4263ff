package ltixml_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/ltixml"
)

func TestStatusXML(t *testing.T) {
	t.Parallel()
	s := ltixml.Status{MessageType: "basic-lti-loadsetting", CodeMajor: ltixml.Failure, CodeMinor: "unknownobject", Description: "no <such> id"}
	const want = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<message_response><lti_message_type>basic-lti-loadsetting</lti_message_type><statusinfo><codemajor>Failure</codemajor>` +
		`<severity>Error</severity><codeminor>unknownobject</codeminor><description>no &lt;such&gt; id</description></statusinfo></message_response>`
	if got := string(s.XML()); got != want {
		t.Errorf("XML = %s, want %s", got, want)
	}
	got, _, err := ltixml.ParseMessage(s.XML())
	if err != nil || got != s {
		t.Errorf("Parse = %+v, %v, want %+v", got, err, s)
	}
	if text := (&ltixml.StatusError{Status: s}).Error(); !strings.Contains(text, "unknownobject") {
		t.Errorf("Error = %q, want the minor code in it", text)
	}
}

func TestParseMessageRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"page":      "<html><body>Sign in</body></html>",
		"not XML":   "Fatal error",
		"no status": "<message_response/>",
		"no code":   "<message_response><statusinfo><severity>Status</severity></statusinfo></message_response>",
	} {
		if _, _, err := ltixml.ParseMessage([]byte(in)); !errors.Is(err, ltixml.ErrNotMessage) {
			t.Errorf("%s: Parse = %v, want ErrNotMessage", name, err)
		}
	}
}

func TestIsText(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"": true, "é\u2028\t\r\n": true, "\ufffd": true, "a\x00": false, "\xff": false, "\xed\xa0\x80": false} {
		if got := ltixml.IsText(s); got != want {
			t.Errorf("IsText(%q) = %v", s, got)
		}
	}
}
