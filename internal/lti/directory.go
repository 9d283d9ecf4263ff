package lti

import "time"

// InfoDirectory is the users.info of a tool consumer whose people's names come
// from the institution's directory; names in its launches count for nothing.
const InfoDirectory = "directory"

// Directory says which rows of a domain's own directory count: those of the
// newest load that was put in force.
type Directory struct {
	Domain string `json:"domain"`
	// Load is the id of the load in force, "" for none.
	Load string    `json:"load,omitempty"`
	Rows int       `json:"rows,omitempty"`
	By   string    `json:"by,omitempty"`
	At   time.Time `json:"at,omitzero"`
	// Staged is a load that was read and waits for a word to replace it.
	Staged *DirectoryLoad `json:"staged,omitempty"`
}

// DirectoryLoad is a file that was read whole, with what it would change.
type DirectoryLoad struct {
	ID      string    `json:"id"`
	Rows    int       `json:"rows"`
	Added   int       `json:"added"`
	Changed int       `json:"changed"`
	Removed int       `json:"removed"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// DirectoryPerson is one row of a directory. Blank fields are not known.
type DirectoryPerson struct {
	Domain     string `json:"domain"`
	Load       string `json:"load"`
	Username   string `json:"username"`
	SourcedID  string `json:"sourcedid,omitempty"`
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	FullName   string `json:"full_name,omitempty"`
	Email      string `json:"email,omitempty"`
}

// Person is what the row tells of its person.
func (p DirectoryPerson) Person() Person {
	return Person{SourcedID: p.SourcedID, GivenName: p.GivenName, FamilyName: p.FamilyName, FullName: p.FullName, Email: p.Email}
}

// Listing is the directory's answer about the person of a launch. The zero
// value was not asked for.
type Listing struct {
	Person Person
	Found  bool
	// Step is what was asked and answered, in plain words for the inspector.
	Step string
}
