package admin

import (
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// maxTokenName bounds the name of an API token, in bytes.
const maxTokenName = 100

// tokens lists the API tokens.
func (p *People) tokens(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showTokens(w, r, v, http.StatusOK, web.TokensPage{})
}

func (p *People) showTokens(w http.ResponseWriter, r *http.Request, v visit, status int, page web.TokensPage) error {
	page.Frame = p.frame(r, v)
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		page.Tokens = nil
		return store.APITokens.All(tx, "", func(t lti.APIToken) error {
			page.Tokens = append(page.Tokens, t)
			return nil
		})
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Tokens(w, status, page))
	return nil
}

// newToken makes an API token and shows it this once.
func (p *People) newToken(w http.ResponseWriter, r *http.Request, v visit) error {
	if p.NewToken == nil {
		return store.ErrNotFound
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	page := web.TokensPage{Name: strings.TrimSpace(sent.text("name")), Role: sent.text("role")}
	switch {
	case page.Name == "" || len(page.Name) > maxTokenName:
		page.Fault = "Write what it is for, in at most 100 characters."
	case page.Role != lti.TokenAdmin && page.Role != lti.TokenRead:
		page.Fault = "Choose one of the two roles."
	}
	if page.Fault != "" {
		return p.showTokens(w, r, v, http.StatusUnprocessableEntity, page)
	}
	if page.New, err = p.NewToken(r.Context(), page.Name, page.Role, v.name()); err != nil {
		return err
	}
	return p.showTokens(w, r, v, http.StatusOK, page)
}

// revokeToken closes an API token.
func (p *People) revokeToken(w http.ResponseWriter, r *http.Request, v visit) error {
	if p.RevokeToken == nil {
		return store.ErrNotFound
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	if err := p.RevokeToken(r.Context(), sent.text("hash"), v.name()); err != nil {
		return err
	}
	v.goTo(w, r, web.TokensPath, doneRevoked)
	return nil
}
