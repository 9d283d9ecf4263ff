package simulator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
)

// poxNamespace is that of requests and answers alike (LTI 1.1, 6).
const poxNamespace = "http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0"

// poxRequest is one message of the outcome service. Kind is replaceResult,
// readResult, deleteResult, or whatever else the envelope asked for.
type poxRequest struct {
	Kind      string
	MessageID string
	SourcedID string
	Score     string
	// SubmittedAt and NeedsReview are the submissionDetails, if there are any.
	SubmittedAt string
	NeedsReview bool
	hasResult   bool
}

type poxEnvelopeRequest struct {
	XMLName   xml.Name `xml:"http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0 imsx_POXEnvelopeRequest"`
	Version   string   `xml:"imsx_POXHeader>imsx_POXRequestHeaderInfo>imsx_version"`
	MessageID string   `xml:"imsx_POXHeader>imsx_POXRequestHeaderInfo>imsx_messageIdentifier"`
	Body      poxBody  `xml:"imsx_POXBody"`
}

type poxBody struct {
	Operations []poxOperation `xml:",any"`
}

type poxOperation struct {
	XMLName xml.Name
	Records []poxRecord `xml:"resultRecord"`
	Details *poxDetails `xml:"submissionDetails"`
}

// poxDetails is the extension about how something was handed in. NeedsReview
// counts by being there.
type poxDetails struct {
	SubmittedAt string  `xml:"submittedAt,omitempty"`
	NeedsReview *string `xml:"needsAdditionalReview"`
}

type poxRecord struct {
	SourcedID string     `xml:"sourcedGUID>sourcedId"`
	Result    *poxResult `xml:"result"`
}

type poxResult struct {
	Language string `xml:"resultScore>language"`
	Score    string `xml:"resultScore>textString"`
}

type poxEnvelopeResponse struct {
	XMLName xml.Name   `xml:"imsx_POXEnvelopeResponse"`
	XMLNS   string     `xml:"xmlns,attr"`
	Version string     `xml:"imsx_POXHeader>imsx_POXResponseHeaderInfo>imsx_version"`
	ID      string     `xml:"imsx_POXHeader>imsx_POXResponseHeaderInfo>imsx_messageIdentifier"`
	Status  poxStatus  `xml:"imsx_POXHeader>imsx_POXResponseHeaderInfo>imsx_statusInfo"`
	Body    poxAnswers `xml:"imsx_POXBody"`
}

type poxStatus struct {
	CodeMajor    string `xml:"imsx_codeMajor"`
	Severity     string `xml:"imsx_severity"`
	Description  string `xml:"imsx_description"`
	MessageRef   string `xml:"imsx_messageRefIdentifier"`
	OperationRef string `xml:"imsx_operationRefIdentifier"`
}

type poxAnswers struct {
	Answers []poxAnswer `xml:",any"`
}

type poxAnswer struct {
	XMLName xml.Name
	Result  *poxResult `xml:"result"`
}

// readPOX reads a request as strictly as the text allows: the right namespace, one
// operation, one record. On an error the identifier is kept where it was readable.
func readPOX(body []byte) (poxRequest, error) {
	var envelope poxEnvelopeRequest
	if err := xml.Unmarshal(body, &envelope); err != nil {
		return poxRequest{}, fmt.Errorf("read envelope: %w", err)
	}
	req := poxRequest{MessageID: strings.TrimSpace(envelope.MessageID)}
	if v := strings.TrimSpace(envelope.Version); v != "V1.0" {
		return req, fmt.Errorf("imsx_version is %q, want V1.0", v)
	}
	if req.MessageID == "" {
		return req, errors.New("imsx_messageIdentifier is empty")
	}
	if n := len(envelope.Body.Operations); n != 1 {
		return req, fmt.Errorf("imsx_POXBody holds %d operations, want one", n)
	}
	operation := envelope.Body.Operations[0]
	req.Kind = strings.TrimSuffix(operation.XMLName.Local, "Request")
	if n := len(operation.Records); n != 1 {
		return req, fmt.Errorf("%s holds %d result records, want one", operation.XMLName.Local, n)
	}
	record := operation.Records[0]
	req.SourcedID = record.SourcedID
	if record.Result != nil {
		req.hasResult, req.Score = true, strings.TrimSpace(record.Result.Score)
	}
	return req, nil
}

// writePOX writes req as an envelope; Score goes out for replaceResult only.
func writePOX(req poxRequest) ([]byte, error) {
	record := poxRecord{SourcedID: req.SourcedID}
	if req.Kind == "replaceResult" {
		record.Result = &poxResult{Language: "en", Score: req.Score}
	}
	var details *poxDetails
	if req.SubmittedAt != "" || req.NeedsReview {
		details = &poxDetails{SubmittedAt: req.SubmittedAt}
		if req.NeedsReview {
			details.NeedsReview = new(string)
		}
	}
	envelope := poxEnvelopeRequest{
		Version:   "V1.0",
		MessageID: req.MessageID,
		Body: poxBody{Operations: []poxOperation{{
			XMLName: xml.Name{Local: req.Kind + "Request"},
			Records: []poxRecord{record},
			Details: details,
		}}},
	}
	return marshalXML(envelope)
}

// writePOXAnswer writes what the service decided about a request.
func writePOXAnswer(id string, a serviceAnswer) ([]byte, error) {
	envelope := poxEnvelopeResponse{
		XMLNS:   poxNamespace,
		Version: "V1.0",
		ID:      id,
		Status: poxStatus{
			CodeMajor:    a.codeMajor,
			Severity:     a.severity(),
			Description:  a.description,
			MessageRef:   a.messageID,
			OperationRef: a.kind,
		},
	}
	if a.kind != "" && a.codeMajor == codeSuccess {
		answer := poxAnswer{XMLName: xml.Name{Local: a.kind + "Response"}}
		if a.kind == "readResult" {
			answer.Result = &poxResult{Language: "en", Score: a.score}
		}
		envelope.Body.Answers = []poxAnswer{answer}
	}
	return marshalXML(envelope)
}

// readPOXAnswer takes from an answer what a tool wants to know. It is lenient about
// namespaces, as LMSs differ in them.
func readPOXAnswer(body []byte) (poxEnvelopeResponse, error) {
	var envelope poxEnvelopeResponse
	if err := xml.Unmarshal(body, &envelope); err != nil {
		return envelope, fmt.Errorf("read answer: %w", err)
	}
	if envelope.Status.CodeMajor == "" {
		return envelope, errors.New("read answer: no imsx_codeMajor")
	}
	return envelope, nil
}

func marshalXML(value any) ([]byte, error) {
	text, err := xml.MarshalIndent(value, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write XML: %w", err)
	}
	return append([]byte(xml.Header), text...), nil
}
