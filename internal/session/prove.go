package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Prove checks the password of somebody who is signed in already, before a
// change that a forgotten browser must not make. A wrong one is ErrPassword.
func (s *Sessions) Prove(ctx context.Context, domain, username, password string) error {
	var user lti.User
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		user, err = store.Users.Get(tx, domain, username)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("prove who it is: %w", err)
	}
	if user.PasswordHash == "" || user.Disabled || len(password) > MaxPassword {
		return ErrPassword
	}
	ok, err := s.compare(ctx, password, user.PasswordHash)
	if err != nil {
		return fmt.Errorf("prove who it is: %w", err)
	}
	if !ok {
		return ErrPassword
	}
	return nil
}

// closed reports whether a session of the account that was opened at since is
// over: the account is closed, or its sessions were ended after that.
func closed(u lti.User, since time.Time) bool {
	return u.Disabled || since.Before(u.SessionsEnd)
}
