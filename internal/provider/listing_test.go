package provider

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

// The directory is asked only where names come from it, and keeps nobody out.
func TestDirectoryIsAskedBeforeTheTransaction(t *testing.T) {
	t.Parallel()
	ada := lti.Person{GivenName: "Ada"}
	tests := []struct {
		name  string
		info  string
		ask   func() (lti.Person, bool, error)
		want  lti.Person
		found bool
		step  string
	}{
		{"not wanted", "lti", func() (lti.Person, bool, error) { return ada, true, nil }, lti.Person{}, false, ""},
		{"listed", lti.InfoDirectory, func() (lti.Person, bool, error) { return ada, true, nil }, ada, true, "lists this person"},
		{"not listed", lti.InfoDirectory, func() (lti.Person, bool, error) { return lti.Person{}, false, nil }, lti.Person{}, false, "does not list"},
		{"down", lti.InfoDirectory, func() (lti.Person, bool, error) { return ada, true, errors.New("no route") }, lti.Person{}, false, "could not be asked (no route)"},
		{"none", lti.InfoDirectory, nil, lti.Person{}, false, "has no directory"},
	}
	for _, tt := range tests {
		p := &Provider{}
		if tt.ask != nil {
			p.Directory = func(_ context.Context, _ *lti.ToolConsumer, value string) (lti.Person, bool, error) {
				if value != "u1" {
					t.Errorf("%s: asked for %q", tt.name, value)
				}
				return tt.ask()
			}
		}
		a := &attempt{Provider: p, holder: holder{consumer: &lti.ToolConsumer{UserIdentity: true, Users: lti.UserRules{Match: "user_id", Info: tt.info}}}}
		a.launch = lti.Launch{UserID: "u1"}
		a.lookUp(t.Context())
		if a.listing.Person != tt.want || a.listing.Found != tt.found || !strings.Contains(a.listing.Step, tt.step) || tt.step == "" && a.listing.Step != "" {
			t.Errorf("%s: listing = %+v", tt.name, a.listing)
		}
	}
}
