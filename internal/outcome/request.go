package outcome

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ltihub/ltihub/internal/ltixml"
)

// Why a message is refused.
var (
	// ErrTooLarge is a message above MaxMessage.
	ErrTooLarge = errors.New("message too large")
	// ErrXML is a message that is not the XML that we read.
	ErrXML = errors.New("unreadable XML")
	// ErrEnvelope is XML that is no request envelope with one operation.
	ErrEnvelope = errors.New("not an outcome request")
	// ErrIncomplete is an operation without, or with too many, of its parts.
	ErrIncomplete = errors.New("incomplete outcome request")
)

// MaxMessage is how many bytes a message may have.
const MaxMessage = 64 << 10

// Operation is what a request asks for, without the suffix Request: one of the
// constants, or a name unknown to us.
type Operation string

// The operations of section 6.1.
const (
	Replace Operation = "replaceResult"
	Read    Operation = "readResult"
	Delete  Operation = "deleteResult"
)

// Known reports whether the operation is one of section 6.1.
func (o Operation) Known() bool { return o == Replace || o == Read || o == Delete }

// Request is one message of a tool about one result.
type Request struct {
	Operation Operation
	// MessageID is the sender's own; senders repeat it or leave it out.
	MessageID string
	SourcedID string

	// HasScore says that ScoreText is not empty. The text is as it came,
	// without the white space around it, and not yet believed.
	HasScore  bool
	ScoreText string
	Language  string

	// TotalScore is the text of resultTotalScore, raw points.
	TotalScore string
	Data       Data
	Submission Submission
}

// Data is the resultData extension. Senders fill one of the fields.
type Data struct {
	Text      string
	URL       string
	LaunchURL string
	// DownloadURL and DocumentName belong together.
	DownloadURL  string
	DocumentName string
}

// Submission is the submissionDetails extension. SubmittedAt is a time as text.
type Submission struct {
	SubmittedAt       string
	NeedsReview       bool
	PrioritizeNonTool bool
}

// ParseRequest reads one request envelope, by local names in any namespace or
// none. It holds one operation about one resultRecord, each needed element
// once. A request of an unknown operation is no error and has no more than its
// name and MessageID. With an error, which wraps one of the sentinels above,
// the request keeps the MessageID and Operation if they could be read, so that
// the answer can refer to them.
func ParseRequest(body []byte) (Request, error) {
	if len(body) > MaxMessage {
		return Request{}, fmt.Errorf("%w: over %d bytes", ErrTooLarge, MaxMessage)
	}
	root, fault := ltixml.Parse(body)
	request := Request{
		MessageID: root.Find("imsx_POXHeader", "imsx_POXRequestHeaderInfo", "imsx_messageIdentifier").Value(),
	}
	if fault != nil {
		return request, fmt.Errorf("%w: %w", ErrXML, fault)
	}
	if root.Name != "imsx_POXEnvelopeRequest" {
		return request, fmt.Errorf("%w: the root is %.60q", ErrEnvelope, root.Name)
	}
	operation, err := onlyOperation(root)
	if err != nil {
		return request, err
	}
	request.Operation = Operation(strings.TrimSuffix(operation.Name, "Request"))
	if !request.Operation.Known() {
		return request, nil
	}
	if err := request.readRecord(operation); err != nil {
		return request, fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	return request, nil
}

func onlyOperation(root ltixml.Element) (ltixml.Element, error) {
	if _, _, err := root.Optional("imsx_POXHeader"); err != nil {
		return ltixml.Element{}, fmt.Errorf("%w: %w", ErrEnvelope, err)
	}
	body, _, err := root.Optional("imsx_POXBody")
	if err != nil {
		return ltixml.Element{}, fmt.Errorf("%w: %w", ErrEnvelope, err)
	}
	if len(body.Children) != 1 {
		return ltixml.Element{}, fmt.Errorf("%w: %d operations instead of one", ErrEnvelope, len(body.Children))
	}
	return body.Children[0], nil
}

func (r *Request) readRecord(operation ltixml.Element) error {
	record, err := only(operation, "resultRecord")
	if err != nil {
		return err
	}
	guid, err := only(record, "sourcedGUID")
	if err != nil {
		return err
	}
	if _, err := only(guid, "sourcedId"); err != nil {
		return err
	}
	if r.SourcedID, err = guid.Leaf("sourcedId"); err != nil {
		return err
	}
	if r.SourcedID == "" {
		return errors.New("the sourcedId is empty")
	}
	if r.Operation != Replace {
		return nil
	}
	if err := r.readResult(record); err != nil {
		return err
	}
	return r.readSubmission(operation)
}

func (r *Request) readResult(record ltixml.Element) error {
	result, _, err := record.Optional("result")
	if err != nil {
		return err
	}
	if r.ScoreText, r.Language, err = readScore(result, "resultScore"); err != nil {
		return err
	}
	r.HasScore = r.ScoreText != ""
	if r.TotalScore, _, err = readScore(result, "resultTotalScore"); err != nil {
		return err
	}
	data, _, err := result.Optional("resultData")
	if err != nil {
		return err
	}
	return readLeaves(data, []field{
		{"text", &r.Data.Text},
		{"url", &r.Data.URL},
		{"ltiLaunchUrl", &r.Data.LaunchURL},
		{"downloadUrl", &r.Data.DownloadURL},
		{"documentName", &r.Data.DocumentName},
	})
}

func readScore(result ltixml.Element, name string) (text, language string, err error) {
	score, _, err := result.Optional(name)
	if err != nil {
		return "", "", err
	}
	err = readLeaves(score, []field{{"textString", &text}, {"language", &language}})
	return text, language, err
}

func (r *Request) readSubmission(operation ltixml.Element) error {
	details, _, err := operation.Optional("submissionDetails")
	if err != nil {
		return err
	}
	if r.Submission.SubmittedAt, err = details.Leaf("submittedAt"); err != nil {
		return err
	}
	// The two marks count by being there; the second is also seen beside the
	// details.
	_, r.Submission.NeedsReview = details.Child("needsAdditionalReview")
	_, inside := details.Child("prioritizeNonToolGrade")
	_, beside := operation.Child("prioritizeNonToolGrade")
	r.Submission.PrioritizeNonTool = inside || beside
	return nil
}

// only is the one child of that name.
func only(e ltixml.Element, name string) (ltixml.Element, error) {
	child, ok, err := e.Optional(name)
	if err == nil && !ok {
		err = fmt.Errorf("no %s in %s", name, e.Name)
	}
	return child, err
}

// field ties a wire name to the place of its text.
type field struct {
	name string
	at   *string
}

func readLeaves(e ltixml.Element, fields []field) error {
	for _, f := range fields {
		var err error
		if *f.at, err = e.Leaf(f.name); err != nil {
			return err
		}
	}
	return nil
}
