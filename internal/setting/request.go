package setting

import (
	"errors"
	"fmt"

	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// Why a request is refused.
var (
	ErrMessageType = errors.New("not a tool setting request")
	ErrMissing     = errors.New("missing parameter")
	ErrRepeated    = errors.New("parameter given more than once")
	ErrTooLong     = errors.New("setting too long")
	ErrBadValue    = errors.New("bad parameter")
)

// MaxValue is how many bytes a setting may have.
const MaxValue = 64 << 10

// Operation is what a request asks for. Its text is the lti_message_type.
type Operation string

// The operations of the service.
const (
	Load   Operation = "basic-lti-loadsetting"
	Save   Operation = "basic-lti-savesetting"
	Delete Operation = "basic-lti-deletesetting"
)

// Request is one message of a tool about its setting.
type Request struct {
	Operation Operation
	ID        string
	// Value is the text to save; it may be empty.
	Value string
}

// ParseRequest reads a request. To save, the setting must be there, though it
// may be empty. The id may also come under the name it had in the launch. With
// an error the request keeps the Operation as it was sent, so that the answer
// can repeat it.
func ParseRequest(p oauth1.Params) (Request, error) {
	r := Request{Operation: Operation(p.Value("lti_message_type"))}
	for _, name := range []string{"lti_message_type", "id", "ext_ims_lti_tool_setting_id", "setting"} {
		if p.Count(name) > 1 {
			return r, fmt.Errorf("%w: %s", ErrRepeated, name)
		}
	}
	switch r.Operation {
	case Load, Save, Delete:
	default:
		return r, fmt.Errorf("%w: %.60q", ErrMessageType, string(r.Operation))
	}
	if v := p.Value("lti_version"); v != "" && v != ltixml.Version {
		return r, fmt.Errorf("%w: lti_version %.20q", ErrBadValue, v)
	}
	if r.ID = p.Value("id"); r.ID == "" {
		r.ID = p.Value("ext_ims_lti_tool_setting_id")
	}
	switch {
	case r.ID == "":
		return r, fmt.Errorf("%w: id", ErrMissing)
	case len(r.ID) > ltixml.MaxServiceID || !ltixml.IsText(r.ID):
		return r, fmt.Errorf("%w: id is too long or not text", ErrBadValue)
	}
	if r.Operation != Save {
		return r, nil
	}
	return r, r.readValue(p)
}

func (r *Request) readValue(p oauth1.Params) error {
	value, ok := p.Lookup("setting")
	switch {
	case !ok:
		return fmt.Errorf("%w: setting", ErrMissing)
	case len(value) > MaxValue:
		return fmt.Errorf("%w: over %d bytes", ErrTooLong, MaxValue)
	case !ltixml.IsText(value):
		return fmt.Errorf("%w: setting is not text", ErrBadValue)
	}
	r.Value = value
	return nil
}

// BuildRequest writes a request for the signer, which adds its own parameters.
func BuildRequest(r Request) oauth1.Params {
	p := oauth1.Params{
		{Name: "lti_message_type", Value: string(r.Operation)},
		{Name: "lti_version", Value: ltixml.Version},
		{Name: "id", Value: r.ID},
	}
	if r.Operation == Save {
		p = append(p, oauth1.Param{Name: "setting", Value: r.Value})
	}
	return p
}
