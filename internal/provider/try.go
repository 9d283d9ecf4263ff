package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// errTried ends the transaction of a trial, so that nothing of it stays.
var errTried = errors.New("only tried")

// TryLaunch signs a launch as the tool consumer's LMS should, for an instructor
// whom nobody knows, and takes it through every check of AcceptLaunch up to the
// end of its transaction, which is then undone: no nonce, user, course or record
// stays. It returns what was decided step by step, and the *lti.Refusal at which
// it ended, if it did.
func (p *Provider) TryLaunch(ctx context.Context, domain, id string) (steps []string, err error) {
	a := &attempt{Provider: p, now: p.Now().UTC(), id: p.NewID(), trial: true}
	var c lti.ToolConsumer
	err = p.Store.View(ctx, func(tx store.Tx) (err error) {
		c, err = store.ToolConsumers.Get(tx, domain, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("try a launch of %s/%s: %w", domain, id, err)
	}
	if a.req, err = p.trialRequest(a, c); err != nil {
		return nil, lti.Reason(err)
	}
	if _, err = a.run(ctx); !errors.Is(err, errTried) {
		reason := lti.Reason(err)
		if reason.Hint == "" {
			reason.Hint = hint(reason.Cause)
		}
		return a.steps, reason
	}
	return a.steps, nil
}

// trialRequest is the launch as it would be posted to our launch URL.
func (p *Provider) trialRequest(a *attempt, c lti.ToolConsumer) (oauth1.Request, error) {
	secrets, err := a.secrets(&c, a.now)
	if err != nil {
		return oauth1.Request{}, err
	}
	if len(secrets) == 0 {
		return oauth1.Request{}, lti.Refuse(lti.CauseDisabled, "the tool consumer %s/%s has no live secret", c.Domain, c.ID)
	}
	method := oauth1.HMACSHA1
	if len(c.SignatureMethods) > 0 {
		method = c.SignatureMethods[0]
	}
	signer := oauth1.Signer{Key: c.Key, Secret: secrets[0], Method: method, Now: func() time.Time { return a.now }, Nonce: p.NewID}
	address := p.PublicURL + "/lti/launch"
	params, err := signer.SignForm(address, launch.Build(trialLaunch(c, a.id)))
	if err != nil {
		return oauth1.Request{}, err
	}
	form := url.Values{}
	for name, value := range params.All() {
		form.Add(name, value)
	}
	return oauth1.Request{
		Method: http.MethodPost, URL: address, ContentType: "application/x-www-form-urlencoded", Body: []byte(form.Encode()),
	}, nil
}

// trialLaunch is what an instructor of a course would bring along, under ids
// that no LMS has.
func trialLaunch(c lti.ToolConsumer, id string) lti.Launch {
	l := lti.Launch{
		UserID: "trial-" + id, ContextID: "trial-" + id, ContextTitle: "A trial", ResourceLinkID: "trial-" + id,
		Roles:  lti.ParseRoles("Instructor"),
		Person: lti.Person{SourcedID: "trial-" + id, GivenName: "Trial", FamilyName: "Instructor", FullName: "Trial Instructor", Email: "trial@example.org"},
		Custom: map[string]string{}, Ext: map[string]string{},
	}
	for _, match := range []string{c.Users.Match, c.Courses.Match} {
		switch {
		case strings.HasPrefix(match, lti.CustomPrefix):
			l.Custom[match] = "trial-" + id
		case strings.HasPrefix(match, lti.ExtPrefix):
			l.Ext[match] = "trial-" + id
		}
	}
	return l
}
