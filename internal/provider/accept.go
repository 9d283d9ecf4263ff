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
	Err      error
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
	return accepted, nil
}

// attempt is one launch on its way through the checks.
type attempt struct {
	*Provider
	req  oauth1.Request
	now  time.Time
	id   string
	tail lti.Tail

	message  *oauth1.Message
	consumer *lti.ToolConsumer
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
	if a.consumer, err = a.findConsumer(ctx); err != nil {
		return Accepted{}, err
	}
	a.step("its key is that of the tool consumer %s/%s", a.consumer.Domain, a.consumer.ID)
	if err := a.verify(a.consumer); err != nil {
		return Accepted{}, err
	}
	a.step("signature method, time and signature hold")
	a.steps = append(a.steps, a.verified.Notes...)
	if a.launch, err = launch.Parse(a.verified.Params); err != nil {
		return Accepted{}, err
	}
	a.lookUp(ctx)
	token, err := a.token()
	if err != nil {
		return Accepted{}, err
	}
	ticket, err := a.token()
	if err != nil {
		return Accepted{}, err
	}
	logout, err := a.logoutCall()
	if err != nil {
		return Accepted{}, err
	}
	var accepted Accepted
	a.checked = len(a.steps)
	err = a.Store.Update(ctx, func(tx store.Tx) error {
		a.steps = a.steps[:a.checked]
		accepted = Accepted{Token: token, Ticket: ticket, Logout: logout}
		return a.write(tx, &accepted)
	})
	return accepted, err
}

// findConsumer looks the key up. An unknown one is refused only after the work
// that a known one would have cost.
func (a *attempt) findConsumer(ctx context.Context) (*lti.ToolConsumer, error) {
	var c *lti.ToolConsumer
	err := a.Store.View(ctx, func(tx store.Tx) (err error) {
		c, err = store.ToolConsumers.FindRead(tx, "key", store.Join(a.message.Key()))
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		_ = a.message.VerifyUnknown(a.now) // for its duration only
		return nil, a.unknownKey()
	}
	return c, err
}

func (a *attempt) unknownKey() error {
	a.consumer, a.secret, a.believed = nil, nobodysSecret, false
	return lti.Refuse(lti.CauseUnknownKey, "no tool consumer has the key %q", clip(a.message.Key()))
}

// verify checks method, time, and signature under the consumer's live secrets.
func (a *attempt) verify(c *lti.ToolConsumer) error {
	a.consumer, a.believed = c, false
	secrets, err := a.secrets(c, a.now)
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
	c, err := store.ToolConsumers.FindRead(tx, "key", store.Join(a.message.Key()))
	if errors.Is(err, store.ErrNotFound) { // removed since it was read
		return a.unknownKey()
	}
	if err != nil {
		return err
	}
	if c != a.consumer { // changed since it was read
		if err := a.verify(c); err != nil {
			return err
		}
	}
	nonce := store.NewNonce(store.NonceLaunch, a.verified.Key, a.verified.Nonce, a.verified.Timestamp, c.NonceLifetime)
	if err := tx.UseNonce(nonce); err != nil {
		return err
	}
	a.step("it was not used before")
	if err := store.NoteSecretUse(tx, vaultContext(c), live(c, a.now)[a.verified.Secret]); err != nil {
		return err
	}
	if c.Disabled {
		return lti.Refuse(lti.CauseDisabled, "the tool consumer %s/%s is closed", c.Domain, c.ID)
	}
	arrival, err := a.Enrol(tx, lti.Believed{Consumer: c, Launch: a.launch, Tail: a.tail, Listing: a.listing})
	a.steps = append(a.steps, arrival.Steps...)
	if err != nil {
		return err
	}
	record := a.record(c)
	record.Username, record.Role = arrival.User.Username, arrival.Membership.Role
	record.Course, record.Folder, record.Link = arrival.Place.Course.ID, arrival.Place.Folder, arrival.Place.Link
	if c.UserIdentity {
		if err := a.keepTarget(tx, c, arrival); err != nil {
			return err
		}
		record.Session = a.session(accepted)
	} else {
		accepted.Token, accepted.Ticket, accepted.Logout = "", "", nil
	}
	accepted.Record, accepted.Place = record, arrival.Place
	return store.Launches.PutNew(tx, record)
}

// session is what the launch opens for the browser.
func (a *attempt) session(accepted *Accepted) *lti.Session {
	session := &lti.Session{
		Token: digest(accepted.Token), Ticket: digest(accepted.Ticket),
		Expires:   a.now.Add(a.SessionLifetime),
		ReturnURL: a.returnURL(), Locale: a.launch.Return.Locale,
		Origins: origins(a.launch.Return.ReturnURL, a.launch.Instance.URL, a.req.Origin),
	}
	if accepted.Logout != nil {
		session.LogoutCallback = digest(accepted.Logout.Token)
	}
	return session
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
	held, err := store.Targets.Read(tx, store.Split(store.Targets.Key(t))...)
	if err == nil && held.UserID != "" && held.UserID != t.UserID { // another account of the same person
		t.Account = t.UserID
		held, err = store.Targets.Read(tx, store.Split(store.Targets.Key(t))...)
	}
	switch {
	case err == nil:
		t.Updated, t.Live = held.Updated, held.Live
		if t == *held {
			return nil
		}
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	t.Updated = a.now
	if err := store.Targets.Put(tx, t); err != nil {
		return fmt.Errorf("keep upstream target: %w", err)
	}
	return a.TargetStored(tx, t)
}
