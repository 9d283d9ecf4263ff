package lti

// Tail is what a launch URL names after /lti/launch: nothing, a course, a
// folder or link of it, or a tiny code of the domain.
type Tail struct {
	Domain string
	Course string
	Folder string
	Link   string
	Tiny   string
}

// Place is where a person is sent: a course, or a folder or link of it.
type Place struct {
	Course CourseRef
	Folder string
	Link   string
}

// Scope is what a grade asked for at this place is about.
func (p Place) Scope() Scope {
	switch {
	case p.Link != "":
		return Scope{Kind: ScopeLink, ID: p.Link}
	case p.Folder != "":
		return Scope{Kind: ScopeFolder, ID: p.Folder}
	}
	return Scope{Kind: ScopeCourse}
}

// Arrival is what a believed launch was resolved to: the person, and unless
// the tool consumer states no course, the place and the role there.
type Arrival struct {
	User       User
	Place      Place
	Membership Membership
	// Unknown are the LTI roles of the launch that no mapping names.
	Unknown []LTIRole
	// Ask says that the person is to be asked first whether an account stands
	// already; nothing was written, and there is no person yet. MayCreate says
	// that a new account may be made.
	Ask       bool
	MayCreate bool
	// Offer is a question about the course that stands open; there is no place
	// and no membership then.
	Offer *CourseOffer
	// Steps says what was decided, in plain words, for the inspector.
	Steps []string
}

// Believed is a launch whose signature held, with the tool consumer that sent
// it and the tail of the URL that it was sent to.
type Believed struct {
	Consumer *ToolConsumer
	Launch   Launch
	Tail     Tail
	// Answer is what the person said who was asked; nil for those who were
	// not.
	Answer *Answer
	// Choice answers what an earlier arrival of this launch has offered.
	Choice CourseChoice
	// Listing is what the institution's directory says of the person, where
	// the tool consumer wants names from there.
	Listing Listing
}
