package outcome

import (
	"fmt"

	"github.com/ltihub/ltihub/internal/ltixml"
)

// FormResponse answers a FormRequest.
type FormResponse struct {
	MessageType string
	CodeMajor   CodeMajor
	CodeMinor   string
	Description string
	// Result answers a read; nil in every other answer.
	Result *FormResult
}

// FormResult is a result as the LTI 1.0 service tells it, all of it text. An
// empty ScoreText means that there is none yet.
type FormResult struct {
	SourcedID       string
	PersonSourcedID string
	Status          string
	ValueType       string
	ScoreText       string
	Language        string
	Date            string
	DataSource      string
}

// XML writes the message_response.
func (r FormResponse) XML() []byte {
	var w ltixml.Writer
	ltixml.Status{
		MessageType: r.MessageType,
		CodeMajor:   string(r.CodeMajor),
		CodeMinor:   r.CodeMinor,
		Description: r.Description,
	}.Begin(&w)
	if r.Result != nil {
		r.Result.write(&w)
	}
	w.CloseAll()
	return w.Bytes()
}

func (r FormResult) write(w *ltixml.Writer) {
	w.Open("result")
	w.Leaf("sourcedid", r.SourcedID)
	w.Leaf("personsourcedid", r.PersonSourcedID)
	w.Leaf("statusofresult", r.Status)
	w.Open("resultscore")
	w.Leaf("resultvaluesourcedid", r.ValueType)
	w.Leaf("textstring", r.ScoreText)
	w.Leaf("language", r.Language)
	w.Close()
	w.Leaf("date", r.Date)
	w.Leaf("datasource", r.DataSource)
	w.Close()
}

// ParseFormResponse reads the answer to one of our forms; the case of the major
// code does not matter. What is no message_response is ErrNotPOX.
func ParseFormResponse(body []byte) (FormResponse, error) {
	if len(body) > maxAnswer {
		return FormResponse{}, fmt.Errorf("%w: over %d bytes", ErrNotPOX, maxAnswer)
	}
	status, root, err := ltixml.ParseMessage(body)
	if err != nil {
		return FormResponse{}, fmt.Errorf("%w: %w", ErrNotPOX, err)
	}
	r := FormResponse{
		MessageType: status.MessageType,
		CodeMajor:   CodeMajor(status.CodeMajor),
		CodeMinor:   status.CodeMinor,
		Description: status.Description,
	}
	if result, ok := root.Child("result"); ok {
		score := result.Find("resultscore")
		r.Result = &FormResult{
			SourcedID:       result.Find("sourcedid").Value(),
			PersonSourcedID: result.Find("personsourcedid").Value(),
			Status:          result.Find("statusofresult").Value(),
			ValueType:       score.Find("resultvaluesourcedid").Value(),
			ScoreText:       score.Find("textstring").Value(),
			Language:        score.Find("language").Value(),
			Date:            result.Find("date").Value(),
			DataSource:      result.Find("datasource").Value(),
		}
	}
	return r, nil
}
