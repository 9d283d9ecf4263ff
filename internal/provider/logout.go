package provider

import (
	"context"
	"fmt"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// LogoutCall asks an LMS to tell us when a person logs out there: a signed form
// with one parameter, callback, to the service URL that the launch named.
type LogoutCall struct {
	Domain   string
	Consumer string
	// URL is the LMS's logout service.
	URL string
	// Token is good once and with the session. It begins with the launch's id.
	Token string
}

// logoutCall prepares the callback of a launch whose tool consumer is
// configured for it and that names a usable service URL; else it is nil.
func (a *attempt) logoutCall() (*LogoutCall, error) {
	name := a.holder.consumer.Logout.CallbackParam
	if name == "" {
		return nil, nil //nolint:nilnil // none is wanted
	}
	service := a.launch.Parameter(name)
	if lti.CheckURL(service) != nil {
		return nil, nil //nolint:nilnil // none is named
	}
	secret, err := a.token()
	if err != nil {
		return nil, err
	}
	return &LogoutCall{Domain: a.holder.consumer.Domain, Consumer: a.holder.consumer.ID, URL: service, Token: a.id + "." + secret}, nil
}

// RegisterLogout makes the call. An error says why the LMS did not take it; the
// session then ends by its age alone.
func (p *Provider) RegisterLogout(ctx context.Context, call LogoutCall) error {
	var c *lti.ToolConsumer
	err := p.Store.View(ctx, func(tx store.Tx) (err error) {
		c, err = store.ToolConsumers.Read(tx, call.Domain, call.Consumer)
		return err
	})
	if err != nil {
		return fmt.Errorf("register logout: %w", err)
	}
	secrets, err := p.secrets(c, p.Now())
	if err != nil {
		return fmt.Errorf("register logout: %w", err)
	}
	if len(secrets) == 0 {
		return fmt.Errorf("register logout: the tool consumer %s/%s has no live secret", c.Domain, c.ID)
	}
	signer := oauth1.Signer{Key: c.Key, Secret: secrets[0], Method: c.Passback.Signature, Now: p.Now, Nonce: p.NewID}
	signed, err := signer.SignForm(call.URL, oauth1.Params{{Name: "callback", Value: p.PublicURL + "/lti/logout/" + call.Token}})
	if err != nil {
		return fmt.Errorf("register logout: %w", err)
	}
	req, err := postForm(ctx, call.URL, signed)
	if err != nil {
		return fmt.Errorf("register logout: %w", err)
	}
	answer, err := p.Send(ctx, req)
	if err != nil {
		return fmt.Errorf("register logout: %w", err)
	}
	if answer.Status >= http.StatusMultipleChoices {
		return fmt.Errorf("register logout: the LMS answered with status %d", answer.Status)
	}
	return nil
}
