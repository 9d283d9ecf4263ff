package provider_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

const poxTemplate = `<?xml version="1.0" encoding="UTF-8"?><imsx_POXEnvelopeResponse xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0"><imsx_POXHeader><imsx_POXResponseHeaderInfo><imsx_version>V1.0</imsx_version><imsx_messageIdentifier>1</imsx_messageIdentifier><imsx_statusInfo><imsx_codeMajor>%s</imsx_codeMajor><imsx_severity>status</imsx_severity><imsx_description>%s</imsx_description></imsx_statusInfo></imsx_POXResponseHeaderInfo></imsx_POXHeader><imsx_POXBody/></imsx_POXEnvelopeResponse>`

func TestSendResultKnowsWhatLMSsMean(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status       int
		code, says   string
		want         lti.SendCause
		wantsSilence bool
	}{
		{status: 200, code: "failure", says: "Message signature not valid", want: lti.SendKey},
		{status: 200, code: "failure", says: "OAuth verification error: OAuth body hash verification is failed.", want: lti.SendKey},
		{status: 401, code: "failure", says: "Invalid timestamp - timestamp expired", want: lti.SendClock},
		{status: 422, code: "failure", says: "User is no longer in course", want: lti.SendLeft},
		{status: 422, code: "failure", says: "Course not available for student", want: lti.SendLeft},
		{status: 200, code: "failure", says: "User not found.", want: lti.SendLeft},
		{status: 422, code: "failure", says: "Assignment is no longer associated with this tool", want: lti.SendGone},
		{status: 422, code: "failure", says: "Assignment is invalid", want: lti.SendGone},
		{status: 422, code: "failure", says: "Course is invalid", want: lti.SendClosed},
		{status: 200, code: "failure", says: "SourcedId hash not valid", want: lti.SendCell},
		{status: 200, code: "failure", says: "outcomes.sourcedid", want: lti.SendCell},
		{status: 200, code: "failure", says: "Score not between 0.0 and 1.0", want: lti.SendRange},
		{status: 200, code: "failure", says: "Request body XML parsing error: score value outside the permitted range of 0-1.", want: lti.SendRange},
		{status: 422, code: "failure", says: "Assignment has no points possible.", want: lti.SendNoGrades},
		{status: 200, code: "failure", says: "Tool does not accept grades", want: lti.SendNoGrades},
		{status: 200, code: "failure", says: "Invalid XML content", want: lti.SendUnread},
		{status: 200, code: "unsupported", says: "Target does not support the requested operation.", want: lti.SendUnsupported},
		{status: 200, code: "unsupported", says: "", want: lti.SendUnsupported},
		{status: 200, code: "failure", says: "grade is locked", want: lti.SendLocked},
		{status: 200, code: "failure", says: "no luck today", want: lti.SendOther},
		{status: 403, code: "", want: lti.SendKey},
		{status: 404, code: "", want: lti.SendGone},
		{status: 405, code: "", want: lti.SendUnsupported},
		{status: 200, code: "", want: lti.SendForeign, wantsSilence: true},
		{status: 502, code: "", want: lti.SendSilent, wantsSilence: true},
		{status: 429, code: "", want: lti.SendBusy, wantsSilence: true},
		{status: 200, code: "processing", says: "", want: lti.SendBusy},
		{status: 200, code: "success", says: "User not found", want: lti.SendOther},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.status, " ", tt.code, " ", tt.says), func(t *testing.T) {
			t.Parallel()
			s := answeredBy(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				if tt.code != "" {
					_, _ = fmt.Fprintf(w, poxTemplate, tt.code, tt.says)
				}
			})
			r := s.SendResult(t.Context(), points(8, 10), s.target)
			if r.Cause != tt.want || r.Silent != tt.wantsSilence {
				t.Errorf("SendResult() = %+v, want the cause %q", r, tt.want)
			}
		})
	}
}
