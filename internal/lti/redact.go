package lti

import (
	"slices"
	"strings"
)

// Hidden stands for a value that its reader may not see.
const Hidden = "(hidden)"

// impersonal are the launch parameters that say nothing about a person.
func impersonal() []string {
	return []string{
		"lti_message_type", "lti_version", "roles", "resource_link_id", "context_id", "context_type", "context_title", "context_label",
		"launch_presentation_locale", "launch_presentation_document_target", "launch_presentation_width", "launch_presentation_height",
		"tool_consumer_info_product_family_code", "tool_consumer_info_version", "tool_consumer_instance_guid",
		"tool_consumer_instance_name", "tool_consumer_instance_description", "tool_consumer_instance_url",
		"lis_outcome_service_url", "ext_ims_lis_basic_outcome_url", "ext_ims_lis_memberships_url",
	}
}

// minHidden is how long a value must be to be looked for inside of texts: a
// shorter one would be found in words that it has nothing to do with.
const minHidden = 3

// Redacted is the record for somebody who may not know whom it is about: user
// name, names, addresses and ids of the person are hidden, and so is whatever
// else of the parameters is not known to be impersonal.
func (l LaunchRecord) Redacted() LaunchRecord {
	var private []string
	hide := func(s *string) {
		if *s != "" {
			private = append(private, *s)
			*s = Hidden
		}
	}
	l.Session = nil
	hide(&l.Username)
	l.Params = slices.Clone(l.Params)
	for i := range l.Params {
		name := l.Params[i][0]
		if !strings.HasPrefix(name, "oauth_") && !slices.Contains(impersonal(), name) {
			hide(&l.Params[i][1])
		}
	}
	if l.Returned != nil {
		said := *l.Returned
		for _, s := range []*string{&said.Message, &said.Log, &said.ErrorMessage, &said.ErrorLog} {
			if *s != "" {
				*s = Hidden
			}
		}
		said.Added, said.LeftOut = nil, nil
		l.Returned = &said
	}
	l.Detail, l.Hint = cover(l.Detail, private), cover(l.Hint, private)
	l.Steps = slices.Clone(l.Steps)
	for i := range l.Steps {
		l.Steps[i] = cover(l.Steps[i], private)
	}
	return l
}

// cover hides the private texts in s, the longest first.
func cover(s string, private []string) string {
	private = slices.Clone(private)
	slices.SortFunc(private, func(a, b string) int { return len(b) - len(a) })
	for _, p := range private {
		if len(p) >= minHidden {
			s = strings.ReplaceAll(s, p, Hidden)
		}
	}
	return s
}
