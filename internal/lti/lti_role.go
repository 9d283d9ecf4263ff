package lti

import "strings"

// Prefixes of context, institution and system roles. The vocabularies of LTI 2
// occur in Context Memberships and in launches of some LMSs.
const (
	contextURN     = "urn:lti:role:ims/lis/"
	institutionURN = "urn:lti:instrole:ims/lis/"
	systemURN      = "urn:lti:sysrole:ims/lis/"

	vocabulary    = "http://purl.imsglobal.org/vocab/lis/v2/"
	membershipURI = vocabulary + "membership#"
	subRoleURI    = vocabulary + "membership/"
	curie         = "lism:"
)

// ParseRoles reads a comma-separated list of roles (LTI 1.1 appendix A.2). A
// bare word is the handle of a context role; the other kinds need their URN.
// Case does not matter. Unknown roles are kept as they were sent.
func ParseRoles(s string) []LTIRole {
	var roles []LTIRole
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			roles = append(roles, parseRole(part))
		}
	}
	return roles
}

func parseRole(raw string) LTIRole {
	kind, rest := roleKind(raw)
	if kind == RoleOther {
		return LTIRole{Raw: raw, Kind: RoleOther}
	}
	name, sub := rest, ""
	if i := strings.IndexAny(rest, "/#"); i >= 0 {
		name, sub = rest[:i], rest[i+1:]
	}
	name = handle(kind, name)
	subs := subRoles(kind, name)
	if kind == RoleContext && name == "Instructor" {
		// LTI 1.3 puts the teaching assistant below the instructor; the
		// lesser of the two is meant.
		if assistants := subRoles(kind, "TeachingAssistant"); containsFold(assistants, sub) {
			name, subs = "TeachingAssistant", assistants
		}
	}
	sub = canonical(subs, sub)
	if sub == name {
		sub = ""
	}
	return LTIRole{Raw: raw, Kind: kind, Name: name, Sub: sub}
}

// roleKind tells by its prefix where a role holds, and what follows it.
func roleKind(raw string) (RoleKind, string) {
	prefixes := []struct {
		prefix string
		kind   RoleKind
	}{
		{contextURN, RoleContext},
		{institutionURN, RoleInstitution},
		{systemURN, RoleSystem},
		{membershipURI, RoleContext},
		{subRoleURI, RoleContext},
		{curie, RoleContext},
		{vocabulary + "institution/person#", RoleInstitution},
		{vocabulary + "system/person#", RoleSystem},
	}
	for _, p := range prefixes {
		if len(raw) > len(p.prefix) && strings.EqualFold(raw[:len(p.prefix)], p.prefix) {
			return p.kind, raw[len(p.prefix):]
		}
	}
	if strings.Contains(raw, ":") {
		return RoleOther, ""
	}
	return RoleContext, raw
}

// handle writes a principal role as the vocabulary does.
func handle(kind RoleKind, name string) string {
	if kind == RoleContext && strings.EqualFold(name, "Student") {
		return "Learner" // edX sends it, though it is no context role
	}
	return canonical(principals(kind), name)
}

// principals lists the principal roles of a kind, with a comma between two: a text
// is made once, a list of texts at each call.
func principals(kind RoleKind) string {
	switch kind {
	case RoleContext:
		return "Learner,Instructor,ContentDeveloper,Member,Manager,Mentor,Administrator,TeachingAssistant"
	case RoleInstitution:
		return "Student,Faculty,Member,Learner,Instructor,Mentor,Staff,Alumni,ProspectiveStudent,Guest,Other,Administrator,Observer,None"
	case RoleSystem:
		return "SysAdmin,SysSupport,Creator,AccountAdmin,User,Administrator,None"
	}
	return ""
}

// subRoles lists the sub-roles of a context role; the other kinds have none.
func subRoles(kind RoleKind, name string) string {
	if kind != RoleContext {
		return ""
	}
	switch name {
	case "Learner":
		return "Learner,NonCreditLearner,GuestLearner,ExternalLearner,Instructor"
	case "Instructor":
		return "PrimaryInstructor,Lecturer,GuestInstructor,ExternalInstructor"
	case "ContentDeveloper":
		return "ContentDeveloper,Librarian,ContentExpert,ExternalContentExpert"
	case "Member":
		return "Member"
	case "Manager":
		return "AreaManager,CourseCoordinator,Observer,ExternalObserver"
	case "Mentor":
		return "Mentor,Reviewer,Advisor,Auditor,Tutor,LearningFacilitator,ExternalMentor,ExternalReviewer,ExternalAdvisor,ExternalAuditor,ExternalTutor,ExternalLearningFacilitator"
	case "Administrator":
		return "Administrator,Support,Developer,SystemAdministrator,ExternalSystemAdministrator,ExternalDeveloper,ExternalSupport"
	case "TeachingAssistant":
		return "TeachingAssistant,TeachingAssistantSection,TeachingAssistantSectionAssociation,TeachingAssistantOffering,TeachingAssistantTemplate,TeachingAssistantGroup,Grader"
	}
	return ""
}

// canonical is word as the list spells it, or unchanged if it is not there.
func canonical(list, word string) string {
	for w := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(w, word) {
			return w
		}
	}
	return word
}

func containsFold(list, word string) bool {
	for w := range strings.SplitSeq(list, ",") {
		if w != "" && strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// String is the role as it was sent; one that was made here is written as a
// handle if it is a context role and as a URN otherwise.
func (r LTIRole) String() string {
	if r.Raw != "" || r.Name == "" {
		return r.Raw
	}
	name := r.Name
	if r.Sub != "" {
		name += "/" + r.Sub
	}
	switch r.Kind {
	case RoleInstitution:
		return institutionURN + name
	case RoleSystem:
		return systemURN + name
	}
	return name
}

// URI is a context role in the vocabulary of Context Memberships 1.0, in full:
// LTI-PHP knows no lism:Learner. Other kinds are written as String does.
func (r LTIRole) URI() string {
	switch {
	case r.Kind != RoleContext || r.Name == "":
		return r.String()
	case r.Sub != "":
		return subRoleURI + r.Name + "#" + r.Sub
	}
	return membershipURI + r.Name
}

// Is reports whether r is the named role: a handle ("Instructor") names a
// context role, with or without a sub-role; a handle with a sub-role
// ("Learner/GuestLearner") that one alone; a URN any kind. Case does not
// matter.
func (r LTIRole) Is(name string) bool {
	return r.matches(parseRole(strings.TrimSpace(name)))
}

func (r LTIRole) matches(want LTIRole) bool {
	if r.Kind != want.Kind {
		return false
	}
	if r.Kind == RoleOther {
		return strings.EqualFold(r.Raw, want.Raw)
	}
	return want.Name != "" && strings.EqualFold(r.Name, want.Name) &&
		(want.Sub == "" || strings.EqualFold(r.Sub, want.Sub))
}
