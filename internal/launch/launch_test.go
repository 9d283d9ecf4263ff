package launch_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// params are the least a launch has, and more in pairs.
func params(more ...string) oauth1.Params {
	p := oauth1.Params{
		{Name: "lti_message_type", Value: "basic-lti-launch-request"},
		{Name: "lti_version", Value: "LTI-1p0"},
		{Name: "resource_link_id", Value: "rl-7"},
	}
	for i := 0; i < len(more); i += 2 {
		p = append(p, oauth1.Param{Name: more[i], Value: more[i+1]})
	}
	return p
}

func without(name string, p oauth1.Params) oauth1.Params {
	var rest oauth1.Params
	for _, q := range p {
		if q.Name != name {
			rest = append(rest, q)
		}
	}
	return rest
}

func TestParseReadsEverything(t *testing.T) {
	t.Parallel()
	got, err := launch.Parse(params(
		"resource_link_title", "Quiz", "resource_link_description", "two\r\nlines",
		"user_id", "u~42", "user_image", "https://lms.example/u.png",
		"roles", "Learner,urn:lti:instrole:ims/lis/Student",
		"role_scope_mentor", "u%2C1, u2,50%", "lis_person_name_given", "Zoë", "lis_person_name_family", "Ångström",
		"lis_person_name_full", "Zoë Ångström", "lis_person_contact_email_primary", "z@lms.example",
		"lis_person_sourcedid", "zoe", "lis_course_offering_sourcedid", "SI182", "lis_course_section_sourcedid", "SI182-001",
		"lis_result_sourcedid", `{"data":{"a":1},"hash":"x"}`, "lis_outcome_service_url", "https://lms.example/service.php",
		"context_id", "S3294476", "context_type", "CourseSection, urn:lti:context-type:ims/lis/Group",
		"context_title", "Design", "context_label", "SI182",
		"launch_presentation_locale", "EN-US__", "launch_presentation_document_target", "iframe",
		"launch_presentation_css_url", "/x.css", "launch_presentation_width", "800", "launch_presentation_height", "100%",
		"launch_presentation_return_url", "/back?x=1", "tool_consumer_info_product_family_code", "moodle",
		"tool_consumer_info_version", "2016052300", "tool_consumer_instance_guid", "lms.example",
		"tool_consumer_instance_name", "LMS", "tool_consumer_instance_contact_email", "a@lms.example",
		"tool_consumer_instance_description", "An LMS", "tool_consumer_instance_url", "https://lms.example",
		"custom_note", "1+1=2 & more*", "custom_empty", "", "ext_lms", "moodle-2", "ext_user_username", "zoe",
		"ext_ims_lis_basic_outcome_url", "https://lms.example/old", "ext_ims_lis_resultvalue_sourcedids", "decimal,ratio",
		"ext_outcome_data_values_accepted", "url,text", "ext_outcome_result_total_score_accepted", "true",
		"ext_outcome_submission_submitted_at_accepted", "True",
		"ext_ims_lis_memberships_id", "m-1", "ext_ims_lis_memberships_url", "https://lms.example/m",
		"ext_ims_lti_tool_setting_id", "s-1", "ext_ims_lti_tool_setting_url", "https://lms.example/s",
		"ext_ims_lti_tool_setting", "kept", "oauth_nonce", "n", "tag", "x", "tag", "",
	))
	if err != nil {
		t.Fatal(err)
	}
	want := lti.Launch{
		ResourceLinkID: "rl-7", ResourceLinkTitle: "Quiz", ResourceLinkDescription: "two\r\nlines",
		UserID: "u~42", Roles: lti.ParseRoles("Learner,urn:lti:instrole:ims/lis/Student"),
		RoleScopeMentor: []string{"u,1", "u2", "50%"},
		Person: lti.Person{SourcedID: "zoe", GivenName: "Zoë", FamilyName: "Ångström", FullName: "Zoë Ångström",
			Email: "z@lms.example", Image: "https://lms.example/u.png"},
		ContextID: "S3294476", ContextType: []string{"CourseSection", "urn:lti:context-type:ims/lis/Group"},
		ContextTitle: "Design", ContextLabel: "SI182", CourseSourcedID: "SI182", SectionSourcedID: "SI182-001",
		Outcome: lti.OutcomeService{URL: "https://lms.example/service.php", FormURL: "https://lms.example/old",
			SourcedID: `{"data":{"a":1},"hash":"x"}`, Values: []string{"decimal", "ratio"},
			DataValues: []string{"url", "text"}, TotalScore: true, Submitted: true},
		Roster:  lti.ServiceEndpoint{URL: "https://lms.example/m", ID: "m-1"},
		Setting: lti.ServiceEndpoint{URL: "https://lms.example/s", ID: "s-1"},
		Instance: lti.Instance{GUID: "lms.example", Name: "LMS", Description: "An LMS", URL: "https://lms.example",
			ContactEmail: "a@lms.example", ProductFamily: "moodle", Version: "2016052300"},
		Return: lti.Presentation{Locale: "EN-US__", DocumentTarget: "iframe", ReturnURL: "/back?x=1", Width: 800, CSSURL: "/x.css"},
		Custom: map[string]string{"custom_note": "1+1=2 & more*", "custom_empty": ""},
		Ext:    map[string]string{"ext_lms": "moodle-2", "ext_user_username": "zoe", "ext_ims_lti_tool_setting": "kept"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parse (-want +got):\n%s", diff)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		p     oauth1.Params
		field string
		want  error
	}{
		{"nothing", nil, "lti_message_type", launch.ErrMissing},
		{"another message", append(params()[1:], oauth1.Param{Name: "lti_message_type", Value: "ContentItemSelection"}), "lti_message_type", launch.ErrMessageType},
		{"case of the message", append(params()[1:], oauth1.Param{Name: "lti_message_type", Value: "Basic-LTI-launch-request"}), "lti_message_type", launch.ErrMessageType},
		{"two message types", params("lti_message_type", "basic-lti-launch-request"), "lti_message_type", launch.ErrRepeated},
		{"no version", without("lti_version", params()), "lti_version", launch.ErrMissing},
		{"LTI 2", append(without("lti_version", params()), oauth1.Param{Name: "lti_version", Value: "LTI-2p0"}), "lti_version", launch.ErrVersion},
		{"no link", without("resource_link_id", params()), "resource_link_id", launch.ErrMissing},
		{"empty link", append(without("resource_link_id", params()), oauth1.Param{Name: "resource_link_id"}), "resource_link_id", launch.ErrMissing},
		{"two links", params("resource_link_id", "rl-8"), "resource_link_id", launch.ErrRepeated},
		{"two equal users", params("user_id", "u", "user_id", "u"), "user_id", launch.ErrRepeated},
		{"roles twice", params("roles", "Learner", "roles", "Instructor"), "roles", launch.ErrRepeated},
		{"roles twice, one empty", params("roles", "", "roles", "Instructor"), "roles", launch.ErrRepeated},
		{"custom twice", params("custom_x", "1", "custom_x", "2"), "custom_x", launch.ErrRepeated},
		{"ext twice", params("ext_x", "1", "ext_x", "2"), "ext_x", launch.ErrRepeated},
		{"long user_id", params("user_id", strings.Repeat("u", 256)), "user_id", launch.ErrTooLong},
		{"long context_id", params("context_id", strings.Repeat("é", 128)), "context_id", launch.ErrTooLong},
		{"long sourcedid", params("lis_result_sourcedid", strings.Repeat("s", 2049)), "lis_result_sourcedid", launch.ErrTooLong},
		{"long title", params("context_title", strings.Repeat("t", 4097)), "context_title", launch.ErrTooLong},
		{"long custom", params("custom_x", strings.Repeat("t", 4097)), "custom_x", launch.ErrTooLong},
		{"long name", params("custom_"+strings.Repeat("x", 300), "1"), "custom_" + strings.Repeat("x", 33) + "...", launch.ErrTooLong},
		{"line break in an id", params("user_id", "u\n1"), "user_id", launch.ErrCharacter},
		{"NUL in an id", params("context_id", "u\x00"), "context_id", launch.ErrCharacter},
		{"NUL in a title", params("context_title", "\x00"), "context_title", launch.ErrCharacter},
		{"NUL in a name", params("custom_\x00", "1"), "custom_\x00", launch.ErrCharacter},
		{"Latin-1", params("lis_person_name_given", "Zo\xeb"), "lis_person_name_given", launch.ErrCharacter},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := launch.Parse(tt.p)
			var fault *launch.FieldError
			if !errors.As(err, &fault) || fault.Field != tt.field || !errors.Is(err, tt.want) {
				t.Errorf("Parse = %v, want %s: %v", err, tt.field, tt.want)
			}
		})
	}
}

func TestParseAtTheBounds(t *testing.T) {
	t.Parallel()
	_, err := launch.Parse(params(
		"user_id", strings.Repeat("u", 255), "lis_result_sourcedid", strings.Repeat("s", 2048),
		"context_title", strings.Repeat("t", 4096), "custom_coursedomain", "", "launch_presentation_height", "-1",
		"launch_presentation_width", "99999999999"))
	if err != nil {
		t.Errorf("Parse = %v, want nil", err)
	}
}

func TestErrorsDoNotTellValues(t *testing.T) {
	t.Parallel()
	_, err := launch.Parse(params("user_id", "private\x00person"))
	if err == nil || strings.Contains(err.Error(), "private") {
		t.Errorf("Parse = %v, want an error without the value", err)
	}
}

func TestBuildKeepsToItsPrefixes(t *testing.T) {
	t.Parallel()
	p := launch.Build(lti.Launch{
		ResourceLinkID: "rl-7",
		Custom:         map[string]string{"roles": "Administrator", "custom_b": "", "custom_a": "1"},
		Ext:            map[string]string{"user_id": "root", "ext_ims_lis_memberships_id": "stolen", "ext_lms": "ltihub"},
	})
	want := params("custom_a", "1", "custom_b", "", "ext_lms", "ltihub")
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("Build (-want +got):\n%s", diff)
	}
	p = launch.BuildMessage("ContentItemSelectionRequest", lti.Launch{UserID: "u"})
	if p.Value("lti_message_type") != "ContentItemSelectionRequest" || p.Count("resource_link_id") != 0 {
		t.Errorf("BuildMessage = %v", p)
	}
}

func FuzzParse(f *testing.F) {
	for _, more := range []oauth1.Params{nil, params("user_id", "u", "roles", "Learner"), params("role_scope_mentor", "%2C,%00,%zz")} {
		q := url.Values{}
		for _, p := range append(params(), more...) {
			q.Add(p.Name, p.Value)
		}
		f.Add(q.Encode())
	}
	f.Add("lti_message_type=basic-lti-launch-request&lti_version=LTI-1p0&resource_link_id=%00&custom_=%ff")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		var p oauth1.Params
		for name, all := range values {
			for _, value := range all {
				p = append(p, oauth1.Param{Name: name, Value: value})
			}
		}
		l, err := launch.Parse(p)
		var fault *launch.FieldError
		if err != nil {
			if !errors.As(err, &fault) {
				t.Errorf("Parse = %v, want a *FieldError", err)
			}
			return
		}
		again, err := launch.Parse(launch.Build(l))
		if errors.Is(err, launch.ErrTooLong) {
			return // mentors grow when they are encoded
		}
		if diff := cmp.Diff(l, again); err != nil || diff != "" {
			t.Errorf("Parse of Build = %v (-want +got):\n%s", err, diff)
		}
	})
}
