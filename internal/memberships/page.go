package memberships

import (
	"encoding/json"
	"fmt"
)

// PageType is the media type of a page of Context Memberships 1.0.
const PageType = "application/vnd.ims.lis.v2.membershipcontainer+json"

const (
	pageContext  = "http://purl.imsglobal.org/ctx/lis/v2/MembershipContainer"
	predicate    = "http://www.w3.org/ns/org#membership"
	statusPrefix = "liss:"
	launchType   = "basic-lti-launch-request"
)

// Page is one page of a course's roster.
type Page struct {
	// ID is the page's own URL, Next that of the page after it, "" on the last.
	ID           string
	Next         string
	ContextID    string
	ContextTitle string
	Members      []Member
}

// The container as we write it.
type (
	pageJSON struct {
		Context  []string      `json:"@context"`
		Type     string        `json:"@type"`
		ID       string        `json:"@id"`
		NextPage string        `json:"nextPage,omitempty"`
		PageOf   containerJSON `json:"pageOf"`
	}
	containerJSON struct {
		Type      string      `json:"@type"`
		Predicate string      `json:"membershipPredicate"`
		Subject   subjectJSON `json:"membershipSubject"`
	}
	subjectJSON struct {
		Type       string           `json:"@type"`
		ContextID  string           `json:"contextId"`
		Name       string           `json:"name,omitempty"`
		Membership []membershipJSON `json:"membership"`
	}
	membershipJSON struct {
		Status  string        `json:"status"`
		Role    []string      `json:"role"`
		Member  personJSON    `json:"member"`
		Message []messageJSON `json:"message,omitempty"`
	}
	personJSON struct {
		Type       string `json:"@type"`
		UserID     string `json:"userId"`
		SourcedID  string `json:"sourcedId,omitempty"`
		Name       string `json:"name,omitempty"`
		GivenName  string `json:"givenName,omitempty"`
		FamilyName string `json:"familyName,omitempty"`
		Email      string `json:"email,omitempty"`
		Image      string `json:"image,omitempty"`
	}
	messageJSON struct {
		Type            string            `json:"message_type"`
		ResultSourcedID string            `json:"lis_result_sourcedid,omitempty"`
		Custom          map[string]string `json:"custom"`
		Ext             map[string]string `json:"ext"`
	}
)

// JSON writes the page (Context Memberships 1.0). A member with a sourcedid or
// with custom or ext values gets a message, as for a request that names a link.
// The sourcedid stands in the message alone: LTI-PHP 5 fails on a member that
// repeats it, and reads custom and ext whether there is something in them or not.
func (p Page) JSON() ([]byte, error) {
	out := pageJSON{
		Context: []string{pageContext}, Type: "Page", ID: p.ID, NextPage: p.Next,
		PageOf: containerJSON{
			Type: "LISMembershipContainer", Predicate: predicate,
			Subject: subjectJSON{
				Type: "Context", ContextID: p.ContextID, Name: p.ContextTitle,
				Membership: make([]membershipJSON, 0, len(p.Members)),
			},
		},
	}
	for _, m := range p.Members {
		out.PageOf.Subject.Membership = append(out.PageOf.Subject.Membership, memberJSON(m))
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write roster page: %w", err)
	}
	return b, nil
}

func memberJSON(m Member) membershipJSON {
	status := m.Status
	if status == "" {
		status = Active
	}
	out := membershipJSON{
		Status: statusPrefix + status,
		Role:   []string{},
		Member: personJSON{
			Type: "LISPerson", UserID: m.UserID, SourcedID: m.Person.SourcedID,
			Name: m.Person.FullName, GivenName: m.Person.GivenName,
			FamilyName: m.Person.FamilyName, Email: m.Person.Email,
			Image: m.Person.Image,
		},
	}
	for _, r := range m.Roles {
		out.Role = append(out.Role, r.URI())
	}
	if m.ResultSourcedID != "" || len(m.Custom) > 0 || len(m.Ext) > 0 {
		out.Message = []messageJSON{{
			Type: launchType, ResultSourcedID: m.ResultSourcedID, Custom: orEmpty(m.Custom), Ext: orEmpty(m.Ext),
		}}
	}
	return out
}

// orEmpty is written as {} where there is nothing.
func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
