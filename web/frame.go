package web

import (
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// Frame is what all pages share. The zero value but for Now is a page for a
// stranger.
type Frame struct {
	// Title is the page's title, in the window and as its heading; pages
	// that know a better one may be given none.
	Title string
	// Locale is the viewer's, by AcceptedLocale: the page is in the language that
	// suits it best, English if none does.
	Locale string
	// Viewer is who is signed in; no Name means nobody.
	Viewer Viewer
	// Session is the id of the launch the viewer came by. Every link carries
	// it on as ?s=, so that two tabs do not mix. Empty for a local sign-in.
	Session string
	// Path is the path of the request; it marks the place in the menus.
	Path string
	// Course is the course that the page is about, if any.
	Course CourseHead
	// ReturnURL leads back to the LMS and ReturnName is what it is called;
	// without a URL there is no such link.
	ReturnURL  string
	ReturnName string
	// Framed says that the page stands in a frame of the LMS: the header is
	// slim. Bare leaves the header out altogether.
	Framed bool
	Bare   bool
	// Inline shows the course's menu inside a page without header.
	Inline bool
	Notice Notice
	// Now is the moment that relative times count from.
	Now time.Time
}

// Viewer is the person a page is shown to. It is written "Ada Moss, student,
// from Campus LMS".
type Viewer struct {
	Name string
	// Username is written username:domain.
	Username string
	// Role is the role in Frame.Course, From the name of the LMS that the
	// person came from; both may be empty.
	Role  lti.Role
	From  string
	Admin bool
}

// SignedIn reports whether anybody is signed in.
func (v Viewer) SignedIn() bool { return v.Name != "" || v.Username != "" }

// CourseHead names a course and says which of its pages the viewer may open.
type CourseHead struct {
	Ref       lti.CourseRef
	Title     string
	Label     string
	Gradebook bool
	Results   bool
	Members   bool
	// Edit leads to the pages that change the course.
	Edit bool
}

// Kinds of notice.
const (
	NoticeDone  = "done"
	NoticeInfo  = "info"
	NoticeFault = "fault"
)

// Notice is one sentence on top of a page about what was just done. No Text
// means none.
type Notice struct {
	Kind string
	Text string
}

// InAdmin reports whether the page is one of the admin's.
func (f Frame) InAdmin() bool {
	return f.Path == AdminPath || strings.HasPrefix(f.Path, AdminPath+"/")
}

// frame is how the renderer reaches the Frame of any page.
func (f Frame) frame() Frame { return f }
