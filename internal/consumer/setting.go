package consumer

import (
	"context"
	"errors"
	"net/http"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/setting"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// Setting answers POST /service/setting: a tool loads, saves or deletes the one
// text that it keeps for a resource link. The statuses are those of TakeResult.
func (c *Consumer) Setting(ctx context.Context, req oauth1.Request) Answer {
	k := c.newCall(lti.ServiceSetting, req)
	asked, value, err := k.serveSetting(ctx)
	if err != nil {
		return k.refuse(ctx, err, func(f *fault) []byte {
			return setting.Response{
				Operation: asked.Operation, CodeMajor: string(f.code), CodeMinor: f.minor, Description: f.public,
			}.XML()
		})
	}
	body := setting.Response{
		Operation: asked.Operation, CodeMajor: ltixml.Success, CodeMinor: outcome.FullSuccess, Value: value,
	}.XML()
	return Answer{Status: http.StatusOK, ContentType: xmlType, Body: body}
}

func (k *call) serveSetting(ctx context.Context) (asked setting.Request, value string, err error) {
	asked.Operation = setting.Load
	params, err := k.readForm(MaxSettingBody)
	if err != nil {
		return asked, "", err
	}
	asked, err = setting.ParseRequest(params)
	if errors.Is(err, setting.ErrMessageType) {
		return asked, "", unsupported(string(asked.Operation))
	}
	if err != nil {
		return asked, "", k.badForm(err, asked.ID)
	}
	if err := k.authenticate(ctx, asked.ID); err != nil {
		return asked, "", err
	}
	err = k.settle(ctx, func(tx store.Tx) (err error) {
		value, err = k.changeSetting(tx, asked)
		return err
	})
	return asked, value, err
}

func (k *call) changeSetting(tx store.Tx, asked setting.Request) (string, error) {
	switch asked.Operation {
	case setting.Save:
		return "", store.Settings.Put(tx, lti.ToolSetting{
			Domain: k.course.Domain, Course: k.course.ID, Link: k.link.ID, Value: asked.Value,
		})
	case setting.Delete:
		return "", store.Settings.Delete(tx, k.course.Domain, k.course.ID, k.link.ID)
	}
	kept, err := store.Settings.Read(tx, k.course.Domain, k.course.ID, k.link.ID)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return kept.Value, nil
}

// badForm is a form of the service that lacks something, or has it twice. The
// sender is not known yet and learns nothing of the service.
func (k *call) badForm(err error, id string) *fault {
	f := refuse(lti.CauseMalformed, outcome.IncompleteData, "the message is incomplete, or has something twice")
	f.reason.Detail = err.Error()
	if id == "" {
		f.number = sourcedid.CauseRosterMissing
	}
	return f
}
