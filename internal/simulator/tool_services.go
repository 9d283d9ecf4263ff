package simulator

import (
	"cmp"
	"context"
	"net/url"
	"time"
)

// ResultCall is a call of the outcome service in detail. Only Launch and Kind are
// needed; what is empty comes from the launch and the tool. The rest is for tests:
// to forge, to repeat, to speak the 1.0 form.
type ResultCall struct {
	Launch    Launch
	Kind      string // replaceResult, readResult, deleteResult
	Score     string // sent as it is, sensible or not
	SourcedID string
	MessageID string
	Nonce     string
	Secret    string        // sign with another secret
	Skew      time.Duration // added to the timestamp
	Form      bool          // speak the 1.0 form instead of POX
	ValueType string        // of the 1.0 form: decimal (default), percentage, ratio
	// SubmittedAt and NeedsReview go along with POX, for consumers that announced
	// them.
	SubmittedAt time.Time
	NeedsReview bool
}

// PostScore sends score, a decimal between 0 and 1 as text, for the launch's user.
func (t *Tool) PostScore(ctx context.Context, launch Launch, score string) (Answer, error) {
	return t.CallResult(ctx, ResultCall{Launch: launch, Kind: "replaceResult", Score: score})
}

// PostScores sends several scores at once, not one after the other. The answers are
// in the order of the scores; the error joins those of all.
func (t *Tool) PostScores(ctx context.Context, launch Launch, scores ...string) ([]Answer, error) {
	var calls []func() (Answer, error)
	for _, score := range scores {
		calls = append(calls, func() (Answer, error) { return t.PostScore(ctx, launch, score) })
	}
	return together(calls)
}

// ReadScore asks for the score the consumer holds; Answer.Score is "" without one.
func (t *Tool) ReadScore(ctx context.Context, launch Launch) (Answer, error) {
	return t.CallResult(ctx, ResultCall{Launch: launch, Kind: "readResult"})
}

// DeleteScore asks the consumer to forget the score.
func (t *Tool) DeleteScore(ctx context.Context, launch Launch) (Answer, error) {
	return t.CallResult(ctx, ResultCall{Launch: launch, Kind: "deleteResult"})
}

// CallResult makes the call as described. An answer, of whatever kind, is no error.
func (t *Tool) CallResult(ctx context.Context, c ResultCall) (Answer, error) {
	s := t.signer()
	s.nonce, s.secret, s.at = cmp.Or(c.Nonce, s.nonce), cmp.Or(c.Secret, s.secret), s.at.Add(c.Skew)
	sourcedID := cmp.Or(c.SourcedID, c.Launch.Param("lis_result_sourcedid"))
	if c.Form {
		return t.sendForm(ctx, c.Launch, c.Launch.Param("ext_ims_lis_basic_outcome_url"), resultForm(c, sourcedID, s.at), s)
	}
	message := poxRequest{Kind: c.Kind, MessageID: cmp.Or(c.MessageID, "quizzer-"+t.NewID()), SourcedID: sourcedID, Score: c.Score}
	if !c.SubmittedAt.IsZero() && c.Launch.Param("ext_outcome_submission_submitted_at_accepted") == "true" {
		message.SubmittedAt = c.SubmittedAt.UTC().Format(time.RFC3339Nano)
	}
	message.NeedsReview = c.NeedsReview && c.Launch.Param("ext_outcome_submission_needs_additional_review_accepted") == "true"
	return t.sendPOX(ctx, c.Launch, c.Launch.Param("lis_outcome_service_url"), message, s)
}

func resultForm(c ResultCall, sourcedID string, at time.Time) url.Values {
	kinds := map[string]string{"replaceResult": "basic-lis-updateresult", "readResult": "basic-lis-readresult", "deleteResult": "basic-lis-deleteresult"}
	form := url.Values{
		"lti_message_type":              {cmp.Or(kinds[c.Kind], c.Kind)},
		"sourcedid":                     {sourcedID},
		"result_resultvaluesourcedid":   {cmp.Or(c.ValueType, "decimal")},
		"result_resultscore_language":   {"en-US"},
		"result_statusofresult":         {"final"},
		"result_date":                   {at.UTC().Format(time.RFC3339)},
		"result_resultscore_textstring": {c.Score},
	}
	if c.Kind == "deleteResult" {
		form.Set("result_resultscore_textstring", "0") // Sakai refuses an empty one
	}
	return form
}

// Roster asks for the members of the launch's course, with or without their groups.
// The id goes under both names that are in use.
func (t *Tool) Roster(ctx context.Context, launch Launch, withGroups bool) (Answer, error) {
	kind := "basic-lis-readmembershipsforcontext"
	if withGroups {
		kind += "withgroups"
	}
	id := launch.Param("ext_ims_lis_memberships_id")
	form := url.Values{"lti_message_type": {kind}, "id": {id}, "ext_ims_lis_memberships_id": {id}}
	return t.sendForm(ctx, launch, launch.Param("ext_ims_lis_memberships_url"), form, t.signer())
}

// LoadSetting asks for the text the consumer keeps for the launch's link.
func (t *Tool) LoadSetting(ctx context.Context, launch Launch) (Answer, error) {
	return t.callSetting(ctx, launch, url.Values{"lti_message_type": {"basic-lti-loadsetting"}})
}

// SaveSetting replaces that text.
func (t *Tool) SaveSetting(ctx context.Context, launch Launch, value string) (Answer, error) {
	return t.callSetting(ctx, launch, url.Values{"lti_message_type": {"basic-lti-savesetting"}, "setting": {value}})
}

// DeleteSetting removes it.
func (t *Tool) DeleteSetting(ctx context.Context, launch Launch) (Answer, error) {
	return t.callSetting(ctx, launch, url.Values{"lti_message_type": {"basic-lti-deletesetting"}})
}

func (t *Tool) callSetting(ctx context.Context, launch Launch, form url.Values) (Answer, error) {
	form.Set("id", launch.Param("ext_ims_lti_tool_setting_id"))
	return t.sendForm(ctx, launch, launch.Param("ext_ims_lti_tool_setting_url"), form, t.signer())
}

// AskForLogout tells the consumer which URL to request when the launch's user leaves
// it, if the launch named such a service.
func (t *Tool) AskForLogout(ctx context.Context, launch Launch, callback string) (Answer, error) {
	return t.sendForm(ctx, launch, launch.Param("custom_logout_service_url"), url.Values{"callback": {callback}}, t.signer())
}
