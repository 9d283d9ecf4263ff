package store

import (
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// useNoted is how long a use of a secret stays the last one that is known, so
// that not every request writes.
const useNoted = time.Hour

// NoteSecretUse records that a secret of owner proved a signature. Most calls
// only read: it writes when the use that is known is an hour old.
func NoteSecretUse(tx Tx, owner string, s lti.Secret) error {
	known, err := SecretUses.Read(tx, owner, s.Print())
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	now := tx.Now().UTC().Truncate(time.Second)
	if err == nil && now.Before(known.At.Add(useNoted)) {
		return nil
	}
	return SecretUses.Put(tx, lti.SecretUse{Owner: owner, Print: s.Print(), At: now})
}

// LastSecretUse is when a secret of owner last proved a signature, to the hour;
// zero if it never did.
func LastSecretUse(tx Tx, owner string, s lti.Secret) (time.Time, error) {
	known, err := SecretUses.Read(tx, owner, s.Print())
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return known.At, nil
}
