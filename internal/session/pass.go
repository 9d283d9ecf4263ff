package session

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// passPrefix begins the names of passes' cookies, which are never taken for
// those of sessions.
const passPrefix = "hubpass_"

// maxPasses is how many passes one browser keeps; the oldest make room.
const maxPasses = 8

func (s *Sessions) passName(id string) string {
	name := passPrefix + strings.ReplaceAll(id, "-", "")
	if s.Secure {
		return "__Host-" + name
	}
	return name
}

// OpenPass gives the browser the cookie of a launch's pass. It signs nobody in.
func (s *Sessions) OpenPass(w http.ResponseWriter, r *http.Request, launch lti.LaunchRecord, token string) {
	held := launchesOf(r, s.passName(""))
	for len(held) >= maxPasses {
		http.SetCookie(w, s.cookie(s.passName(held[0]), "", -1))
		held = held[1:]
	}
	http.SetCookie(w, s.cookie(s.passName(launch.ID), token, int(launch.Pass.Expires.Sub(s.Now()).Seconds())))
}

// launchesOf lists the launches whose ids the names of the request's cookies
// carry behind the prefix, each once, the oldest first.
func launchesOf(r *http.Request, prefix string) []string {
	var ids []string
	for _, c := range r.Cookies() {
		rest, ok := strings.CutPrefix(c.Name, prefix)
		if id, err := uuid.Parse(rest); ok && err == nil && len(rest) == 32 {
			ids = append(ids, id.String())
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Pass finds the launch with the id, whose pass the browser holds. It returns
// ErrNone for a browser that holds none, and ErrOver for a pass that opens
// nothing any more: it is too old, or whoever gave it is closed or gone.
func (s *Sessions) Pass(r *http.Request, id string) (lti.LaunchRecord, error) {
	cookie, err := r.Cookie(s.passName(id))
	if err != nil {
		return lti.LaunchRecord{}, ErrNone
	}
	var record lti.LaunchRecord
	err = s.Store.View(r.Context(), func(tx store.Tx) (err error) {
		if record, err = store.Launches.Get(tx, id); err != nil {
			return err
		}
		if record.Pass == nil || !same(record.Pass.Token, cookie.Value) {
			return ErrNone
		}
		return s.checkPass(tx, record)
	})
	if errors.Is(err, store.ErrNotFound) {
		return lti.LaunchRecord{}, ErrOver
	}
	if err != nil {
		return lti.LaunchRecord{}, fmt.Errorf("find the pass: %w", err)
	}
	return record, nil
}

// checkPass returns ErrOver unless the pass is fresh and its giver stands: the
// key of the course, or the tool consumer.
func (s *Sessions) checkPass(tx store.Tx, record lti.LaunchRecord) error {
	now := s.Now()
	if !record.Pass.OpenAt(now) {
		return ErrOver
	}
	if !record.CourseKey {
		c, err := store.ToolConsumers.Read(tx, record.Domain, record.Consumer)
		if err == nil && !c.OpenAt(now) {
			return ErrOver
		}
		return err
	}
	course, err := store.Courses.Read(tx, record.Domain, record.Course)
	if err != nil {
		return err
	}
	if _, ok := course.ProtectionKey(record.Key); !ok {
		return ErrOver
	}
	return nil
}

// Passes are the places that passes of the browser open now.
func (s *Sessions) Passes(r *http.Request) ([]lti.Place, error) {
	var places []lti.Place
	for _, id := range launchesOf(r, s.passName("")) {
		record, err := s.Pass(r, id)
		if errors.Is(err, ErrNone) || errors.Is(err, ErrOver) {
			continue
		}
		if err != nil {
			return nil, err
		}
		places = append(places, record.Place())
	}
	return places, nil
}

// RedeemPass gives the pass of a launch to a browser that kept no cookie when
// it was launched. The ticket is good once, and the pass gets a new token. A
// wrong, used or old ticket is ErrTicket.
func (s *Sessions) RedeemPass(w http.ResponseWriter, r *http.Request, id, ticket string) error {
	var b [32]byte
	if _, err := io.ReadFull(s.Rand, b[:]); err != nil {
		return fmt.Errorf("draw a token: %w", err)
	}
	token := hex.EncodeToString(b[:])
	var record lti.LaunchRecord
	err := s.Store.Update(r.Context(), func(tx store.Tx) (err error) {
		record, err = store.Launches.Get(tx, id)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
			return ErrTicket
		}
		if err != nil {
			return err
		}
		pass, now := record.Pass, s.Now()
		if pass == nil || !same(pass.Ticket, ticket) || !pass.TicketUsed.IsZero() || !pass.OpenAt(now) {
			return ErrTicket
		}
		sum := sha256.Sum256([]byte(token))
		pass.Token, pass.TicketUsed = hex.EncodeToString(sum[:]), now
		return store.Launches.Put(tx, record)
	})
	if err != nil {
		return fmt.Errorf("redeem the ticket of a pass: %w", err)
	}
	s.OpenPass(w, r, record, token)
	return nil
}

// Everybody lists who is signed in at the browser: locally, and by the launches
// whose cookies it holds, the newest first. Each person is there once, by the
// local sign-in or else the newest launch.
func (s *Sessions) Everybody(r *http.Request) ([]Visitor, error) {
	var all []Visitor
	add := func(v Visitor, err error) error {
		if errors.Is(err, ErrNone) || errors.Is(err, ErrOver) {
			return nil
		}
		known := func(o Visitor) bool { return o.User.Domain == v.User.Domain && o.User.Username == v.User.Username }
		if err == nil && !slices.ContainsFunc(all, known) {
			all = append(all, v)
		}
		return err
	}
	if err := add(s.SignedIn(r)); err != nil {
		return nil, err
	}
	ids := launchesOf(r, s.name(""))
	for _, id := range slices.Backward(ids) {
		if err := add(s.launched(r, id)); err != nil {
			return nil, err
		}
	}
	return all, nil
}
