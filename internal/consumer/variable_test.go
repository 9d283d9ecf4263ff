package consumer_test

import (
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestLaunchTellsOfTheResultAndInCanvasWords(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	h.changeTool("quizzer", func(tool *lti.Tool) {
		tool.Send = []string{lti.SendRoles}
		tool.Custom = map[string]string{
			"score": "$Result.resultScore", "status": "$result.STATUS", "points": "$Canvas.assignment.pointsPossible",
			"course": "$Canvas.course.id", "login": "$Canvas.user.loginId", "roles": "$Canvas.membership.roles", "api": "$Canvas.api.baseUrl",
		}
	})
	before := h.launch("bob", "quiz1").Params
	h.mustSend(replace(before.Value("lis_result_sourcedid"), "0.5"))
	after := h.launch("bob", "quiz1").Params
	for name, want := range map[string][2]string{
		"custom_score": {"", "0.5"}, "custom_status": {"Initialized", "Completed"}, "custom_points": {"10", "10"},
		"custom_course": {before.Value("context_id"), before.Value("context_id")}, "custom_roles": {"Learner", "Learner"},
		"custom_login": {"$Canvas.user.loginId", "$Canvas.user.loginId"}, "custom_api": {"$Canvas.api.baseUrl", "$Canvas.api.baseUrl"},
	} {
		if got := [2]string{before.Value(name), after.Value(name)}; got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if got := h.launch("ada", "quiz1").Params.Value("custom_score"); got != "$Result.resultScore" {
		t.Errorf("who has no result gets %q", got)
	}
	records := h.records(lti.Outbound)
	steps := strings.Join(records[len(records)-1].Steps, "\n")
	if !strings.Contains(steps, "custom_login goes as it stands: $Canvas.user.loginId is no variable that this tool is told") {
		t.Errorf("the record's steps are\n%s", steps)
	}
}
