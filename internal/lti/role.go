package lti

// Role is a role in one of our courses.
type Role string

// The roles of a course, by rank.
const (
	Coordinator Role = "coordinator"
	Instructor  Role = "instructor"
	Designer    Role = "designer"
	TA          Role = "ta"
	Proctor     Role = "proctor"
	Observer    Role = "observer"
	Student     Role = "student"
)

// CourseRoles lists the roles of a course, highest first.
func CourseRoles() []Role {
	return []Role{Coordinator, Instructor, Designer, TA, Proctor, Observer, Student}
}

// Rank is the role's place among the roles of a course: 7 for the coordinator
// down to 1 for the student, 0 for what is no role.
func (r Role) Rank() int {
	for i, role := range CourseRoles() {
		if r == role {
			return len(CourseRoles()) - i
		}
	}
	return 0
}

// Known reports whether r is a role of a course.
func (r Role) Known() bool { return r.Rank() > 0 }

// LTIRole is one role of a launch or roster (LTI 1.1 appendix A.2).
type LTIRole struct {
	// Raw is the role as it was sent, trimmed.
	Raw string
	// Kind tells course roles apart from those of the institution or system,
	// which give no right in a course by themselves.
	Kind RoleKind
	// Name is the principal role's handle ("Instructor"), Sub the part after
	// the slash or hash sign, if any.
	Name string
	Sub  string
}

// RoleKind is where an LTI role holds.
type RoleKind string

// The kinds of LTI roles. An unknown URN is RoleOther.
const (
	RoleContext     RoleKind = "context"
	RoleInstitution RoleKind = "institution"
	RoleSystem      RoleKind = "system"
	RoleOther       RoleKind = "other"
)
