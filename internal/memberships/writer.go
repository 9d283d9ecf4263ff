package memberships

import (
	"io"

	"github.com/ltihub/ltihub/internal/ltixml"
)

// runSize is how many bytes are gathered before they are passed on.
const runSize = 16 << 10

// Writer writes a successful answer member by member, in flat memory. Close
// ends it.
type Writer struct {
	to     io.Writer
	xml    ltixml.Writer
	groups bool
}

// NewWriter begins the answer to a request. Nothing reaches w before the first
// run is full or Close is called.
func NewWriter(w io.Writer, answered Request) *Writer {
	m := &Writer{to: w, groups: answered.Groups}
	ltixml.Status{
		MessageType: answered.MessageType(),
		CodeMajor:   ltixml.Success,
		CodeMinor:   "fullsuccess",
	}.Begin(&m.xml)
	m.xml.Open("memberships")
	return m
}

// Write adds a member. Empty fields are left out, groups too unless they were
// asked for. Errors are those of the writer below; after one the answer is
// broken.
func (m *Writer) Write(member Member) error {
	w := &m.xml
	w.Open("member")
	w.Leaf("user_id", member.UserID)
	w.Leaf("roles", JoinRoles(member.Roles))
	w.Known("user_image", member.Person.Image)
	w.Known("person_sourcedid", member.Person.SourcedID)
	w.Known("person_name_given", member.Person.GivenName)
	w.Known("person_name_family", member.Person.FamilyName)
	w.Known("person_name_full", member.Person.FullName)
	w.Known("person_contact_email_primary", member.Person.Email)
	w.Known("lis_result_sourcedid", member.ResultSourcedID)
	if m.groups {
		writeGroups(w, member.Groups)
	}
	w.Close()
	if len(w.Bytes()) < runSize {
		return nil
	}
	return m.flush()
}

func writeGroups(w *ltixml.Writer, groups []Group) {
	if len(groups) == 0 {
		return
	}
	w.Open("groups")
	for _, g := range groups {
		w.Open("group")
		w.Leaf("id", g.ID)
		w.Leaf("title", g.Title)
		if g.Set != (Set{}) {
			w.Open("set")
			w.Leaf("id", g.Set.ID)
			w.Leaf("title", g.Set.Title)
			w.Close()
		}
		w.Close()
	}
	w.Close()
}

// Close ends the answer and passes the rest of it on. It does not close the
// writer below.
func (m *Writer) Close() error {
	m.xml.CloseAll()
	return m.flush()
}

func (m *Writer) flush() error {
	_, err := m.to.Write(m.xml.Bytes())
	m.xml.Reset()
	return err
}

// Refusal is the answer that says no: code is ltixml.Failure or
// ltixml.Unsupported, minor and description say why.
func Refusal(answered Request, code, minor, description string) []byte {
	return ltixml.Status{
		MessageType: answered.MessageType(),
		CodeMajor:   code,
		CodeMinor:   minor,
		Description: description,
	}.XML()
}
