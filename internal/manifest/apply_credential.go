package manifest

import (
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// sealing says where a credential stands: in the file, in words, and in the
// vault.
type sealing struct {
	place
	what    string
	context string
}

// seal brings the secrets of a record to what c says. A plain secret that is
// stored already keeps its sealed text.
func (w *work) seal(at sealing, c credential, secret, previous *lti.Secret) error {
	if c.secret == nil && secret.Sealed == "" {
		w.faults.add(at.key("secret"), "is missing; %s needs one", at.what)
		return nil
	}
	if c.secret != nil {
		if err := w.reseal(at, *c.secret, secret); err != nil {
			return err
		}
	}
	if c.previous != nil && *c.previous == "" {
		*previous = lti.Secret{}
	} else if c.previous != nil {
		if err := w.reseal(at, *c.previous, previous); err != nil {
			return err
		}
		previous.Until = time.Time{}
	}
	if c.until == nil {
		return nil
	}
	if previous.Sealed == "" && !c.until.IsZero() {
		w.faults.add(at.key("previous_until"), "there is no previous secret that could end")
	}
	if previous.Sealed != "" {
		previous.Until = *c.until
	}
	return nil
}

// reseal makes s hold plain. A sealed text that does not open is replaced: the
// manifest knows what it should hold.
func (w *work) reseal(at sealing, plain string, s *lti.Secret) error {
	if s.Sealed != "" {
		if old, err := w.Vault.Open(s.Sealed, at.context); err == nil && old == plain {
			return nil
		}
	}
	sealed, err := w.Vault.Seal(plain, at.context)
	if err != nil {
		return fmt.Errorf("seal a secret: %w", err)
	}
	s.Sealed = sealed
	return nil
}

// freeKey records a fault when an oauth_consumer_key opens something else: a
// tool consumer other than the one stored under consumer, or the links of a
// course other than the one stored under course.
func (w *work) freeKey(at place, key, consumer, course string) (bool, error) {
	c, err := store.ToolConsumers.Find(w.tx, "key", store.Join(key))
	held, err := exists(err)
	if err != nil {
		return false, err
	}
	if held && store.ToolConsumers.Key(c) != consumer {
		w.faults.add(at.key("key"), "is the key of tool consumer %s/%s already", c.Domain, c.ID)
		return false, nil
	}
	other, err := store.Courses.Find(w.tx, "protection", store.Join(key))
	held, err = exists(err)
	if err != nil {
		return false, err
	}
	if held && store.Courses.Key(other) != course {
		w.faults.add(at.key("key"), "is a protection key of course %s already", other.Ref())
		return false, nil
	}
	return true, nil
}
