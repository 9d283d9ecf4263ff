package admin

import (
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/web"
)

// changeIDs makes the service secrets of a tool anew, or revokes the ids under
// them.
func (p *People) changeIDs(w http.ResponseWriter, r *http.Request, v visit) error {
	of := toolID{param(r, "domain"), param(r, "course"), param(r, "id")}
	page, err := p.readTool(r, v, of)
	if err != nil {
		return err
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	page.IDs = web.ServiceIDsForm{Link: strings.TrimSpace(sent.text("link")), Service: sent.text("service")}
	ids := consumer.ServiceIDs{Domain: of.domain, Course: of.course, Tool: of.id, Service: page.IDs.Service}
	if page.IDs.Link != "" {
		var ok bool
		if ids.LinkCourse, ids.Link, ok = placedLink(page.Links, page.IDs.Link); !ok {
			page.IDs.Fault = "The tool has no such link. Write it as course/link, as in the list below, or leave it empty."
			p.wrote(r, p.Pages.Tool(w, http.StatusUnprocessableEntity, page))
			return nil
		}
	}
	change, done := p.Consumer.NewSecrets, doneRenewed
	if sent.text("do") == "revoke" {
		change, done = p.Consumer.RevokeIDs, doneIDsRevoked
	}
	if _, err := change(r.Context(), ids, v.name()); err != nil {
		return err
	}
	v.goTo(w, r, web.ToolPath(of.domain, of.course, of.id), done)
	return nil
}

// placedLink finds the placement that is written course/link.
func placedLink(links []web.ToolLink, written string) (course, link string, ok bool) {
	for _, l := range links {
		if l.Course.ID+"/"+l.Link == written {
			return l.Course.ID, l.Link, true
		}
	}
	return "", "", false
}
