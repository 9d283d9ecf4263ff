package api

import (
	"context"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
)

// States of a roster that no phase of a job names.
const (
	rosterIdle    = "idle"
	rosterWaiting = "waiting"
)

// rosterState is how one LMS's roster of a course does.
type rosterState struct {
	Consumer    string       `json:"consumer"`
	State       string       `json:"state" enum:"idle,waiting,fetching,planning,applying,leaving"`
	Fetched     int          `json:"fetched" doc:"Members fetched by the job under way."`
	Applied     int          `json:"applied" doc:"Of them, how many were looked at or taken in."`
	TriedAt     *time.Time   `json:"tried_at"`
	SucceededAt *time.Time   `json:"succeeded_at"`
	NextAt      *time.Time   `json:"next_at" doc:"When it is fetched next by itself; null for not."`
	Error       *string      `json:"error" doc:"Why the last attempt failed; null if it did not."`
	Note        *string      `json:"note"`
	Last        rosterCounts `json:"last" doc:"What the last success changed."`
	Pending     *rosterWaits `json:"pending" doc:"A roster that waits to be confirmed, here or on the page of people."`
}

// rosterCounts are people, by what a roster meant for them.
type rosterCounts struct {
	Members int `json:"members"`
	New     int `json:"new"`
	Back    int `json:"back"`
	Changed int `json:"changed" doc:"Those with another role, section or dates."`
	Same    int `json:"same"`
	Left    int `json:"left"`
	Unknown int `json:"unknown" doc:"Those without an account, where a roster may make none."`
	Skipped int `json:"skipped"`
}

type rosterWaits struct {
	Run     string       `json:"run" doc:"What to confirm."`
	At      time.Time    `json:"at"`
	Expires time.Time    `json:"expires"`
	Held    bool         `json:"held" doc:"Too many would have left for it to be applied by itself."`
	Counts  rosterCounts `json:"counts"`
}

type rosterInput struct{ CoursePath }

type rosterSyncInput struct {
	CoursePath
	Body *struct {
		Consumer string `json:"consumer,omitempty" maxLength:"255" doc:"The tool consumer to ask; all that have named a roster of the course without one."`
	}
}

func (s *Server) rosters(ctx context.Context, in *rosterInput) (*listed[rosterState], error) {
	return s.rosterStates(ctx, lti.CourseRef{Domain: in.Domain, ID: in.Course})
}

func (s *Server) rosterStates(ctx context.Context, course lti.CourseRef) (*listed[rosterState], error) {
	var items []rosterState
	err := s.Store.View(ctx, func(tx store.Tx) error {
		items = nil
		if _, err := store.Courses.Read(tx, course.Domain, course.ID); err != nil {
			return err
		}
		sources, err := roster.Sources(tx, course)
		for _, source := range sources {
			items = append(items, newRosterState(source))
		}
		return err
	})
	return newList(items, ""), err
}

func newRosterState(r lti.RosterSource) rosterState {
	out := rosterState{
		Consumer: r.Consumer, State: rosterIdle, Fetched: r.Fetched, Applied: r.Applied,
		TriedAt: moment(r.Tried), SucceededAt: moment(r.Succeeded), NextAt: moment(r.Due),
		Error: optional(r.Error), Note: optional(r.Note), Last: newRosterCounts(r.Last),
	}
	switch {
	case r.Running != "":
		out.State = r.Phase
	case r.Job != "":
		out.State = rosterWaiting
	}
	if p := r.Pending; p != nil {
		out.Pending = &rosterWaits{Run: p.Run, At: p.At.UTC(), Expires: p.Expires.UTC(), Held: p.Held, Counts: newRosterCounts(p.Counts)}
	}
	return out
}

func newRosterCounts(n lti.RosterCounts) rosterCounts {
	return rosterCounts{
		Members: n.Members, New: n.New, Back: n.Back, Changed: n.Role + n.Section + n.Dates, Same: n.Same,
		Left: n.Left, Unknown: n.Unknown, Skipped: n.Skipped,
	}
}

// syncRosters asks for the rosters of a course and answers how they do.
func (s *Server) syncRosters(ctx context.Context, in *rosterSyncInput) (*listed[rosterState], error) {
	course := lti.CourseRef{Domain: in.Domain, ID: in.Course}
	before, err := s.rosterStates(ctx, course)
	if err != nil {
		return nil, err
	}
	asked := 0
	ask := rosterAsk(ctx)
	for _, source := range before.Body.Items {
		if in.Body != nil && in.Body.Consumer != "" && in.Body.Consumer != source.Consumer {
			continue
		}
		if err := s.Rosters.Ask(ctx, roster.Source{Course: course, Consumer: source.Consumer}, ask); err != nil {
			return nil, err
		}
		asked++
	}
	if asked == 0 {
		return nil, roster.ErrNoSource
	}
	return s.rosterStates(ctx, course)
}
