package simulator

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

const maxServiceBody = 256 << 10

// The codeMajor values of LTI 1.1, 6.2.
const (
	codeSuccess     = "success"
	codeProcessing  = "processing"
	codeFailure     = "failure"
	codeUnsupported = "unsupported"
)

// serviceRequest is a service call as it was read, before anyone believes it.
type serviceRequest struct {
	service  string
	body     []byte
	pox      poxRequest
	form     url.Values
	isForm   bool
	unfit    error // why it cannot be a message of its service
	badMedia bool
	at       time.Time
}

// serviceAnswer is what was decided, in words both message formats share.
type serviceAnswer struct {
	status      int
	codeMajor   string
	description string
	kind        string
	messageID   string
	sourcedID   string
	score       string
	date        string
	members     []Member
	setting     *string
}

func (a serviceAnswer) severity() string {
	if a.codeMajor == codeSuccess || a.codeMajor == codeProcessing {
		return "status"
	}
	return "error"
}

// serve takes every service call: it goes into the ledger, meets the fault of the
// day, is verified, done and answered.
func (l *LMS) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxServiceBody))
	if err != nil {
		http.Error(w, "body too large or cut short", http.StatusRequestEntityTooLarge)
		return
	}
	req := readService(r, body)
	req.at = l.Now()
	place := l.enter(req.entry(r))
	fault, lifted := l.meetFault()
	if l.failAtOnce(w, r, fault, lifted, place) || req.service == "roster" && l.failRoster(w, r, place) {
		return
	}
	answer := l.decide(r, req, fault)
	l.settle(place, func(c *Call) {
		c.Accepted = answer.codeMajor == codeSuccess
		c.Why, c.CodeMajor = answer.description, answer.codeMajor
		if fault != FaultNone {
			c.Why = "fault: " + string(fault)
		}
		if fault != FaultCut {
			c.Answered, c.Status = true, answer.status
		}
	})
	if fault == FaultCut {
		panic(http.ErrAbortHandler) // net/http's own way to cut a connection
	}
	l.answer(w, req, answer, fault)
}

// readService reads the message by its content type; both formats are welcome at
// every service URL, as they are at Sakai's.
func readService(r *http.Request, body []byte) serviceRequest {
	req := serviceRequest{service: path.Base(r.URL.Path), body: body}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch media {
	case "application/xml", "text/xml":
		req.pox, req.unfit = readPOX(body)
	case "application/x-www-form-urlencoded":
		req.isForm = true
		req.form, req.unfit = url.ParseQuery(string(body))
	default:
		req.badMedia, req.unfit = true, errors.New("content type is neither XML nor a form")
	}
	return req
}

// entry is what the ledger says of a call on its arrival.
func (req serviceRequest) entry(r *http.Request) Call {
	c := Call{At: req.at.UTC(), Service: req.service, Kind: req.kind(), SourcedID: req.pox.SourcedID, Value: req.pox.Score, MessageID: req.pox.MessageID}
	if req.isForm {
		c.SourcedID = cmp.Or(req.form.Get("sourcedid"), req.form.Get("id"), req.form.Get("ext_ims_lis_memberships_id"))
		c.Value = req.form.Get("result_resultscore_textstring")
		c.ValueType = req.form.Get("result_resultvaluesourcedid")
	}
	if signed, err := readSigned(r, req.body); err == nil {
		c.Nonce, c.SignatureMethod = signed.oauth["oauth_nonce"], signed.oauth["oauth_signature_method"]
	}
	return c
}

func (req serviceRequest) kind() string {
	if !req.isForm {
		return req.pox.Kind
	}
	if req.service == "logout" {
		return "logout"
	}
	return req.form.Get("lti_message_type")
}

// failAtOnce acts out the faults that do not even read the request.
func (l *LMS) failAtOnce(w http.ResponseWriter, r *http.Request, fault ServiceFault, lifted <-chan struct{}, place int) bool {
	status := map[ServiceFault]int{
		FaultDown: http.StatusServiceUnavailable, FaultHTML: http.StatusInternalServerError,
		FaultUnauthorised: http.StatusUnauthorized, FaultBusy: http.StatusTooManyRequests,
	}[fault]
	if status == 0 && fault != FaultHang {
		return false
	}
	l.settle(place, func(c *Call) {
		c.Why, c.Status, c.Answered = "fault: "+string(fault), status, status != 0
	})
	switch fault {
	case FaultHang:
		select {
		case <-r.Context().Done():
		case <-lifted:
		}
		panic(http.ErrAbortHandler)
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<!doctype html><title>Oops</title><h1>Something went wrong</h1>") // the caller may be gone
	case FaultBusy:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "simulated: too many requests", status)
	default:
		http.Error(w, "simulated: LMS services are down", status)
	}
	return true
}

// decide verifies the request, does what it asks for, and says how that went.
func (l *LMS) decide(r *http.Request, req serviceRequest, fault ServiceFault) serviceAnswer {
	answer := serviceAnswer{status: http.StatusOK, codeMajor: codeFailure, kind: req.kind(), messageID: req.pox.MessageID}
	if req.badMedia {
		answer.status, answer.description = http.StatusUnsupportedMediaType, req.unfit.Error()
		return answer
	}
	v := verifier{publicURL: l.PublicURL, key: l.Key, secret: l.Secret, window: l.Window, now: req.at, nonces: &l.nonces}
	params, err := v.check(r, req.body)
	if err != nil {
		answer.status, answer.description = http.StatusUnauthorized, err.Error()
		return answer
	}
	if req.unfit != nil {
		answer.status, answer.description = http.StatusBadRequest, req.unfit.Error()
		return answer
	}
	switch fault {
	case FaultFailure, FaultUnprocessable:
		answer.description = "simulated failure"
		if fault == FaultUnprocessable {
			answer.status = http.StatusUnprocessableEntity
		}
		return answer
	case FaultNoRead:
		if answer.kind == "readResult" || answer.kind == "basic-lis-readresult" {
			answer.codeMajor, answer.description = codeUnsupported, "simulated: grades are not told"
			return answer
		}
	case FaultUnsupported:
		answer.codeMajor, answer.description = codeUnsupported, "simulated: not supported"
		return answer
	case FaultProcessing:
		answer.codeMajor, answer.description = codeProcessing, "simulated: come back later"
		return answer
	}
	l.perform(req, params, &answer)
	return answer
}

// perform does what a verified request asks for. A logout URL is good for that only.
func (l *LMS) perform(req serviceRequest, params url.Values, answer *serviceAnswer) {
	err := errUnsupported
	switch {
	case req.service == "logout":
		err = l.keepCallback(params)
	case !req.isForm:
		err = l.performPOX(req, answer)
	case strings.HasPrefix(answer.kind, "basic-lis-readmemberships"):
		err = l.performRoster(params, answer)
	case strings.HasSuffix(answer.kind, "setting"):
		err = l.performSetting(params, answer)
	case strings.HasSuffix(answer.kind, "result"):
		err = l.performForm(req, params, answer)
	}
	switch {
	case errors.Is(err, errUnsupported):
		answer.codeMajor, answer.description = codeUnsupported, "no such operation: "+answer.kind
	case err != nil:
		answer.description = err.Error()
	default:
		answer.codeMajor = codeSuccess
	}
}

// answer writes the decision in the format the request came in.
func (l *LMS) answer(w http.ResponseWriter, req serviceRequest, a serviceAnswer, fault ServiceFault) {
	if req.service == "logout" {
		w.WriteHeader(a.status)
		return
	}
	text, err := writePOXAnswer(l.NewID(), a)
	if req.isForm {
		text, err = writeMessageResponse(a)
	}
	if err != nil {
		http.Error(w, "simulated LMS: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	if fault == FaultContentType {
		w.Header().Set("Content-Type", "text/plain")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(text) //nolint:gosec // G705: encoding/xml has escaped it; the caller may be gone
}
