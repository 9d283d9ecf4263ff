package memberships

import (
	"errors"
	"fmt"

	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// Why a request is refused.
var (
	ErrMessageType = errors.New("not a memberships request")
	ErrMissing     = errors.New("missing parameter")
	ErrRepeated    = errors.New("parameter given more than once")
	ErrConflict    = errors.New("two different ids")
	ErrBadValue    = errors.New("bad parameter")
)

const (
	plainType  = "basic-lis-readmembershipsforcontext"
	groupsType = "basic-lis-readmembershipsforcontextwithgroups"

	idParam     = "id"
	longIDParam = "ext_ims_lis_memberships_id"
)

// Request asks for the roster that an id stands for.
type Request struct {
	ID     string
	Groups bool
}

// MessageType is the lti_message_type of the request and its answer.
func (r Request) MessageType() string {
	if r.Groups {
		return groupsType
	}
	return plainType
}

// ParseRequest reads a request. The id comes under "id", or, as LON-CAPA sends
// it, under the name it had in the launch; both may be there if they agree.
// With an error Groups is set if the message type could be read.
func ParseRequest(p oauth1.Params) (Request, error) {
	for _, name := range []string{"lti_message_type", idParam, longIDParam} {
		if p.Count(name) > 1 {
			return Request{}, fmt.Errorf("%w: %s", ErrRepeated, name)
		}
	}
	var r Request
	switch kind := p.Value("lti_message_type"); kind {
	case plainType:
	case groupsType:
		r.Groups = true
	default:
		return r, fmt.Errorf("%w: %.60q", ErrMessageType, kind)
	}
	if v := p.Value("lti_version"); v != "" && v != ltixml.Version {
		return r, fmt.Errorf("%w: lti_version %.20q", ErrBadValue, v)
	}
	short, long := p.Value(idParam), p.Value(longIDParam)
	switch {
	case short == "" && long == "":
		return r, fmt.Errorf("%w: %s", ErrMissing, idParam)
	case short != "" && long != "" && short != long:
		return r, ErrConflict
	}
	r.ID = max(short, long) // they agree, or one is empty
	if len(r.ID) > ltixml.MaxServiceID || !ltixml.IsText(r.ID) {
		return r, fmt.Errorf("%w: %s is too long or not text", ErrBadValue, idParam)
	}
	return r, nil
}

// BuildRequest writes a request for the signer, with the id under both names.
func BuildRequest(r Request) oauth1.Params {
	return oauth1.Params{
		{Name: "lti_message_type", Value: r.MessageType()},
		{Name: "lti_version", Value: ltixml.Version},
		{Name: idParam, Value: r.ID},
		{Name: longIDParam, Value: r.ID},
	}
}
