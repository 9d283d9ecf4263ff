package admin

import (
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// users lists all accounts, or those whose name or address has a text.
func (p *People) users(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.UsersPage{Frame: p.frame(r, v), Query: r.URL.Query().Get("q")}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		list := func(after string, limit int) ([]lti.User, string, error) {
			return store.Users.List(tx, "", after, limit)
		}
		page.Users, page.Next, err = sift(list, store.Users.Key, cursor(r, ""), perPage, func(u lti.User) bool {
			return matches(page.Query, u.Name(), u.Username+":"+u.Domain, u.Email)
		})
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Users(w, http.StatusOK, page))
	return nil
}

// user shows one account with the identities, courses and launches of it.
func (p *People) user(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showUser(w, r, v, http.StatusOK, web.UserPage{})
}

// showUser shows the account; page has what was just not done to it.
func (p *People) showUser(w http.ResponseWriter, r *http.Request, v visit, status int, page web.UserPage) error {
	page.Frame = p.frame(r, v)
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		if page.User, err = store.Users.Get(tx, param(r, "domain"), param(r, "username")); err != nil {
			return err
		}
		u := page.User
		prefix := store.Prefix(u.Domain, u.Username)
		if page.Bindings, _, err = store.Bindings.ListBy(tx, "user", prefix, "", store.MaxScan); err != nil {
			return err
		}
		if page.Unlinked, _, err = store.Unlinked.ListBy(tx, "user", prefix, "", store.MaxScan); err != nil {
			return err
		}
		if page.Merges, _, err = store.Merges.ListBy(tx, "user", prefix, "", store.MaxScan); err != nil {
			return err
		}
		if page.Memberships, err = membershipsOf(tx, prefix); err != nil {
			return err
		}
		page.Launches, err = newestLaunches(tx, func(l lti.LaunchRecord) bool {
			return l.Domain == u.Domain && l.Username == u.Username
		})
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.User(w, status, page))
	return nil
}

func membershipsOf(tx store.Tx, prefix string) ([]web.UserMembership, error) {
	found, _, err := store.Memberships.ListBy(tx, "user", prefix, "", store.MaxScan)
	if err != nil {
		return nil, err
	}
	list := make([]web.UserMembership, 0, len(found))
	for _, m := range found {
		shown := web.UserMembership{Membership: m}
		course, err := store.Courses.Read(tx, m.Domain, m.Course)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			shown.CourseTitle = course.Title
		}
		list = append(list, shown)
	}
	return list, nil
}

// audit lists what people and programs changed, newest first.
func (p *People) audit(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.AuditPage{Frame: p.frame(r, v), Query: r.URL.Query().Get("q")}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		back := func(before string, limit int) ([]lti.AuditEntry, string, error) {
			return store.Audit.ListBack(tx, "", before, limit)
		}
		page.Entries, page.Next, err = sift(back, store.Audit.Key, cursor(r, ""), perPage, func(e lti.AuditEntry) bool {
			return matches(page.Query, e.By, e.Action, e.Object, e.Detail)
		})
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Audit(w, http.StatusOK, page))
	return nil
}
