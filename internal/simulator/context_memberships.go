package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	membershipsMedia = "application/vnd.ims.lis.v2.membershipcontainer+json"
	maxMemberPages   = 1000
)

// membersPage is one page of the Context Memberships service (Membership Service
// 1.0), the part of it both peers use.
type membersPage struct {
	Context  []string `json:"@context"`
	Type     string   `json:"@type"`
	ID       string   `json:"@id"`
	NextPage string   `json:"nextPage,omitempty"`
	PageOf   struct {
		Type      string `json:"@type"`
		Predicate string `json:"membershipPredicate"`
		Subject   struct {
			Type        string            `json:"@type"`
			ContextID   string            `json:"contextId"`
			Name        string            `json:"name"`
			Memberships []memberOfSubject `json:"membership"`
		} `json:"membershipSubject"`
	} `json:"pageOf"`
}

type memberOfSubject struct {
	Status string   `json:"status"`
	Roles  []string `json:"role"`
	Member struct {
		Type            string `json:"@type"`
		UserID          string `json:"userId"`
		SourcedID       string `json:"sourcedId,omitempty"`
		Name            string `json:"name,omitempty"`
		Given           string `json:"givenName,omitempty"`
		Family          string `json:"familyName,omitempty"`
		Email           string `json:"email,omitempty"`
		ResultSourcedID string `json:"resultSourcedId,omitempty"`
	} `json:"member"`
}

// serveMemberships answers a signed GET; limit and from page, rlid adds sourcedids,
// role filters by a role's handle or URI.
func (l *LMS) serveMemberships(w http.ResponseWriter, r *http.Request) {
	now := l.Now()
	call := Call{At: now.UTC(), Service: "memberships", Kind: "GET", SourcedID: r.URL.Query().Get("rlid")}
	if signed, err := readSigned(r, nil); err == nil {
		call.Nonce, call.SignatureMethod = signed.oauth["oauth_nonce"], signed.oauth["oauth_signature_method"]
	}
	place := l.enter(call)
	fault, lifted := l.meetFault()
	if l.failAtOnce(w, r, fault, lifted, place) || l.failRoster(w, r, place) {
		return
	}
	v := verifier{publicURL: l.PublicURL, key: l.Key, secret: l.Secret, window: l.Window, now: now, nonces: &l.nonces}
	params, err := v.check(r, nil)
	status := http.StatusOK
	if err != nil {
		status = http.StatusUnauthorized
	}
	l.settle(place, func(c *Call) {
		c.Status, c.Answered, c.Accepted = status, true, err == nil
		if err != nil {
			c.Why = err.Error()
		}
	})
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	w.Header().Set("Content-Type", membershipsMedia)
	_ = json.NewEncoder(w).Encode(l.membersPage(params)) // the caller may be gone
}

// membersPage cuts the page out of the roster; without a limit it is all of it.
func (l *LMS) membersPage(params url.Values) membersPage {
	var chosen []User
	for _, user := range l.listed() {
		if role := params.Get("role"); role == "" || strings.Contains(user.Roles, role[strings.LastIndexAny(role, "#:/")+1:]) {
			chosen = append(chosen, user)
		}
	}
	from, _ := strconv.Atoi(params.Get("from")) // unreadable is the beginning
	from = min(max(from, 0), len(chosen))
	end := len(chosen)
	if limit, err := strconv.Atoi(params.Get("limit")); err == nil && limit > 0 {
		end = min(end, from+limit)
	}
	if l.PageSize > 0 {
		end = min(end, from+l.PageSize)
	}
	page := membersPage{Context: []string{"http://purl.imsglobal.org/ctx/lis/v2/MembershipContainer"}, Type: "Page"}
	page.ID = l.PublicURL + "/services/memberships?" + params.Encode()
	if end < len(chosen) {
		params.Set("from", strconv.Itoa(end))
		page.NextPage = l.PublicURL + "/services/memberships?" + params.Encode()
	}
	l.misleadPage(&page)
	page.PageOf.Type, page.PageOf.Predicate = "LISMembershipContainer", "http://www.w3.org/ns/org#membership"
	subject := &page.PageOf.Subject
	subject.Type, subject.ContextID, subject.Name = "Context", l.Course.ID, l.Course.Title
	for _, user := range chosen[from:end] {
		subject.Memberships = append(subject.Memberships, l.memberOfSubject(user, params.Get("rlid")))
	}
	return page
}

func (l *LMS) memberOfSubject(user User, linkID string) memberOfSubject {
	m := memberOfSubject{Status: "liss:Active"}
	for role := range strings.SplitSeq(user.Roles, ",") {
		if !strings.Contains(role, ":") {
			role = "lism:" + role
		}
		m.Roles = append(m.Roles, role)
	}
	m.Member.Type, m.Member.UserID, m.Member.SourcedID = "LISPerson", user.ID, user.Login
	m.Member.Name, m.Member.Given, m.Member.Family, m.Member.Email = user.Name(), user.Given, user.Family, user.Email
	if _, link, ok := l.find(user.ID, linkID); ok && link.Gradable && user.Learner() {
		m.Member.ResultSourcedID = l.Course.sourcedID(user, link)
	}
	return m
}

// Memberships follows the pages of the Context Memberships service from the URL the
// launch gives as custom_context_memberships_url, asking for limit members a page
// (0: the service decides). The answer is that of the last page, with the members of
// all. A next page on another host is an error and is not requested.
func (t *Tool) Memberships(ctx context.Context, launch Launch, limit int) (Answer, error) {
	start, err := url.Parse(launch.Param("custom_context_memberships_url"))
	if err != nil || start.Host == "" {
		return Answer{}, errors.New("memberships: the launch named no such service")
	}
	if limit > 0 {
		query := start.Query()
		query.Set("limit", strconv.Itoa(limit))
		start.RawQuery = query.Encode()
	}
	var members []Member
	next := start
	for range maxMemberPages {
		answer, page, err := t.fetchMembers(ctx, launch, next.String())
		members = append(members, page.members()...)
		answer.Members = members
		if err != nil || page.NextPage == "" {
			return answer, err
		}
		if next, err = next.Parse(page.NextPage); err != nil || next.Host != start.Host {
			return answer, fmt.Errorf("memberships: next page %q is elsewhere", page.NextPage)
		}
	}
	return Answer{Members: members}, errors.New("memberships: the pages do not end")
}

// fetchMembers requests one page. An answer that is no page is not an error.
func (t *Tool) fetchMembers(ctx context.Context, launch Launch, target string) (Answer, membersPage, error) {
	var page membersPage
	header, err := t.signer().signGet(target)
	if err != nil {
		return Answer{}, page, fmt.Errorf("sign memberships: %w", err)
	}
	answer, err := t.send(ctx, sentRequest{launch: launch.ID, method: http.MethodGet, kind: "memberships", target: target, authorization: header})
	if err != nil || answer.Status != http.StatusOK {
		return answer, page, err
	}
	if json.Unmarshal([]byte(answer.Body), &page) == nil && page.Type == "Page" {
		answer.CodeMajor = codeSuccess // what stands for it in this service
	}
	return answer, page, nil
}

// members puts the page into the words of the older roster service.
func (p membersPage) members() []Member {
	var members []Member
	for _, m := range p.PageOf.Subject.Memberships {
		members = append(members, Member{
			UserID: m.Member.UserID, Roles: strings.Join(m.Roles, ","), PersonSourcedID: m.Member.SourcedID,
			GivenName: m.Member.Given, FamilyName: m.Member.Family, FullName: m.Member.Name,
			Email: m.Member.Email, ResultSourcedID: m.Member.ResultSourcedID,
		})
	}
	return members
}
