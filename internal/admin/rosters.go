package admin

import (
	"context"
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// manages reports whether the visitor may change memberships and ask for
// rosters.
func (s seat) manages() bool { return s.admin || s.role.CanManage() }

// asks is the visitor as one who asks for a roster. An admin may assign what
// the course's coordinator may.
func (s seat) asks(v visit) lti.RosterAsk {
	if s.admin {
		return lti.RosterAsk{By: v.name(), Role: lti.Coordinator}
	}
	return lti.RosterAsk{By: v.name(), Role: s.role}
}

// rostersOf reads the rosters that were ever named for a course.
func rostersOf(tx store.Tx, course lti.CourseRef) ([]web.Roster, error) {
	sources, err := roster.Sources(tx, course)
	if err != nil {
		return nil, err
	}
	rosters := make([]web.Roster, 0, len(sources))
	for _, s := range sources {
		shown, err := rosterOf(tx, s)
		if err != nil {
			return nil, err
		}
		rosters = append(rosters, shown)
	}
	return rosters, nil
}

func rosterOf(tx store.Tx, s lti.RosterSource) (web.Roster, error) {
	c, err := store.ToolConsumers.Read(tx, s.Domain, s.Consumer)
	if errors.Is(err, store.ErrNotFound) {
		return web.Roster{RosterSource: s, Name: s.Consumer, Off: true}, nil
	}
	if err != nil {
		return web.Roster{}, err
	}
	return web.Roster{RosterSource: s, Name: consumerName(c), Off: !c.Pulls(s.Instance, tx.Now())}, nil
}

// roster shows what a fetched roster would change, to those who may apply it.
func (p *People) roster(w http.ResponseWriter, r *http.Request, v visit) error {
	var page web.RosterPage
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		s, err := p.managedSeat(tx, r, v)
		if err != nil {
			return err
		}
		found, err := store.RosterSources.Get(tx, s.course.Domain, s.course.ID, r.URL.Query().Get("consumer"))
		if err != nil {
			return err
		}
		page = web.RosterPage{Frame: p.courseFrame(r, v, s)}
		page.Roster, err = rosterOf(tx, found)
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Roster(w, http.StatusOK, page))
	return nil
}

// managedSeat is the seat of a visitor who may change memberships.
func (p *People) managedSeat(tx store.Tx, r *http.Request, v visit) (seat, error) {
	s, err := takeSeat(tx, v, courseRef(r))
	if err == nil && !s.manages() {
		err = errForbidden
	}
	return s, err
}

// syncRoster asks for a roster to be fetched and applied.
func (p *People) syncRoster(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.askRoster(w, r, v, doneRosterAsked, func(ctx context.Context, from roster.Source, _ form, ask lti.RosterAsk) error {
		return p.Rosters.Ask(ctx, from, ask)
	})
}

// previewRoster asks for a roster to be fetched and compared.
func (p *People) previewRoster(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.askRoster(w, r, v, "", func(ctx context.Context, from roster.Source, _ form, ask lti.RosterAsk) error {
		return p.Rosters.Preview(ctx, from, ask)
	})
}

// confirmRoster asks for a preview to be applied.
func (p *People) confirmRoster(w http.ResponseWriter, r *http.Request, v visit) error {
	return p.askRoster(w, r, v, doneRosterConfirmed, func(ctx context.Context, from roster.Source, sent form, ask lti.RosterAsk) error {
		return p.Rosters.Confirm(ctx, from, sent.text("run"), ask)
	})
}

// askRoster does what a form about a roster wants, and goes on to the people, or
// with no code to the preview.
func (p *People) askRoster(w http.ResponseWriter, r *http.Request, v visit, code string, do func(context.Context, roster.Source, form, lti.RosterAsk) error) error {
	var s seat
	err := p.Store.View(r.Context(), func(tx store.Tx) (err error) {
		s, err = p.managedSeat(tx, r, v)
		return err
	})
	if err != nil {
		return err
	}
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	from := roster.Source{Course: s.course.Ref(), Consumer: sent.text("consumer")}
	path := web.MembersPath(from.Course)
	err = do(r.Context(), from, sent, s.asks(v))
	switch {
	case errors.Is(err, roster.ErrNoSource):
		return store.ErrNotFound
	case errors.Is(err, roster.ErrOff):
		code = doneRosterOff
	case errors.Is(err, roster.ErrBusy):
		code = doneRosterBusy
	case errors.Is(err, roster.ErrNoPreview):
		code = doneRosterOld
	case err != nil:
		return err
	case code == "":
		v.goToQuery(w, r, path+"/preview", "consumer", from.Consumer)
		return nil
	}
	v.goTo(w, r, path, code)
	return nil
}
