package lti

import "slices"

// The items of a menu: pages of a course that a launched session may show.
const (
	MenuGrades  = "grades"  // the gradebook, and one's own results
	MenuResults = "results" // one's own results alone
	MenuRoster  = "roster"  // the people of the course
)

// MenuItems lists the items that a menu can have.
func MenuItems() []string { return []string{MenuGrades, MenuResults, MenuRoster} }

// Menu says what the pages of a launched session show around the content.
type Menu struct {
	Header bool     `json:"header"`
	Items  []string `json:"items"`
	// Inline shows the items inside the page where the header is left out.
	Inline bool `json:"inline,omitempty"`
	// Locked keeps courses from changing any of it.
	Locked bool `json:"locked,omitempty"`
}

// Offers reports whether the menu has the item.
func (m Menu) Offers(item string) bool {
	return slices.Contains(m.Items, item) || item == MenuResults && slices.Contains(m.Items, MenuGrades)
}

// With is the menu as a course has changed it; a locked one stays.
func (m Menu) With(c MenuChange) Menu {
	if m.Locked {
		return m
	}
	if c.Header != nil {
		m.Header = *c.Header
	}
	if c.Inline != nil {
		m.Inline = *c.Inline
	}
	if c.Items != nil {
		m.Items = *c.Items
	}
	return m
}

// MenuChange is what a course wants otherwise than the tool consumers whose
// sessions show it; nil is as these have it.
type MenuChange struct {
	Header *bool     `json:"header,omitempty"`
	Inline *bool     `json:"inline,omitempty"`
	Items  *[]string `json:"items,omitempty"`
}
