package admin

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
	"github.com/ltihub/ltihub/web"
)

// supportLifetime is how long a link to a launch is good for.
const supportLifetime = 7 * 24 * time.Hour

// share makes a link under which support sees one launch without signing in,
// and shows it this once.
func (p *People) share(w http.ResponseWriter, r *http.Request, v visit) error {
	id, token := param(r, "id"), vault.NewSecret(p.Consumer.Rand)
	link := lti.SupportLink{
		Hash: tokenHash(token), Launch: id, By: v.name(), Created: v.now.Truncate(time.Second),
		Expires: v.now.Truncate(time.Second).Add(supportLifetime),
	}
	entry := p.auditEntry(v, "launch shared", "launch "+lti.Reference(id), "until "+link.Expires.Format(time.RFC3339))
	err := p.Store.Update(r.Context(), func(tx store.Tx) error {
		if _, err := store.Launches.Get(tx, id); err != nil {
			return err
		}
		if err := store.SupportLinks.PutNew(tx, link); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, entry)
	})
	if err != nil {
		return err
	}
	page, err := p.readLaunch(r, v, id)
	if err != nil {
		return err
	}
	page.NewLink, page.Path = p.PublicURL+web.SupportLinkPath(token), web.LaunchRecordPath(id)
	p.wrote(r, p.Pages.LaunchRecord(w, http.StatusOK, page))
	return nil
}

// unshare closes all links to a launch.
func (p *People) unshare(w http.ResponseWriter, r *http.Request, v visit) error {
	id := param(r, "id")
	entry := p.auditEntry(v, "launch no longer shared", "launch "+lti.Reference(id), "")
	err := p.Store.Update(r.Context(), func(tx store.Tx) error {
		links, err := supportLinks(tx, id)
		if err != nil || len(links) == 0 {
			return err
		}
		for _, link := range links {
			if err := store.SupportLinks.Delete(tx, link.Hash); err != nil {
				return err
			}
		}
		return store.Audit.PutNew(tx, entry)
	})
	if err != nil {
		return err
	}
	v.goTo(w, r, web.LaunchRecordPath(id), doneUnshared)
	return nil
}

// supportLinks lists the links to a launch, those that have expired too.
func supportLinks(tx store.Tx, launch string) ([]lti.SupportLink, error) {
	links, _, err := store.SupportLinks.ListBy(tx, "launch", store.Prefix(launch), "", store.MaxScan)
	return links, err
}

func (p *People) auditEntry(v visit, action, object, detail string) lti.AuditEntry {
	return lti.AuditEntry{
		ID: p.Consumer.NewID(), At: v.now.Truncate(time.Second), By: v.name(), Action: action, Object: object, Detail: detail,
	}
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// support shows one launch, redacted, to whoever has the token of a link. No
// search engine is to keep it.
func (p *People) support(w http.ResponseWriter, r *http.Request, v visit) error {
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	page := web.SupportPage{}
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		link, err := store.SupportLinks.Get(tx, tokenHash(param(r, "token")))
		if err != nil {
			return err
		}
		if !v.now.Before(link.Expires) {
			return store.ErrNotFound
		}
		page.Expires = link.Expires
		page.Launch, err = store.Launches.Get(tx, link.Launch)
		return err
	})
	if err != nil {
		return err
	}
	page.Launch = page.Launch.Redacted()
	page.Frame = web.Frame{Now: v.now, Path: web.SupportPath}
	p.wrote(r, p.Pages.Support(w, http.StatusOK, page))
	return nil
}
