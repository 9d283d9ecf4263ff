package consumer

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// How many bytes the body of a call may have: of one about results or a roster,
// and of one about a setting.
const (
	MaxBody        = outcome.MaxMessage
	MaxSettingBody = oauth1.MaxBody
)

// TakeResult answers POST /service/passback: POX messages (LTI 1.1 section 6)
// and the forms of LTI 1.0. A result is stored, and its delivery queued, in one
// transaction with the nonce; success is answered only after that is durable.
//
// A call whose sender can't be made sure of is answered with 401, what is no
// readable message with 400, and what is decided about the message with 200
// and codemajor failure. The store being away is 503, never success.
func (c *Consumer) TakeResult(ctx context.Context, req oauth1.Request) Answer {
	k := c.newCall(lti.ServiceGrade, req)
	m, err := k.readMessage()
	if err != nil {
		return k.refuse(ctx, err, func(f *fault) []byte { return m.refusal(k.id, f) })
	}
	done, err := k.take(ctx, m)
	if err != nil {
		return k.refuse(ctx, err, func(f *fault) []byte { return m.refusal(k.id, f) })
	}
	if done.queued && c.Wake != nil {
		c.Wake()
	}
	return Answer{Status: http.StatusOK, ContentType: xmlType, Body: m.success(k.id, k.place, done)}
}

// RefuseResult answers a call to any of the services whose body could not even
// be read: err is what oauth1.Read returned. Of req only the ContentType
// counts, which tells the form of the answer: POX, unless a form was sent.
func (c *Consumer) RefuseResult(ctx context.Context, req oauth1.Request, err error) Answer {
	k := c.newCall(lti.ServiceGrade, oauth1.Request{ContentType: req.ContentType})
	f := unauthenticated(sourcedid.CauseContent, err)
	if f.status == http.StatusUnauthorized { // the connection broke
		f.status, f.minor, f.public = http.StatusBadRequest, outcome.InvalidData, "the request can't be read"
	}
	var m message
	if isForm(req.ContentType) {
		m.kind = unknownForm
	}
	return k.refuse(ctx, f, func(f *fault) []byte { return m.refusal(k.id, f) })
}

// isForm reports whether a content type is that of a form; "" is not.
func isForm(contentType string) bool {
	media, _, _ := mime.ParseMediaType(contentType) // what can't be read is no form
	return media == "application/x-www-form-urlencoded"
}

// message is what a tool says about a result, in either format.
type message struct {
	// kind is the lti_message_type of a form; "" for POX.
	kind      string
	operation outcome.Operation
	id        string
	sourcedID string

	scoreText   string
	totalScore  string // raw points
	valueType   string // of a form's score
	data        outcome.Data
	submittedAt string
	needsReview bool
	// incomplete says what is wrong with a message that names its sourcedid:
	// the sender is told once it is known to be the tool.
	incomplete *fault
}

// done is what became of a message.
type done struct {
	result lti.Result
	queued bool
}

// readMessage reads the call as POX or as a form, by what oauth1 made of it.
// With an error the message holds what the answer refers to.
func (k *call) readMessage() (message, error) {
	media, _, _ := mime.ParseMediaType(k.req.ContentType) // "" is refused below
	form := isForm(k.req.ContentType)
	var m message
	if form {
		m.kind = unknownForm
	}
	if len(k.req.Body) > MaxBody {
		return m, unauthenticated(sourcedid.CauseContent, lti.Refuse(lti.CauseTooLarge, "over %d bytes", MaxBody))
	}
	if !form && media != "application/xml" && media != "text/xml" {
		return m, unauthenticated(sourcedid.CauseContent, lti.Refuse(lti.CauseContentType, "the type %.60q is neither XML nor a form", k.req.ContentType))
	}
	if err := k.parse(); err != nil {
		return m, err
	}
	if form && k.message.PeekBody() == nil {
		return readForm(k.message.Unverified())
	}
	return readPOX(k.req.Body)
}

// unknownForm answers a form whose type can't be told.
const unknownForm = "basic-lis-updateresult"

func readPOX(body []byte) (message, error) {
	r, err := outcome.ParseRequest(body)
	m := message{
		operation: r.Operation, id: r.MessageID, sourcedID: r.SourcedID,
		scoreText: r.ScoreText, totalScore: r.TotalScore, data: r.Data,
		submittedAt: r.Submission.SubmittedAt, needsReview: r.Submission.NeedsReview,
	}
	switch {
	case errors.Is(err, outcome.ErrXML), errors.Is(err, outcome.ErrEnvelope):
		f := refuse(lti.CauseMalformed, outcome.InvalidData, "the message can't be read as an outcome request")
		f.status, f.reason.Detail = http.StatusBadRequest, err.Error()
		return m, f
	case err != nil:
		return m, m.lacks(err)
	case !r.Operation.Known():
		return m, unsupported(string(r.Operation))
	}
	return m, nil
}

func readForm(p oauth1.Params) (message, error) {
	r, err := outcome.ParseForm(p)
	m := message{
		kind: r.MessageType, operation: r.Operation, sourcedID: r.SourcedID,
		scoreText: r.ScoreText, valueType: r.ValueType, data: outcome.Data{Text: r.Text},
	}
	if m.kind == "" {
		m.kind = unknownForm
	}
	switch {
	case errors.Is(err, outcome.ErrFormType):
		return m, unsupported(r.MessageType)
	case err != nil:
		return m, m.lacks(err)
	}
	return m, nil
}

// lacks is an incomplete message. One that names its sourcedid goes on, so that
// its sender is looked at first.
func (m *message) lacks(err error) error {
	f := refuse(lti.CauseMissing, outcome.IncompleteData, "the message is incomplete, or has something twice")
	f.reason.Detail = err.Error()
	if m.sourcedID == "" {
		f.number = sourcedid.CauseGradeMissing
		return f
	}
	m.incomplete = f
	return nil
}

// take authenticates the message and does what it asks.
func (k *call) take(ctx context.Context, m message) (done, error) {
	if err := k.authenticate(ctx, m.sourcedID); err != nil {
		return done{}, err
	}
	var d done
	err := k.settle(ctx, func(tx store.Tx) (err error) {
		d, err = k.perform(tx, m)
		return err
	})
	return d, err
}

// perform does what an authenticated message asks, in its transaction.
func (k *call) perform(tx store.Tx, m message) (done, error) {
	member, err := k.findMember(tx)
	if err != nil {
		return done{}, err
	}
	if m.incomplete != nil {
		return done{}, m.incomplete
	}
	held, err := readResult(tx, k.place.ref(member.Username))
	if err != nil || m.operation == outcome.Read {
		return done{result: held}, err
	}
	now := tx.Now()
	if due := k.link.Due; !due.IsZero() && !now.Before(due) {
		return done{}, refuse(lti.CauseNotOpen, outcome.InvalidData, "no results are taken for this link since %s", due.UTC().Format(time.RFC3339))
	}
	change, err := m.change(k.tool.ID, k.link.Points, now)
	if err != nil {
		return done{}, err
	}
	next, changed := adopt(held, change, k.link.Policy)
	if !changed {
		return done{result: held}, nil
	}
	next, err = k.keepResult(tx, next)
	return done{result: next, queued: true}, err
}

// errDropped: somebody was in the course, and is not any more.
var errDropped = errors.New("the person has left the course")

// findMember finds the member that the digest in the sourcedid stands for. Whose
// dates are over may still get the score of what was handed in; who has left the
// course may not.
func (k *call) findMember(tx store.Tx) (lti.Membership, error) {
	m, err := store.Memberships.Find(tx, "digest", store.Join(k.course.Domain, k.course.ID, k.serviceID.User))
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
		return m, badID(lti.CauseServiceID, &sourcedid.Refusal{Cause: sourcedid.CauseUser, Err: err})
	}
	// The id may be that of an account that was merged into another since.
	for range maxMerges {
		if err != nil || m.Into == "" {
			break
		}
		m, err = store.Memberships.Get(tx, m.Domain, m.Course, m.Into)
	}
	if err == nil && m.Status != lti.MemberActive {
		return m, badID(lti.CauseServiceID, &sourcedid.Refusal{Cause: sourcedid.CauseUser, Err: errDropped})
	}
	return m, err
}

// maxMerges bounds how often a person's accounts were merged one after another.
const maxMerges = 100

// refusal is the answer that says no.
func (m message) refusal(id string, f *fault) []byte {
	if m.kind != "" {
		return outcome.FormResponse{
			MessageType: m.kind, CodeMajor: f.code, CodeMinor: f.minor, Description: f.public,
		}.XML()
	}
	return outcome.Response{
		MessageID: id, RefID: m.id, Operation: m.operation,
		CodeMajor: f.code, CodeMinor: f.minor, Description: f.public,
	}.XML()
}

// success is the answer that says what was done.
func (m message) success(id string, p place, d done) []byte {
	score := d.result.Counts()
	if m.kind == "" {
		return outcome.Response{
			MessageID: id, RefID: m.id, Operation: m.operation,
			CodeMajor: outcome.Success, Description: m.told(), Score: score,
		}.XML()
	}
	r := outcome.FormResponse{
		MessageType: m.kind, CodeMajor: outcome.Success, CodeMinor: outcome.FullSuccess, Description: m.told(),
	}
	if m.operation == outcome.Read {
		r.Result = formResult(m, p, d.result)
	}
	return r.XML()
}

func (m message) told() string {
	switch m.operation {
	case outcome.Read:
		return "the result is read"
	case outcome.Delete:
		return "the result is deleted"
	}
	return "the result is stored"
}

// formResult is what a form's read is told, in the score type that it asked
// for where that is a number.
func formResult(m message, p place, r lti.Result) *outcome.FormResult {
	told := &outcome.FormResult{
		SourcedID: m.sourcedID, Status: "final", ValueType: lti.ScoreDecimal,
		Language: "en-US", DataSource: productFamily,
	}
	score := r.Counts()
	if score == nil {
		told.Status = "initialized"
		return told
	}
	told.ScoreText, told.ValueType = lti.FormatScoreAs(m.valueType, *score, *score*p.link.Points, p.link.Points)
	if !r.SubmittedAt.IsZero() {
		told.Date = r.SubmittedAt.UTC().Format(time.RFC3339)
	}
	return told
}
