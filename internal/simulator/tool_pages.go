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
	Launch    Launch
	Params    []pairView
	Calls     []ToolCall // of this launch, newest first
	Possible  string
	CanPOX    bool
	CanForm   bool
	CanRoster bool
	CanSet    bool
	HasCell   bool
	Returns   bool
	Error     string
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
	t.renderLaunch(w, http.StatusOK, launch, "")
}

func (t *Tool) renderLaunch(w http.ResponseWriter, status int, launch Launch, fault string) {
	page := toolPage{
		toolFrame: toolFrame{t.Name, launch.Param("resource_link_title")},
		Launch:    launch,
		Possible:  launch.Param("custom_points_possible"),
		CanPOX:    launch.Param("lis_outcome_service_url") != "",
		CanForm:   launch.Param("ext_ims_lis_basic_outcome_url") != "",
		CanRoster: launch.Param("ext_ims_lis_memberships_url") != "",
		CanSet:    launch.Param("ext_ims_lti_tool_setting_url") != "",
		HasCell:   launch.Param("lis_result_sourcedid") != "",
		Returns:   launch.Param("launch_presentation_return_url") != "",
		Error:     fault,
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
		t.renderLaunch(w, http.StatusBadRequest, launch, err.Error())
		return
	}
	http.Redirect(w, r, "/launches/"+url.PathEscape(launch.ID)+"#answers", http.StatusSeeOther)
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
		t.renderLaunch(w, http.StatusBadRequest, launch, "The launch named no address to return to.")
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
