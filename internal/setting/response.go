package setting

import (
	"errors"
	"fmt"

	"github.com/ltihub/ltihub/internal/ltixml"
)

// ErrNotSetting is an answer that is none of this service.
var ErrNotSetting = errors.New("not a tool setting answer")

// Response answers a Request.
type Response struct {
	Operation Operation
	// CodeMajor is one of the codes of package ltixml.
	CodeMajor   string
	CodeMinor   string
	Description string
	// Value answers a successful Load.
	Value string
}

// XML writes the message_response; the value only for a successful Load.
func (r Response) XML() []byte {
	var w ltixml.Writer
	status := ltixml.Status{
		MessageType: string(r.Operation),
		CodeMajor:   r.CodeMajor,
		CodeMinor:   r.CodeMinor,
		Description: r.Description,
	}
	status.Begin(&w)
	if r.Operation == Load && status.OK() {
		w.Open("setting")
		w.Leaf("value", r.Value)
	}
	w.CloseAll()
	return w.Bytes()
}

// ParseResponse reads an answer, whose size the caller has limited. The white
// space of the value is kept.
func ParseResponse(body []byte) (Response, error) {
	status, root, err := ltixml.ParseMessage(body)
	if err != nil {
		return Response{}, fmt.Errorf("%w: %w", ErrNotSetting, err)
	}
	return Response{
		Operation:   Operation(status.MessageType),
		CodeMajor:   status.CodeMajor,
		CodeMinor:   status.CodeMinor,
		Description: status.Description,
		Value:       root.Find("setting", "value").Text,
	}, nil
}
