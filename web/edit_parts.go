package web

import "github.com/ltihub/ltihub/internal/lti"

// mover is the pair of buttons that moves a folder or link up or down.
type mover struct {
	Kind, ID, Title string
	First, Last     bool
	Action, Version string
}

// spot is the place of an item in a list of so many.
type spot struct{ i, n int }

func newSpot(i, n int) spot { return spot{i, n} }

func newMover(page EditCoursePage, kind, id, title string, at spot) mover {
	return mover{
		Kind: kind, ID: id, Title: or(title, id), First: at.i == 0, Last: at.i == at.n-1,
		Action: withSession(EditPath(page.Frame.Course.Ref)+"/move", page.Session), Version: page.Version,
	}
}

// editList is the links of one folder on the page that arranges them.
type editList struct {
	Links  []EditLinkRow
	Folder string
	Page   EditCoursePage
}

func newEditList(links []EditLinkRow, folder string, page EditCoursePage) editList {
	return editList{links, folder, page}
}

// newEditAddFrom offers the tools to add to one folder, or outside any.
func newEditAddFrom(page EditCoursePage, folder, title string) addFrom {
	return addFrom{page.AddFrom, page.Frame.Course.Ref, page.Session, folder, or(title, folder)}
}

// choice is an option of a select.
type choice struct{ Value, Text string }

func policyChoices() []choice {
	return []choice{{lti.PolicyLatest, "the latest"}, {lti.PolicyBest, "the best"}, {lti.PolicyFirst, "the first"}}
}

func targetChoices() []choice {
	return []choice{{lti.TargetIframe, "in a frame on our page"}, {lti.TargetTab, "in a tab of its own"}, {lti.TargetWindow, "in a window of its own"}}
}

func releaseChoices() []choice {
	return []choice{{lti.SendName, "name"}, {lti.SendEmail, "e-mail address"}, {lti.SendUsername, "username"}, {lti.SendRoles, "role in the course"}}
}
