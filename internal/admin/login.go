package admin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// maxListedDomains is up to how many institutions the sign-in page offers to
// choose from; with more, people write theirs behind the name.
const maxListedDomains = 20

// askLogin shows the sign-in page.
func (p *People) askLogin(w http.ResponseWriter, r *http.Request, v visit) error {
	next := localPath(r.URL.Query().Get("next"))
	return p.showLogin(w, r, v, http.StatusOK, web.LoginPage{Next: next})
}

func (p *People) showLogin(w http.ResponseWriter, r *http.Request, v visit, status int, page web.LoginPage) error {
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		domains, next, err := store.Domains.List(tx, "", "", maxListedDomains)
		if next == "" {
			page.Domains = domains
		}
		return err
	})
	if err != nil {
		return err
	}
	page.Frame = p.frame(r, v)
	p.wrote(r, p.Pages.Login(w, status, page))
	return nil
}

// login checks name and password. Who guesses too often is not listened to for
// a while, whatever the password.
func (p *People) login(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	page := web.LoginPage{Username: sent.text("username"), Domain: sent.text("domain"), Next: localPath(sent.text("next"))}
	username, domain := splitName(page.Username, page.Domain)
	forgive, ok := p.guesses.begin(p.address(r), store.Join(domain, username), v.now)
	if !ok {
		w.Header().Set("Retry-After", "60")
		page.Fault = "Too many attempts failed. Wait a minute, then try again."
		return p.showLogin(w, r, v, http.StatusTooManyRequests, page)
	}
	user, err := p.Sessions.SignIn(r.Context(), domain, username, sent.text("password"))
	if errors.Is(err, session.ErrPassword) || errors.Is(err, store.ErrKey) {
		p.Log.InfoContext(r.Context(), "sign-in refused")
		page.Fault = "This name and password do not belong together."
		return p.showLogin(w, r, v, http.StatusUnauthorized, page)
	}
	forgive()
	if err != nil {
		return err
	}
	web.SeeOther(w, r, afterLogin(user, page.Next))
	return nil
}

// splitName takes username:domain apart; a domain behind the name counts more
// than the one chosen beside it.
func splitName(name, domain string) (username, in string) {
	name = strings.TrimSpace(name)
	if username, in, ok := strings.Cut(name, ":"); ok {
		return username, in
	}
	return name, domain
}

func afterLogin(user lti.User, next string) string {
	switch {
	case next != "":
		return next
	case user.Admin:
		return web.AdminPath
	}
	return web.HomePath
}

// localPath is next if that is a path on this server, with or without a query,
// and "" otherwise: nobody is led elsewhere after signing in.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	bad := func(c rune) bool { return c == '\\' || c < ' ' || c == 0x7f }
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsFunc(next, bad) {
		return ""
	}
	if strings.HasPrefix(u.Path, "//") || strings.ContainsFunc(u.Path, bad) {
		return ""
	}
	return next
}

// logout ends what the visitor came by: the session of the launch, or the local
// sign-in. The other one stays.
func (p *People) logout(w http.ResponseWriter, r *http.Request, v visit) error {
	var err error
	if v.Launch != nil {
		err = p.Sessions.End(r.Context(), v.Launch.ID)
	} else {
		err = p.Sessions.SignOut(r.Context())
	}
	if err != nil {
		return err
	}
	visit{}.goTo(w, r, web.HomePath, doneSignedOut)
	return nil
}
