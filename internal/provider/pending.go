package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// Pending is a launch that waits for the person's answer, as its page may show
// it.
type Pending struct {
	Domain string
	// Consumer is the LMS's name, and Person what it says of whoever launched.
	Consumer string
	Person   lti.Person
	// MayCreate says that the person may have a new account.
	MayCreate bool
	ReturnURL string
	Locale    string
	// Origins may show the page in a frame.
	Origins []string
}

// waiting is a launch as it is kept while it waits: what its signature covered
// and where it came to.
type waiting struct {
	Params oauth1.Params `json:"params"`
	Tail   lti.Tail      `json:"tail"`
	Origin string        `json:"origin,omitempty"`
}

func pendingContext(hash string) string { return "pending_launch/" + hash }

// ask keeps the launch until the person has answered. Its nonce is used; it
// has made nothing but this.
func (a *attempt) ask(tx store.Tx, arrival lti.Arrival, accepted *Accepted) error {
	token := accepted.Token
	*accepted = Accepted{Pending: token}
	text, err := json.Marshal(waiting{a.verified.Params, a.tail, a.req.Origin})
	if err != nil {
		return fmt.Errorf("keep launch: %w", err)
	}
	pending := lti.PendingLaunch{
		Hash: digest(token), Record: a.id, Domain: a.holder.consumer.Domain, Consumer: a.holder.consumer.ID,
		MayCreate: arrival.MayCreate, Origins: a.framers(), Expires: a.now.Add(lti.PendingLifetime),
	}
	if pending.Sealed, err = a.Vault.Seal(string(text), pendingContext(pending.Hash)); err != nil {
		return fmt.Errorf("seal the pending launch: %w", err)
	}
	if err := store.PendingLaunches.PutNew(tx, pending); err != nil {
		return err
	}
	record := a.record(a.holder)
	record.Asks = true
	record.Detail = "The person was asked whether an account stands already. Once that is answered, the launch goes on under a number of its own."
	accepted.Record = record
	return store.Launches.PutNew(tx, record)
}

// errNoPending is what every token gets that resumes nothing.
func errNoPending() error {
	return lti.Refuse(lti.CausePending, "the token belongs to no launch that waits for an answer")
}

// PendingLaunch reads the launch that the token resumes. One that is unknown,
// used or too old is a *lti.Refusal with lti.CausePending.
func (p *Provider) PendingLaunch(ctx context.Context, token string) (Pending, error) {
	a, pending, err := p.reopen(ctx, token)
	if err != nil {
		return Pending{}, err
	}
	return Pending{
		Domain: pending.Domain, Consumer: cmp.Or(a.holder.consumer.Name, a.holder.consumer.ID), Person: a.launch.Person,
		MayCreate: pending.MayCreate, ReturnURL: a.returnURL(), Locale: a.launch.Return.Locale, Origins: pending.Origins,
	}, nil
}

// reopen reads a pending launch and the tool consumer that sent it.
func (p *Provider) reopen(ctx context.Context, token string) (*attempt, lti.PendingLaunch, error) {
	a := &attempt{Provider: p, now: p.Now().UTC()}
	var pending lti.PendingLaunch
	err := p.Store.View(ctx, func(tx store.Tx) (err error) {
		if pending, err = findPending(tx, digest(token)); err != nil {
			return err
		}
		a.holder, err = senderOf(tx, pending)
		return err
	})
	if err != nil {
		return nil, lti.PendingLaunch{}, err
	}
	text, err := p.Vault.Open(pending.Sealed, pendingContext(pending.Hash))
	if err != nil {
		return nil, lti.PendingLaunch{}, fmt.Errorf("open the pending launch: %w", err)
	}
	var kept waiting
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, lti.PendingLaunch{}, fmt.Errorf("read the pending launch: %w", err)
	}
	a.tail, a.req.Origin, a.sent = kept.Tail, kept.Origin, kept.Params
	if a.launch, err = launch.Parse(kept.Params); err != nil {
		return nil, lti.PendingLaunch{}, fmt.Errorf("read the pending launch: %w", err)
	}
	a.believed = true
	return a, pending, nil
}

func findPending(tx store.Tx, hash string) (lti.PendingLaunch, error) {
	pending, err := store.PendingLaunches.Get(tx, hash)
	if errors.Is(err, store.ErrNotFound) || err == nil && !pending.OpenAt(tx.Now()) {
		return lti.PendingLaunch{}, errNoPending()
	}
	return pending, err
}

func senderOf(tx store.Tx, pending lti.PendingLaunch) (holder, error) {
	c, err := store.ToolConsumers.Read(tx, pending.Domain, pending.Consumer)
	if errors.Is(err, store.ErrNotFound) {
		return holder{}, errNoPending()
	}
	return holder{consumer: c}, err
}

// ResumeLaunch goes on with a launch that waited for the person's answer, as
// AcceptLaunch would have: account, course, membership, upstream target,
// session and record are written in one transaction, which also uses the token
// up. A launch is resumed once at the most; every error is a *Refused.
func (p *Provider) ResumeLaunch(ctx context.Context, token string, answer lti.Answer) (Accepted, error) {
	a, pending, err := p.reopen(ctx, token)
	if err != nil {
		return Accepted{}, &Refused{Err: lti.Reason(err)} // no record: anybody may send a token
	}
	a.id, a.answer = p.NewID(), &answer
	accepted, err := a.resume(ctx, pending)
	if err != nil {
		return Accepted{}, a.refuse(ctx, err)
	}
	return accepted, nil
}

func (a *attempt) resume(ctx context.Context, pending lti.PendingLaunch) (Accepted, error) {
	fresh, err := a.fresh()
	if err != nil {
		return Accepted{}, err
	}
	a.lookUp(ctx)
	a.step("it goes on with the launch %s, which waited for the person's answer", lti.Reference(pending.Record))
	a.checked = len(a.steps)
	var accepted Accepted
	err = a.Store.Update(ctx, func(tx store.Tx) error {
		a.steps = a.steps[:a.checked]
		accepted = fresh
		held, err := findPending(tx, pending.Hash)
		if err != nil {
			return err
		}
		held.Used = a.now
		if err := store.PendingLaunches.Put(tx, held); err != nil {
			return err
		}
		if a.holder, err = senderOf(tx, held); err != nil {
			return err
		}
		return a.admit(tx, &accepted)
	})
	return accepted, err
}
