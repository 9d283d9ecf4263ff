package web

import (
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// The LMSs whose steps a tool consumer's page has, as far as the custom
// parameters to paste differ.
const (
	lmsMoodle = "moodle"
	lmsCanvas = "canvas"
)

// CustomFor are the custom parameters to paste into an LMS, one a line: the
// history of a copied course, where the roster is if it is to be fetched, and
// the logout service if the tool consumer names the parameter for it. Each LMS
// gets those whose variables it fills in.
func (c ConsumerPage) CustomFor(lms string) string {
	lines := []string{"context_id_history=$Context.id.history"}
	if (lms == lmsMoodle || lms == lmsCanvas) && c.Consumer.Roster.Pull {
		lines = append(lines, "context_memberships_url=$ToolProxyBinding.memberships.url")
	}
	if name, ok := strings.CutPrefix(c.Consumer.Logout.CallbackParam, lti.CustomPrefix); ok && lms == lmsCanvas {
		lines = append(lines, name+"=$Canvas.logoutService.url")
	}
	return strings.Join(lines, "\n")
}

// customBox is a text of several lines to be copied.
type customBox struct{ ID, Value string }

// Rows is how many lines the text has.
func (b customBox) Rows() int { return 1 + strings.Count(b.Value, "\n") }

func newCustomBox(id, value string) customBox { return customBox{id, value} }
