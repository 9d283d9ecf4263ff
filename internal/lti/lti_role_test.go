package lti_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestParseRoles(t *testing.T) {
	t.Parallel()
	const vocabulary = "http://purl.imsglobal.org/vocab/lis/v2/"
	tests := []struct {
		in   string
		kind lti.RoleKind
		name string
		sub  string
	}{
		{"Learner", lti.RoleContext, "Learner", ""},
		{"learner", lti.RoleContext, "Learner", ""},
		{" Instructor ", lti.RoleContext, "Instructor", ""},
		{"urn:lti:role:ims/lis/Instructor", lti.RoleContext, "Instructor", ""},
		{"URN:LTI:ROLE:IMS/LIS/TEACHINGASSISTANT", lti.RoleContext, "TeachingAssistant", ""},
		{"urn:lti:role:ims/lis/Learner/NonCreditLearner", lti.RoleContext, "Learner", "NonCreditLearner"},
		{"Learner/GuestLearner", lti.RoleContext, "Learner", "GuestLearner"},
		{"Learner/Learner", lti.RoleContext, "Learner", ""},
		{"Learner/Instructor", lti.RoleContext, "Learner", "Instructor"}, // a learner all the same
		{"Instructor#TeachingAssistant", lti.RoleContext, "TeachingAssistant", ""},
		{"Instructor/Grader", lti.RoleContext, "TeachingAssistant", "Grader"},
		{"Instructor/Lecturer", lti.RoleContext, "Instructor", "Lecturer"},
		{vocabulary + "membership#Learner", lti.RoleContext, "Learner", ""},
		{vocabulary + "membership/Instructor#TeachingAssistant", lti.RoleContext, "TeachingAssistant", ""},
		{vocabulary + "institution/person#Administrator", lti.RoleInstitution, "Administrator", ""},
		{vocabulary + "system/person#SysAdmin", lti.RoleSystem, "SysAdmin", ""},
		{"lism:Learner", lti.RoleContext, "Learner", ""},
		{"Student", lti.RoleContext, "Learner", ""}, // edX
		{"urn:lti:instrole:ims/lis/Student", lti.RoleInstitution, "Student", ""},
		{"urn:lti:instrole:ims/lis/administrator", lti.RoleInstitution, "Administrator", ""},
		{"urn:lti:sysrole:ims/lis/SysAdmin", lti.RoleSystem, "SysAdmin", ""},
		{"Wizard", lti.RoleContext, "Wizard", ""},
		{"urn:lti:role:ims/lis/Wizard/Grey", lti.RoleContext, "Wizard", "Grey"},
		{"urn:example:role:Learner", lti.RoleOther, "", ""},
		{"urn:lti:role:ims/lis/", lti.RoleOther, "", ""}, // no name at all
	}
	for _, tt := range tests {
		got := lti.ParseRoles(tt.in)
		want := []lti.LTIRole{{Raw: strings.TrimSpace(tt.in), Kind: tt.kind, Name: tt.name, Sub: tt.sub}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ParseRoles(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
	if got := lti.ParseRoles(" , ,"); got != nil {
		t.Errorf("ParseRoles of nothing = %v, want none", got)
	}
	if got := lti.ParseRoles("Learner,urn:lti:instrole:ims/lis/Student, Mentor"); len(got) != 3 {
		t.Errorf("ParseRoles of three gave %d", len(got))
	}
}

func TestRoleIs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		role, name string
		want       bool
	}{
		{"Instructor", "Instructor", true},
		{"Instructor", "instructor", true},
		{"urn:lti:role:ims/lis/Instructor/Lecturer", "Instructor", true},
		{"Instructor", "Instructor/Lecturer", false},
		{"Instructor/Lecturer", "Instructor/Lecturer", true},
		{"Instructor#TeachingAssistant", "Instructor", false},
		{"Learner/Instructor", "Instructor", false},
		{"urn:lti:instrole:ims/lis/Instructor", "Instructor", false},
		{"urn:lti:instrole:ims/lis/Instructor", "urn:lti:instrole:ims/lis/Instructor", true},
		{"urn:x:y", "URN:X:Y", true},
		{"urn:x:y", "", false},
		{"/odd", "", false},
	}
	for _, tt := range tests {
		if got := lti.ParseRoles(tt.role)[0].Is(tt.name); got != tt.want {
			t.Errorf("%q.Is(%q) = %v, want %v", tt.role, tt.name, got, tt.want)
		}
	}
}

func TestRoleURI(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Learner":                            "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
		"urn:lti:role:ims/lis/Learner":       "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
		"Learner/GuestLearner":               "http://purl.imsglobal.org/vocab/lis/v2/membership/Learner#GuestLearner",
		"urn:lti:instrole:ims/lis/Observer":  "urn:lti:instrole:ims/lis/Observer",
		"urn:example:something:else:Learner": "urn:example:something:else:Learner",
	} {
		if got := lti.ParseRoles(in)[0].URI(); got != want {
			t.Errorf("URI of %q = %q, want %q", in, got, want)
		}
	}
}

func TestRoleStringWithoutRaw(t *testing.T) {
	t.Parallel()
	tests := []struct {
		role lti.LTIRole
		want string
	}{
		{lti.LTIRole{Kind: lti.RoleContext, Name: "Learner", Sub: "GuestLearner"}, "Learner/GuestLearner"},
		{lti.LTIRole{Kind: lti.RoleInstitution, Name: "Staff"}, "urn:lti:instrole:ims/lis/Staff"},
		{lti.LTIRole{Kind: lti.RoleSystem, Name: "User"}, "urn:lti:sysrole:ims/lis/User"},
		{lti.LTIRole{}, ""},
	}
	for _, tt := range tests {
		if got := tt.role.String(); got != tt.want {
			t.Errorf("String of %+v = %q, want %q", tt.role, got, tt.want)
		}
	}
}

// What is read and written again, in either form, is the same role.
func TestRoleKeepsItsMeaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringMatching(`[A-Za-z:/#. ]{1,40}`).Draw(t, "raw")
		for _, r := range lti.ParseRoles(raw) {
			same := lti.ParseRoles(r.String())
			if len(same) != 1 || same[0] != r {
				t.Fatalf("ParseRoles(%q) = %+v, want %+v", r.String(), same, r)
			}
		}
	})
}

func FuzzParseRoles(f *testing.F) {
	f.Add("Learner,urn:lti:role:ims/lis/Instructor/Lecturer,urn:lti:sysrole:ims/lis/None")
	f.Add("Instructor#TeachingAssistant,#,/,lism:")
	f.Fuzz(func(t *testing.T, s string) {
		roles := lti.ParseRoles(s)
		if best, _ := lti.MapRoles(roles, map[string]lti.Role{"Learner": lti.Student}); best.Rank() > lti.Student.Rank() {
			t.Errorf("%q maps to %q", s, best)
		}
	})
}
