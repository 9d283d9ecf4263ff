package lti

// Launch is a basic-lti-launch-request as it was said, not yet believed (LTI
// 1.1 section 3). Empty fields were absent or empty.
type Launch struct {
	ResourceLinkID          string
	ResourceLinkTitle       string
	ResourceLinkDescription string

	UserID string
	// Roles are the roles in the order sent.
	Roles           []LTIRole
	RoleScopeMentor []string
	Person          Person

	ContextID    string
	ContextType  []string
	ContextTitle string
	ContextLabel string
	// CourseSourcedID and SectionSourcedID are the SIS ids of the context.
	CourseSourcedID  string
	SectionSourcedID string

	Outcome  OutcomeService
	Roster   ServiceEndpoint
	Setting  ServiceEndpoint
	Instance Instance
	Return   Presentation

	// Custom and Ext hold the custom_ and ext_ parameters by full name.
	Custom map[string]string
	Ext    map[string]string
}

// Person is what a launch or roster tells of the user.
type Person struct {
	SourcedID  string
	GivenName  string
	FamilyName string
	FullName   string
	Email      string
	Image      string
}

// OutcomeService is where the sender wants this user's result.
type OutcomeService struct {
	// URL takes POX messages (LTI 1.1 section 6), FormURL the LTI 1.0 form.
	URL       string
	FormURL   string
	SourcedID string
	// Values lists the score types that FormURL takes; empty means decimal.
	Values []string
	// DataValues lists the resultData kinds that URL takes.
	DataValues []string
	TotalScore bool
	// Submitted and Review say that URL takes when somebody handed in, and that
	// a person should look at it (submissionDetails).
	Submitted bool
	Review    bool
	// Prioritize says that a score which a person has set stands, as a tool may
	// ask by prioritizeNonToolGrade.
	Prioritize bool
}

// ServiceEndpoint is an extension service: its URL and the id to call it with.
type ServiceEndpoint struct {
	URL string
	ID  string
}

// Instance describes the sending LMS. It is a label, never an identity.
type Instance struct {
	GUID          string
	Name          string
	Description   string
	URL           string
	ContactEmail  string
	ProductFamily string
	Version       string
}

// Presentation is how and in what language the sender shows us, and the way
// back.
type Presentation struct {
	Locale         string
	DocumentTarget string
	ReturnURL      string
	Width          int
	Height         int
	CSSURL         string
}

// Parameter finds a value by the names that a configuration may use to match a
// user or course: user_id, context_id, the lis_ ids and e-mail, and any
// custom_ or ext_ name. Unknown names give "".
func (l Launch) Parameter(name string) string {
	switch name {
	case "user_id":
		return l.UserID
	case "context_id":
		return l.ContextID
	case "lis_person_sourcedid":
		return l.Person.SourcedID
	case "lis_person_contact_email_primary":
		return l.Person.Email
	case "lis_course_offering_sourcedid":
		return l.CourseSourcedID
	case "lis_course_section_sourcedid":
		return l.SectionSourcedID
	case "resource_link_id":
		return l.ResourceLinkID
	}
	if v, ok := l.Custom[name]; ok {
		return v
	}
	return l.Ext[name]
}
