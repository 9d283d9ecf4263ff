package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// Accepted is a launch that was believed, written and given a session.
type Accepted struct {
	Record lti.LaunchRecord
	Place  lti.Place
	// Token is the value of the session's cookie, Ticket the one-time ticket
	// for a browser that keeps no cookie. Both are empty when the tool
	// consumer states no user (link protection only).
	Token  string
	Ticket string
	// PassToken and PassTicket are the same for the pass of a launch that
	// states no user; empty for any other.
	PassToken  string
	PassTicket string
	// Pending is the token that resumes a launch that waits for the person's
	// answer; then it has made nothing yet, and the rest but Record is empty.
	Pending string
	// Logout is the callback to be registered with the LMS, if it wants one.
	Logout *LogoutCall
}

// Refused is a launch that was not accepted, as the person who launched may
// see it. It wraps the reason.
type Refused struct {
	// Reference leads to the record of the refusal; "" if it could not be
	// written.
	Reference string
	// ReturnURL leads back to the LMS; "" unless the signature held.
	ReturnURL string
	// Consumer names the LMS, and Roles are those that it sent, as sent; both
	// are empty unless the signature held. Unmapped says that none of them
	// has a meaning here; where the LMS is not asked for roles it is false.
	Consumer string
	Roles    []string
	Unmapped bool
	// Enabled is when the LMS's launches are taken, for one that came outside.
	Enabled lti.Period
	Err     error
}

// Error gives the reason, for the log.
func (r *Refused) Error() string { return "launch refused: " + r.Err.Error() }

// Unwrap gives the reason, a *lti.Refusal unless something broke.
func (r *Refused) Unwrap() error { return r.Err }

// AcceptLaunch takes one basic-lti-launch-request. It checks, in this order:
// shape, key, signature method, timestamp, signature, message, nonce, and what
// the tool consumer's configuration says. User, course, membership, upstream
// target, session, launch record and nonce are written in one transaction, so
// a launch is accepted whole and once, or not at all. Every error is a
// *Refused.
func (p *Provider) AcceptLaunch(ctx context.Context, req oauth1.Request, tail lti.Tail) (Accepted, error) {
	a := &attempt{Provider: p, req: req, now: p.Now().UTC(), id: p.NewID(), tail: tail}
	accepted, err := a.run(ctx)
	if err != nil {
		return Accepted{}, a.refuse(ctx, err)
	}
	a.noteRoles(ctx)
	return accepted, nil
}

// attempt is one launch on its way through the checks.
type attempt struct {
	*Provider
	req  oauth1.Request
	now  time.Time
	id   string
	tail lti.Tail

	message *oauth1.Message
	// sent are the parameters of a launch that is resumed.
	sent   oauth1.Params
	holder holder
	// answer is what the person said who was asked; nil for those who were not.
	answer *lti.Answer
	// secret is what the signature was last held against, as the doctor needs
	// it; nobody's for an unknown key.
	secret   string
	verified oauth1.Verified
	launch   lti.Launch
	listing  lti.Listing
	// believed says that the signature held.
	believed bool
	// steps are what was decided so far, for the inspector; those after
	// checked were decided in the transaction.
	steps   []string
	checked int
	// trial undoes the transaction in the end; see TryLaunch.
	trial bool
}

func (a *attempt) step(format string, args ...any) {
	a.steps = append(a.steps, fmt.Sprintf(format, args...))
}

// nobodysSecret stands in where there is none to explain a signature with.
const nobodysSecret = "nobody's secret"

func (a *attempt) run(ctx context.Context) (Accepted, error) {
	var err error
	if a.message, err = oauth1.Parse(a.req); err != nil {
		return Accepted{}, err
	}
	if err := launch.CheckShape(a.message.Unverified()); err != nil {
		return Accepted{}, err
	}
	a.step("it reads as a signed launch")
	found, err := a.findHolder(ctx)
	if err != nil {
		return Accepted{}, err
	}
	a.step("its key is %s", found)
	if err := a.verify(found); err != nil {
		return Accepted{}, err
	}
	a.step("signature method, time and signature hold")
	a.steps = append(a.steps, a.verified.Notes...)
	if a.launch, err = launch.Parse(a.verified.Params); err != nil {
		return Accepted{}, err
	}
	a.lookUp(ctx)
	fresh, err := a.fresh()
	if err != nil {
		return Accepted{}, err
	}
	var accepted Accepted
	a.checked = len(a.steps)
	err = a.Store.Update(ctx, func(tx store.Tx) error {
		a.steps = a.steps[:a.checked]
		accepted = fresh
		if err := a.write(tx, &accepted); err != nil || !a.trial {
			return err
		}
		return errTried
	})
	return accepted, err
}

// fresh draws what an accepted launch may need.
func (a *attempt) fresh() (accepted Accepted, err error) {
	if accepted.Token, err = a.token(); err != nil {
		return Accepted{}, err
	}
	if accepted.Ticket, err = a.token(); err != nil {
		return Accepted{}, err
	}
	accepted.Logout, err = a.logoutCall()
	return accepted, err
}

// findHolder looks the key up. An unknown one is refused only after the work
// that a known one would have cost.
func (a *attempt) findHolder(ctx context.Context) (found holder, err error) {
	err = a.Store.View(ctx, func(tx store.Tx) (err error) {
		if err := askForHolders(tx, a.message.Key()); err != nil {
			return err
		}
		found, err = findHolder(tx, a.message.Key())
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		_ = a.message.VerifyUnknown(a.now) // for its duration only
		return holder{}, a.unknownKey()
	}
	return found, err
}

func (a *attempt) unknownKey() error {
	a.holder, a.secret, a.believed = holder{}, nobodysSecret, false
	return lti.Refuse(lti.CauseUnknownKey, "neither a tool consumer nor a course has the key %q", clip(a.message.Key()))
}

// verify checks method, time, and signature under the holder's live secrets.
func (a *attempt) verify(h holder) error {
	a.holder, a.believed = h, false
	c := h.consumer
	secrets, err := a.open(live(c, a.now), h.vaultContext())
	if err != nil {
		return err
	}
	a.secret = nobodysSecret
	if len(secrets) > 0 {
		a.secret = secrets[0]
	}
	a.verified, err = a.message.Verify(oauth1.Credential{
		Secrets: secrets, Methods: c.SignatureMethods, Window: c.NonceLifetime, NotBefore: c.NotBefore,
	}, a.now)
	a.believed = err == nil
	return err
}

// write is the launch's one transaction.
func (a *attempt) write(tx store.Tx, accepted *Accepted) error {
	found, err := findHolder(tx, a.message.Key())
	if errors.Is(err, store.ErrNotFound) { // removed since it was read
		return a.unknownKey()
	}
	if err != nil {
		return err
	}
	if !found.same(a.holder) { // changed since it was read
		if err := a.verify(found); err != nil {
			return err
		}
	}
	nonce := store.NewNonce(found.nonceSide(), a.verified.Key, a.verified.Nonce, a.verified.Timestamp, found.consumer.NonceLifetime)
	if err := tx.UseNonce(nonce); err != nil {
		return err
	}
	a.step("it was not used before")
	if err := store.NoteSecretUse(tx, found.vaultContext(), live(found.consumer, a.now)[a.verified.Secret]); err != nil {
		return err
	}
	return a.admit(tx, accepted)
}

// admit is what a believed launch does in its transaction.
func (a *attempt) admit(tx store.Tx, accepted *Accepted) error {
	c := a.holder.consumer
	if err := a.holder.checkOpen(a.launch, a.now); err != nil {
		return err
	}
	arrival, err := a.Enrol(tx, lti.Believed{Consumer: c, Launch: a.launch, Tail: a.keyTail(), Answer: a.answer, Listing: a.listing})
	a.steps = append(a.steps, arrival.Steps...)
	if err != nil {
		return err
	}
	if arrival.Ask {
		return a.ask(tx, arrival, accepted)
	}
	if err := a.ownCourse(arrival.Place); err != nil {
		return err
	}
	accepted.Place = arrival.Place
	var session *lti.Session
	var pass *lti.Pass
	if c.UserIdentity {
		if err := a.keepTarget(tx, c, arrival); err != nil {
			return err
		}
		if err := a.noteRoster(tx, c, arrival); err != nil {
			return err
		}
		session = a.session(accepted)
	} else {
		pass = a.pass(accepted)
	}
	record := a.record(a.holder)
	record.Username, record.Role = arrival.User.Username, arrival.Membership.Role
	record.Course, record.Folder, record.Link = arrival.Place.Course.ID, arrival.Place.Folder, arrival.Place.Link
	record.Session, record.Pass = session, pass
	if session != nil && arrival.Offer != nil {
		if err := a.hold(tx, &record, arrival.Offer); err != nil {
			return err
		}
	}
	accepted.Record = record
	return store.Launches.PutNew(tx, record)
}

// session is what the launch opens for the browser.
func (a *attempt) session(accepted *Accepted) *lti.Session {
	session := &lti.Session{
		Token: digest(accepted.Token), Ticket: digest(accepted.Ticket),
		Expires:   a.now.Add(a.SessionLifetime),
		ReturnURL: a.returnURL(), Locale: a.launch.Return.Locale,
		Origins: a.framers(),
	}
	if accepted.Logout != nil {
		session.LogoutCallback = digest(accepted.Logout.Token)
	}
	return session
}

// framers are the origins that may show what the launch leads to in a frame.
func (a *attempt) framers() []string {
	return origins(a.launch.Return.ReturnURL, a.launch.Instance.URL, a.req.Origin)
}

// returnURL is the way back to the LMS, if the launch states one that a link
// may safely lead to.
func (a *attempt) returnURL() string {
	if u := a.launch.Return.ReturnURL; origin(u) != "" {
		return u
	}
	return ""
}

// origins lists the web origins of the URLs, each once.
func origins(urls ...string) []string {
	var list []string
	for _, u := range urls {
		if o := origin(u); o != "" && !slices.Contains(list, o) {
			list = append(list, o)
		}
	}
	return list
}

// maxHost is more than a host name and a port need, in bytes.
const maxHost = 255 + len(":65535")

// origin is scheme, host and port of an absolute http or https URL without a
// user name; "" for anything else.
func origin(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	if len(u.Host) > maxHost || strings.ContainsAny(u.Host, " ;,'\"*") { // it goes into a header
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// keepTarget stores where the LMS wants this person's grade, when it says so.
func (a *attempt) keepTarget(tx store.Tx, c *lti.ToolConsumer, arrival lti.Arrival) error {
	out := a.launch.Outcome
	if out.SourcedID == "" || out.URL == "" && out.FormURL == "" || arrival.Place.Course.ID == "" {
		return nil
	}
	t := lti.UpstreamTarget{
		Domain: arrival.Place.Course.Domain, Course: arrival.Place.Course.ID, Username: arrival.User.Username,
		Scope: arrival.Place.Scope(), Consumer: c.ID, Placement: a.launch.ResourceLinkID,
		URL: out.URL, FormURL: out.FormURL, SourcedID: out.SourcedID, UserID: a.launch.UserID,
	}
	return a.StoreTarget(tx, t)
}
