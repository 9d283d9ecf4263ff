package api

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

type result struct {
	Link        string           `json:"link"`
	Username    string           `json:"username"`
	Score       *float64         `json:"score" minimum:"0" maximum:"1" doc:"The score that counts; null when there is none or it was deleted."`
	Points      *float64         `json:"points" doc:"Score times possible."`
	Possible    *float64         `json:"possible" doc:"Points possible; null for a link that is gone or not gradable."`
	SubmittedAt *time.Time       `json:"submitted_at"`
	HandedInAt  *time.Time       `json:"handed_in_at,omitempty" doc:"When the person handed in the newest submission, if the tool says so."`
	NeedsReview bool             `json:"needs_review,omitempty" doc:"The tool asks a person to look at the submission, and nobody has set a score since."`
	Deliveries  []resultDelivery `json:"deliveries" nullable:"false" doc:"The newest delivery to each upstream target of the user whose scope is this very link; what goes to a folder's or the course's target is listed under /deliveries."`
}

type resultDelivery struct {
	ID          string     `json:"id"`
	Consumer    string     `json:"consumer"`
	State       lti.State  `json:"state" enum:"waiting,sending,delivered,superseded,refused,dead"`
	Attempts    int        `json:"attempts"`
	LastError   *string    `json:"last_error"`
	DeliveredAt *time.Time `json:"delivered_at"`
}

func (s *Server) results(ctx context.Context, in *courseListInput) (*listed[result], error) {
	prefix := store.Prefix(in.Domain, in.Course)
	if err := in.check(prefix); err != nil {
		return nil, err
	}
	var items []result
	var next string
	err := s.Store.View(ctx, func(tx store.Tx) error {
		items = nil
		course, err := store.Courses.Read(tx, in.Domain, in.Course)
		if err != nil {
			return err
		}
		var results []lti.Result
		if results, next, err = store.Results.List(tx, prefix, in.After, in.Limit); err != nil {
			return err
		}
		for _, r := range results {
			item, err := newResult(tx, course, r)
			if err != nil {
				return err
			}
			items = append(items, item)
		}
		return nil
	})
	return newList(items, next), err
}

func newResult(tx store.Tx, course *lti.Course, r lti.Result) (result, error) {
	out := result{Link: r.Link, Username: r.Username, Score: r.Counts(), SubmittedAt: moment(r.SubmittedAt)}
	out.HandedInAt, out.NeedsReview = moment(r.HandedIn), r.NeedsReview
	if l, _, ok := course.Link(r.Link); ok && l.Gradable() {
		out.Possible = &l.Points
		if out.Score != nil {
			points := math.Round(*out.Score*l.Points*1e9) / 1e9 // 0.57 of 100 is 57
			out.Points = &points
		}
	}
	var err error
	out.Deliveries, err = linkDeliveries(tx, r)
	return out, err
}

// linkDeliveries lists the newest delivery to each of the user's upstream
// targets for the link.
func linkDeliveries(tx store.Tx, r lti.Result) ([]resultDelivery, error) {
	items := []resultDelivery{}
	prefix := store.Prefix(r.Domain, r.Course, r.Username, lti.ScopeLink, r.Link)
	err := store.Targets.All(tx, prefix, func(t lti.UpstreamTarget) error {
		if t.Live == "" {
			return nil
		}
		d, err := store.Deliveries.Get(tx, t.Live)
		if errors.Is(err, store.ErrNotFound) {
			return nil // It was cleared away after its time.
		}
		if err == nil {
			items = append(items, resultDelivery{
				ID: d.ID, Consumer: d.Consumer, State: d.State, Attempts: d.Attempts,
				LastError: optional(d.LastError), DeliveredAt: moment(d.DeliveredAt),
			})
		}
		return err
	})
	return items, err
}
