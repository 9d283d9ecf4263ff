package lti

import "slices"

// MaxRosterPlaces bounds the other places of a source.
const MaxRosterPlaces = 20

// RosterPlace is one link of an LMS, as an instructor's launch named it: where
// its roster comes from, and which grade of ours the sourcedids there are for.
type RosterPlace struct {
	URL      string `json:"url,omitempty"`
	SealedID string `json:"sealed_id,omitempty"`
	// PagesURL is a Context Memberships service of this link alone.
	PagesURL   string `json:"pages_url,omitempty"`
	Placement  string `json:"placement,omitempty"`
	Scope      Scope  `json:"scope"`
	OutcomeURL string `json:"outcome_url,omitempty"`
	FormURL    string `json:"form_url,omitempty"`
}

// TakesGrades reports whether the place has a roster of its own and takes
// grades.
func (p RosterPlace) TakesGrades() bool {
	return p.Placement != "" && (p.URL != "" && p.SealedID != "" || p.PagesURL != "") && (p.OutcomeURL != "" || p.FormURL != "")
}

// At is the source with the roster of one of its other places.
func (s RosterSource) At(p RosterPlace) RosterSource {
	s.URL, s.SealedID, s.PagesURL = p.URL, p.SealedID, p.PagesURL
	s.Placement, s.Scope, s.OutcomeURL, s.FormURL = p.Placement, p.Scope, p.OutcomeURL, p.FormURL
	return s
}

// Leave keeps the place that the source has named until now among the others,
// if the next one is another.
func (s *RosterSource) Leave(next string) {
	others := slices.DeleteFunc(slices.Clone(s.Others), func(p RosterPlace) bool {
		return p.Placement == next || p.Placement == s.Placement
	})
	last := RosterPlace{
		URL: s.URL, SealedID: s.SealedID, PagesURL: s.LinkPagesURL,
		Placement: s.Placement, Scope: s.Scope, OutcomeURL: s.OutcomeURL, FormURL: s.FormURL,
	}
	if last.Placement != next && last.TakesGrades() {
		others = slices.Insert(others, 0, last)
	}
	s.Others = others[:min(len(others), MaxRosterPlaces)]
}
