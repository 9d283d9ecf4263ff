package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// Answers to the question whether an account stands already.
const (
	answerNew      = "new"       // none does
	answerExisting = "existing"  // one does, and here are name and password
	answerSignedIn = "signed-in" // one does, and it is signed in at the browser
)

// askAccount asks the person for whom a launch waits whether an account stands
// already.
func (p *People) askAccount(w http.ResponseWriter, r *http.Request, v visit) error {
	token := r.URL.Query().Get(web.TokenQuery)
	pending, err := p.Pending(r.Context(), token)
	if err != nil {
		return err
	}
	return p.showAccount(w, r, v, accountQuestion{token: token, pending: pending, status: http.StatusOK})
}

// accountQuestion is the question with what was wrong with the last answer.
type accountQuestion struct {
	token    string
	pending  provider.Pending
	status   int
	username string // as it was typed
	fault    string
	confirm  bool // an admin's account wants a word more
}

func (p *People) showAccount(w http.ResponseWriter, r *http.Request, v visit, q accountQuestion) error {
	p.framedBy(w, q.pending.Origins)
	known, err := p.ownAccounts(r, q.pending.Domain)
	if err != nil {
		return err
	}
	page := web.AccountPage{
		Frame: web.Frame{
			Path: r.URL.Path, Bare: true, Now: v.now, Locale: q.pending.Locale,
			ReturnURL: q.pending.ReturnURL, ReturnName: q.pending.Consumer, Framed: r.Header.Get("Sec-Fetch-Dest") == "iframe",
		},
		Consumer: q.pending.Consumer, Person: personName(q.pending.Person), Email: q.pending.Person.Email,
		Ticket: q.token, MayCreate: q.pending.MayCreate, Known: known,
		Username: q.username, Fault: q.fault, Confirm: q.confirm,
	}
	p.wrote(r, p.Pages.Account(w, q.status, page))
	return nil
}

func personName(p lti.Person) string {
	return lti.User{GivenName: p.GivenName, FamilyName: p.FamilyName, FullName: p.FullName}.Name()
}

// ownAccounts lists the accounts of the domain that are signed in at the
// browser. An admin's is not among them: it takes the password.
func (p *People) ownAccounts(r *http.Request, domain string) ([]web.KnownAccount, error) {
	everybody, err := p.Sessions.Everybody(r)
	if err != nil {
		return nil, err
	}
	var known []web.KnownAccount
	for _, found := range everybody {
		if found.User.Domain == domain && !found.User.Admin {
			who := viewer(visit{Visitor: found, known: true})
			known = append(known, web.KnownAccount{Viewer: who, Account: found.User.Username})
		}
	}
	return known, nil
}

// bindAccount takes the answer and goes on with the launch.
func (p *People) bindAccount(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	q := accountQuestion{token: sent.text("ticket"), status: http.StatusUnprocessableEntity, username: sent.text("username")}
	if q.pending, err = p.Pending(r.Context(), q.token); err != nil {
		return err
	}
	var answer lti.Answer
	switch sent.text("answer") {
	case answerNew:
		if !q.pending.MayCreate {
			return errForbidden
		}
	case answerSignedIn:
		known, err := p.ownAccounts(r, q.pending.Domain)
		if err != nil {
			return err
		}
		answer.Username = sent.text("account")
		if !slices.ContainsFunc(known, func(k web.KnownAccount) bool { return k.Account == answer.Username }) {
			return session.ErrOver
		}
	case answerExisting:
		if answer, err = p.proveAccount(w, r, v, sent, &q); err != nil {
			return err
		}
		if q.fault != "" {
			return p.showAccount(w, r, v, q)
		}
	default:
		return errForm
	}
	return p.resume(w, r, v, q.token, answer)
}

// proveAccount checks name and password of the account that a person claims to
// have. What is wrong with them is q's fault.
func (p *People) proveAccount(w http.ResponseWriter, r *http.Request, v visit, sent form, q *accountQuestion) (lti.Answer, error) {
	username, domain := splitName(q.username, q.pending.Domain)
	if username == "" {
		q.fault = "Write your username and password, or choose a new account below."
		return lti.Answer{}, nil
	}
	forgive, ok := p.guesses.begin(p.address(r), store.Join(domain, username), v.now)
	if !ok {
		w.Header().Set("Retry-After", "60")
		q.status, q.fault = http.StatusTooManyRequests, "Too many attempts failed. Wait a minute, then try again."
		return lti.Answer{}, nil
	}
	user, err := p.Sessions.CheckPassword(r.Context(), domain, username, sent.text("password"))
	if errors.Is(err, session.ErrPassword) || errors.Is(err, store.ErrKey) || err == nil && user.Domain != q.pending.Domain {
		p.Log.InfoContext(r.Context(), "sign-in refused")
		q.status, q.fault = http.StatusUnauthorized, "This name and password do not belong together."
		return lti.Answer{}, nil
	}
	forgive()
	if err != nil {
		return lti.Answer{}, err
	}
	confirmed := sent.text("confirm") != ""
	if user.Admin && !confirmed {
		q.confirm, q.fault = true, "This is an admin's account. Tick the box if you mean it, and write the password once more."
	}
	return lti.Answer{Username: user.Username, Confirmed: user.Admin && confirmed}, nil
}

// resume goes on with a launch that has its answer.
func (p *People) resume(w http.ResponseWriter, r *http.Request, v visit, token string, answer lti.Answer) error {
	accepted, err := p.Resume(r.Context(), token, answer)
	var refused *provider.Refused
	if errors.As(err, &refused) {
		p.refuseResumed(w, r, v, refused)
		return nil
	}
	if err != nil {
		return err
	}
	p.Sessions.Open(w, r, accepted.Record, accepted.Token)
	query := url.Values{sessionQuery: {accepted.Record.ID}, ticketQuery: {accepted.Ticket}}
	web.SeeOther(w, r, placeOf(accepted.Record)+"?"+query.Encode()+fragmentOf(accepted.Record))
	return nil
}

// refuseResumed says why a launch was not taken although it had its answer.
func (p *People) refuseResumed(w http.ResponseWriter, r *http.Request, v visit, refused *provider.Refused) {
	a := answerFor(refused)
	if lti.Reason(refused).Cause == lti.CauseNoAccount {
		a = answer{
			http.StatusForbidden, "This account was not connected",
			"No account may be made for you, or this one was disconnected from your LMS by an admin. Nothing was changed.",
			"Go back and choose another answer, or ask whoever looks after the accounts, with the reference number.",
		}
	}
	p.Log.WarnContext(r.Context(), "launch refused", "cause", lti.Reason(refused).Cause, "ref", refused.Reference)
	page := web.RefusalPage{
		Frame:    web.Frame{Path: r.URL.Path, Bare: true, Now: v.now, ReturnURL: refused.ReturnURL, ReturnName: refused.Consumer},
		Headline: a.headline, What: a.what, Do: a.do, Ref: refused.Reference,
	}
	p.wrote(r, p.Pages.Refusal(w, a.status, page))
}
