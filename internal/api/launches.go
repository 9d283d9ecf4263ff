package api

import (
	"context"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

type launchRecord struct {
	ID        string    `json:"id"`
	Reference string    `json:"reference" doc:"The number that a person was shown."`
	At        time.Time `json:"at"`
	Direction string    `json:"direction" enum:"in,out,service" doc:"in: an LMS launched us; out: we launched a tool; service: a tool's call was refused."`
	Domain    *string   `json:"domain"`
	Consumer  *string   `json:"consumer"`
	Tool      *string   `json:"tool"`
	Key       *string   `json:"key" doc:"The oauth_consumer_key that was sent."`
	Course    *string   `json:"course"`
	Folder    *string   `json:"folder"`
	Link      *string   `json:"link"`
	Username  *string   `json:"username"`
	Role      *string   `json:"role"`
	Refused   bool      `json:"refused"`
	Status    int       `json:"status" doc:"The HTTP status of the answer; 0 if none is known."`
	Cause     *string   `json:"cause" doc:"Why it was refused, as a stable word."`
	Detail    *string   `json:"detail"`
	Hint      *string   `json:"hint"`
	Steps     []string  `json:"steps" nullable:"false" doc:"The decision step by step."`
	Params    []param   `json:"params" nullable:"false" doc:"What was sent, without the signature. A read token sees \"(hidden)\" for what may tell who the person was, here and in the texts."`
	// What the tool said when it sent the person back.
	ToolError    *string `json:"tool_error" doc:"The error that a tool told the person on the way back."`
	ToolErrorLog *string `json:"tool_error_log" doc:"What the tool said of it for the log."`
}

type param struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func newLaunchRecord(l lti.LaunchRecord) launchRecord {
	out := launchRecord{
		ID: l.ID, Reference: lti.Reference(l.ID), At: l.At.UTC(), Direction: l.Direction,
		Domain: optional(l.Domain), Consumer: optional(l.Consumer), Tool: optional(l.Tool), Key: optional(l.Key),
		Course: optional(l.Course), Folder: optional(l.Folder), Link: optional(l.Link),
		Username: optional(l.Username), Role: optional(string(l.Role)),
		Refused: l.Refused, Status: l.Status, Cause: optional(l.Cause), Detail: optional(l.Detail), Hint: optional(l.Hint),
		Steps: append([]string{}, l.Steps...), Params: make([]param, 0, len(l.Params)),
	}
	if r := l.Returned; r != nil {
		out.ToolError, out.ToolErrorLog = optional(r.ErrorMessage), optional(r.ErrorLog)
	}
	for _, p := range l.Params {
		out.Params = append(out.Params, param{p[0], p[1]})
	}
	return out
}

type launchesInput struct {
	Page
	Consumer string `query:"consumer" doc:"Only those of this tool consumer: its id, or domain/id."`
	Refused  string `query:"refused" enum:"true,false" doc:"Only those that were refused, or only those that were not."`
}

func (in *launchesInput) wants(l lti.LaunchRecord) bool {
	if in.Refused != "" && l.Refused != (in.Refused == "true") {
		return false
	}
	domain, id, both := strings.Cut(in.Consumer, "/")
	if both {
		return l.Domain == domain && l.Consumer == id
	}
	return in.Consumer == "" || l.Consumer == in.Consumer
}

func (s *Server) launches(ctx context.Context, in *launchesInput) (*listed[launchRecord], error) {
	if err := in.check(""); err != nil {
		return nil, err
	}
	var items []launchRecord
	var next string
	err := s.Store.View(ctx, func(tx store.Tx) error {
		items = nil
		var records []lti.LaunchRecord
		var err error
		records, next, err = sift(in.Page, func(before string, limit int) ([]lti.LaunchRecord, string, error) {
			return store.Launches.ListBack(tx, "", before, limit)
		}, store.Launches.Key, in.wants)
		for _, l := range records {
			if !operatorOf(ctx).admin() {
				l = l.Redacted()
			}
			items = append(items, newLaunchRecord(l))
		}
		return err
	})
	return newList(items, next), err
}
