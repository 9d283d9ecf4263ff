package server

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/web"
)

// answer is what a stranger gets for a cause: the status and, where the usual
// words for the status would mislead, others. None names a secret or a reason
// that helps to forge.
type answer struct {
	status   int
	headline string
	what     string
	do       string
}

// answerFor is the one table from causes to answers. What is not in it is 500.
func answerFor(cause lti.Cause) answer {
	switch cause {
	case lti.CauseMalformed, lti.CauseMessageType, lti.CauseVersion, lti.CauseMissing, lti.CauseRepeated, lti.CauseNoUser:
		return answer{status: http.StatusBadRequest}
	case lti.CauseTooLarge:
		return answer{status: http.StatusRequestEntityTooLarge}
	case lti.CauseContentType:
		return answer{status: http.StatusUnsupportedMediaType}
	case lti.CauseUnknownKey, lti.CauseMethod, lti.CauseTimestamp, lti.CauseTimestampOld, lti.CauseTimestampFuture,
		lti.CauseBodyHash, lti.CauseSignature:
		return answer{status: http.StatusUnauthorized}
	case lti.CauseNonceStale:
		return answer{http.StatusUnauthorized, "Launches are not taken just now", "This server was restored from a backup a short time ago, and until new launches can be told from used ones it takes none.", "Open it again from your course in about ten minutes."}
	case lti.CauseNonceUsed:
		return answer{status: http.StatusConflict}
	case lti.CauseDisabled:
		return answer{http.StatusForbidden, "This is closed", "The course, the account or the connection to your LMS has been closed.", "Ask whoever looks after the course."}
	case lti.CauseNotEnabled:
		return answer{http.StatusForbidden, "Not open at this time", "The connection from your LMS is open at certain dates only, and this is not one of them.", "Ask whoever looks after the course."}
	case lti.CauseInstance:
		return answer{http.StatusForbidden, "This comes from another LMS", "The connection belongs to one LMS, and the launch came from another, perhaps a copy of it.", "Open it from your usual LMS. If you did, give the reference number to whoever looks after it."}
	case lti.CausePending:
		return answer{http.StatusNotFound, "This question is closed", "It was answered already, or it waited too long. Nothing was changed.", "Open the activity again from your course: that asks again if it must."}
	case lti.CauseNoAccount:
		return answer{http.StatusForbidden, "There is no account for you here", "Your LMS said who you are, but no account stands for you and none may be made.", "Ask whoever looks after the course, and give the reference number."}
	case lti.CauseCourseConflict:
		return answer{http.StatusForbidden, "Two courses are named", "The link in your course leads to another course than the one that yours is connected with.", "Tell your teacher, and give the reference number."}
	case lti.CauseNotOpen:
		return answer{http.StatusForbidden, "The course is not open to you now", "Your membership has ended or has not begun.", "Ask your teacher for the dates."}
	case lti.CauseNoRole, lti.CauseServiceOff:
		return answer{status: http.StatusForbidden}
	case lti.CauseNoCourse:
		return answer{http.StatusNotFound, "The course is not connected yet", "No course stands here for the one you came from.", "A teacher must open this link first. If one did, give the reference number to whoever looks after the course."}
	case lti.CauseUnknownCourse, lti.CauseUnknownFolder, lti.CauseUnknownLink, lti.CauseNoTool:
		return answer{status: http.StatusNotFound}
	case lti.CauseTicket:
		return answer{http.StatusNotFound, "This way back is closed", "It is open for a while, and only for whoever went to the tool from here. Nothing was changed.", "Open the course again from your LMS."}
	case lti.CauseUnavailable:
		return answer{status: http.StatusServiceUnavailable}
	}
	return answer{status: http.StatusInternalServerError}
}

// Status is the HTTP status that a launch refused for the cause is answered
// with.
func Status(cause lti.Cause) int { return answerFor(cause).status }

// refuseLaunch answers a launch that was not accepted, and logs why.
func (s *Server) refuseLaunch(w http.ResponseWriter, r *http.Request, err error) {
	reason := lti.Reason(err)
	a := answerFor(reason.Cause)
	frame := web.Frame{Path: r.URL.Path, Bare: true, Now: s.Now()}
	var refused *provider.Refused
	ref := ""
	if errors.As(err, &refused) {
		ref, frame.ReturnURL, frame.ReturnName = refused.Reference, wayBack(refused, a), "your course"
	}
	s.Metrics.launch(string(reason.Cause))
	s.spend(r, a.status)
	s.Log.WarnContext(r.Context(), "launch refused", "cause", reason.Cause, "detail", reason.Detail, "ref", ref)
	if refused != nil && reason.Cause == lti.CauseNoRole {
		s.refuseMember(w, r, a.status, noMembership(frame, refused))
		return
	}
	if refused != nil && refused.Enabled != (lti.Period{}) {
		a.what = "The connection from " + cmp.Or(refused.Consumer, "your LMS") + " is open " + openDates(refused.Enabled) + "."
	}
	s.refuse(w, r, a.status, web.RefusalPage{
		Frame: frame, Headline: a.headline, What: a.what, Do: a.do, Ref: ref, Replay: reason.Cause == lti.CauseNonceUsed,
	})
}

// wayBack leads back to the LMS, which is told in short that nothing was opened;
// "" unless the signature held.
func wayBack(refused *provider.Refused, a answer) string {
	text := cmp.Or(a.headline, "The activity could not be opened")
	if refused.Reference != "" {
		text += " (reference number " + refused.Reference + ")"
	}
	return launch.ReturnTo(refused.ReturnURL, lti.ReturnMessages{ErrorMessage: text})
}

// spend counts a refusal against its sender, unless the fault is ours.
func (s *Server) spend(r *http.Request, status int) {
	if status < http.StatusInternalServerError {
		s.Budget.Spend(s.Budget.Address(r))
	}
}

// noMembership says what the LMS said of the person, and what to ask for.
func noMembership(frame web.Frame, refused *provider.Refused) web.NoMembershipPage {
	page := web.NoMembershipPage{
		Frame: frame, Consumer: refused.Consumer, Roles: refused.Roles, Reason: web.NotSelfEnrol, Ref: refused.Reference,
	}
	switch {
	case refused.Unmapped && len(refused.Roles) == 0:
		page.Reason = web.NoRoles
	case refused.Unmapped:
		page.Reason = web.RolesUnmapped
	}
	return page
}

// refuseMember writes why a launch led into no course.
func (s *Server) refuseMember(w http.ResponseWriter, r *http.Request, status int, page web.NoMembershipPage) {
	framedBy(w.Header(), "*")
	page.Locale = web.AcceptedLocale(page.Locale, r.Header.Get("Accept-Language"))
	if err := s.Pages.NoMembership(w, status, page); err != nil {
		s.Log.ErrorContext(r.Context(), "write page", "error", err)
	}
}

// retryAfter is how many seconds a sender is asked to wait.
const retryAfter = "30"

// refuse writes a refusal, which any LMS may show in its frame.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, page web.RefusalPage) {
	framedBy(w.Header(), "*")
	page.Locale = web.AcceptedLocale(page.Locale, r.Header.Get("Accept-Language"))
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", retryAfter)
	}
	if err := s.Pages.Refusal(w, status, page); err != nil {
		s.Log.ErrorContext(r.Context(), "write page", "error", err)
	}
}

// tooMany answers a launch that is not looked at any closer: its signature does
// not hold, and its address has used up its budget of refusals.
func (s *Server) tooMany(w http.ResponseWriter, r *http.Request) {
	s.Metrics.launch("over_budget")
	s.refuse(w, r, http.StatusTooManyRequests, web.RefusalPage{Frame: web.Frame{Path: r.URL.Path, Bare: true, Now: s.Now()}})
}

// handleMethod answers an address of the route table that was asked with
// another method, and says which it takes.
func (s *Server) handleMethod(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", strings.Join(allowed(r), ", "))
	if strings.HasPrefix(r.URL.Path, "/lti/launch") {
		s.explainLaunchURL(w, r)
		return
	}
	s.refuse(w, r, http.StatusMethodNotAllowed, web.RefusalPage{
		Frame:    web.Frame{Path: r.URL.Path, Now: s.Now()},
		Headline: "This address takes other requests",
		What:     "It was opened with " + r.Method + ", which it does not take.",
	})
}

// allowed lists the methods that the request's address takes.
func allowed(r *http.Request) []string {
	routes := chi.RouteContext(r.Context()).Routes
	path := pathOf(r)
	var methods []string
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		if !routes.Match(chi.NewRouteContext(), m, path) {
			continue
		}
		if methods = append(methods, m); m == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	return methods
}

// pathOf is the path that routes are looked up by.
func pathOf(r *http.Request) string { return cmp.Or(r.URL.RawPath, r.URL.Path) }

// handleForeign answers a form that another site has sent here. Most often that
// is a launch to a URL that is almost right.
func (s *Server) handleForeign(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, http.StatusForbidden, web.RefusalPage{
		Frame:    web.Frame{Path: r.URL.Path, Bare: true, Now: s.Now()},
		Headline: "This was sent from another site",
		What:     "No form of another site is taken at this address, so nothing was changed.",
		Do:       "If your LMS sent you here, its launch URL is not quite right: tell whoever set it up to copy it once more, without a slash at its end.",
	})
}

// openDates writes a period for the person who came outside.
func openDates(p lti.Period) string {
	const layout = "2 January 2006, 15:04 UTC"
	switch {
	case p.End.IsZero():
		return "from " + p.Start.UTC().Format(layout) + " on"
	case p.Start.IsZero():
		return "until " + p.End.UTC().Format(layout)
	}
	return "from " + p.Start.UTC().Format(layout) + " until " + p.End.UTC().Format(layout)
}
