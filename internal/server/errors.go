package server

import (
	"errors"
	"net/http"

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
	page := web.RefusalPage{
		Frame:    web.Frame{Path: r.URL.Path, Bare: true, Now: s.Now()},
		Headline: a.headline, What: a.what, Do: a.do,
		Replay: reason.Cause == lti.CauseNonceUsed,
	}
	var refused *provider.Refused
	if errors.As(err, &refused) {
		page.Ref, page.Frame.ReturnURL, page.Frame.ReturnName = refused.Reference, refused.ReturnURL, "your course"
	}
	s.Metrics.launch(string(reason.Cause))
	s.Budget.Spend(s.Budget.Address(r))
	s.Log.WarnContext(r.Context(), "launch refused", "cause", reason.Cause, "detail", reason.Detail, "ref", page.Ref)
	s.refuse(w, r, a.status, page)
}

// refuse writes a refusal, which any LMS may show in its frame.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, page web.RefusalPage) {
	framedBy(w.Header(), "*")
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "30")
	}
	if err := s.Pages.Refusal(w, status, page); err != nil {
		s.Log.ErrorContext(r.Context(), "write page", "error", err)
	}
}

func (s *Server) handleNotFound(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, http.StatusNotFound, web.RefusalPage{Frame: web.Frame{Path: r.URL.Path, Now: s.Now()}})
}

func (s *Server) handleMethod(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, http.StatusMethodNotAllowed, web.RefusalPage{
		Frame:    web.Frame{Path: r.URL.Path, Now: s.Now()},
		Headline: "This address takes other requests",
		What:     "It was opened with " + r.Method + ", which it does not take.",
		Do:       "A launch URL is for your LMS to post to: paste it into an external tool there. Opening it in a browser does nothing.",
	})
}
