package simulator

import (
	"encoding/xml"
	"errors"
	"fmt"
)

// messageResponse answers every 1.0 extension service: outcomes, rosters, settings.
type messageResponse struct {
	XMLName     xml.Name    `xml:"message_response"`
	Type        string      `xml:"lti_message_type"`
	CodeMajor   string      `xml:"statusinfo>codemajor"`
	Severity    string      `xml:"statusinfo>severity"`
	CodeMinor   string      `xml:"statusinfo>codeminor"`
	Description string      `xml:"statusinfo>description,omitempty"`
	Result      *result10   `xml:"result"`
	Members     *memberList `xml:"memberships"`
	Setting     *string     `xml:"setting>value"`
}

type result10 struct {
	SourcedID string `xml:"sourcedid"`
	Status    string `xml:"statusofresult"`
	Kind      string `xml:"resultscore>resultvaluesourcedid"`
	Score     string `xml:"resultscore>textstring"`
	Language  string `xml:"resultscore>language"`
	Date      string `xml:"date,omitempty"`
}

type memberList struct {
	Members []Member `xml:"member"`
}

// Member is one person on a roster; what the LMS does not release is empty.
type Member struct {
	UserID          string  `xml:"user_id"`
	Roles           string  `xml:"roles"`
	PersonSourcedID string  `xml:"person_sourcedid,omitempty"`
	GivenName       string  `xml:"person_name_given,omitempty"`
	FamilyName      string  `xml:"person_name_family,omitempty"`
	FullName        string  `xml:"person_name_full,omitempty"`
	Email           string  `xml:"person_contact_email_primary,omitempty"`
	ResultSourcedID string  `xml:"lis_result_sourcedid,omitempty"`
	Groups          []Group `xml:"groups>group,omitempty"`
}

// Group is a group a member belongs to; Set names the set the group is one of.
type Group struct {
	ID    string `xml:"id"`
	Title string `xml:"title"`
	Set   *Group `xml:"set,omitempty"`
}

// writeMessageResponse writes what a 1.0 service decided.
func writeMessageResponse(a serviceAnswer) ([]byte, error) {
	response := messageResponse{
		Type:        a.kind,
		CodeMajor:   map[string]string{codeSuccess: "Success", codeFailure: "Failure", codeUnsupported: "Unsupported", codeProcessing: "Processing"}[a.codeMajor],
		Severity:    map[string]string{"status": "Status", "error": "Error"}[a.severity()],
		CodeMinor:   "fullsuccess",
		Description: a.description,
		Setting:     a.setting,
	}
	if a.codeMajor != codeSuccess {
		response.CodeMinor = "invaliddata"
		return marshalXML(response)
	}
	if a.kind == "basic-lis-readresult" {
		response.Result = &result10{SourcedID: a.sourcedID, Status: "interim", Kind: "decimal", Score: a.score, Language: "en-US", Date: a.date}
	}
	if a.members != nil {
		response.Members = &memberList{Members: a.members}
	}
	return marshalXML(response)
}

// readMessageResponse reads such an answer.
func readMessageResponse(body []byte) (messageResponse, error) {
	var response messageResponse
	if err := xml.Unmarshal(body, &response); err != nil {
		return response, fmt.Errorf("read answer: %w", err)
	}
	if response.CodeMajor == "" {
		return response, errors.New("read answer: no codemajor")
	}
	return response, nil
}
