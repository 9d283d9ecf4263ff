package simulator

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Tool is a simulated tool provider: it takes launches, and calls the services the
// launches name. Make one with NewTool and set its fields before the first request.
type Tool struct {
	PublicURL       string // of the tool itself, without a final slash; launches go to PublicURL + "/lti"
	Key, Secret     string // shared with the tool consumer, both directions
	SignatureMethod string // of service calls
	Name            string
	Window          time.Duration // how far a timestamp may be from Now, both ways

	Now    func() time.Time
	NewID  func() string // launch ids, nonces, message identifiers
	Client *http.Client  // makes the service calls

	pages   pages
	mux     *http.ServeMux
	nonces  nonceBook
	changes changes

	mu         sync.Mutex
	launches   []Launch
	selections []Launch // requests for content items
	refusals   []Refusal
	calls      []ToolCall
	sent       []sentRequest // the request of each call, to be sent again as it was
}

// Launch is one accepted launch. Params holds every parameter but the oauth_ ones.
type Launch struct {
	ID     string     `json:"id"`
	At     time.Time  `json:"at"`
	Params url.Values `json:"params"`
}

// Param is the first value of a launch parameter, or "".
func (l Launch) Param(name string) string { return l.Params.Get(name) }

// Refusal is one launch that was refused, and why.
type Refusal struct {
	At  time.Time `json:"at"`
	Why string    `json:"why"`
}

// NewTool returns a tool that is reached under publicURL (absolute, no final slash).
func NewTool(publicURL, key, secret string) *Tool {
	t := &Tool{
		PublicURL: publicURL, Key: key, Secret: secret,
		SignatureMethod: HMACSHA1,
		Name:            "Quizzer",
		Window:          5 * time.Minute,
		Now:             time.Now,
		NewID:           rand.Text,
		Client: &http.Client{
			Timeout: 15 * time.Second,
			// A redirected POST would arrive as a GET, so redirects are shown, not followed.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		pages: parsePages("tool"),
	}
	t.mux = t.routes()
	return t
}

func (t *Tool) routes() *http.ServeMux {
	mux := http.NewServeMux()
	people := http.NewCrossOriginProtection()
	mux.HandleFunc("POST /lti", t.takeLaunch)
	mux.HandleFunc("GET /{$}", t.showHome)
	mux.HandleFunc("GET /launches/{id}", t.showLaunch)
	mux.Handle("POST /launches/{id}", people.Handler(http.HandlerFunc(t.takeAction)))
	mux.HandleFunc("GET /selections/{id}", t.showSelection)
	mux.Handle("POST /selections/{id}", people.Handler(http.HandlerFunc(t.answerSelection)))
	mux.HandleFunc("GET /state.json", t.showState)
	mux.Handle("GET /static/", staticFiles())
	return mux
}

// ServeHTTP serves the tool's launch address and its pages.
func (t *Tool) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guardPages(w)
	t.mux.ServeHTTP(w, r)
}

// LaunchURL is where a tool consumer launches this tool.
func (t *Tool) LaunchURL() string { return strings.TrimSuffix(t.PublicURL, "/") + "/lti" }

// Launches returns every accepted launch, oldest first.
func (t *Tool) Launches() []Launch {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.launches)
}

// Refusals returns every refused launch, oldest first.
func (t *Tool) Refusals() []Refusal {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.refusals)
}

// Until returns nil as soon as done reports true; it is asked at once and after
// every change of the tool. When ctx ends first, its error is returned.
func (t *Tool) Until(ctx context.Context, done func() bool) error {
	return t.changes.until(ctx, done)
}

// takeLaunch accepts a launch and sends the browser to its page, whose address is
// known to nobody else: no cookie is needed, also not in a frame.
func (t *Tool) takeLaunch(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxServiceBody))
	if err != nil {
		http.Error(w, "launch too large or cut short", http.StatusRequestEntityTooLarge)
		return
	}
	now := t.Now()
	v := verifier{publicURL: t.PublicURL, key: t.Key, secret: t.Secret, window: t.Window, now: now, nonces: &t.nonces}
	params, err := v.check(r, body)
	if err != nil {
		t.refuse(w, now, http.StatusUnauthorized, err.Error())
		return
	}
	if params.Get("lti_message_type") == messageSelectionRequest && params.Get("lti_version") == "LTI-1p0" {
		t.takeSelection(w, r, now, params)
		return
	}
	if why := unfitLaunch(params); why != "" {
		t.refuse(w, now, http.StatusBadRequest, why)
		return
	}
	launch := Launch{ID: t.NewID(), At: now.UTC(), Params: params}
	t.mu.Lock()
	t.launches = append(t.launches, launch)
	t.mu.Unlock()
	t.changes.tell()
	http.Redirect(w, r, "/launches/"+url.PathEscape(launch.ID), http.StatusSeeOther)
}

// unfitLaunch says what a signed request lacks to be a launch (LTI 1.1, 3).
func unfitLaunch(params url.Values) string {
	if got := params.Get("lti_message_type"); got != "basic-lti-launch-request" {
		return "lti_message_type is " + got
	}
	if got := params.Get("lti_version"); got != "LTI-1p0" {
		return "lti_version is " + got
	}
	if params.Get("resource_link_id") == "" {
		return "resource_link_id is missing"
	}
	for name, values := range params {
		if len(values) > 1 {
			return name + " occurs more than once"
		}
	}
	return ""
}

func (t *Tool) refuse(w http.ResponseWriter, now time.Time, status int, why string) {
	t.mu.Lock()
	t.refusals = append(t.refusals, Refusal{At: now.UTC(), Why: why})
	t.mu.Unlock()
	t.changes.tell()
	t.pages.render(w, status, "refused", refusedPage{toolFrame{t.Name, "Launch refused"}, why})
}
