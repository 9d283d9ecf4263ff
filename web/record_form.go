package web

import "net/http"

// EditPage is a form that makes or changes one thing of the set-up.
type EditPage struct {
	Frame
	// Crumb leads back to CrumbPath.
	Crumb     string
	CrumbPath string
	Sub       string
	// Steps names the steps of a wizard, of which Step is shown, from 0.
	Steps []string
	Step  int
	// Warnings are what may be so and hardly should.
	Warnings []string
	// More leads to further pages about the same thing.
	More []NamedURL
	Form Form
}

// Edit writes the page.
func (p *Pages) Edit(w http.ResponseWriter, status int, page EditPage) error {
	page.Title = or(page.Title, "Edit")
	return p.render(w, status, "edit", page)
}
