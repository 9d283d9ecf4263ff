package consumer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/contentitem"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// MaxItemsBody is how many bytes an answer with content items may have: its
// JSON text with every byte escaped, and the parameters around it.
const MaxItemsBody = 3*contentitem.MaxText + oauth1.MaxBody

// TakeItems takes a ContentItemSelection that a browser brings from a tool
// (Content-Item Message 1.0, section 3) to the URL with the ticket. It checks,
// in this order: shape, ticket, key, method, timestamp, signature, message,
// data, that the ticket and the nonce are new, and that the person may still
// edit the course. Then the links are added, and ticket and nonce used up, in
// one transaction. What is left out, and what the tool says, is kept for the
// course's page. Every error is a *Refused, and changes nothing but its record.
func (c *Consumer) TakeItems(ctx context.Context, req oauth1.Request, ticket string) (Back, error) {
	a := &itemsAnswer{call: c.newCall("", req)}
	back, err := a.take(ctx, ticket)
	if err == nil {
		return back, nil
	}
	f := a.browserFault(err)
	refused := &Refused{Err: f.reason}
	if a.keep(ctx, f) {
		refused.Reference = lti.Reference(a.id)
	}
	return Back{}, refused
}

// browserFault is broken for somebody at a browser: the status is that of the
// door's page, and none of the numbers for service ids fits.
func (c *Consumer) browserFault(err error) *fault {
	f := broken(err)
	f.number = 0
	if f.status != http.StatusServiceUnavailable && c.Status != nil {
		f.status = c.Status(f.reason.Cause)
	}
	return f
}

// itemsAnswer is one answer on its way through the checks.
type itemsAnswer struct {
	*call
	scene     scene
	ticket    lti.Ticket
	selection contentitem.Selection
	// names are random ends for the ids of new links.
	names []string
}

func (a *itemsAnswer) take(ctx context.Context, ticket string) (Back, error) {
	if err := a.authenticate(ctx, ticket); err != nil {
		return Back{}, err
	}
	if err := a.read(); err != nil {
		return Back{}, err
	}
	var back Back
	err := a.Store.Update(ctx, func(tx store.Tx) (err error) {
		back, err = a.settle(tx)
		return err
	})
	return back, err
}

// authenticate checks that the tool which was asked signed the answer.
func (a *itemsAnswer) authenticate(ctx context.Context, ticket string) error {
	if err := a.parse(); err != nil {
		return err
	}
	err := a.Store.View(ctx, func(tx store.Tx) error { return a.find(tx, digest(ticket)) })
	if err != nil {
		a.message.VerifyUnknown(a.now) //nolint:errcheck // for its duration only
		return err
	}
	return a.verify()
}

// find goes from the ticket to course and tool.
func (a *itemsAnswer) find(tx store.Tx, hash string) error {
	var err error
	if a.ticket, err = store.Tickets.Get(tx, hash); err != nil {
		return missing(err, lti.CauseTicket, "the ticket is unknown, or too old")
	}
	if !a.now.Before(a.ticket.Expires) {
		return lti.Refuse(lti.CauseTicket, "the ticket is too old, since %s", a.ticket.Expires.Format(time.RFC3339))
	}
	if a.scene, err = a.ticketScene(tx); err != nil {
		return err
	}
	a.place = a.scene.place
	a.serviceID = sourcedid.ID{Domain: a.ticket.Domain, Course: a.ticket.Course} // for the record
	return a.checkKey()
}

// ticketScene reads what the ticket names.
func (a *itemsAnswer) ticketScene(tx store.Tx) (scene, error) {
	var s scene
	ref := lti.CourseRef{Domain: a.ticket.Domain, ID: a.ticket.Course}
	if err := s.readEditor(tx, ref, a.ticket.Username, a.ticket.Session == ""); err != nil {
		return s, err
	}
	s.link.Tool, s.folder = a.ticket.Tool, a.ticket.Folder
	if err := s.findTool(tx); err != nil {
		return s, missing(err, lti.CauseNoTool, "the tool %q is not configured any more", a.ticket.Tool)
	}
	return s, nil
}

func (a *itemsAnswer) checkKey() error {
	if a.message.Key() != a.tool.Key {
		return lti.Refuse(lti.CauseUnknownKey, "the key is not that of the tool %s, which was asked", a.toolName())
	}
	return nil
}

// read reads the message once its signature has held.
func (a *itemsAnswer) read() error {
	var err error
	a.selection, err = contentitem.ParseSelection(a.verified.Params)
	switch {
	case errors.Is(err, contentitem.ErrMessageType):
		return &lti.Refusal{Cause: lti.CauseMessageType, Detail: err.Error(), Err: err}
	case errors.Is(err, contentitem.ErrVersion):
		return &lti.Refusal{Cause: lti.CauseVersion, Detail: err.Error(), Err: err}
	case errors.Is(err, contentitem.ErrRepeated):
		return &lti.Refusal{Cause: lti.CauseRepeated, Detail: err.Error(), Err: err}
	case errors.Is(err, contentitem.ErrTooLarge):
		return &lti.Refusal{Cause: lti.CauseTooLarge, Detail: err.Error(), Err: err}
	case err != nil:
		return &lti.Refusal{Cause: lti.CauseMalformed, Detail: err.Error(), Err: err}
	}
	if digest(a.selection.Data) != a.ticket.Data {
		return lti.Refuse(lti.CauseTicket, "data is not what the tool was sent")
	}
	for range a.selection.Items {
		a.names = append(a.names, nameEnd(a.Rand))
	}
	return nil
}

// settle does what the answer asks, in its transaction.
func (a *itemsAnswer) settle(tx store.Tx) (Back, error) {
	if err := a.burn(tx); err != nil {
		return Back{}, err
	}
	if err := a.scene.mayAdd(tx.Now(), a.ticket.Folder); err != nil {
		return Back{}, err
	}
	if a.ticket.Session != "" {
		if _, err := openSession(tx, a.ticket.Session, a.now); err != nil {
			return Back{}, err
		}
	}
	returned := a.returned()
	if err := a.addLinks(tx, returned); err != nil {
		return Back{}, err
	}
	return a.tell(tx, returned)
}

// burn uses up ticket and nonce. If course or tool were changed since the
// signature was verified, it is verified anew.
func (a *itemsAnswer) burn(tx store.Tx) error {
	ticket, err := store.Tickets.Get(tx, a.ticket.Hash)
	if err != nil {
		return missing(err, lti.CauseTicket, "the ticket is too old")
	}
	if !ticket.Used.IsZero() {
		return lti.Refuse(lti.CauseNonceUsed, "the ticket was used before")
	}
	now, err := a.ticketScene(tx)
	if err != nil {
		return err
	}
	same := now.same(a.place)
	a.scene, a.place = now, now.place
	if !same {
		if err := a.checkKey(); err != nil {
			return err
		}
		if err := a.verify(); err != nil {
			return err
		}
	}
	window := a.tool.NonceLifetime
	if window <= 0 {
		window = oauth1.DefaultWindow
	}
	err = tx.UseNonce(store.NewNonce(store.NonceItems, a.verified.Key, a.verified.Nonce, a.verified.Timestamp, window))
	if err != nil {
		return err
	}
	ticket.Used = a.now.Truncate(time.Second)
	return store.Tickets.Put(tx, ticket)
}

// tell keeps what is to be said with the record of the request, and makes the
// way back.
func (a *itemsAnswer) tell(tx store.Tx, returned *lti.Returned) (Back, error) {
	back := Back{
		Course: a.course.Ref(), Session: a.ticket.Session, Record: a.ticket.Record, Tool: a.tool.ID,
		Added: len(returned.Added), LeftOut: len(returned.LeftOut),
	}
	record, err := store.Launches.Get(tx, a.ticket.Record)
	if errors.Is(err, store.ErrNotFound) { // dropped by the clean-up; the links are there all the same
		back.Record = ""
		return back, nil
	}
	if err != nil {
		return Back{}, err
	}
	record.Returned = returned
	if err := store.Launches.Put(tx, record); err != nil {
		return Back{}, fmt.Errorf("keep what the tool said: %w", err)
	}
	return back, nil
}
