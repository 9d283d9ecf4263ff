package memberships

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// The container as others write it: lists may be single values, texts may be
// numbers or null.
type (
	foreignMember struct {
		Status  words            `json:"status"`
		Role    words            `json:"role"`
		Member  foreignPerson    `json:"member"`
		Message []foreignMessage `json:"message"`
	}
	foreignPerson struct {
		UserID          word `json:"userId"`
		SourcedID       word `json:"sourcedId"`
		Name            word `json:"name"`
		GivenName       word `json:"givenName"`
		FamilyName      word `json:"familyName"`
		Email           word `json:"email"`
		Image           word `json:"image"`
		ResultSourcedID word `json:"resultSourcedId"`
	}
	foreignMessage struct {
		ResultSourcedID word            `json:"lis_result_sourcedid"`
		Custom          map[string]word `json:"custom"`
		Ext             map[string]word `json:"ext"`
	}
)

// ParsePage is ReadPage for a page at hand.
func ParsePage(body []byte) (Page, error) {
	var members []Member
	p, err := ReadPage(bytes.NewReader(body), func(m Member) error {
		members = append(members, m)
		return nil
	})
	p.Members = members
	if err != nil {
		return Page{}, err
	}
	return p, nil
}

func (f foreignMember) member() Member {
	m := Member{
		UserID: string(f.Member.UserID),
		Person: lti.Person{
			SourcedID:  string(f.Member.SourcedID),
			GivenName:  string(f.Member.GivenName),
			FamilyName: string(f.Member.FamilyName),
			FullName:   string(f.Member.Name),
			Email:      string(f.Member.Email),
			Image:      string(f.Member.Image),
		},
		ResultSourcedID: string(f.Member.ResultSourcedID),
		Status:          Active,
	}
	for _, role := range f.Role {
		m.Roles = append(m.Roles, lti.ParseRoles(role)...)
	}
	if len(f.Status) > 0 && f.Status[0] != "" {
		m.Status = status(f.Status[0])
	}
	for _, message := range f.Message {
		if m.ResultSourcedID == "" {
			m.ResultSourcedID = string(message.ResultSourcedID)
		}
		m.Custom = merge(m.Custom, message.Custom)
		m.Ext = merge(m.Ext, message.Ext)
	}
	return m
}

// status is the last part of a status, "liss:Active" or its long form, as our
// constants spell it. An unknown one counts as Inactive, the lesser.
func status(uri string) string {
	last := uri[strings.LastIndexAny(uri, "#:/")+1:]
	for _, known := range []string{Active, Inactive, Deleted} {
		if strings.EqualFold(last, known) {
			return known
		}
	}
	return Inactive
}

func merge(into map[string]string, from map[string]word) map[string]string {
	for name, value := range from {
		if into == nil {
			into = make(map[string]string, len(from))
		}
		into[name] = string(value)
	}
	return into
}

// word is a text, or a number or truth value taken as text. Null and anything
// with parts is no text, "".
type word string

// UnmarshalJSON reads a word.
func (w *word) UnmarshalJSON(b []byte) error {
	var text string
	switch {
	case b[0] == '"':
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
	case b[0] != '{' && b[0] != '[' && string(b) != "null":
		text = string(b)
	}
	*w = word(strings.ReplaceAll(text, "\x00", "\uFFFD"))
	return nil
}

// words is a list of texts that some write as a single one.
type words []string

// UnmarshalJSON reads a list or a single text.
func (w *words) UnmarshalJSON(b []byte) error {
	var list []word
	if b[0] == '[' {
		if err := json.Unmarshal(b, &list); err != nil {
			return err
		}
	} else {
		list = make([]word, 1)
		if err := json.Unmarshal(b, &list[0]); err != nil {
			return err
		}
	}
	*w = nil
	for _, one := range list {
		*w = append(*w, string(one))
	}
	return nil
}
