package main

import (
	"context"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
)

// resumeLaunch goes on with a launch that waited for the person's answer, and
// sees to its logout callback.
func (h *hub) resumeLaunch(ctx context.Context, token string, answer lti.Answer) (provider.Accepted, error) {
	accepted, err := h.provider.ResumeLaunch(ctx, token, answer)
	if err != nil {
		return provider.Accepted{}, err
	}
	if accepted.Logout != nil {
		h.logouts.add(*accepted.Logout)
	}
	h.log.InfoContext(ctx, "launch accepted", "ref", lti.Reference(accepted.Record.ID),
		"consumer", accepted.Record.Consumer, "course", accepted.Place.Course.String(), "link", accepted.Place.Link)
	return accepted, nil
}
