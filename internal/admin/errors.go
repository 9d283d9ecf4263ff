package admin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// What the door itself refuses.
var (
	// errStranger: the page is for people who are signed in.
	errStranger = errors.New("not signed in")
	// errForbidden: the page is there, but not for the visitor's role.
	errForbidden = errors.New("not for this role")
	// errElsewhere: the visitor's account is of another domain.
	errElsewhere = errors.New("account of another domain")
	// errPass: the pass from an LMS is too old, or not this browser's.
	errPass = errors.New("no pass")
	// errLocked: the link opens with a pass from an LMS only.
	errLocked = errors.New("protected")
	// errForm: the form can't be read.
	errForm = errors.New("unreadable form")
)

// answer is what a person is told: the status and, where the usual words for
// the status would mislead, others.
type answer struct {
	status   int
	headline string
	what     string
	do       string
}

// answerFor is the one table from errors to answers. What is not in it is 500.
func answerFor(err error) answer {
	var tooLarge *http.MaxBytesError
	var faults manifest.Faults
	switch {
	case errors.Is(err, errStranger):
		return answer{http.StatusUnauthorized, "You are not signed in", "The page is for people who are signed in, so nothing was changed.", "Open the activity from your course, or sign in, then try again."}
	case errors.Is(err, session.ErrOver), errors.Is(err, session.ErrNone):
		return answer{http.StatusUnauthorized, "Your session is over", "You have signed out, it was open for too long, or your browser does not know it any more.", "Open it again from your course."}
	case errors.Is(err, session.ErrTicket):
		return answer{http.StatusForbidden, "The button was used before, or waited too long", "It opens the page once, within five minutes.", "Open the activity again from your course: that makes a new one."}
	case errors.Is(err, errElsewhere):
		return answer{http.StatusForbidden, "You have no account in this institution", "A tool is told who comes, and your account is of another institution.", "Sign in with an account of the institution that the course belongs to."}
	case errors.Is(err, errPass):
		return answer{http.StatusForbidden, "The way to the activity is closed", "It is open for a quarter of an hour after you came from your LMS, and only in the browser that you came with.", "Open the activity again from your LMS."}
	case errors.Is(err, errLocked):
		return answer{http.StatusForbidden, "Open this from your LMS", "This activity opens only by its link in your LMS, so it was not opened from here.", "Go to your course in the LMS and open the activity there. You stay signed in here meanwhile."}
	case errors.Is(err, errForbidden):
		return answer{status: http.StatusForbidden}
	case errors.As(err, &tooLarge):
		return answer{http.StatusRequestEntityTooLarge, "That is too large", "What was sent is larger than the page takes, so nothing was changed.", "Send a smaller file or text."}
	case errors.Is(err, errForm):
		return answer{status: http.StatusBadRequest}
	case errors.Is(err, manifest.ErrUsed):
		return answer{http.StatusConflict, "It is in use", "Others hang on it, so it was not removed.", "Disable it instead: nothing is lost then."}
	case errors.Is(err, manifest.ErrStale):
		return answer{http.StatusConflict, "Somebody else has changed it meanwhile", "Nothing was changed by you.", "Look at it again, then repeat what you did."}
	case errors.As(err, &faults):
		return answer{http.StatusUnprocessableEntity, "That can't be done", faults.Error(), "Open its settings, correct them, then try again."}
	case isMissing(err):
		return answer{status: http.StatusNotFound}
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrAmbiguous), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return answer{status: http.StatusServiceUnavailable}
	}
	return answerForCause(lti.Reason(err).Cause)
}

// isMissing reports whether there is no such record.
func isMissing(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey)
}

// answerForCause says why a course or link was not opened.
func answerForCause(cause lti.Cause) answer {
	switch cause {
	case lti.CauseDisabled:
		return answer{http.StatusForbidden, "This is closed", "The course, the tool or the account has been closed.", "Ask whoever looks after the course."}
	case lti.CauseNotOpen:
		return answer{http.StatusForbidden, "The course is not open to you now", "Your membership has ended or has not begun.", "Ask your teacher for the dates."}
	case lti.CauseNotEnabled, lti.CauseInstance:
		return answer{http.StatusForbidden, "Your LMS is not connected just now", "The connection was closed while the launch waited.", "Ask whoever looks after the course."}
	case lti.CausePending:
		return answer{http.StatusNotFound, "This question is closed", "It was answered already, or it waited too long. Nothing was changed.", "Open the activity again from your course: that asks again if it must."}
	case lti.CauseNoRole, lti.CauseNoAccount:
		return answer{http.StatusForbidden, "You are not in this course", "Only members of a course may open its links, so nothing was opened.", "Ask to be added to the course, or open the link from your LMS."}
	case lti.CauseServiceOff:
		return answer{http.StatusForbidden, "Nothing is chosen in this tool", "Choosing content in it is switched off.", "Ask whoever looks after the tools."}
	case lti.CauseNoTool:
		return answer{http.StatusNotFound, "The tool behind this link is missing", "The link names a tool that is not set up, or not any more.", "Tell whoever looks after the course, and give the reference number."}
	case lti.CauseUnknownCourse, lti.CauseUnknownFolder, lti.CauseUnknownLink:
		return answer{status: http.StatusNotFound}
	case lti.CauseUnavailable:
		return answer{status: http.StatusServiceUnavailable}
	}
	return answer{status: http.StatusInternalServerError}
}

// fail answers a visit that did not succeed. Strangers who asked for a page are
// sent to sign in first.
func (p *People) fail(w http.ResponseWriter, r *http.Request, v visit, err error) {
	if errors.Is(err, errStranger) && r.Method != http.MethodPost {
		web.SeeOther(w, r, web.LoginPath+"?"+url.Values{"next": {r.URL.RequestURI()}}.Encode())
		return
	}
	a, ref := answerFor(err), v.reference()
	var refused *consumer.Refused
	if errors.As(err, &refused) && refused.Reference != "" {
		ref = refused.Reference
	}
	switch {
	case a.status >= http.StatusInternalServerError:
		p.Log.ErrorContext(r.Context(), "page failed", "route", routeOf(r), "ref", ref, "error", err)
	default: // what was not found is named by the error, and may be a person
		p.Log.InfoContext(r.Context(), "page refused", "route", routeOf(r), "ref", ref, "status", a.status)
	}
	if a.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "30")
	}
	page := web.RefusalPage{Frame: p.frame(r, v), Headline: a.headline, What: a.what, Do: a.do, Ref: ref}
	page.Notice = web.Notice{}
	if v.Launch != nil {
		text := cmp.Or(a.headline, "The page could not be opened") + " (reference number " + v.reference() + ")"
		page.ReturnURL = launch.ReturnTo(page.ReturnURL, lti.ReturnMessages{ErrorMessage: text})
	}
	p.wrote(r, p.Pages.Refusal(w, a.status, page))
}

// routeOf is the pattern of the page's route: the path itself may hold names.
func routeOf(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil {
		return c.RoutePattern()
	}
	return ""
}

// wrote notes that a page could not be written; its reader may be gone.
func (p *People) wrote(r *http.Request, err error) {
	if err != nil {
		p.Log.ErrorContext(r.Context(), "write page", "route", routeOf(r), "error", err)
	}
}

// missing answers an address that no page has.
func (p *People) missing(http.ResponseWriter, *http.Request, visit) error { return store.ErrNotFound }

func (p *People) wrongMethod(w http.ResponseWriter, r *http.Request, v visit) error {
	p.wrote(r, p.Pages.Refusal(w, http.StatusMethodNotAllowed, web.RefusalPage{
		Frame: p.frame(r, v), Headline: "This address takes other requests",
		What: "It was opened with " + r.Method + ", which it does not take.",
	}))
	return nil
}
