package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Redeem opens the session of a launch for a browser that kept no cookie when
// it was launched. The ticket is good once; the session gets a new token. A
// wrong, used or old ticket is ErrTicket.
func (s *Sessions) Redeem(w http.ResponseWriter, r *http.Request, id, ticket string) (lti.LaunchRecord, error) {
	var b [32]byte
	if _, err := io.ReadFull(s.Rand, b[:]); err != nil {
		return lti.LaunchRecord{}, fmt.Errorf("draw a session token: %w", err)
	}
	token := hex.EncodeToString(b[:])
	now := s.Now()
	var record lti.LaunchRecord
	err := s.Store.Update(r.Context(), func(tx store.Tx) (err error) {
		record, err = store.Launches.Get(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			return ErrTicket
		}
		if err != nil {
			return err
		}
		session := record.Session
		if session == nil || !same(session.Ticket, ticket) || !session.TicketUsed.IsZero() ||
			now.After(record.At.Add(TicketLifetime)) || !session.OpenAt(now) {
			return ErrTicket
		}
		sum := sha256.Sum256([]byte(token))
		session.Token, session.TicketUsed = hex.EncodeToString(sum[:]), now
		return store.Launches.Put(tx, record)
	})
	if err != nil {
		return lti.LaunchRecord{}, fmt.Errorf("redeem ticket: %w", err)
	}
	s.Open(w, r, record, token)
	return record, nil
}

// EndByCallback closes the session that a logout callback was made for: the
// token is good once, and as long as the session. Any other is ErrTicket.
func (s *Sessions) EndByCallback(ctx context.Context, token string) error {
	id, _, _ := strings.Cut(token, ".")
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		record, err := store.Launches.Get(tx, id)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
			return ErrTicket
		}
		if err != nil {
			return err
		}
		now := s.Now()
		if record.Session == nil || record.Session.LogoutCallback == "" ||
			!same(record.Session.LogoutCallback, token) || !record.Session.OpenAt(now) {
			return ErrTicket
		}
		record.Session.Ended, record.Session.LogoutCallback = now, ""
		return store.Launches.Put(tx, record)
	})
	if err != nil {
		return fmt.Errorf("end a session by its callback: %w", err)
	}
	return nil
}

// End closes the session of a launch; one that is over already stays so.
func (s *Sessions) End(ctx context.Context, id string) error {
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		record, err := store.Launches.Get(tx, id)
		if err != nil || record.Session == nil || !record.Session.Ended.IsZero() {
			return err
		}
		record.Session.Ended = s.Now()
		return store.Launches.Put(tx, record)
	})
	if err != nil {
		return fmt.Errorf("end the launch's session: %w", err)
	}
	return nil
}
