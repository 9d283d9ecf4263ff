package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// maxHashes is how many passwords are hashed at once: each takes 64 MiB.
const maxHashes = 2

// MaxPassword bounds a password, in bytes.
const MaxPassword = 256

// nobody is compared against when there is no account, so that guessing names
// takes as long as guessing passwords. It costs what an account's hash costs:
// the second recommendation of RFC 9106, section 4.
const nobody = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"

// What a local sign-in keeps: who it is, and since when, in milliseconds.
const (
	loginKey = "user"
	sinceKey = "since"
)

// Middleware loads and saves local sign-ins around the pages for people.
func (s *Sessions) Middleware(next http.Handler) http.Handler { return s.logins.LoadAndSave(next) }

// SignIn checks a password and signs the browser in under a new token. A wrong
// name or password is ErrPassword, whichever it was.
func (s *Sessions) SignIn(ctx context.Context, domain, username, password string) (lti.User, error) {
	user, err := s.CheckPassword(ctx, domain, username, password)
	if err != nil {
		return lti.User{}, err
	}
	if err := s.logins.RenewToken(ctx); err != nil {
		return lti.User{}, fmt.Errorf("renew the login's token: %w", err)
	}
	s.logins.Put(ctx, loginKey, store.Join(user.Domain, user.Username))
	s.logins.Put(ctx, sinceKey, s.Now().UnixMilli())
	return user, nil
}

// CheckPassword finds the account of a name and its password, and signs nobody
// in. A wrong name or password is ErrPassword, whichever it was.
func (s *Sessions) CheckPassword(ctx context.Context, domain, username, password string) (lti.User, error) {
	var user lti.User
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		user, err = store.Users.Get(tx, domain, username)
		return err
	})
	// A name that no key can hold is nobody's either.
	if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrKey) {
		return lti.User{}, fmt.Errorf("sign in: %w", err)
	}
	hash := user.PasswordHash
	if hash == "" {
		hash = nobody
	}
	if len(password) > MaxPassword {
		return lti.User{}, ErrPassword
	}
	ok, err := s.compare(ctx, password, hash)
	if err != nil {
		return lti.User{}, fmt.Errorf("sign in: %w", err)
	}
	if !ok || user.PasswordHash == "" || user.Disabled {
		return lti.User{}, ErrPassword
	}
	return user, nil
}

func (s *Sessions) compare(ctx context.Context, password, hash string) (bool, error) {
	select {
	case s.hashes <- struct{}{}:
		defer func() { <-s.hashes }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

// SignedIn finds the local sign-in, or returns ErrNone, or ErrOver for an
// account that was closed since.
func (s *Sessions) SignedIn(r *http.Request) (Visitor, error) {
	parts := store.Split(s.logins.GetString(r.Context(), loginKey))
	if len(parts) != 2 {
		return Visitor{}, ErrNone
	}
	var v Visitor
	err := s.Store.View(r.Context(), func(tx store.Tx) (err error) {
		v.User, err = store.Users.Get(tx, parts[0], parts[1])
		return err
	})
	since := time.UnixMilli(s.logins.GetInt64(r.Context(), sinceKey))
	if errors.Is(err, store.ErrNotFound) || err == nil && closed(v.User, since) {
		return Visitor{}, ErrOver
	}
	if err != nil {
		return Visitor{}, fmt.Errorf("find the signed-in account: %w", err)
	}
	return v, nil
}

// SignOut ends the local sign-in.
func (s *Sessions) SignOut(ctx context.Context) error {
	if err := s.logins.Destroy(ctx); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// loginStore keeps local sign-ins in the store.
type loginStore struct {
	store store.Store
	now   func() time.Time
}

func (l *loginStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var login lti.Login
	err := l.store.View(ctx, func(tx store.Tx) (err error) {
		login, err = store.Logins.Get(tx, token)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !l.now().Before(login.Expires) {
		return nil, false, nil
	}
	return login.Data, err == nil, err
}

func (l *loginStore) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	return l.store.Update(ctx, func(tx store.Tx) error {
		return store.Logins.Put(tx, lti.Login{Token: token, Data: data, Expires: expires.UTC()})
	})
}

func (l *loginStore) DeleteCtx(ctx context.Context, token string) error {
	return l.store.Update(ctx, func(tx store.Tx) error { return store.Logins.Delete(tx, token) })
}

// Find, Commit and Delete serve callers without a context; the library itself
// calls those with one.
func (l *loginStore) Find(token string) ([]byte, bool, error) {
	return l.FindCtx(context.Background(), token)
}

func (l *loginStore) Commit(token string, data []byte, expires time.Time) error {
	return l.CommitCtx(context.Background(), token, data, expires)
}

func (l *loginStore) Delete(token string) error { return l.DeleteCtx(context.Background(), token) }
