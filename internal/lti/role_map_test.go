package lti_test

import (
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestMapRoles(t *testing.T) {
	t.Parallel()
	usual := map[string]lti.Role{
		"Learner": lti.Student, "Instructor": lti.Instructor, "TeachingAssistant": lti.TA,
	}
	fine := map[string]lti.Role{
		"Learner": lti.Student, "Learner/GuestLearner": lti.Observer,
		"urn:lti:instrole:ims/lis/Faculty":         lti.Instructor,
		"urn:lti:role:ims/lis/Manager/Observer":    lti.Observer,
		"Mentor":                                   "", // stands for nothing
		"urn:example:role:proctor":                 lti.Proctor,
		"urn:lti:role:ims/lis/Instructor/Lecturer": lti.Designer,
	}
	tests := []struct {
		name     string
		roles    string
		mapping  map[string]lti.Role
		want     lti.Role
		unmapped int
	}{
		{"handle", "Learner", usual, lti.Student, 0},
		{"URN", "urn:lti:role:ims/lis/Learner", usual, lti.Student, 0},
		{"highest of several", "Learner,Instructor,TeachingAssistant", usual, lti.Instructor, 0},
		{"sub-role implies its principal", "Learner/GuestLearner", usual, lti.Student, 0},
		{"assistant below the instructor", "Instructor#TeachingAssistant", usual, lti.TA, 0},
		{"learner called instructor", "Learner/Instructor", usual, lti.Student, 0},
		{"institution role gives nothing", "urn:lti:instrole:ims/lis/Instructor", usual, "", 1},
		{"system role gives nothing", "urn:lti:sysrole:ims/lis/Administrator,Learner", usual, lti.Student, 1},
		{"Canvas designer", "ContentDeveloper,urn:lti:instrole:ims/lis/Instructor", usual, "", 2},
		{"none at all", "", usual, "", 0},
		{"unknown", "Wizard", usual, "", 1},
		{"edX", "Student", usual, lti.Student, 0},
		{"no mapping", "Instructor", nil, "", 1},
		{"institution by its URN", "urn:lti:instrole:ims/lis/faculty", fine, lti.Instructor, 0},
		{"nearest key wins", "Learner/GuestLearner", fine, lti.Observer, 0},
		{"other sub-role of a mapped sub-role", "Manager/AreaManager", fine, "", 1},
		{"mapped to nothing", "Mentor", fine, "", 1},
		{"foreign URN by its text", "urn:example:role:PROCTOR", fine, lti.Proctor, 0},
		{"handle meets URN key", "Instructor/Lecturer", fine, lti.Designer, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			best, unmapped := lti.MapRoles(lti.ParseRoles(tt.roles), tt.mapping)
			if best != tt.want || len(unmapped) != tt.unmapped {
				t.Errorf("MapRoles(%q) = %q, %v, want %q and %d unmapped", tt.roles, best, unmapped, tt.want, tt.unmapped)
			}
		})
	}
}

func TestMapRolesDoesNotDependOnMapOrder(t *testing.T) {
	t.Parallel()
	mapping := map[string]lti.Role{"Learner": lti.Student, "learner": lti.Observer, "Student": lti.Proctor}
	first, _ := lti.MapRoles(lti.ParseRoles("urn:lti:role:ims/lis/Learner"), mapping)
	for range 50 {
		if again, _ := lti.MapRoles(lti.ParseRoles("urn:lti:role:ims/lis/Learner"), mapping); again != first {
			t.Fatalf("MapRoles = %q, then %q", first, again)
		}
	}
}

func TestHasRole(t *testing.T) {
	t.Parallel()
	tests := []struct {
		roles string
		names []string
		want  bool
	}{
		{"Learner", []string{"Instructor", "Learner"}, true},
		{"urn:lti:role:ims/lis/Instructor/Lecturer", []string{"Instructor"}, true},
		{"urn:lti:instrole:ims/lis/Instructor", []string{"Instructor"}, false},
		{"urn:lti:instrole:ims/lis/Instructor", []string{"urn:lti:instrole:ims/lis/Instructor"}, false},
		{"Learner", nil, false},
		{"", []string{"Learner"}, false},
	}
	for _, tt := range tests {
		if got := lti.HasRole(lti.ParseRoles(tt.roles), tt.names); got != tt.want {
			t.Errorf("HasRole(%q, %q) = %v, want %v", tt.roles, tt.names, got, tt.want)
		}
	}
}

func TestLTIRolesComeBack(t *testing.T) {
	t.Parallel()
	tests := map[lti.Role]string{
		lti.Coordinator: "Instructor", lti.Instructor: "Instructor",
		lti.Designer: "ContentDeveloper", lti.TA: "TeachingAssistant",
		lti.Proctor: "Mentor", lti.Observer: "Mentor", lti.Student: "Learner",
	}
	for _, role := range lti.CourseRoles() {
		sent := lti.ParseRoles(lti.LTIRoles(role))
		if len(sent) != 1 || !sent[0].Is(tests[role]) {
			t.Errorf("LTIRoles(%q) = %q, want a %s", role, lti.LTIRoles(role), tests[role])
		}
	}
	if got := lti.LTIRoles("nobody"); got != "" {
		t.Errorf("LTIRoles of no role = %q", got)
	}
}
