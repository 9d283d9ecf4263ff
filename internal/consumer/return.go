package consumer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// returnContext is what the tokens of return URLs are sealed for.
const returnContext = "return"

// loneReturn is how long a tool may send back who came without a session.
const loneReturn = 24 * time.Hour

// returnURL is launch_presentation_return_url: its token holds, sealed by the
// vault, the ids of the launch's record and of the person's session. The record
// is written anyway and knows the rest, so a launch costs no further write, any
// node opens the token, and no tool can make one or learn the session from it.
func (l *outbound) returnURL() (string, error) {
	token, err := l.Vault.Seal(store.Join(l.id, l.req.Session), returnContext)
	if err != nil {
		return "", fmt.Errorf("seal the return URL: %w", err)
	}
	return l.PublicURL + returnPath + token, nil
}

// Back is where a person goes whom a tool sent back.
type Back struct {
	Course lti.CourseRef
	// Session is the id of the launch that the person came by; "" for a local
	// sign-in.
	Session string
	// Record is the id of the launch whose Returned the course's page is to
	// show; "" when the tool said nothing to the person.
	Record string
	// LMS leads back to the LMS that the person came from; "" if it did not
	// say where, or the tool has something to say first.
	LMS string

	// Domain/Tool is who sent the person back.
	Tool string
	// Added and LeftOut count what was chosen.
	Added, LeftOut int
}

// Return takes a person back whom a tool sends to its launch's return URL (LTI
// 1.1 section 3). What the tool says is kept with the launch's record; the
// latest counts. The way back is open as often as one likes while the session
// is. A token that is not ours, or too old, is a refusal with CauseTicket.
func (c *Consumer) Return(ctx context.Context, token string, said lti.ReturnMessages) (Back, error) {
	ids, err := c.openReturn(token)
	if err != nil {
		return Back{}, err
	}
	now := c.Now().UTC().Truncate(time.Second)
	var back Back
	work := func(tx store.Tx) (err error) {
		var record lti.LaunchRecord
		if back, record, err = readReturn(tx, ids, now); err != nil || said == (lti.ReturnMessages{}) {
			return err
		}
		if said.Message != "" || said.ErrorMessage != "" {
			back.Record, back.LMS = record.ID, ""
		}
		record.Returned = &lti.Returned{At: now, ReturnMessages: said}
		return store.Launches.Put(tx, record)
	}
	if said == (lti.ReturnMessages{}) {
		err = c.Store.View(ctx, work)
	} else {
		err = c.Store.Update(ctx, work)
	}
	if err != nil {
		return Back{}, lti.Reason(err)
	}
	return back, nil
}

// returnIDs is what the token of a return URL holds.
type returnIDs struct{ record, session string }

func (c *Consumer) openReturn(token string) (returnIDs, error) {
	plain, err := c.Vault.Open(token, returnContext)
	if err != nil {
		return returnIDs{}, lti.Refuse(lti.CauseTicket, "the return URL is none of ours")
	}
	parts := store.Split(plain)
	if len(parts) != 2 {
		return returnIDs{}, lti.Refuse(lti.CauseTicket, "the return URL holds %d parts", len(parts))
	}
	return returnIDs{record: parts[0], session: parts[1]}, nil
}

// readReturn finds the launch that a person comes back from, and the session
// that it belongs to.
func readReturn(tx store.Tx, ids returnIDs, now time.Time) (Back, lti.LaunchRecord, error) {
	record, err := store.Launches.Get(tx, ids.record)
	if err != nil {
		return Back{}, record, missing(err, lti.CauseTicket, "the launch is not on record any more")
	}
	back := Back{
		Course: lti.CourseRef{Domain: record.Domain, ID: record.Course}, Session: ids.session, Tool: record.Tool,
	}
	if ids.session == "" {
		if !now.Before(record.At.Add(loneReturn)) {
			return Back{}, record, lti.Refuse(lti.CauseTicket, "the launch is older than %s", loneReturn)
		}
		return back, record, nil
	}
	session, err := openSession(tx, ids.session, now)
	if err != nil {
		return Back{}, record, err
	}
	back.LMS = session.ReturnURL
	return back, record, nil
}

// openSession reads a launched session that must still be open.
func openSession(tx store.Tx, id string, now time.Time) (lti.Session, error) {
	launched, err := store.Launches.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (launched.Session == nil || !launched.Session.OpenAt(now)) {
		return lti.Session{}, lti.Refuse(lti.CauseTicket, "the session that the person came by is over")
	}
	if err != nil {
		return lti.Session{}, err
	}
	return *launched.Session, nil
}

// Told takes what is still to be shown to a person about one of their launches,
// in a course, and notes that it was. There is something once, and only for the
// person who was launched; otherwise nil.
func (c *Consumer) Told(ctx context.Context, course lti.CourseRef, username, record string) (*lti.LaunchRecord, error) {
	now := c.Now().UTC().Truncate(time.Second)
	var told *lti.LaunchRecord
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		told = nil
		r, err := store.Launches.Get(tx, record)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) {
			return nil
		}
		if err != nil {
			return err
		}
		if r.Direction != lti.Outbound || r.Returned == nil || !r.Returned.Shown.IsZero() ||
			r.Username != username || r.Domain != course.Domain || r.Course != course.ID {
			return nil
		}
		r.Returned.Shown = now
		told = &r
		return store.Launches.Put(tx, r)
	})
	if err != nil {
		return nil, fmt.Errorf("read what the tool said: %w", err)
	}
	return told, nil
}
