package launch

import "github.com/ltihub/ltihub/internal/lti"

// Bounds of a value in bytes.
const (
	maxID        = 255
	maxServiceID = 2048 // Sakai cuts a sourcedid there
	maxText      = 4096
)

const (
	messageType = "basic-lti-launch-request"
	version     = "LTI-1p0"

	messageTypeParam    = "lti_message_type"
	versionParam        = "lti_version"
	resourceLinkIDParam = "resource_link_id"
	rolesParam          = "roles"
	mentorParam         = "role_scope_mentor"
	contextTypeParam    = "context_type"
	widthParam          = "launch_presentation_width"
	heightParam         = "launch_presentation_height"
	scoreTypesParam     = "ext_ims_lis_resultvalue_sourcedids"
	dataValuesParam     = "ext_outcome_data_values_accepted"
	totalScoreParam     = "ext_outcome_result_total_score_accepted"
	submittedAtParam    = "ext_outcome_submission_submitted_at_accepted"
	reviewParam         = "ext_outcome_submission_needs_additional_review_accepted"
	prioritizeParam     = "ext_outcome_submission_prioritize_non_tool_grade_accepted"
)

// field ties a parameter that is plain text to its place in a launch.
type field struct {
	name string
	at   *string
}

// texts lists the parameters that are plain text, in the order they are
// written.
func texts(l *lti.Launch) []field {
	return []field{
		{resourceLinkIDParam, &l.ResourceLinkID},
		{"resource_link_title", &l.ResourceLinkTitle},
		{"resource_link_description", &l.ResourceLinkDescription},
		{"user_id", &l.UserID},
		{"user_image", &l.Person.Image},
		{"lis_person_sourcedid", &l.Person.SourcedID},
		{"lis_person_name_given", &l.Person.GivenName},
		{"lis_person_name_family", &l.Person.FamilyName},
		{"lis_person_name_full", &l.Person.FullName},
		{"lis_person_contact_email_primary", &l.Person.Email},
		{"context_id", &l.ContextID},
		{"context_title", &l.ContextTitle},
		{"context_label", &l.ContextLabel},
		{"lis_course_offering_sourcedid", &l.CourseSourcedID},
		{"lis_course_section_sourcedid", &l.SectionSourcedID},
		{"lis_result_sourcedid", &l.Outcome.SourcedID},
		{"lis_outcome_service_url", &l.Outcome.URL},
		{"launch_presentation_locale", &l.Return.Locale},
		{"launch_presentation_document_target", &l.Return.DocumentTarget},
		{"launch_presentation_css_url", &l.Return.CSSURL},
		{"launch_presentation_return_url", &l.Return.ReturnURL},
		{"tool_consumer_info_product_family_code", &l.Instance.ProductFamily},
		{"tool_consumer_info_version", &l.Instance.Version},
		{"tool_consumer_instance_guid", &l.Instance.GUID},
		{"tool_consumer_instance_name", &l.Instance.Name},
		{"tool_consumer_instance_description", &l.Instance.Description},
		{"tool_consumer_instance_url", &l.Instance.URL},
		{"tool_consumer_instance_contact_email", &l.Instance.ContactEmail},
		{"ext_ims_lis_basic_outcome_url", &l.Outcome.FormURL},
		{"ext_ims_lis_memberships_url", &l.Roster.URL},
		{"ext_ims_lis_memberships_id", &l.Roster.ID},
		{"ext_ims_lti_tool_setting_url", &l.Setting.URL},
		{"ext_ims_lti_tool_setting_id", &l.Setting.ID},
	}
}

// limit is how many bytes the parameter may have, and whether it is an id,
// in which no control character is allowed.
func limit(name string) (bytes int, id bool) {
	switch name {
	case "user_id", "context_id", resourceLinkIDParam, "lis_person_sourcedid",
		"lis_course_offering_sourcedid", "lis_course_section_sourcedid":
		return maxID, true
	case "lis_result_sourcedid", "ext_ims_lis_memberships_id", "ext_ims_lti_tool_setting_id":
		return maxServiceID, true
	}
	return maxText, false
}

// ownExt reports whether an ext_ parameter has a place of its own in a launch.
func ownExt(name string) bool {
	switch name {
	case "ext_ims_lis_basic_outcome_url",
		"ext_ims_lis_memberships_url", "ext_ims_lis_memberships_id",
		"ext_ims_lti_tool_setting_url", "ext_ims_lti_tool_setting_id",
		scoreTypesParam, dataValuesParam, totalScoreParam, submittedAtParam, reviewParam, prioritizeParam:
		return true
	}
	return false
}
