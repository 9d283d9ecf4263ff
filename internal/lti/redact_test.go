package lti_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestRedactedHidesWhoItWas(t *testing.T) {
	t.Parallel()
	l := lti.LaunchRecord{
		ID: "1", Username: "ada", Consumer: "campus", Course: "phys101", Refused: true, Cause: "no_role",
		Detail: "the user ada (2901-x) has no role", Hint: "ask ada@uni.example", Steps: []string{"user_id 2901-x is ada", "the signature holds"},
		Params: [][2]string{
			{"user_id", "2901-x"}, {"lis_person_name_full", "Ada Moss"}, {"lis_person_contact_email_primary", "ada@uni.example"},
			{"custom_who", "Moss, Ada"}, {"lis_result_sourcedid", "s-2901-x"}, {"launch_presentation_return_url", "https://lms.example/u/2901-x"},
			{"roles", "Learner"}, {"oauth_consumer_key", "lms-key"}, {"custom_none", ""},
		},
		Session:  &lti.Session{Token: "tok", ReturnURL: "https://lms.example/u/2901-x"},
		Returned: &lti.Returned{ReturnMessages: lti.ReturnMessages{ErrorMessage: "No seat for Ada"}},
	}
	before, _ := json.Marshal(l)
	shown, err := json.Marshal(l.Redacted())
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"ada", "Ada", "Moss", "2901", "tok"} {
		if strings.Contains(strings.ReplaceAll(string(shown), `"token`, ""), private) {
			t.Errorf("the redacted record tells %q: %s", private, shown)
		}
	}
	for _, known := range []string{"Learner", "lms-key", "no_role", "phys101", "the signature holds", "has no role"} {
		if !strings.Contains(string(shown), known) {
			t.Errorf("the redacted record lacks %q", known)
		}
	}
	if after, _ := json.Marshal(l); string(after) != string(before) {
		t.Error("the record itself was changed")
	}
}
