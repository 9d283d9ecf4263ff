package api

import (
	"context"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/roster"
)

type rosterPreviewInput struct {
	CoursePath
	Body struct {
		Consumer string `json:"consumer" minLength:"1" maxLength:"255" doc:"The tool consumer to ask."`
	}
}

type rosterConfirmInput struct {
	CoursePath
	Body struct {
		Consumer string `json:"consumer" minLength:"1" maxLength:"255" doc:"The tool consumer whose roster waits."`
		Run      string `json:"run" minLength:"1" maxLength:"64" doc:"That of the roster that waits, so that no other is applied."`
	}
}

// rosterAsk is the caller as one who asks for a roster: a token of role admin
// may assign what a coordinator may.
func rosterAsk(ctx context.Context) lti.RosterAsk {
	return lti.RosterAsk{By: operatorOf(ctx).name, Role: lti.Coordinator}
}

// previewRoster asks for what a roster would change, which stands as pending
// once it is known.
func (s *Server) previewRoster(ctx context.Context, in *rosterPreviewInput) (*listed[rosterState], error) {
	course := lti.CourseRef{Domain: in.Domain, ID: in.Course}
	if err := s.Rosters.Preview(ctx, roster.Source{Course: course, Consumer: in.Body.Consumer}, rosterAsk(ctx)); err != nil {
		return nil, err
	}
	return s.rosterStates(ctx, course)
}

// confirmRoster asks for the roster of a run to be applied.
func (s *Server) confirmRoster(ctx context.Context, in *rosterConfirmInput) (*listed[rosterState], error) {
	course := lti.CourseRef{Domain: in.Domain, ID: in.Course}
	if err := s.Rosters.Confirm(ctx, roster.Source{Course: course, Consumer: in.Body.Consumer}, in.Body.Run, rosterAsk(ctx)); err != nil {
		return nil, err
	}
	return s.rosterStates(ctx, course)
}
