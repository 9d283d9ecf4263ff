package web

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
)

// EditCoursePage is the course as those who edit it arrange it. Its forms post
// to /folders and /move below EditPath.
type EditCoursePage struct {
	Frame
	Folders []EditFolderRow
	// Links are those outside any folder.
	Links []EditLinkRow
	// Version is that of the order, for the form that moves.
	Version string
	// AddFrom are the tools to choose content in.
	AddFrom []AddTool
	// FolderTitle is what was typed for a new folder, FolderFault what is wrong
	// with it.
	FolderTitle, FolderFault string
	// Stale says that a move came too late: others have changed the order.
	Stale bool
}

// EditFolderRow is a folder with its links.
type EditFolderRow struct {
	ID, Title string
	Links     []EditLinkRow
	Protected bool
}

// EditLinkRow is a link in the list.
type EditLinkRow struct {
	ID, Title, ToolName string
	Points              float64
	Protected           bool
	// Missing says that the link's tool is not set up.
	Missing bool
}

// EditCourse writes the page.
func (p *Pages) EditCourse(w http.ResponseWriter, status int, page EditCoursePage) error {
	page.Title = or(page.Title, "Edit the course")
	return p.render(w, status, "edit_course", page)
}

// FolderFields are those of a folder's form, as they are typed.
type FolderFields struct {
	Title     string
	Protected bool
}

// EditFolderPage changes or deletes a folder. Its forms post to the folder's
// path, and to /delete below it.
type EditFolderPage struct {
	Frame
	ID, Name       string
	Fields         FolderFields
	Fault, Version string
	// Links is how many links would move out of the folder.
	Links int
	Stale bool
}

// EditFolder writes the page.
func (p *Pages) EditFolder(w http.ResponseWriter, status int, page EditFolderPage) error {
	page.Title = or(page.Title, page.Name)
	return p.render(w, status, "edit_folder", page)
}

// LinkFields are the fields of a link's form, as they are typed.
type LinkFields struct {
	Title, Description, Tool, Folder string
	Points                           string
	Custom                           string
	Policy                           string
	Due                              string
	URL                              string
	Target                           string
	Width, Height                    string
	Tiny                             string
	Protected                        bool
}

// EditLinkPage is a new link, or one that is there. Its forms post to the link's
// path, and to /copy and /delete below it; that of a new one to EditLinksPath.
type EditLinkPage struct {
	Frame
	// ID is empty for a new link.
	ID, Name string
	Fields   LinkFields
	Faults   map[string]string
	Version  string
	Stale    bool

	Tools   []AddTool
	Folders []lti.Folder
	// Results is how many people have a result; Ask wants the person to say that
	// the link is to be deleted all the same.
	Results int
	Ask     bool
	// LaunchURL places the link in an LMS.
	LaunchURL string
}

// EditLink writes the page.
func (p *Pages) EditLink(w http.ResponseWriter, status int, page EditLinkPage) error {
	page.Title = or(page.Title, or(page.Name, "Add a link"))
	return p.render(w, status, "edit_link", page)
}
