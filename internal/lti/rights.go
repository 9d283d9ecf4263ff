package lti

// CanLaunch reports whether the role may open the course's links.
func (r Role) CanLaunch() bool { return r.Known() }

// CanGrade reports whether the role may see and override everyone's results.
func (r Role) CanGrade() bool { return r == Coordinator || r == Instructor || r == TA }

// CanEdit reports whether the role may change the course's folders, links and
// tools.
func (r Role) CanEdit() bool { return r == Coordinator || r == Instructor || r == Designer }

// CanSeeRoster reports whether the role may see who is in the course.
func (r Role) CanSeeRoster() bool { return r.CanGrade() || r == Proctor }

// CanManage reports whether the role may change memberships and ask the LMS
// for its roster.
func (r Role) CanManage() bool { return r == Coordinator || r == Instructor }

// CanAssign reports whether someone with role r may give other to somebody,
// by a page or through a roster. Nobody may make a coordinator by role alone:
// that takes the owner of the course, which the caller has to ask for.
func (r Role) CanAssign(other Role) bool {
	return r.CanManage() && other.Known() && other != Coordinator && other.Rank() <= r.Rank()
}
