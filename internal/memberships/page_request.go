package memberships

import (
	"fmt"
	"strconv"

	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// PageRequest is the query of a request for a page. Empty fields do not narrow
// it.
type PageRequest struct {
	// Role is a handle or URI; only members with that role are wanted.
	Role string
	// Limit is how many members a page may have; 0 leaves it to the server.
	Limit int
	// LinkID is the resource_link_id (rlid) whose message is wanted.
	LinkID string
	// From is the cursor that our own next pages carry.
	From string
}

// ParsePageRequest reads the query of a request for a page. Parameters that are
// none of its own are passed over. A limit must be a whole number above 0.
func ParsePageRequest(p oauth1.Params) (PageRequest, error) {
	for _, name := range []string{"role", "limit", "rlid", "from"} {
		if p.Count(name) > 1 {
			return PageRequest{}, fmt.Errorf("%w: %s", ErrRepeated, name)
		}
		if len(p.Value(name)) > ltixml.MaxServiceID {
			return PageRequest{}, fmt.Errorf("%w: %s is too long", ErrBadValue, name)
		}
	}
	r := PageRequest{Role: p.Value("role"), LinkID: p.Value("rlid"), From: p.Value("from")}
	if text := p.Value("limit"); text != "" {
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil || n == 0 {
			return PageRequest{}, fmt.Errorf("%w: limit %.20q", ErrBadValue, text)
		}
		r.Limit = int(n)
	}
	return r, nil
}

// BuildPageRequest writes the query of a request for a page.
func BuildPageRequest(r PageRequest) oauth1.Params {
	var p oauth1.Params
	add := func(name, value string) {
		if value != "" {
			p = append(p, oauth1.Param{Name: name, Value: value})
		}
	}
	add("role", r.Role)
	if r.Limit > 0 {
		add("limit", strconv.Itoa(r.Limit))
	}
	add("rlid", r.LinkID)
	add("from", r.From)
	return p
}
