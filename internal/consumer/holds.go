package consumer

import (
	"context"
	"encoding/base64"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/setting"
)

// Holds reports whether a call of the service is signed, now, by the one tool
// that its service id leads to. It writes nothing and does not look at the
// nonce: it only tells a tool from whoever pretends to be one. tail is what
// ServeMembers gets, and empty for all other calls.
func (c *Consumer) Holds(ctx context.Context, service string, req oauth1.Request, tail string) bool {
	k := c.newCall(service, req)
	k.unexplained = true
	id, err := k.namedID(tail)
	return err == nil && k.authenticate(ctx, id) == nil
}

// ItemsHold reports the same of an answer with content items to the ticket.
func (c *Consumer) ItemsHold(ctx context.Context, req oauth1.Request, ticket string) bool {
	a := &itemsAnswer{call: c.newCall("", req)}
	a.unexplained = true
	return a.authenticate(ctx, ticket) == nil
}

// namedID is the service id that the call names; it parses the call.
func (k *call) namedID(tail string) (string, error) {
	if k.service == lti.ServiceGrade {
		m, err := k.readMessage()
		return m.sourcedID, err
	}
	if tail != "" {
		id, err := base64.RawURLEncoding.DecodeString(tail)
		if err == nil {
			err = k.parse()
		}
		return string(id), err
	}
	if k.service == lti.ServiceSetting {
		params, err := k.readForm(MaxSettingBody)
		if err != nil {
			return "", err
		}
		asked, err := setting.ParseRequest(params)
		return asked.ID, err
	}
	params, err := k.readForm(MaxBody)
	if err != nil {
		return "", err
	}
	asked, err := memberships.ParseRequest(params)
	return asked.ID, err
}
