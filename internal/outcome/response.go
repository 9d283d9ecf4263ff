package outcome

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/ltixml"
)

// ErrNotPOX means that an answer is no response envelope, but for example a
// sign-in page.
var ErrNotPOX = errors.New("not an outcome response")

// maxAnswer is how many bytes of an answer are read.
const maxAnswer = 256 << 10

// CodeMajor is what a response says of its request, in lower case.
type CodeMajor string

// The major codes of section 6.2.
const (
	Success     CodeMajor = "success"
	Processing  CodeMajor = "processing"
	Failure     CodeMajor = "failure"
	Unsupported CodeMajor = "unsupported"
)

// Minor codes that we send with a refusal.
const (
	FullSuccess    = "fullsuccess"
	InvalidData    = "invaliddata"
	IncompleteData = "incompletedata"
	UnknownObject  = "unknownobject"
	Unauthorised   = "unauthorisedrequest"
	ServerError    = "internal_server_error"
	NotSupported   = "unsupported"
)

// Response answers a Request.
type Response struct {
	// MessageID is the answer's own, RefID that of the request.
	MessageID string
	RefID     string
	Operation Operation

	CodeMajor CodeMajor
	// Severity is "status", "warning" or "error". XML derives it from the
	// major code when it is empty; nothing may depend on the one received.
	Severity    string
	CodeMinor   string
	Description string

	// Score answers a read: 0.0 to 1.0, nil for none.
	Score    *float64
	Language string
	// ScoreText is the score as ParseResponse found it; Score is nil if it is
	// not a score. XML does not look at it.
	ScoreText string
}

// XML writes the response envelope. A successful read without a score has an
// empty one; an unknown operation has an empty body.
func (r Response) XML() []byte {
	var w ltixml.Writer
	w.Raw(ltixml.Declaration)
	w.OpenIn("imsx_POXEnvelopeResponse", namespace)
	w.Open("imsx_POXHeader")
	w.Open("imsx_POXResponseHeaderInfo")
	w.Leaf("imsx_version", poxVersion)
	w.Leaf("imsx_messageIdentifier", r.MessageID)
	r.writeStatus(&w)
	w.Close()
	w.Close()
	r.writeBody(&w)
	w.CloseAll()
	return w.Bytes()
}

func (r Response) writeStatus(w *ltixml.Writer) {
	severity := r.Severity
	if severity == "" {
		severity = "error"
		if r.CodeMajor == Success || r.CodeMajor == Processing {
			severity = "status"
		}
	}
	w.Open("imsx_statusInfo")
	w.Leaf("imsx_codeMajor", string(r.CodeMajor))
	w.Leaf("imsx_severity", severity)
	w.Leaf("imsx_description", r.Description)
	w.Leaf("imsx_messageRefIdentifier", r.RefID)
	w.Leaf("imsx_operationRefIdentifier", string(r.Operation))
	if r.CodeMinor != "" {
		w.Open("imsx_codeMinor")
		w.Open("imsx_codeMinorField")
		w.Leaf("imsx_codeMinorFieldName", "ltihub")
		w.Leaf("imsx_codeMinorFieldValue", r.CodeMinor)
		w.Close()
		w.Close()
	}
	w.Close()
}

func (r Response) writeBody(w *ltixml.Writer) {
	if !r.Operation.Known() {
		w.Empty("imsx_POXBody")
		return
	}
	name := string(r.Operation) + "Response"
	w.Open("imsx_POXBody")
	defer w.Close()
	if r.Operation != Read || r.CodeMajor != Success {
		w.Empty(name)
		return
	}
	text := ""
	if r.Score != nil {
		text = lti.FormatScore(*r.Score)
	}
	w.Open(name)
	w.Open("result")
	writeScore(w, "resultScore", r.Language, text)
	w.Close()
	w.Close()
}

// ParseResponse reads the answer to one of our requests, in any namespace,
// whatever its content type, which only serves the error's text. Of repeated
// elements the first counts. What is no envelope with a major code is
// ErrNotPOX.
func ParseResponse(body []byte, contentType string) (Response, error) {
	if len(body) > maxAnswer {
		return Response{}, fmt.Errorf("%w: over %d bytes", ErrNotPOX, maxAnswer)
	}
	root, err := ltixml.Parse(body)
	if err != nil {
		return Response{}, fmt.Errorf("%w: an answer of type %.60q: %w", ErrNotPOX, contentType, err)
	}
	if root.Name != "imsx_POXEnvelopeResponse" {
		return Response{}, fmt.Errorf("%w: an answer of type %.60q with the root %.60q", ErrNotPOX, contentType, root.Name)
	}
	head := root.Find("imsx_POXHeader", "imsx_POXResponseHeaderInfo")
	status := head.Find("imsx_statusInfo")
	minor := status.Find("imsx_codeMinor", "imsx_codeMinorField", "imsx_codeMinorFieldValue")
	r := Response{
		MessageID:   head.Find("imsx_messageIdentifier").Value(),
		RefID:       status.Find("imsx_messageRefIdentifier").Value(),
		Operation:   Operation(strings.TrimSuffix(status.Find("imsx_operationRefIdentifier").Value(), "Request")),
		CodeMajor:   CodeMajor(strings.ToLower(status.Find("imsx_codeMajor").Value())),
		Severity:    strings.ToLower(status.Find("imsx_severity").Value()),
		CodeMinor:   minor.Value(),
		Description: status.Find("imsx_description").Value(),
	}
	if r.CodeMajor == "" {
		return r, fmt.Errorf("%w: it has no imsx_codeMajor", ErrNotPOX)
	}
	r.readScore(root.Find("imsx_POXBody"))
	return r, nil
}

func (r *Response) readScore(body ltixml.Element) {
	score := body.Find("readResultResponse", "result", "resultScore")
	r.Language = score.Find("language").Value()
	r.ScoreText = score.Find("textString").Value()
	if x, err := lti.ParseScore(r.ScoreText); err == nil {
		r.Score = &x
	}
}
