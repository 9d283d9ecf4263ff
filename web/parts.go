package web

import (
	"slices"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// The structs below are what the shared parts of templates/parts.html show; a
// template can hand on one value only.

// tab is an entry of a menu.
type tab struct {
	Path    string
	Session string
	Text    string
	Here    bool
}

// newTab marks the entry of the page that is shown, or of one below it. The
// first entries of menus (course page, overview) stand for themselves alone.
func newTab(f Frame, path, text string) tab {
	here := f.Path == path
	if path != AdminPath && path != CoursePath(f.Course.Ref) {
		here = here || strings.HasPrefix(f.Path, path+"/")
	}
	return tab{path, f.Session, text, here}
}

// linkView is a resource link on the course page.
type linkView struct {
	Link CourseLink
	Page CoursePage
}

func newLinkView(link CourseLink, page CoursePage) linkView { return linkView{link, page} }

// transferList tells how far a result has come.
type transferList struct {
	Transfers []Transfer
	Now       time.Time
}

func newTransferList(t []Transfer, now time.Time) transferList { return transferList{t, now} }

// transferNote is one transfer in a sentence.
type transferNote struct {
	Transfer
	Now time.Time
}

func newTransferNote(t Transfer, now time.Time) transferNote { return transferNote{t, now} }

// attemptList is the log of a delivery, the newest attempt first. Its times
// have seconds where two attempts fall into one minute.
type attemptList struct {
	Log     []lti.Attempt
	Now     time.Time
	Seconds bool
}

func newAttemptList(log []lti.Attempt, now time.Time) attemptList {
	list := attemptList{Log: slices.Clone(log), Now: now}
	slices.SortStableFunc(list.Log, func(a, b lti.Attempt) int { return b.At.Compare(a.At) })
	for i := 1; i < len(list.Log); i++ {
		list.Seconds = list.Seconds || sameMinute(list.Log[i-1].At, list.Log[i].At)
	}
	return list
}

func sameMinute(a, b time.Time) bool {
	return a.Truncate(time.Minute).Equal(b.Truncate(time.Minute))
}

// launchList is a table of launches, with what to say when there is none.
type launchList struct {
	Launches []lti.LaunchRecord
	Frame
	Empty string
}

func newLaunchList(launches []lti.LaunchRecord, f Frame, empty string) launchList {
	return launchList{launches, f, empty}
}

// deliveryList is a table of deliveries, with what to say when there is none.
type deliveryList struct {
	Deliveries []DeliveryRow
	Frame
	Empty string
}

func newDeliveryList(rows []DeliveryRow, f Frame, empty string) deliveryList {
	return deliveryList{rows, f, empty}
}

// resend is the button and link at the end of a delivery's row.
type resend struct {
	Delivery DeliveryRow
	Action   string
	Link     string
}

func newResend(row DeliveryRow, list deliveryList) resend {
	path := DeliveryPath(row.ID)
	return resend{row, withSession(path+"/resend", list.Session), withSession(path, list.Session)}
}

// said is a text about a moment, which the browser may tell in full.
type said struct {
	Text string
	When when
}

func newSaid(text string, at when) said { return said{text, at} }

// flag writes a query that is set or absent.
func flag(set bool) string {
	if set {
		return "1"
	}
	return ""
}

// addFrom offers the tools to add to one folder of a course, or outside any.
type addFrom struct {
	Tools   []AddTool
	Course  lti.CourseRef
	Session string
	Folder  string
	Title   string
}

func newAddFrom(page CoursePage, folder, title string) addFrom {
	return addFrom{page.AddFrom, page.Frame.Course.Ref, page.Session, folder, or(title, folder)}
}

// Few reports whether the tools stand open on the page, not behind a click.
func (a addFrom) Few() bool { return len(a.Tools) > 0 && len(a.Tools) <= 3 }

// switcher is a button that asks before it closes or removes something; On says
// that it is closed.
type switcher struct {
	On                    bool
	Action, Session, What string
}

func newSwitcher(on bool, action, session, what string) switcher {
	return switcher{on, action, session, what}
}
