package api

import (
	"context"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

type account struct {
	Domain     string     `json:"domain"`
	Username   string     `json:"username"`
	Name       string     `json:"name" doc:"The name to show."`
	GivenName  string     `json:"given_name"`
	FamilyName string     `json:"family_name"`
	FullName   string     `json:"full_name"`
	Email      string     `json:"email"`
	Admin      bool       `json:"admin"`
	Disabled   bool       `json:"disabled"`
	Source     string     `json:"source"`
	Created    *time.Time `json:"created"`
	Identities []identity `json:"identities" nullable:"false"`
}

type userPath struct {
	Domain   string `path:"domain"`
	Username string `path:"username"`
}

func (s *Server) user(ctx context.Context, in *userPath) (*found[account], error) {
	var u *lti.User
	var known []identity
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		if u, err = store.Users.Read(tx, in.Domain, in.Username); err != nil {
			return err
		}
		known, err = identities(tx, in.Domain, in.Username)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &found[account]{account{
		Domain: u.Domain, Username: u.Username, Name: u.Name(),
		GivenName: u.GivenName, FamilyName: u.FamilyName, FullName: u.FullName, Email: u.Email,
		Admin: u.Admin, Disabled: u.Disabled, Source: u.Source, Created: moment(u.Created), Identities: known,
	}}, nil
}
