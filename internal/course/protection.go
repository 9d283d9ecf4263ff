package course

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// ProtectionForm is a new protection key as a person writes it.
type ProtectionForm struct {
	// Key is made here if it is empty.
	Key string
	// Minutes is how far the time of a launch may be off; 5 if it is empty.
	Minutes string
}

// lifetime reads how far the time of a launch may be off.
func (f ProtectionForm) lifetime(faults Faults) time.Duration {
	text := strings.TrimSpace(f.Minutes)
	if text == "" {
		return lti.DefaultWindow
	}
	minutes, err := strconv.Atoi(text)
	if err != nil || minutes < 1 || minutes > int(lti.MaxWindow/time.Minute) {
		faults.add("minutes", fmt.Errorf("must be a whole number from 1 to %d", int(lti.MaxWindow/time.Minute)))
		return lti.DefaultWindow
	}
	return time.Duration(minutes) * time.Minute
}

// AddProtection adds a key that opens the course's links, and makes its secret,
// which is not shown again. The key opens nothing else on the server.
func (e *Editor) AddProtection(ctx context.Context, of Edit, form ProtectionForm) (Credential, error) {
	faults := Faults{}
	p := lti.Protection{Key: strings.TrimSpace(form.Key), Lifetime: form.lifetime(faults)}
	if p.Key == "" {
		p.Key = vault.NewKey(e.Rand)
	}
	faults.add("key", lti.CheckKey(p.Key))
	if err := faults.err(); err != nil {
		return Credential{}, err
	}
	// A key of that name may have been here before.
	p.NotBefore = lti.KeepForgotten(time.Time{}, e.Now().UTC().Truncate(time.Second), lti.DefaultWindow, p.Lifetime)
	made := Credential{Key: p.Key, Secret: vault.NewSecret(e.Rand)}
	sealed, err := e.Vault.Seal(made.Secret, "protection/"+of.Course.String()+"/"+p.Key)
	if err != nil {
		return Credential{}, fmt.Errorf("seal the key's secret: %w", err)
	}
	p.Secret = lti.Secret{Sealed: sealed}
	err = e.edit(ctx, of, "protection key added", func(ch *change) error {
		ch.detail = "key " + p.Key
		if err := ch.freeKey(p.Key); err != nil {
			return err
		}
		ch.course.Protection = append(ch.course.Protection, p)
		return nil
	})
	return made, err
}

// EditProtection makes the time of a launch with the form's key be off as far as
// the form says. Launches that were too old before stay so. A key that is not
// there is store.ErrNotFound.
func (e *Editor) EditProtection(ctx context.Context, of Edit, form ProtectionForm) error {
	faults := Faults{}
	lifetime := form.lifetime(faults)
	if err := faults.err(); err != nil {
		return err
	}
	now := e.Now().UTC().Truncate(time.Second)
	return e.edit(ctx, of, "protection key changed", func(ch *change) error {
		p, err := ch.protection(form.Key)
		if err != nil {
			return err
		}
		p.NotBefore = lti.KeepForgotten(p.NotBefore, now, p.Lifetime, lifetime)
		ch.detail = fmt.Sprintf("key %s: times may be off by %s, before by %s", p.Key, lifetime, p.Lifetime)
		p.Lifetime = lifetime
		return nil
	})
}

// protection finds a protection key of the course.
func (ch *change) protection(key string) (*lti.Protection, error) {
	i := slices.IndexFunc(ch.course.Protection, func(p lti.Protection) bool { return p.Key == key })
	if i < 0 {
		return nil, store.ErrNotFound
	}
	return &ch.course.Protection[i], nil
}

// freeKey wants a key that opens nothing yet: no LMS has it, and no course.
func (ch *change) freeKey(key string) error {
	if len(ch.course.Protection) >= maxKeys {
		return Faults{"key": errFull.Error()}
	}
	_, err := store.ToolConsumers.Find(ch.tx, "key", store.Join(key))
	if errors.Is(err, store.ErrNotFound) {
		_, err = store.Courses.Find(ch.tx, "protection", store.Join(key))
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return Faults{"key": "it is taken: choose another, or leave the field empty"}
}

// RemoveProtection takes a key away, so that it opens nothing any more. One that
// is not there is store.ErrNotFound.
func (e *Editor) RemoveProtection(ctx context.Context, of Edit, key string) error {
	return e.edit(ctx, of, "protection key removed", func(ch *change) error {
		i := slices.IndexFunc(ch.course.Protection, func(p lti.Protection) bool { return p.Key == key })
		if i < 0 {
			return store.ErrNotFound
		}
		ch.detail = "key " + key
		ch.course.Protection = slices.Delete(ch.course.Protection, i, i+1)
		return nil
	})
}
