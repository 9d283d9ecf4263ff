package memberships

import (
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// Member is one person of a roster. Empty fields were absent or not released.
type Member struct {
	UserID string
	Roles  []lti.LTIRole
	Person lti.Person
	// ResultSourcedID is the person's lis_result_sourcedid for the link.
	ResultSourcedID string
	// Groups are told only by the XML service, when asked with groups.
	Groups []Group
	// Status is Active, Inactive or Deleted in the JSON-LD container; the XML
	// service tells of active members alone and leaves it empty.
	Status string
	// Custom and Ext are what the message of the JSON-LD container adds for a
	// link, by the names used there.
	Custom map[string]string
	Ext    map[string]string
}

// The states of a member.
const (
	Active   = "Active"
	Inactive = "Inactive"
	Deleted  = "Deleted"
)

// Group is a group of a course; its Set is optional.
type Group struct {
	ID    string
	Title string
	Set   Set
}

// Set is a set of groups, of which a person is usually in one.
type Set struct {
	ID    string
	Title string
}

// JoinRoles writes roles as a launch does, with commas between them.
func JoinRoles(roles []lti.LTIRole) string {
	texts := make([]string, 0, len(roles))
	for _, r := range roles {
		texts = append(texts, r.String())
	}
	return strings.Join(texts, ",")
}
