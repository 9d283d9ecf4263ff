package ltixml

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrNotMessage means that an answer is no message_response with a codemajor.
var ErrNotMessage = errors.New("not a message_response")

// MaxServiceID is how many bytes an id of a service may have.
const MaxServiceID = 2048

// IsText reports whether s is UTF-8 without NUL, which neither XML nor a key of
// a store can hold.
func IsText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// Version is the lti_version of every request.
const Version = "LTI-1p0"

// What a codemajor says.
const (
	Success     = "success"
	Failure     = "failure"
	Unsupported = "unsupported"
)

// Status is the head of a message_response.
type Status struct {
	// MessageType is the lti_message_type that is answered.
	MessageType string
	// CodeMajor is Success, Failure or Unsupported, in lower case.
	CodeMajor   string
	CodeMinor   string
	Description string
}

// OK reports whether the service did what was asked.
func (s Status) OK() bool { return s.CodeMajor == Success }

// StatusError is an answer that says no.
type StatusError struct{ Status Status }

// Error repeats what the answer says.
func (e *StatusError) Error() string {
	text := "answered " + e.Status.CodeMajor
	for _, more := range []string{e.Status.CodeMinor, e.Status.Description} {
		if more != "" {
			text += fmt.Sprintf(": %.200q", more)
		}
	}
	return text
}

// Begin writes a message_response up to the end of its statusinfo and leaves it
// open for what the service has to say.
func (s Status) Begin(w *Writer) {
	w.Raw(Declaration)
	w.Open("message_response")
	w.Leaf("lti_message_type", s.MessageType)
	w.Open("statusinfo")
	severity := "Error"
	if s.OK() {
		severity = "Status"
	}
	w.Leaf("codemajor", capital(s.CodeMajor))
	w.Leaf("severity", severity)
	w.Known("codeminor", s.CodeMinor)
	w.Known("description", s.Description)
	w.Close()
}

// XML is a message_response that says no more than the status.
func (s Status) XML() []byte {
	var w Writer
	s.Begin(&w)
	w.CloseAll()
	return w.Bytes()
}

func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// ReadStatus reads the statusinfo of a message_response. The rest of the status
// is for the caller.
func ReadStatus(info Element) (Status, error) {
	s := Status{
		CodeMajor:   strings.ToLower(info.Find("codemajor").Value()),
		CodeMinor:   info.Find("codeminor").Value(),
		Description: info.Find("description").Value(),
	}
	if s.CodeMajor == "" {
		return s, fmt.Errorf("%w: it has no codemajor", ErrNotMessage)
	}
	return s, nil
}

// ParseMessage reads a whole message_response. What is not XML, or another document,
// is ErrNotMessage.
func ParseMessage(body []byte) (Status, Element, error) {
	root, err := Parse(body)
	if err != nil {
		return Status{}, root, fmt.Errorf("%w: %w", ErrNotMessage, err)
	}
	if root.Name != "message_response" {
		return Status{}, root, fmt.Errorf("%w: the root is %.60q", ErrNotMessage, root.Name)
	}
	s, err := ReadStatus(root.Find("statusinfo"))
	s.MessageType = root.Find("lti_message_type").Value()
	return s, root, err
}
