package admin

import (
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// maxSeenRoles bounds the roles without a meaning on a tool consumer's page.
const maxSeenRoles = 200

// seenRoles lists what a tool consumer sends that still has no meaning.
func seenRoles(tx store.Tx, c lti.ToolConsumer) ([]web.SeenRoleRow, error) {
	found, _, err := store.SeenRoles.List(tx, store.Prefix(c.Domain, c.ID), "", maxSeenRoles)
	if err != nil {
		return nil, err
	}
	var rows []web.SeenRoleRow
	for _, seen := range found {
		parsed := lti.ParseRoles(seen.Role)
		if _, unmapped := lti.MapRoles(parsed, c.Roles); len(unmapped) == 0 || len(parsed) == 0 {
			continue // it has a meaning since
		}
		rows = append(rows, web.SeenRoleRow{SeenRole: seen, Kind: parsed[0].Kind})
	}
	return rows, nil
}

// mapRole gives a role that the LMS sends a meaning here. What was not filled
// in is asked for again.
func (p *People) mapRole(w http.ResponseWriter, r *http.Request, v visit) error {
	if p.MapRole == nil {
		return store.ErrNotFound
	}
	page, err := p.readConsumer(r, v)
	if err != nil {
		return err
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	c := page.Consumer
	meaning := provider.RoleMeaning{Role: sent.text("role"), To: lti.Role(sent.text("to")), SelfEnrol: sent.text("self_enrol") != ""}
	if lti.CheckLTIRole(meaning.Role) != nil {
		return errForm
	}
	if !meaning.To.Known() {
		page.RoleFault, page.Path = meaning.Role, web.ConsumerPath(c.Domain, c.ID)
		p.wrote(r, p.Pages.Consumer(w, http.StatusUnprocessableEntity, page))
		return nil
	}
	if err := p.MapRole(r.Context(), c.Domain, c.ID, meaning, v.name()); err != nil {
		return err
	}
	v.goTo(w, r, web.ConsumerPath(c.Domain, c.ID), doneMapped)
	return nil
}
