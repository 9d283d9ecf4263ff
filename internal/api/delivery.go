package api

import (
	"context"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

type delivered struct {
	ID          string     `json:"id"`
	Domain      string     `json:"domain"`
	Course      string     `json:"course"`
	Username    string     `json:"username"`
	Scope       lti.Scope  `json:"scope" doc:"What the grade is about: a link, a folder, or the course."`
	Consumer    string     `json:"consumer"`
	Score       *float64   `json:"score" doc:"Null asks the LMS to delete the result."`
	State       lti.State  `json:"state" enum:"waiting,sending,delivered,superseded,refused,dead"`
	Attempts    int        `json:"attempts"`
	Cause       *string    `json:"cause" doc:"Why the last attempt was not taken, as a word that stays: silent, key, locked, and so on."`
	LastError   *string    `json:"last_error"`
	Created     time.Time  `json:"created"`
	Due         *time.Time `json:"due" doc:"When it goes next; null when it is at rest."`
	Finished    *time.Time `json:"finished"`
	DeliveredAt *time.Time `json:"delivered_at"`
}

func newDelivered(d lti.Delivery) delivered {
	out := delivered{
		ID: d.ID, Domain: d.Domain, Course: d.Course, Username: d.Username, Scope: d.Scope, Consumer: d.Consumer,
		Score: d.Score, State: d.State, Attempts: d.Attempts, Cause: optional(string(d.Cause)), LastError: optional(d.LastError),
		Created: d.Created.UTC(), Finished: moment(d.Finished), DeliveredAt: moment(d.DeliveredAt),
	}
	if d.State.Live() {
		out.Due = moment(d.Due)
	}
	return out
}

type deliveriesInput struct {
	Page
	State string `query:"state" enum:"waiting,sending,delivered,superseded,refused,dead" doc:"Only those that stand so."`
}

// deliveries lists what is waiting, being sent, refused or dead by the time it
// is due or ended, everything else by the time it was made, oldest first.
func (s *Server) deliveries(ctx context.Context, in *deliveriesInput) (*listed[delivered], error) {
	state := lti.State(in.State)
	var items []delivered
	var next string
	err := s.Store.View(ctx, func(tx store.Tx) error {
		items = nil
		var found []lti.Delivery
		var err error
		switch state {
		case lti.Waiting, lti.Sending, lti.Refused, lti.Dead:
			prefix := store.Prefix(in.State)
			if err := in.check(prefix); err != nil {
				return err
			}
			found, next, err = store.Deliveries.ListBy(tx, "queue", prefix, in.After, in.Limit)
		default:
			if err := in.check(""); err != nil {
				return err
			}
			found, next, err = sift(in.Page, func(after string, limit int) ([]lti.Delivery, string, error) {
				return store.Deliveries.List(tx, "", after, limit)
			}, store.Deliveries.Key, func(d lti.Delivery) bool { return in.State == "" || d.State == state })
		}
		for _, d := range found {
			items = append(items, newDelivered(d))
		}
		return err
	})
	return newList(items, next), err
}

// maxSifted bounds how many records one request looks at for those that it
// wants; a page may then be short, and even empty, with more to come.
const maxSifted = 20 * store.MaxScan

// sift reads a list for the records that are wanted.
func sift[T any](p Page, read func(after string, limit int) ([]T, string, error), key func(T) string, want func(T) bool) ([]T, string, error) {
	var wanted []T
	next := p.After
	for seen := 0; seen < maxSifted; {
		found, more, err := read(next, store.MaxScan)
		if err != nil {
			return nil, "", err
		}
		for i, v := range found {
			if !want(v) {
				continue
			}
			wanted = append(wanted, v)
			if len(wanted) == p.Limit && (i < len(found)-1 || more != "") {
				return wanted, key(v), nil
			}
		}
		if more == "" {
			return wanted, "", nil
		}
		seen += len(found)
		next = more
	}
	return wanted, next, nil
}

type deliveryPath struct {
	ID string `path:"id"`
}

func (s *Server) retry(ctx context.Context, in *deliveryPath) (*found[delivered], error) {
	if err := s.Retry(ctx, in.ID, operatorOf(ctx).name); err != nil {
		return nil, err
	}
	var d lti.Delivery
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		d, err = store.Deliveries.GetKey(tx, in.ID)
		return err
	})
	return &found[delivered]{newDelivered(d)}, err
}
