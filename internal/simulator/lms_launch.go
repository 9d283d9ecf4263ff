package simulator

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"
)

// LaunchForm returns the signed launch of a link by a user: where the browser posts
// it and the fields it posts (LTI 1.1, 3). The faults ClockSkew, WrongSecret and
// Tamper apply. An unknown user or link is an error.
func (l *LMS) LaunchForm(userID, linkID string) (action string, form url.Values, err error) {
	signed, err := l.launch(userID, linkID, "window")
	return signed.Action, signed.Fields, err
}

// ReplayForm returns the last launch as it was, signature, nonce and all. Without a
// launch yet it returns false.
func (l *LMS) ReplayForm() (action string, form url.Values, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil {
		return "", nil, false
	}
	return l.last.Action, maps.Clone(l.last.Fields), true
}

// launch makes and remembers the launch; target is frame, iframe or window.
func (l *LMS) launch(userID, linkID, target string) (SignedForm, error) {
	user, link, ok := l.find(userID, linkID)
	if !ok {
		return SignedForm{}, fmt.Errorf("launch: no user %q or no link %q", userID, linkID)
	}
	session := l.NewID()
	form := url.Values{}
	l.describeUser(form, user)
	l.describePlacement(form, link)
	l.describeServices(form, user, link)
	l.describeLMS(form)
	l.addCustom(form, link)
	form.Set("custom_logout_service_url", l.PublicURL+"/services/logout?session="+url.QueryEscape(session))
	form.Set("launch_presentation_document_target", target)
	form.Set("launch_presentation_return_url", l.returnURL(user, link, target))

	signed := SignedForm{Action: link.launchURL(l.LaunchURL), Fields: form}
	if err := l.signLaunch(signed); err != nil {
		return SignedForm{}, fmt.Errorf("launch: %w", err)
	}
	l.mu.Lock()
	l.sessions[session] = user.ID
	l.last = &SignedForm{Action: signed.Action, Fields: maps.Clone(form)}
	l.launches++
	l.mu.Unlock()
	l.changes.tell()
	return signed, nil
}

func (l *LMS) returnURL(user User, link Link, target string) string {
	query := url.Values{"user": {user.ID}, "link": {link.ID}, "target": {target}}
	return l.PublicURL + "/return?" + query.Encode()
}

func (l *LMS) describeUser(form url.Values, user User) {
	form.Set("user_id", user.ID)
	form.Set("roles", user.Roles)
	form.Set("lis_person_sourcedid", user.Login)
	form.Set("lis_person_name_given", user.Given)
	form.Set("lis_person_name_family", user.Family)
	form.Set("lis_person_name_full", user.Name())
	form.Set("lis_person_contact_email_primary", user.Email)
}

func (l *LMS) describePlacement(form url.Values, link Link) {
	form.Set("lti_message_type", "basic-lti-launch-request")
	form.Set("lti_version", "LTI-1p0")
	form.Set("resource_link_id", link.ID)
	form.Set("resource_link_title", link.Title)
	form.Set("resource_link_description", link.Description)
	form.Set("context_id", l.Course.ID)
	form.Set("context_type", l.Course.Type)
	form.Set("context_title", l.Course.Title)
	form.Set("context_label", l.Course.Label)
	form.Set("lis_course_offering_sourcedid", l.Course.Label+"-2026")
	form.Set("lis_course_section_sourcedid", l.Course.Label+"-2026-001")
}

// describeServices names the services. A sourcedid goes only to learners on
// gradable links; instructors get the URL alone (LTI 1.1, 6).
func (l *LMS) describeServices(form url.Values, user User, link Link) {
	if !l.OnlyPages {
		form.Set("ext_ims_lis_memberships_url", l.PublicURL+"/services/roster")
		form.Set("ext_ims_lis_memberships_id", rosterPrefix+link.ID)
	}
	form.Set("ext_ims_lti_tool_setting_url", l.PublicURL+"/services/setting")
	form.Set("ext_ims_lti_tool_setting_id", settingPrefix+link.ID)
	form.Set("custom_context_memberships_url", l.PublicURL+"/services/memberships?rlid="+url.QueryEscape(link.ID))
	if value, ok := l.setting(link.ID); ok {
		form.Set("ext_ims_lti_tool_setting", value)
	}
	if !link.Gradable {
		return
	}
	form.Set("lis_outcome_service_url", l.PublicURL+"/services/outcomes")
	form.Set("ext_ims_lis_basic_outcome_url", l.PublicURL+"/services/outcomes10")
	form.Set("ext_ims_lis_resultvalue_sourcedids", "decimal,percentage,ratio")
	if user.Learner() {
		form.Set("lis_result_sourcedid", l.Course.sourcedID(user, link))
	}
}

func (l *LMS) describeLMS(form url.Values) {
	form.Set("tool_consumer_info_product_family_code", "simulated-lms")
	form.Set("tool_consumer_info_version", "1")
	form.Set("tool_consumer_instance_guid", "campus-lms.example")
	form.Set("tool_consumer_instance_name", l.Name)
	form.Set("tool_consumer_instance_description", "A simulated LMS")
	form.Set("tool_consumer_instance_contact_email", "help@campus.example")
	form.Set("tool_consumer_instance_url", l.PublicURL)
	form.Set("launch_presentation_locale", l.Locale)
	form.Set("launch_presentation_width", "1040")
	form.Set("launch_presentation_height", "720")
}

func (l *LMS) addCustom(form url.Values, link Link) {
	for name, value := range l.Custom {
		form.Set("custom_"+name, value)
	}
	for name, value := range link.Custom {
		form.Set("custom_"+name, value)
	}
	if link.Points > 0 {
		form.Set("custom_points_possible", strconv.FormatFloat(link.Points, 'f', -1, 64))
	}
}

// SignForm signs any form for a POST to action as this LMS would, without faults: what
// a launch of a test's own making needs. Former oauth_ parameters are replaced.
func (l *LMS) SignForm(action string, form url.Values) error {
	return signer{key: l.Key, secret: l.Secret, method: l.SignatureMethod, nonce: l.NewID(), at: l.Now()}.signForm(action, form)
}

// signLaunch signs in place, with the faults that concern launches.
func (l *LMS) signLaunch(signed SignedForm) error {
	faults := l.CurrentFaults()
	s := signer{key: l.Key, secret: l.Secret, method: l.SignatureMethod, nonce: l.NewID(), at: l.Now().Add(faults.ClockSkew)}
	if faults.WrongSecret {
		s.secret = "not-" + l.Secret
	}
	if err := s.signForm(signed.Action, signed.Fields); err != nil {
		return err
	}
	if faults.Tamper {
		// What a student would try: the form is signed, then made to say more.
		signed.Fields.Set("roles", signed.Fields.Get("roles")+",Instructor,urn:lti:sysrole:ims/lis/Administrator")
	}
	return nil
}
