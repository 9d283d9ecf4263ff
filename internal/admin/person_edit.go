package admin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// askPerson shows the form for a new account.
func (p *People) askPerson(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.showPerson(w, r, v, http.StatusOK, web.PersonPage{New: true, User: lti.User{Domain: v.User.Domain}})
}

// editPerson shows the form for an account.
func (p *People) editPerson(w http.ResponseWriter, r *http.Request, v visit) error {
	page := web.PersonPage{}
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		page.User, err = store.Users.Get(tx, param(r, "domain"), param(r, "username"))
		return err
	})
	if err != nil {
		return err
	}
	return p.showPerson(w, r, v, http.StatusOK, page)
}

func (p *People) showPerson(w http.ResponseWriter, r *http.Request, v visit, status int, page web.PersonPage) error {
	page.Frame = p.frame(r, v)
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		if page.New {
			page.Domains, _, err = store.Domains.List(tx, "", "", store.MaxScan)
			return err
		}
		known, err := store.Users.Read(tx, page.User.Domain, page.User.Username)
		if err != nil {
			return err
		}
		page.HasPassword = known.PasswordHash != ""
		bound, _, err := store.Bindings.ListBy(tx, "user", store.Prefix(known.Domain, known.Username), "", 1)
		page.Bound = len(bound) > 0
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Person(w, status, page))
	return nil
}

// makePerson makes an account by hand.
func (p *People) makePerson(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	page := web.PersonPage{New: true, User: lti.User{Domain: sent.text("domain"), Username: strings.TrimSpace(sent.text("username"))}}
	return p.savePerson(w, r, v, sent, page)
}

// changePerson saves what was typed about an account.
func (p *People) changePerson(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	var page web.PersonPage
	err = p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		page.User, err = store.Users.Get(tx, param(r, "domain"), param(r, "username"))
		return err
	})
	if err != nil {
		return err
	}
	return p.savePerson(w, r, v, sent, page)
}

// savePerson makes or edits the account of the page. What is wrong stands at its
// field, and what was typed stays, but for passwords.
func (p *People) savePerson(w http.ResponseWriter, r *http.Request, v visit, sent form, page web.PersonPage) error {
	d := details(sent)
	delicate := d.Admin != page.User.Admin || d.Password != "" || d.ClearPassword || page.User.Admin
	u := &page.User
	u.GivenName, u.FamilyName, u.FullName, u.Email = d.GivenName, d.FamilyName, d.FullName, d.Email
	u.Disabled, u.Admin, page.Clear = d.Disabled, d.Admin, d.ClearPassword
	refused := func(field, text string) error {
		page.Faults = map[string]string{field: text}
		return p.showPerson(w, r, v, http.StatusUnprocessableEntity, page)
	}
	if delicate {
		if fault, err := p.prove(r, v, sent.text("own")); err != nil {
			return err
		} else if fault != "" {
			return refused("own", fault)
		}
	}
	var err error
	if page.New {
		_, err = p.Keeper.Create(r.Context(), u.Domain, u.Username, d, v.name())
	} else {
		_, err = p.Keeper.Edit(r.Context(), u.Domain, u.Username, d, v.name())
	}
	var why *person.Refused
	if errors.As(err, &why) {
		return refused(why.Field, why.Text)
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, web.UserPath(u.Domain, u.Username), doneSaved)
	return nil
}

func details(sent form) person.Details {
	return person.Details{
		GivenName: sent.text("given_name"), FamilyName: sent.text("family_name"),
		FullName: sent.text("full_name"), Email: sent.text("email"),
		Disabled: sent.text("disabled") != "", Admin: sent.text("admin") != "",
		Password: sent.text("password"), ClearPassword: sent.text("clear_password") != "",
	}
}

// prove asks the visitor's own password before what a forgotten browser must not
// do. Guessing it counts as guessing at the sign-in.
func (p *People) prove(r *http.Request, v visit, password string) (fault string, err error) {
	if password == "" {
		return "Type the password that you signed in with.", nil
	}
	forgive, ok := p.guesses.begin(p.address(r), store.Join(v.User.Domain, v.User.Username), v.now)
	if !ok {
		return "Too many attempts failed. Wait a minute, then try again.", nil
	}
	err = p.Sessions.Prove(r.Context(), v.User.Domain, v.User.Username, password)
	if errors.Is(err, session.ErrPassword) {
		return "That is not the password that you signed in with.", nil
	}
	forgive()
	return "", err
}

// endSessions closes everything that a person has open.
func (p *People) endSessions(w http.ResponseWriter, r *http.Request, v visit) error {
	domain, username := param(r, "domain"), param(r, "username")
	err := p.Keeper.EndSessions(r.Context(), domain, username, v.name())
	if refusedText(err) != "" {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, web.UserPath(domain, username), doneEnded)
	return nil
}

// refusedText is why something was not done to a person; "" for other errors.
func refusedText(err error) string {
	var why *person.Refused
	if errors.As(err, &why) {
		return why.Text
	}
	return ""
}
