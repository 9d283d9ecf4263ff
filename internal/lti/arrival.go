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
	// Steps says what was decided, in plain words, for the inspector.
	Steps []string
}

// Believed is a launch whose signature held, with the tool consumer that sent
// it and the tail of the URL that it was sent to.
type Believed struct {
	Consumer *ToolConsumer
	Launch   Launch
	Tail     Tail
	// Listing is what the institution's directory says of the person, where
	// the tool consumer wants names from there.
	Listing Listing
}
