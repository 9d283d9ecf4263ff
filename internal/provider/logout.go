package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

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
	name := a.consumer.Logout.CallbackParam
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
	return &LogoutCall{Domain: a.consumer.Domain, Consumer: a.consumer.ID, URL: service, Token: a.id + "." + secret}, nil
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
	if err != nil || len(secrets) == 0 {
		return fmt.Errorf("register logout: no live secret: %w", err)
	}
	signer := oauth1.Signer{Key: c.Key, Secret: secrets[0], Method: c.Passback.Signature, Now: p.Now, Nonce: p.NewID}
	signed, err := signer.SignForm(call.URL, oauth1.Params{{Name: "callback", Value: p.PublicURL + "/lti/logout/" + call.Token}})
	if err != nil {
		return fmt.Errorf("register logout: %w", err)
	}
	form := make(url.Values, len(signed))
	for _, pair := range signed {
		form.Add(pair.Name, pair.Value)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, call.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("register logout: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := p.Send(ctx, req)
	if err != nil {
		return fmt.Errorf("register logout: %w", err)
	}
	if answer.Status >= http.StatusMultipleChoices {
		return fmt.Errorf("register logout: the LMS answered with status %d", answer.Status)
	}
	return nil
}
