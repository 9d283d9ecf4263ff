package api

import (
	"context"
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

type token struct {
	ID      string     `json:"id" doc:"The SHA-256 of the token, which names it and opens nothing."`
	Name    string     `json:"name"`
	Role    string     `json:"role" enum:"admin,read"`
	Created time.Time  `json:"created"`
	Revoked *time.Time `json:"revoked"`
}

func newToken(t lti.APIToken) token {
	return token{ID: t.Hash, Name: t.Name, Role: t.Role, Created: t.Created.UTC(), Revoked: moment(t.Revoked)}
}

type createTokenInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100" doc:"What the token is for."`
		Role string `json:"role" enum:"admin,read"`
	}
}

type createdToken struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Role    string    `json:"role" enum:"admin,read"`
	Created time.Time `json:"created"`
	Token   string    `json:"token" doc:"The token itself; it is not kept and not shown again."`
}

type createTokenOutput struct {
	Status int
	Body   createdToken
}

func (s *Server) createToken(ctx context.Context, in *createTokenInput) (*createTokenOutput, error) {
	text, record, err := s.issuer().Create(ctx, in.Body.Name, in.Body.Role, operatorOf(ctx).name)
	if err != nil {
		return nil, err
	}
	return &createTokenOutput{Status: http.StatusCreated, Body: createdToken{record.Hash, record.Name, record.Role, record.Created, text}}, nil
}

func (s *Server) issuer() *Tokens {
	return &Tokens{Store: s.Store, Now: s.Now, NewID: s.NewID, Rand: s.Rand}
}

func (s *Server) tokens(ctx context.Context, in *Page) (*listed[token], error) {
	if err := in.check(""); err != nil {
		return nil, err
	}
	var items []token
	var next string
	err := s.Store.View(ctx, func(tx store.Tx) error {
		items = nil
		var records []lti.APIToken
		var err error
		records, next, err = store.APITokens.List(tx, "", in.After, in.Limit)
		for _, t := range records {
			items = append(items, newToken(t))
		}
		return err
	})
	return newList(items, next), err
}

type tokenPath struct {
	ID string `path:"id"`
}

// revokeToken closes a token; one that is revoked stays so.
func (s *Server) revokeToken(ctx context.Context, in *tokenPath) (*struct{}, error) {
	return nil, s.issuer().Revoke(ctx, in.ID, operatorOf(ctx).name)
}
