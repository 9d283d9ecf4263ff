package lti_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestSubstitute(t *testing.T) {
	t.Parallel()
	vars := lti.Variables{"User.id": "u1", "Person.name.full": "Ada Moss", "Person.name.middle": "", "user.ID": "shadow"}
	for value, want := range map[string]string{
		"$User.id":            "u1",
		"$user.ID":            "shadow", // case decides first
		"$person.NAME.full":   "Ada Moss",
		"$Person.name.middle": "",
		"$Person.name.nick":   "$Person.name.nick",
		"$":                   "$",
		"":                    "",
		"User.id":             "User.id",
		"$User.id!":           "$User.id!",
		" $User.id":           " $User.id", // only a whole value
		"x$User.id":           "x$User.id",
		"$$User.id":           "$$User.id",
	} {
		if got := lti.Substitute(value, vars); got != want {
			t.Errorf("Substitute(%q) = %q, want %q", value, got, want)
		}
	}
}

func source() lti.VariableSource {
	return lti.VariableSource{
		Launch: lti.Launch{
			UserID: "opaque", ResourceLinkID: "quiz1", ContextID: "phys101", ContextTitle: "Physics 101",
			Outcome:  lti.OutcomeService{URL: "https://hub.example/service/passback"},
			Return:   lti.Presentation{Width: 800, Locale: "en-GB"},
			Instance: lti.Instance{GUID: "hub.example"},
		},
		Tool: lti.Tool{},
		User: lti.User{
			Domain: "uni", Username: "secret-user", GivenName: "Secretgiven", FamilyName: "Secretfamily",
			Email: "secret@uni.example",
		},
		Course: lti.Course{Domain: "uni", ID: "phys101", Enrolment: lti.Period{Start: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)}},
		Link:   lti.ResourceLink{ID: "quiz1", Points: 10},
		Member: lti.Membership{Role: lti.TA, Section: "001", Status: lti.MemberActive},

		ContextMembershipsURL: "https://hub.example/service/memberships/1",
	}
}

func TestVariablesReleaseNothingUnasked(t *testing.T) {
	t.Parallel()
	for name, value := range source().Variables() {
		if strings.Contains(strings.ToLower(value), "secret") {
			t.Errorf("$%s tells %q to a tool that gets nothing", name, value)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	closed, open := source(), source()
	open.Tool.Send = []string{lti.SendName, lti.SendEmail, lti.SendUsername, lti.SendRoles}
	open.Tool.Roster.Enabled = true
	open.Launch.Outcome.SourcedID = "cell-77"
	tests := []struct{ name, closed, open string }{
		{"$User.id", "opaque", "opaque"},
		{"$User.username", "$User.username", "secret-user"},
		{"$Person.sourcedId", "$Person.sourcedId", "secret-user"},
		{"$Person.name.full", "$Person.name.full", "Secretgiven Secretfamily"},
		{"$Person.name.middle", "$Person.name.middle", ""},
		{"$Person.email.primary", "$Person.email.primary", "secret@uni.example"},
		{"$Membership.role", "$Membership.role", "TeachingAssistant"},
		{"$Membership.status", "Active", "Active"},
		{"$Context.id", "phys101", "phys101"},
		{"$Context.timeFrame.begin", "2026-09-01T00:00:00Z", "2026-09-01T00:00:00Z"},
		{"$Context.timeFrame.end", "", ""},
		{"$CourseSection.sourceSectionId", "001", "001"},
		{"$ResourceLink.id", "quiz1", "quiz1"},
		{"$LineItem.resultValue.max", "10", "10"},
		{"$Result.sourcedId", "$Result.sourcedId", "cell-77"},
		{"$Result.autocreate", "https://hub.example/service/passback", "https://hub.example/service/passback"},
		{"$Message.width", "800", "800"},
		{"$Message.height", "", ""},
		{"$Message.locale", "en-GB", "en-GB"},
		{"$ToolConsumerInstance.guid", "hub.example", "hub.example"},
		{"$ToolProxyBinding.memberships.url", "$ToolProxyBinding.memberships.url", "https://hub.example/service/memberships/1"},
		{"$LtiLink.memberships.url", "$LtiLink.memberships.url", "$LtiLink.memberships.url"},
		{"$Canvas.api.domain", "$Canvas.api.domain", "$Canvas.api.domain"},
	}
	for _, tt := range tests {
		if got := lti.Substitute(tt.name, closed.Variables()); got != tt.closed {
			t.Errorf("%s for a closed tool = %q, want %q", tt.name, got, tt.closed)
		}
		if got := lti.Substitute(tt.name, open.Variables()); got != tt.open {
			t.Errorf("%s for an open tool = %q, want %q", tt.name, got, tt.open)
		}
	}
	dropped := source()
	dropped.Member.Status = lti.MemberDropped
	if got := dropped.Variables()["Membership.status"]; got != "Inactive" {
		t.Errorf("status of a dropped member = %q", got)
	}
}
