package manifest

import (
	"context"
	"fmt"
	"sync"

	"github.com/alexedwards/argon2id"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func (w *work) users(m *Manifest) error {
	for _, e := range m.users {
		if known, err := w.knownDomain(e.place, e.domain); err != nil {
			return err
		} else if !known {
			continue
		}
		if err := w.user(e); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) user(e userEntry) error {
	u, old, err := load(w, store.Users, newUser(e.domain, e.username), e.domain, e.username)
	if err != nil {
		return err
	}
	e.change(&u)
	if u.PasswordHash, err = w.hashes.hash(u.PasswordHash, e.password); err != nil {
		return fmt.Errorf("hash a password: %w", err)
	}
	if old.text == nil {
		u.Handle, u.Created = w.NewID(), w.now
	}
	return save(w, old, u, &w.report.Users, e.username+":"+e.domain)
}

// person makes sure that somebody whom a course names has an account.
func (w *work) person(domain, username string) error {
	_, err := store.Users.Get(w.tx, domain, username)
	if known, err := exists(err); known || err != nil {
		return err
	}
	u := newUser(domain, username)
	u.Handle, u.Created = w.NewID(), w.now
	return save(w, stored[lti.User]{in: store.Users}, u, &w.report.Users, username+":"+domain)
}

// hashPasswords computes ahead of the transaction the hashes that it will
// most likely need: one takes long, and the transaction holds others up.
func (a *Applier) hashPasswords(ctx context.Context, m *Manifest, hashes *hasher) error {
	stored := make([]string, len(m.users))
	err := a.Store.View(ctx, func(tx store.Tx) error {
		for i, e := range m.users {
			if e.password == "" {
				continue
			}
			var u lti.User
			u, err := store.Users.Get(tx, e.domain, e.username)
			if _, err := exists(err); err != nil {
				return err
			}
			stored[i] = u.PasswordHash
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, e := range m.users {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := hashes.hash(stored[i], e.password); err != nil {
			return fmt.Errorf("hash a password: %w", err)
		}
	}
	return nil
}

// hasher hashes passwords and remembers what it has worked out.
type hasher struct {
	mu   sync.Mutex
	done map[[2]string]string
}

func newHasher() *hasher { return &hasher{done: make(map[[2]string]string)} }

// hash gives the hash to keep for plain: old if that is one of it, or if plain
// is empty.
func (h *hasher) hash(old, plain string) (string, error) {
	if plain == "" {
		return old, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	key := [2]string{old, plain}
	if done, ok := h.done[key]; ok {
		return done, nil
	}
	if old != "" {
		// A hash that can't be read matches nothing and is replaced.
		if same, err := argon2id.ComparePasswordAndHash(plain, old); err == nil && same {
			h.done[key] = old
			return old, nil
		}
	}
	fresh, err := argon2id.CreateHash(plain, passwordCost())
	if err != nil {
		return "", err
	}
	h.done[key] = fresh
	return fresh, nil
}

// passwordCost is the second recommendation of RFC 9106, section 4: 64 MiB,
// three passes, four lanes.
func passwordCost() *argon2id.Params {
	return &argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 4, SaltLength: 16, KeyLength: 32}
}
