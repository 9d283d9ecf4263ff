package web_test

import (
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/web"
)

func TestCustomParametersForEachLMS(t *testing.T) {
	t.Parallel()
	const history = "context_id_history=$Context.id.history"
	const roster = "\ncontext_memberships_url=$ToolProxyBinding.memberships.url"
	full := lti.ToolConsumer{Roster: lti.RosterRules{Pull: true}, Logout: lti.LogoutRules{CallbackParam: "custom_bye"}}
	tests := []struct {
		name     string
		consumer lti.ToolConsumer
		lms      string
		want     string
	}{
		{"nothing asked", lti.ToolConsumer{}, "canvas", history},
		{"all in Canvas", full, "canvas", history + roster + "\nbye=$Canvas.logoutService.url"},
		{"all in Moodle", full, "moodle", history + roster},
		{"all in Brightspace", full, "d2l", history},
		{"a logout parameter that is no custom one", lti.ToolConsumer{Logout: lti.LogoutRules{CallbackParam: "ext_bye"}}, "canvas", history},
	}
	for _, tt := range tests {
		if got := (web.ConsumerPage{Consumer: tt.consumer}).CustomFor(tt.lms); got != tt.want {
			t.Errorf("%s: CustomFor(%s) = %q, want %q", tt.name, tt.lms, got, tt.want)
		}
	}
}
