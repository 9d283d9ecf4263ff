package simulator

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// toolFrame is what every page of the tool shows around its own content.
type toolFrame struct {
	Tool, Title string
}

type refusedPage struct {
	toolFrame
	Why string
}

type homePage struct {
	toolFrame
	LaunchURL string
	Launches  []Launch // newest first
	Refusals  []Refusal
}

type toolPage struct {
	toolFrame
	Launch     Launch
	Params     []pairView
	Calls      []ToolCall // of this launch, newest first
	Possible   string
	Score      string // in the field: what was typed last
	Slider     string // the same as a decimal, if it is one
	CanPOX     bool
	CanForm    bool
	CanRoster  bool
	CanMembers bool
	CanSet     bool
	HasCell    bool
	Returns    bool
	Error      string
}

type pairView struct{ Name, Value string }

func (t *Tool) showHome(w http.ResponseWriter, _ *http.Request) {
	page := homePage{toolFrame: toolFrame{t.Name, t.Name}, LaunchURL: t.LaunchURL(), Launches: t.Launches(), Refusals: t.Refusals()}
	slices.Reverse(page.Launches)
	slices.Reverse(page.Refusals)
	t.pages.render(w, http.StatusOK, "home", page)
}

func (t *Tool) showLaunch(w http.ResponseWriter, r *http.Request) {
	launch, ok := t.launchByID(r.PathValue("id"))
	if !ok {
		http.Error(w, "no such launch: start from the course", http.StatusNotFound)
		return
	}
	t.renderLaunch(w, http.StatusOK, launch, typed{score: typedScore(r.URL.Query())})
}

// typed is what a person wrote on the launch's page, and what was wrong with it.
type typed struct{ score, fault string }

// typedScore is the score in a form or query; where there is none, one to begin
// with.
func typedScore(values url.Values) string {
	if values.Has("score") {
		return values.Get("score")
	}
	return "0.85"
}

// slider is the score as the slider can show it, "" if it can't.
func (w typed) slider() string {
	read := readScore
	if strings.Contains(w.score, "/") {
		read = readRatio
	}
	score, err := read(strings.TrimSpace(w.score))
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(score, 'f', -1, 64)
}

func (t *Tool) renderLaunch(w http.ResponseWriter, status int, launch Launch, wrote typed) {
	page := toolPage{
		toolFrame:  toolFrame{t.Name, launch.Param("resource_link_title")},
		Launch:     launch,
		Possible:   launch.Param("custom_points_possible"),
		CanPOX:     launch.Param("lis_outcome_service_url") != "",
		CanForm:    launch.Param("ext_ims_lis_basic_outcome_url") != "",
		CanRoster:  launch.Param("ext_ims_lis_memberships_url") != "",
		CanMembers: launch.Param("custom_context_memberships_url") != "",
		CanSet:     launch.Param("ext_ims_lti_tool_setting_url") != "",
		HasCell:    launch.Param("lis_result_sourcedid") != "",
		Returns:    launch.Param("launch_presentation_return_url") != "",
		Score:      wrote.score,
		Slider:     wrote.slider(),
		Error:      wrote.fault,
	}
	for name, values := range launch.Params {
		page.Params = append(page.Params, pairView{name, strings.Join(values, "\n")})
	}
	slices.SortFunc(page.Params, func(a, b pairView) int { return strings.Compare(a.Name, b.Name) })
	for _, call := range t.Calls() {
		if call.Launch == launch.ID {
			page.Calls = append(page.Calls, call)
		}
	}
	slices.Reverse(page.Calls)
	t.pages.render(w, status, "launch", page)
}

func (t *Tool) launchByID(id string) (Launch, bool) {
	launches := t.Launches()
	i := slices.IndexFunc(launches, func(l Launch) bool { return l.ID == id })
	if i < 0 {
		return Launch{}, false
	}
	return launches[i], true
}

// takeAction does what a button of the launch's page asks for. A call that got no
// answer is on the page like any other, so only input is refused here.
func (t *Tool) takeAction(w http.ResponseWriter, r *http.Request) {
	launch, ok := t.launchByID(r.PathValue("id"))
	if !ok {
		http.Error(w, "no such launch: start from the course", http.StatusNotFound)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxServiceBody)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "unreadable form", http.StatusBadRequest)
		return
	}
	if r.PostForm.Get("action") == "return" {
		t.sendBack(w, r, launch)
		return
	}
	if err := t.act(r.Context(), launch, r.PostForm); errors.Is(err, errAction) {
		t.renderLaunch(w, http.StatusBadRequest, launch, typed{typedScore(r.PostForm), err.Error()})
		return
	}
	http.Redirect(w, r, answersPath(launch, r.PostForm), http.StatusSeeOther)
}

// answersPath leads to the answers of a launch, and keeps the score that was
// typed in its field.
func answersPath(launch Launch, form url.Values) string {
	return "/launches/" + url.PathEscape(launch.ID) + "?" + url.Values{"score": {typedScore(form)}}.Encode() + "#answers"
}

var errAction = errors.New("this cannot be sent")

func (t *Tool) act(ctx context.Context, launch Launch, form url.Values) error {
	var err error
	switch form.Get("action") {
	case "post-score":
		return t.postFromPage(ctx, launch, form)
	case "read-score":
		_, err = t.CallResult(ctx, ResultCall{Launch: launch, Kind: "readResult", Form: form.Get("format") == "1.0"})
	case "delete-score":
		_, err = t.CallResult(ctx, ResultCall{Launch: launch, Kind: "deleteResult", Form: form.Get("format") == "1.0"})
	case "fetch-roster":
		_, err = t.Roster(ctx, launch, form.Get("groups") != "")
	case "fetch-memberships":
		_, err = t.Memberships(ctx, launch, 0)
	case "load-setting":
		_, err = t.LoadSetting(ctx, launch)
	case "save-setting":
		_, err = t.SaveSetting(ctx, launch, form.Get("setting"))
	case "delete-setting":
		_, err = t.DeleteSetting(ctx, launch)
	case "resend":
		seq, _ := strconv.Atoi(form.Get("seq")) // 0 names no call, which Resend says
		_, err = t.Resend(ctx, seq)
	default:
		return errAction
	}
	return err
}

// postFromPage posts a score given as a decimal or as got/possible, once or several
// times at once, on request under one message identifier.
func (t *Tool) postFromPage(ctx context.Context, launch Launch, form url.Values) error {
	call := ResultCall{Launch: launch, Kind: "replaceResult", Score: strings.TrimSpace(form.Get("score")), Form: form.Get("format") == "1.0"}
	if strings.Contains(call.Score, "/") {
		score, err := readRatio(call.Score)
		if err != nil {
			return errors.Join(errAction, err)
		}
		call.Score = strconv.FormatFloat(score, 'f', 4, 64)
	}
	times, err := strconv.Atoi(form.Get("times"))
	if err != nil || times < 1 || times > 20 {
		return errors.Join(errAction, errors.New("between 1 and 20 requests at once"))
	}
	if form.Get("same_message_id") != "" {
		call.MessageID = "quizzer-" + t.NewID()
	}
	var calls []func() (Answer, error)
	for range times {
		calls = append(calls, func() (Answer, error) { return t.CallResult(ctx, call) })
	}
	_, err = together(calls)
	return err
}

// sendBack returns the browser to the consumer with a message (LTI 1.1, 3).
func (t *Tool) sendBack(w http.ResponseWriter, r *http.Request, launch Launch) {
	back, err := url.Parse(launch.Param("launch_presentation_return_url"))
	if err != nil || back.Host == "" || (back.Scheme != "http" && back.Scheme != "https") {
		t.renderLaunch(w, http.StatusBadRequest, launch, typed{typedScore(r.PostForm), "The launch named no address to return to."})
		return
	}
	name, logName := "lti_msg", "lti_log"
	if r.PostForm.Get("as") == "error" {
		name, logName = "lti_errormsg", "lti_errorlog"
	}
	query := back.Query()
	if message := r.PostForm.Get("message"); message != "" {
		query.Set(name, message)
		query.Set(logName, "launch "+launch.ID+" returned")
	}
	back.RawQuery = query.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

// toolState is the tool's /state.json. It holds no secret.
type toolState struct {
	Version  int        `json:"version"`
	Launches []Launch   `json:"launches"`
	Refusals []Refusal  `json:"refusals"`
	Calls    []ToolCall `json:"calls"`
}

func (t *Tool) showState(w http.ResponseWriter, _ *http.Request) {
	state := toolState{Version: t.changes.count(), Launches: t.Launches(), Refusals: t.Refusals(), Calls: t.Calls()}
	renderJSON(w, state)
}
