package main

import (
	"encoding/json"
	"net/http"
	"strings"
)

// What a stranger's library does as a tool beyond grades: it reads the roster
// page by page, and brings content that somebody chose.

// memberPage is what a tool reads of a page of the roster.
type memberPage struct {
	NextPage string `json:"nextPage"`
	PageOf   struct {
		Subject struct {
			Membership []struct {
				Role    []string
				Member  struct{ UserID, Name string }
				Message []struct {
					SourcedID string `json:"lis_result_sourcedid"`
				}
			}
		} `json:"membershipSubject"`
	} `json:"pageOf"`
}

// readMembers holds that we take GET requests that the library signs, and no
// others.
func (e *exchange) readMembers(target string) {
	e.t.Helper()
	names, graded := "", 0
	for next := target + "&limit=1"; next != ""; {
		status, text := e.getSigned(next, e.lib.do(e.asTool("sign_get", next)).Authorization)
		var page memberPage
		if err := json.Unmarshal([]byte(text), &page); err != nil || status != http.StatusOK {
			e.t.Fatalf("the page %s = %d %s", next, status, text)
		}
		for _, m := range page.PageOf.Subject.Membership {
			names += m.Member.Name + ", "
			if len(m.Message) == 1 && m.Message[0].SourcedID != "" {
				graded++
			}
			for _, role := range m.Role {
				if !strings.HasPrefix(role, "http://purl.imsglobal.org/vocab/lis/v2/membership#") {
					e.t.Errorf("a role of %s is %q, want a full URI", m.Member.Name, role)
				}
			}
		}
		next = page.NextPage
	}
	if !strings.Contains(names, "Grace Ångström") || graded == 0 {
		e.t.Errorf("the library reads the members %s, %d of them with a sourcedid", names, graded)
	}
	signed := e.lib.do(e.asTool("sign_get", target+"&limit=1")).Authorization
	if status, text := e.getSigned(target+"&limit=2", signed); status != http.StatusUnauthorized {
		e.t.Errorf("a request for more than was signed = %d %s, want 401", status, text)
	}
}

func (e *exchange) getSigned(target, authorization string) (status int, text string) {
	e.t.Helper()
	req, err := http.NewRequest(http.MethodGet, target, nil)
	if err != nil {
		e.t.Fatal(err)
	}
	req.Header.Set("Authorization", authorization)
	req.Header.Set("Accept", "application/vnd.ims.lis.v2.membershipcontainer+json")
	answer, err := http.DefaultClient.Do(req)
	got := newVisitor(e.t).see(answer, err)
	return got.status, got.body
}

// chooseContent holds that the library takes our request for content, and that
// we take its answer, and no other.
func (e *exchange) chooseContent() {
	e.t.Helper()
	v := e.signedInAdmin()
	action, fields := v.get(e.url+"/courses/uni/phys101/add/quizzer").form(e.t, "launch")
	verify := e.asTool("verify_form", action)
	verify.Params = map[string]string{}
	for name := range fields {
		verify.Params[name] = fields.Get(name)
	}
	if !e.lib.do(verify).Valid {
		e.t.Errorf("the library refuses our request for content at %s: %v", action, fields)
	}
	answer := e.asTool("sign_form", fields.Get("content_item_return_url"))
	answer.Params = map[string]string{
		"lti_message_type": "ContentItemSelection", "lti_version": "LTI-1p0", "data": fields.Get("data"), "lti_msg": "Chosen & kept",
		"content_items": `{"@context":"http://purl.imsglobal.org/ctx/lti/v1/ContentItem","@graph":[{"@type":"LtiLinkItem","mediaType":"application/vnd.ims.lti.v1.ltilink",
			"title":"Zoë’s 2nd quiz","custom":{"quiz":"a+b & c"},"lineItem":{"@type":"LineItem","scoreConstraints":{"@type":"NumericLimits","normalMaximum":7}},
			"placementAdvice":{"presentationDocumentTarget":"window","displayWidth":640}}]}`,
	}
	forged := values(e.lib.do(answer).Params)
	forged.Set("content_items", strings.Replace(forged.Get("content_items"), "2nd", "3rd", 1))
	if got := newVisitor(e.t).stay().post(answer.URL, forged); got.status != http.StatusUnauthorized {
		e.t.Errorf("content that was changed on its way = %d, want 401", got.status)
	}
	back := v.post(answer.URL, values(e.lib.do(answer).Params))
	for _, want := range []string{"Zoë’s 2nd quiz", "Chosen &amp; kept", "7 points"} {
		if back.status != http.StatusOK || !strings.Contains(back.body, want) {
			e.t.Errorf("after the library's answer the course's page (%d) lacks %q", back.status, want)
		}
	}
	if strings.Contains(back.body, "3rd quiz") {
		e.t.Error("the forged content is in the course")
	}
}
