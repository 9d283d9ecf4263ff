package postgres

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ltihub/ltihub/internal/store"
)

// verdict is what the end of an attempt means for its unit.
type verdict int

const (
	finished  verdict = iota // the caller gets the result
	conflict                 // others came between: run it again
	assumed                  // a key or nonce taken to be free was not: run it again with care
	hourless                 // a table of nonces is missing: make it and run it again
	lost                     // the connection went before the commit was sent: try another
	ambiguous                // the connection went with the commit
)

// SQL states that are told apart.
const (
	stateSerialization = "40001"
	stateDeadlock      = "40P01"
	stateCompletion    = "40003"
	stateUnique        = "23505"
	stateCheck         = "23514"
	stateNoTable       = "42P01"
	stateReadOnly      = "25006"
	stateLockTimeout   = "55P03"
	stateCanceled      = "57014"
)

// judge says what err, met while sending a unit's statements, means. gone is
// whether the connection is closed by it, and committing whether a commit was
// among the statements.
func judge(err error, gone, committing bool) verdict {
	var fault *pgconn.PgError
	if !errors.As(err, &fault) {
		switch {
		case !gone: // our own, such as a value that can't be encoded
			return finished
		case committing && !pgconn.SafeToRetry(err):
			return ambiguous
		}
		return lost
	}
	switch fault.Code {
	case stateSerialization, stateDeadlock:
		return conflict
	case stateUnique:
		return assumed
	case stateCheck, stateNoTable:
		return hourless
	case stateCompletion:
		return ambiguous
	case stateReadOnly: // a primary that became a standby
		return lost
	}
	if gone || fault.SeverityUnlocalized == "FATAL" || fault.SeverityUnlocalized == "PANIC" { // the session ends
		if committing {
			return ambiguous
		}
		return lost
	}
	return finished
}

// unavailable gives err the sentinel for what the database can't do now. gone
// is whether the connection is closed by it.
func unavailable(err error, gone bool) error {
	if err == nil || errors.Is(err, store.ErrUnavailable) {
		return err
	}
	var fault *pgconn.PgError
	if !errors.As(err, &fault) {
		if gone {
			return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
		}
		return err
	}
	switch {
	case fault.Code == stateLockTimeout, fault.Code == stateCanceled, fault.Code == stateReadOnly,
		fault.Code == stateSerialization, fault.Code == stateDeadlock,
		strings.HasPrefix(fault.Code, "08"), strings.HasPrefix(fault.Code, "53"), // connection; resources
		strings.HasPrefix(fault.Code, "57P"), strings.HasPrefix(fault.Code, "58"): // intervention; system
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	case fault.Code == "XX001", fault.Code == "XX002": // data, index corrupted
		return fmt.Errorf("%w: %w", store.ErrCorrupt, err)
	}
	return err
}
