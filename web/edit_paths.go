package web

import (
	"net/url"

	"github.com/ltihub/ltihub/internal/lti"
)

// AsStudent is the query as of a course's page, or a link, that shows it to
// those who edit the course as students see it.
const AsStudent = "student"

// PreviewPath is the course's page as a student sees it.
func PreviewPath(c lti.CourseRef) string { return CoursePath(c) + "?as=" + AsStudent }

// EditPath is where a course's folders and links are arranged.
func EditPath(c lti.CourseRef) string { return CoursePath(c) + "/edit" }

// EditFolderPath is a folder's form.
func EditFolderPath(c lti.CourseRef, folder string) string {
	return EditPath(c) + join("", "folders", folder)
}

// EditLinksPath takes new links.
func EditLinksPath(c lti.CourseRef) string { return EditPath(c) + "/links" }

// NewLinkPath is the form of a new link in a folder, "" for none.
func NewLinkPath(c lti.CourseRef, folder string) string {
	path := EditPath(c) + "/new-link"
	if folder != "" {
		path += "?" + url.Values{"folder": {folder}}.Encode()
	}
	return path
}

// EditLinkPath is a link's form.
func EditLinkPath(c lti.CourseRef, link string) string { return EditLinksPath(c) + join("", link) }

// EditSettingsPath is the settings of a course.
func EditSettingsPath(c lti.CourseRef) string { return EditPath(c) + "/settings" }

// EditToolsPath takes new tools of a course.
func EditToolsPath(c lti.CourseRef) string { return EditPath(c) + "/tools" }

// NewCourseToolPath is the form of a new tool of a course.
func NewCourseToolPath(c lti.CourseRef) string { return EditPath(c) + "/new-tool" }

// EditToolPath is the form of a course's tool.
func EditToolPath(c lti.CourseRef, tool string) string { return EditToolsPath(c) + join("", tool) }
