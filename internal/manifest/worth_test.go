package manifest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

// Totals go to the LMSs again when a manifest changes what they are made of, and
// only then.
func TestChangedPointsTouchTheirScopes(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	const text = `version: 1
domains: [{id: uni}]
courses:
  - domain: uni
    id: c
    tools: [{id: t, url: "https://t.example/", key: k, secret: s}]
    folders: [{id: f, links: [{id: l, tool: t, title: Quiz, points: 10}]}]
`
	h.apply(t, text)
	scopes := []lti.Scope{{Kind: lti.ScopeLink, ID: "l"}, {Kind: lti.ScopeCourse}, {Kind: lti.ScopeFolder, ID: "f"}}
	for _, tt := range []struct {
		old, new string
		want     []lti.Scope
	}{
		{"", "", nil}, {"title: Quiz", "title: Test", nil}, {"points: 10", "points: 20", scopes}, {"points: 10", "points: 0", scopes},
	} {
		h.touched = nil
		h.apply(t, strings.Replace(text, tt.old, tt.new, 1))
		if !slices.Equal(h.touched, tt.want) {
			t.Errorf("%q for %q touches %v, want %v", tt.new, tt.old, h.touched, tt.want)
		}
	}
}
