// Package session knows who sits at the browser: the session that a launch
// opened, one for each launch so that two tabs never mix, or a local sign-in.
// It owns the cookies and the one-time tickets for browsers that keep none.
//
// It must not know what a launch is or what anybody may do.
package session

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// What callers tell apart.
var (
	// ErrNone: the browser shows nothing that says who it is.
	ErrNone = errors.New("not signed in")
	// ErrOver: the session has ended, or its account or tool consumer is
	// closed, or is so by its dates.
	ErrOver = errors.New("session over")
	// ErrTicket: the ticket is wrong, used or too old.
	ErrTicket = errors.New("ticket not good")
	// ErrPassword: no such account, or not its password.
	ErrPassword = errors.New("wrong name or password")
)

// TicketLifetime is how long after its launch a one-time ticket is good.
const TicketLifetime = 5 * time.Minute

// Sessions opens, finds and ends sessions.
type Sessions struct {
	Store store.Store
	Now   func() time.Time
	Rand  io.Reader
	Log   *slog.Logger
	// Secure says that browsers reach us over https.
	Secure bool

	logins *scs.SessionManager
	hashes chan struct{}
}

// Visitor is who sits at the browser.
type Visitor struct {
	User lti.User
	// Launch is the launch that the person came by; nil for a local sign-in.
	Launch *lti.LaunchRecord
	// Consumer is the tool consumer of Launch.
	Consumer *lti.ToolConsumer
}

// New prepares the local sign-in, which lasts for lifetime at the most.
func New(s Sessions, lifetime time.Duration) *Sessions {
	s.logins = scs.New()
	s.logins.Store = &loginStore{store: s.Store, now: s.Now}
	s.logins.HashTokenInStore = true
	s.logins.Lifetime = lifetime
	s.logins.Cookie.Name = s.name("login")
	s.logins.Cookie.HttpOnly = true
	s.logins.Cookie.Secure = s.Secure
	s.logins.Cookie.SameSite = http.SameSiteLaxMode
	s.logins.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.Log.ErrorContext(r.Context(), "read or keep a sign-in", "error", err)
		http.Error(w, "The sign-in can't be looked up just now. Try again in a minute.", http.StatusServiceUnavailable)
	}
	s.hashes = make(chan struct{}, maxHashes)
	return &s
}

const cookiePrefix = "hub_"

// name is a cookie's name. Over https the prefix __Host- keeps other hosts of
// the site from setting it.
func (s *Sessions) name(of string) string {
	name := cookiePrefix + strings.ReplaceAll(of, "-", "")
	if s.Secure {
		return "__Host-" + name
	}
	return name
}

// maxCookies is how many launches one browser keeps open at a time; the oldest
// make room.
const maxCookies = 12

// Open gives the browser the cookie of a launch's session.
func (s *Sessions) Open(w http.ResponseWriter, r *http.Request, launch lti.LaunchRecord, token string) {
	s.makeRoom(w, r)
	http.SetCookie(w, s.cookie(s.name(launch.ID), token, int(launch.Session.Expires.Sub(s.Now()).Seconds())))
}

// cookie makes a cookie that also works inside an LMS's frame, where the
// browser allows that at all: only over https.
func (s *Sessions) cookie(name, value string, maxAge int) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if s.Secure {
		c.Secure, c.Partitioned, c.SameSite = true, true, http.SameSiteNoneMode
	}
	return c
}

// makeRoom drops the cookies of the oldest launches: their names carry UUIDs
// of version 7 and so sort by time.
func (s *Sessions) makeRoom(w http.ResponseWriter, r *http.Request) {
	var names []string
	for _, c := range r.Cookies() {
		if strings.HasPrefix(c.Name, s.name("")) && c.Name != s.name("login") {
			names = append(names, c.Name)
		}
	}
	slices.Sort(names)
	for len(names) >= maxCookies {
		http.SetCookie(w, s.cookie(names[0], "", -1))
		names = names[1:]
	}
}

// Visitor finds who sits at the browser: by the launch whose id the request's
// query names as "s", else by the local sign-in. It returns ErrNone or ErrOver.
func (s *Sessions) Visitor(r *http.Request) (Visitor, error) {
	if id := r.URL.Query().Get("s"); id != "" {
		return s.launched(r, id)
	}
	return s.SignedIn(r)
}

func (s *Sessions) launched(r *http.Request, id string) (Visitor, error) {
	cookie, err := r.Cookie(s.name(id))
	if err != nil {
		return Visitor{}, ErrNone
	}
	var v Visitor
	err = s.Store.View(r.Context(), func(tx store.Tx) error {
		v = Visitor{}
		record, err := store.Launches.Get(tx, id)
		if err != nil {
			return err
		}
		if record.Session == nil || !same(record.Session.Token, cookie.Value) {
			return ErrNone
		}
		if !record.Session.OpenAt(s.Now()) {
			return ErrOver
		}
		v.Launch = &record
		if v.Consumer, err = store.ToolConsumers.Read(tx, record.Domain, record.Consumer); err != nil {
			return err
		}
		v.User, err = store.Users.Get(tx, record.Domain, record.Username)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return Visitor{}, ErrOver
	}
	if err != nil {
		return Visitor{}, fmt.Errorf("find the launch's session: %w", err)
	}
	if closed(v.User, v.Launch.At) || !v.Consumer.OpenAt(s.Now()) {
		return Visitor{}, ErrOver
	}
	return v, nil
}

// same compares a token with the digest of the right one, in constant time.
func same(digest, token string) bool {
	sum := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare([]byte(digest), []byte(hex.EncodeToString(sum[:]))) == 1
}
