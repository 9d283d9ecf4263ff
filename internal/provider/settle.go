package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// hold keeps a verified launch whose arrival left a question open, for as long
// as its session is open.
func (a *attempt) hold(tx store.Tx, record *lti.LaunchRecord, offer *lti.CourseOffer) error {
	record.Offer = offer
	return store.HeldLaunches.PutNew(tx, lti.HeldLaunch{
		ID: record.ID, Domain: record.Domain, Consumer: record.Consumer,
		Launch: a.launch, Tail: a.tail, Expires: record.Session.Expires,
	})
}

// Settle answers the offer of the launch with the record id, and takes the
// launch up again where it stood: course, membership and upstream target are
// written, and its record gets the place that it leads to. That happens once; a
// launch that has its place already keeps it, and the record is returned as it
// stands. A launch that is not there, or left no question open, is
// store.ErrNotFound. Other errors are those of a launch; they change nothing.
func (p *Provider) Settle(ctx context.Context, id string, choice lti.CourseChoice) (lti.LaunchRecord, error) {
	var record lti.LaunchRecord
	entry := p.NewID()
	err := p.Store.Update(ctx, func(tx store.Tx) (err error) {
		if record, err = store.Launches.Get(tx, id); err != nil || record.Course != "" {
			return err
		}
		held, err := store.HeldLaunches.Get(tx, id)
		if err != nil {
			return err
		}
		if err := p.resume(tx, &record, held, choice); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: entry, At: tx.Now(), By: record.Username + ":" + record.Domain, Action: "choose course of a copy",
			Object: "course " + record.Domain + "/" + record.Course, Detail: string(choice),
		})
	})
	if err != nil {
		return lti.LaunchRecord{}, fmt.Errorf("settle launch: %w", err)
	}
	return record, nil
}

// resume finishes a held launch with the answer to its offer.
func (p *Provider) resume(tx store.Tx, record *lti.LaunchRecord, held lti.HeldLaunch, choice lti.CourseChoice) error {
	now := tx.Now()
	if record.Session == nil || !record.Session.OpenAt(now) {
		return store.ErrNotFound
	}
	c, err := store.ToolConsumers.Read(tx, held.Domain, held.Consumer)
	if errors.Is(err, store.ErrNotFound) || err == nil && !c.OpenAt(now) {
		return lti.Refuse(lti.CauseDisabled, "the tool consumer %s/%s is closed", held.Domain, held.Consumer)
	}
	if err != nil {
		return err
	}
	arrival, err := p.Enrol(tx, lti.Believed{Consumer: c, Launch: held.Launch, Tail: held.Tail, Choice: choice})
	if err != nil {
		return err
	}
	if arrival.Offer != nil || arrival.User.Username != record.Username {
		return lti.Refuse(lti.CauseNoCourse, "the question about the copy was not answered")
	}
	a := &attempt{Provider: p, now: now, id: record.ID, tail: held.Tail, holder: holder{consumer: c}, launch: held.Launch}
	if err := a.keepTarget(tx, c, arrival); err != nil {
		return err
	}
	if err := a.noteRoster(tx, c, arrival); err != nil {
		return err
	}
	record.Steps = append(slices.Clone(record.Steps), arrival.Steps...)
	record.Role, record.Course = arrival.Membership.Role, arrival.Place.Course.ID
	record.Folder, record.Link, record.Offer = arrival.Place.Folder, arrival.Place.Link, nil
	if err := store.Launches.Put(tx, *record); err != nil {
		return err
	}
	return store.HeldLaunches.Delete(tx, held.ID)
}
