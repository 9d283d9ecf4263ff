package lti

// MaxGroups bounds the groups that are kept of one member by one LMS.
const MaxGroups = 50

// Group is a group of a course, as an LMS lists it in its roster; a set of
// groups, of which a person is usually in one, is optional.
type Group struct {
	ID       string `json:"id"`
	Title    string `json:"title,omitempty"`
	SetID    string `json:"set,omitempty"`
	SetTitle string `json:"set_title,omitempty"`
}

// MemberGroups are the groups of a member, by the tool consumer whose newest
// roster lists them. They give no rights; tools are told of them.
type MemberGroups struct {
	Domain   string             `json:"domain"`
	Course   string             `json:"course"`
	Username string             `json:"username"`
	By       map[string][]Group `json:"by"`
}
