package outcome

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// ErrFormType is an lti_message_type that is none of the outcome forms.
var ErrFormType = errors.New("not an outcome form")

const (
	formUpdate  = "basic-lis-updateresult"
	formReplace = "basic-lis-replaceresult" // Sakai's names for an update
	formCreate  = "basic-lis-createresult"
	formRead    = "basic-lis-readresult"
	formDelete  = "basic-lis-deleteresult"
)

// FormRequest is one form of the LTI 1.0 outcome service.
type FormRequest struct {
	// MessageType is the lti_message_type, which the answer repeats. BuildForm
	// derives it from the operation when it is empty.
	MessageType string
	Operation   Operation
	SourcedID   string

	// HasScore says that ScoreText is not empty; lti.ParseScoreAs reads it by
	// ValueType.
	HasScore  bool
	ScoreText string
	ValueType string
	Language  string

	// Status is "interim", "unofficial", "final", "initialized" or
	// "completed", Date a time in ISO 8601. Both are as they came.
	Status     string
	Date       string
	DataSource string
	// Text is the text a student handed in (Sakai).
	Text string
}

// ParseForm reads a form. With an error the request keeps the MessageType, so
// that the answer can repeat it. Errors wrap ErrFormType, or ErrIncomplete for
// a parameter that is missing, given twice, too long or no UTF-8 text.
func ParseForm(p oauth1.Params) (FormRequest, error) {
	r := FormRequest{MessageType: p.Value("lti_message_type")}
	if p.Count("lti_message_type") > 1 {
		return r, fmt.Errorf("%w: more than one lti_message_type", ErrIncomplete)
	}
	var ok bool
	if r.Operation, ok = formOperation(r.MessageType); !ok {
		return r, fmt.Errorf("%w: %.60q", ErrFormType, r.MessageType)
	}
	if v := p.Value("lti_version"); v != "" && v != ltixml.Version {
		return r, fmt.Errorf("%w: lti_version %.20q", ErrIncomplete, v)
	}
	for _, f := range r.fields() {
		if p.Count(f.name) > 1 {
			return r, fmt.Errorf("%w: more than one %s", ErrIncomplete, f.name)
		}
		*f.at = p.Value(f.name)
		if !ltixml.IsText(*f.at) {
			return r, fmt.Errorf("%w: %s is not text", ErrIncomplete, f.name)
		}
	}
	if r.SourcedID == "" || len(r.SourcedID) > ltixml.MaxServiceID {
		return r, fmt.Errorf("%w: sourcedid missing or too long", ErrIncomplete)
	}
	r.ScoreText = strings.Trim(r.ScoreText, " \t\r\n")
	r.HasScore = r.ScoreText != ""
	return r, nil
}

func formOperation(messageType string) (Operation, bool) {
	switch messageType {
	case formUpdate, formReplace, formCreate:
		return Replace, true
	case formRead:
		return Read, true
	case formDelete:
		return Delete, true
	}
	return "", false
}

func (r *FormRequest) fields() []field {
	return []field{
		{"sourcedid", &r.SourcedID},
		{"result_resultscore_textstring", &r.ScoreText},
		{"result_resultvaluesourcedid", &r.ValueType},
		{"result_resultscore_language", &r.Language},
		{"result_statusofresult", &r.Status},
		{"result_date", &r.Date},
		{"result_datasource", &r.DataSource},
		{"result_resultdata_text", &r.Text},
	}
}

// BuildForm writes a form for the signer, which adds its own parameters. Empty
// fields are left out. A deletion without a score says 0, for Sakai refuses one
// without.
func BuildForm(r FormRequest) oauth1.Params {
	if r.MessageType == "" {
		r.MessageType = formType(r.Operation)
	}
	if r.Operation == Delete && r.ScoreText == "" {
		r.ScoreText = "0"
	}
	p := oauth1.Params{
		{Name: "lti_message_type", Value: r.MessageType},
		{Name: "lti_version", Value: ltixml.Version},
	}
	for _, f := range r.fields() {
		if *f.at != "" {
			p = append(p, oauth1.Param{Name: f.name, Value: *f.at})
		}
	}
	return p
}

func formType(o Operation) string {
	switch o {
	case Read:
		return formRead
	case Delete:
		return formDelete
	}
	return formUpdate
}
