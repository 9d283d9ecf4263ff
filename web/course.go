package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// CoursePage shows a course's folders and links (Frame.Course names it).
type CoursePage struct {
	Frame
	// Teaches shows what instructors see: counts, delivery trouble and launch
	// URLs instead of own scores.
	Teaches bool
	// Preview shows the course, to somebody who edits it, as students see it.
	Preview bool
	Folders []CourseFolder
	// Links are those outside any folder.
	Links []CourseLink
	// Totals is how far the viewer's total of the whole course has come.
	Totals []Transfer
	// Trouble is how many deliveries of the course are refused or dead.
	Trouble int
	// AddFrom are the tools that the viewer may choose content in.
	AddFrom []AddTool
	// Told is what a tool said that has just sent the viewer back.
	Told *Told
}

// AddTool is a tool to choose content in. About is what it says of itself.
type AddTool struct{ ID, Name, About string }

// Brief is the beginning of About.
func (t AddTool) Brief() string {
	const most = 100
	about := []rune(strings.Join(strings.Fields(t.About), " "))
	if len(about) <= most {
		return string(about)
	}
	return string(about[:most]) + "…"
}

// As is the query with which the links of a preview are opened.
func (c CoursePage) As() string {
	if c.Preview {
		return "?as=" + AsStudent
	}
	return ""
}

// Told is what a tool said when it sent the viewer back. All texts are the
// tool's own.
type Told struct {
	Tool    string
	Message string
	Error   string
	// Chosen says that the viewer was there to choose content: Added are the
	// titles of what is new, LeftOut the sentences about what is not.
	Chosen  bool
	Added   []string
	LeftOut []string
}

// CourseFolder is a folder with its links.
type CourseFolder struct {
	ID    string
	Title string
	Links []CourseLink
	// Locked says that the viewer must open the folder from an LMS; Protected
	// that people must who may not change the course.
	Locked    bool
	Protected bool
	// Totals is how far the viewer's total of the folder has come; Trouble is,
	// for those who teach, how many totals are refused or dead.
	Totals  []Transfer
	Trouble int
}

// CourseLink is a resource link as the course page shows it.
type CourseLink struct {
	ID          string
	Title       string
	Description string
	ToolName    string
	// Points is the points possible; zero or less means not gradable.
	Points float64
	Due    time.Time
	// Locked says that the viewer must open the link from an LMS; Protected
	// that people must who may not change the course.
	Locked    bool
	Protected bool
	// Closed says why the link cannot be launched; empty when it can.
	Closed string
	// Own is the viewer's result, nil for none or when the viewer teaches.
	Own *OwnResult
	// Scored of Students have a score; Trouble is how many deliveries are
	// refused or dead.
	Scored   int
	Students int
	Trouble  int
	// LaunchURL places this link in an LMS, CartridgeURL does that for LMSs that
	// configure by URL; empty leaves it out.
	LaunchURL    string
	CartridgeURL string
}

// OwnResult is the viewer's result for a link.
type OwnResult struct {
	// Score is 0.0 to 1.0; nil means that none is there.
	Score *float64
	At    time.Time
	// Override says that an instructor set the score.
	Override bool
	// HandedIn is when the tool says that the work was handed in, zero if it
	// does not; NeedsReview that it asks a person to look at it.
	HandedIn    time.Time
	NeedsReview bool
	// Transfers are of this score by itself; InTotal says that it goes to an
	// LMS as part of a total.
	Transfers []Transfer
	InTotal   bool
}

// Transfer is how far a result, or a total of several, has come on its way to
// one LMS.
type Transfer struct {
	// Consumer is the LMS's name.
	Consumer string
	// Of names the folder or course of a total; it is empty for the score of
	// one link. Score is 0.0 to 1.0; nil removes what the LMS has.
	Of    string
	Score *float64
	State lti.State
	// At is when the state was reached: taken, refused or given up.
	At time.Time
	// Cause is why the LMS did not take it, where that is known. The LMS's own
	// words are for those who teach.
	Cause lti.SendCause
}

// Failed reports whether there is something to explain.
func (t Transfer) Failed() bool { return failed(t.State, t.Cause) }

// Course writes the course page.
func (p *Pages) Course(w http.ResponseWriter, status int, page CoursePage) error {
	page.Title = or(page.Title, page.Frame.Course.Title)
	return p.render(w, status, "course", page)
}

// MyResultsPage shows a student's own results in Frame.Course.
type MyResultsPage struct {
	Frame
	Results []MyResult
	// Totals are of folders and the whole course, as LMSs asked for them.
	Totals []Transfer
}

// MyResult is the viewer's result for one gradable link.
type MyResult struct {
	Link   string
	Title  string
	Points float64
	OwnResult
}

// MyResults writes the student's own results.
func (p *Pages) MyResults(w http.ResponseWriter, status int, page MyResultsPage) error {
	page.Title = or(page.Title, "My results")
	return p.render(w, status, "my_results", page)
}

// Earned is the points of all results together.
func (m MyResultsPage) Earned() float64 {
	sum := 0.0
	for _, r := range m.Results {
		if r.Score != nil {
			sum += *r.Score * r.Points
		}
	}
	return sum
}

// Possible is the points that could be had.
func (m MyResultsPage) Possible() float64 {
	sum := 0.0
	for _, r := range m.Results {
		sum += r.Points
	}
	return sum
}
