package consumer

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// membersURL is where a tool reads the roster page by page. The id in it is
// that of the roster service, written without ":" and "/".
func (c *Consumer) membersURL(rosterID string) string {
	return c.PublicURL + membersPath + base64.RawURLEncoding.EncodeToString([]byte(rosterID))
}

// ServeMembers answers GET /service/memberships/{tail} with a page of the
// roster (Context Memberships 1.0). A request that names the link by rlid gets
// sourcedids and what a launch of the link would tell of each member, too. A refusal is JSON, with 401 for a sender that can't be made
// sure of, 404 for an id that is not accepted, and 403 for a service that is
// not granted.
func (c *Consumer) ServeMembers(ctx context.Context, req oauth1.Request, tail string) Answer {
	k := c.newCall(lti.ServiceRoster, req)
	k.byStatus = true
	body, err := k.serveMembers(ctx, tail)
	if err == nil {
		return Answer{Status: http.StatusOK, ContentType: memberships.PageType, Body: body}
	}
	a := k.refuse(ctx, err, func(f *fault) []byte {
		text, _ := json.Marshal(map[string]string{"error": f.public}) // a text always encodes
		return text
	})
	a.ContentType = "application/json"
	return a
}

// statusOf is the status that a refused call is answered with. A service that
// answers by status alone says with it what the others say by codemajor.
func (k *call) statusOf(f *fault) int {
	switch {
	case !k.byStatus || f.status != http.StatusOK:
		return f.status
	case f.number == sourcedid.CauseDisabled:
		return http.StatusForbidden
	case f.number == sourcedid.CauseContent:
		return http.StatusBadRequest
	}
	return http.StatusNotFound
}

func (k *call) serveMembers(ctx context.Context, tail string) ([]byte, error) {
	if err := k.parse(); err != nil {
		return nil, err
	}
	id, err := base64.RawURLEncoding.DecodeString(tail)
	if err != nil {
		id = nil // refused as an id that is missing
	}
	if err := k.authenticate(ctx, string(id)); err != nil {
		return nil, err
	}
	r := &Roster{call: k, byDigest: true}
	asked, fault := memberships.ParsePageRequest(k.verified.Params)
	err = k.settle(ctx, func(tx store.Tx) (err error) {
		r.grades = sealing{}
		if fault != nil || len(asked.From) > maxCursor {
			return refuse(lti.CauseMalformed, outcome.InvalidData, "the query can't be read")
		}
		if asked.LinkID != "" && asked.LinkID != k.resourceLinkID() {
			return refuse(lti.CauseUnknownLink, outcome.UnknownObject, "the resource link is not that of this service")
		}
		if asked.LinkID != "" && k.grades() {
			r.grades, err = k.sealing(tx, k.place, lti.ServiceGrade, true)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if asked.LinkID != "" {
		r.id = string(id)
	}
	return r.page(ctx, asked, tail)
}

// maxCursor is more than the length of a digest.
const maxCursor = 64

// page reads and writes one page. Its limit is what the tool asks for, up to
// rosterPage; a role narrows it only if the tool is told roles at all.
func (r *Roster) page(ctx context.Context, asked memberships.PageRequest, tail string) ([]byte, error) {
	if asked.Limit == 0 || asked.Limit > rosterPage {
		asked.Limit = rosterPage
	}
	k, after := r.call, ""
	if asked.From != "" {
		after = store.Join(k.course.Domain, k.course.ID, asked.From)
	}
	members, next, err := r.read(ctx, after, asked.Limit)
	if err != nil {
		return nil, err
	}
	if asked.Role != "" && k.tool.Sends(lti.SendRoles) {
		members = slices.DeleteFunc(members, func(m memberships.Member) bool {
			return !slices.ContainsFunc(m.Roles, func(role lti.LTIRole) bool { return role.Is(asked.Role) })
		})
	}
	page := memberships.Page{
		ID: k.pageURL(tail, asked), ContextID: k.contextID(), ContextTitle: k.course.Title, Members: members,
	}
	if next != "" {
		parts := store.Split(next)
		asked.From = parts[len(parts)-1]
		page.Next = k.pageURL(tail, asked)
	}
	return page.JSON()
}

func (k *call) pageURL(tail string, asked memberships.PageRequest) string {
	var query []string
	for name, value := range memberships.BuildPageRequest(asked).All() {
		query = append(query, name+"="+url.QueryEscape(value))
	}
	return k.PublicURL + membersPath + tail + "?" + strings.Join(query, "&")
}
