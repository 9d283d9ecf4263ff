package provider

import (
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// The parameters by which a launch names a Context Memberships service, that of
// the link before that of the course: it has the link's sourcedids.
const (
	linkMembershipsParam    = "custom_link_memberships_url"
	contextMembershipsParam = "custom_context_memberships_url"
)

// rosterPause is the least time between two fetches that launches ask for.
const rosterPause = 5 * time.Second

// noteRoster remembers where the roster comes from, when somebody who may ask
// for it launches and the LMS says so, and asks for it where the configuration
// wants that.
func (a *attempt) noteRoster(tx store.Tx, c *lti.ToolConsumer, arrival lti.Arrival) error {
	service, course := a.rosterService(), arrival.Place.Course
	named := service.URL != "" || service.PagesURL != ""
	if !c.Pulls(a.launch.Instance.GUID, a.now) || !arrival.Membership.Role.CanManage() || course.ID == "" || !named {
		return nil
	}
	s, err := store.RosterSources.Get(tx, course.Domain, course.ID, c.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.Domain, s.Course, s.Consumer = course.Domain, course.ID, c.ID
	s.Leave(a.launch.ResourceLinkID)
	if err := a.sealRosterID(&s); err != nil {
		return err
	}
	s.URL, s.PagesURL, s.LinkPagesURL = service.URL, service.PagesURL, service.LinkPagesURL
	s.Placement, s.Scope = a.launch.ResourceLinkID, arrival.Place.Scope()
	s.OutcomeURL, s.FormURL = a.launch.Outcome.URL, a.launch.Outcome.FormURL
	s.By, s.Noted, s.Instance = arrival.User.Username, a.now, a.launch.Instance.GUID
	switch {
	case s.Job != "" && s.Failures == 0:
	case c.Roster.OnInstructorLaunch:
		s.Job, s.Ask, s.Due, s.Failures = lti.RosterSync, lti.RosterAsk{}, later(a.now, s.Tried.Add(rosterPause)), 0
	case s.Job != "":
	case c.Roster.Every > 0 && s.Due.IsZero():
		s.Due = later(a.now, s.Tried.Add(c.Roster.Every))
	}
	return store.RosterSources.Put(tx, s)
}

// rosterService is what the launch says of its roster services, as far as they
// can be called.
func (a *attempt) rosterService() lti.RosterSource {
	var s lti.RosterSource
	if r := a.launch.Roster; r.ID != "" && lti.CheckURL(r.URL) == nil {
		s.URL = r.URL
	}
	if u := a.launch.Parameter(contextMembershipsParam); lti.CheckURL(u) == nil {
		s.PagesURL = u
	}
	if u := a.launch.Parameter(linkMembershipsParam); lti.CheckURL(u) == nil {
		s.PagesURL, s.LinkPagesURL = u, u
	}
	return s
}

// rosterContext is what a roster's id is sealed for.
func rosterContext(s lti.RosterSource) string {
	return "roster/" + s.Domain + "/" + s.Course + "/" + s.Consumer
}

// sealRosterID keeps the launch's roster id, sealed anew only if it changed.
func (a *attempt) sealRosterID(s *lti.RosterSource) error {
	id := a.launch.Roster.ID
	if id == "" {
		s.SealedID = ""
		return nil
	}
	if s.SealedID != "" {
		if old, err := a.Vault.Open(s.SealedID, rosterContext(*s)); err == nil && old == id {
			return nil
		}
	}
	sealed, err := a.Vault.Seal(id, rosterContext(*s))
	if err != nil {
		return fmt.Errorf("seal a roster id: %w", err)
	}
	s.SealedID = sealed
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
