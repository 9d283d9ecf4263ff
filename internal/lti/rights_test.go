package lti_test

import (
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestRights(t *testing.T) {
	t.Parallel()
	tests := []struct {
		role                                lti.Role
		launch, grade, edit, roster, manage bool
	}{
		{lti.Coordinator, true, true, true, true, true},
		{lti.Instructor, true, true, true, true, true},
		{lti.Designer, true, false, true, false, false},
		{lti.TA, true, true, false, true, false},
		{lti.Proctor, true, false, false, true, false},
		{lti.Observer, true, false, false, false, false},
		{lti.Student, true, false, false, false, false},
		{"", false, false, false, false, false},
		{"admin", false, false, false, false, false},
	}
	for _, tt := range tests {
		got := [5]bool{tt.role.CanLaunch(), tt.role.CanGrade(), tt.role.CanEdit(), tt.role.CanSeeRoster(), tt.role.CanManage()}
		want := [5]bool{tt.launch, tt.grade, tt.edit, tt.roster, tt.manage}
		if got != want {
			t.Errorf("rights of %q = %v, want %v", tt.role, got, want)
		}
	}
}

func TestCanAssign(t *testing.T) {
	t.Parallel()
	for _, r := range append(lti.CourseRoles(), "", "admin") {
		for _, other := range append(lti.CourseRoles(), "", "admin") {
			manager := r == lti.Coordinator || r == lti.Instructor
			want := manager && other.Known() && other != lti.Coordinator
			if got := r.CanAssign(other); got != want {
				t.Errorf("%q.CanAssign(%q) = %v, want %v", r, other, got, want)
			}
		}
	}
}
