package consumer_test

import (
	"errors"
	"testing"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
)

func TestLaunchAsStudentHasNoPlaceForAScore(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	ask := consumer.LaunchRequest{Course: courseRef, Link: "quiz1", Username: "ada", AsStudent: true}
	for range 2 { // the second finds its service secrets made
		form, err := h.Launch(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		p := form.Params
		if p.Value("roles") != "Learner" || p.Value("lis_outcome_service_url") == "" || p.Value("lis_result_sourcedid") != "" {
			t.Errorf("roles %q, sourcedid %q", p.Value("roles"), p.Value("lis_result_sourcedid"))
		}
		if own := h.launch("ada", "quiz1").Params; own.Value("user_id") != p.Value("user_id") || own.Value("roles") == "Learner" {
			t.Errorf("the own launch is by %q as %q", own.Value("user_id"), own.Value("roles"))
		}
	}
	var refusal *lti.Refusal
	ask.Username = "bob"
	if _, err := h.Launch(t.Context(), ask); !errors.As(err, &refusal) || refusal.Cause != lti.CauseNoRole {
		t.Errorf("a student's: %v", err)
	}
}
