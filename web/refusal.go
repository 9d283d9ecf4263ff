package web

import "net/http"

// RefusalPage says that something was not done: what happened in general
// words, what to do, and the reference number under which the log has more.
// Empty texts are filled from the status.
type RefusalPage struct {
	Frame
	Headline string
	What     string
	Do       string
	// Ref is the reference number; empty leaves it out.
	Ref string
	// Replay marks a launch that was used before, which is mostly a reload
	// or the back button; it has kinder texts of its own.
	Replay bool
	// Status is set by Refusal.
	Status int
}

// Refusal writes the page with the given status.
func (p *Pages) Refusal(w http.ResponseWriter, status int, page RefusalPage) error {
	page.Status = status
	usual := refusalText(status)
	if page.Replay {
		usual = refusalWords{
			headline: "This link was already used",
			what:     "Each launch from your course works once. Reloading the page or going back sends the same one again.",
			do:       "Open it again from your course: that makes a new launch.",
		}
	}
	page.Headline = or(page.Headline, usual.headline)
	page.What = or(page.What, usual.what)
	page.Do = or(page.Do, usual.do)
	page.Title = or(page.Title, page.Headline)
	return p.render(w, status, "refusal", page)
}

type refusalWords struct{ headline, what, do string }

func refusalText(status int) refusalWords {
	switch {
	case status == http.StatusUnauthorized:
		return refusalWords{"This launch was not accepted",
			"The request could not be verified, so nothing was opened and nothing was changed.",
			"Open it again from your course. If it keeps happening, give the reference number to whoever looks after the course."}
	case status == http.StatusForbidden:
		return refusalWords{"This is not open to you",
			"Your role does not include this page, so nothing was shown and nothing was changed.",
			"Go back to your course. If you should have access, ask your teacher and give the reference number."}
	case status == http.StatusNotFound:
		return refusalWords{"There is nothing here",
			"The address names a page, course or link that does not exist, or not any more.",
			"Check the address, or open the page from your course."}
	case status == http.StatusTooManyRequests:
		return refusalWords{"Too many refused requests",
			"Several requests from here were refused in a short time, so this one was not looked at.",
			"Wait a minute, then try again."}
	case status >= 500:
		return refusalWords{"Something went wrong on our side",
			"The request was not completed. Nothing you did caused this.",
			"Try again in a minute. If it keeps happening, pass on the reference number."}
	}
	return refusalWords{"This request was refused",
		"The request was not complete or not in the expected form, so nothing was changed.",
		"Go back and try again. If it keeps happening, pass on the reference number."}
}

func or(text, usual string) string {
	if text == "" {
		return usual
	}
	return text
}
