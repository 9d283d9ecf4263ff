package main

import (
	"context"
	"errors"

	"github.com/ltihub/ltihub/internal/api"
	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// launchForProgram signs a launch for a front end that renders the form
// itself, and tells the API what to answer when it may not be made.
func (h *hub) launchForProgram(ctx context.Context, course lti.CourseRef, link, username string) (string, oauth1.Params, error) {
	form, err := h.consumer.Launch(ctx, consumer.LaunchRequest{Course: course, Link: link, Username: username})
	if err == nil {
		return form.URL, form.Params, nil
	}
	switch reason := lti.Reason(err); reason.Cause {
	case lti.CauseUnknownCourse, lti.CauseUnknownLink, lti.CauseNoAccount:
		return "", nil, errors.Join(err, store.ErrNotFound)
	case lti.CauseInternal, lti.CauseUnavailable:
		return "", nil, err
	default:
		return "", nil, errors.Join(errors.New(reason.Detail), api.ErrRefused)
	}
}
