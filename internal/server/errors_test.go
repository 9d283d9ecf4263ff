package server_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/server"
	"github.com/ltihub/ltihub/internal/store"
)

// statuses has a row for every cause.
func statuses() map[lti.Cause]int {
	return map[lti.Cause]int{
		lti.CauseMalformed:       http.StatusBadRequest,
		lti.CauseTooLarge:        http.StatusRequestEntityTooLarge,
		lti.CauseContentType:     http.StatusUnsupportedMediaType,
		lti.CauseMessageType:     http.StatusBadRequest,
		lti.CauseVersion:         http.StatusBadRequest,
		lti.CauseMissing:         http.StatusBadRequest,
		lti.CauseRepeated:        http.StatusBadRequest,
		lti.CauseUnknownKey:      http.StatusUnauthorized,
		lti.CauseMethod:          http.StatusUnauthorized,
		lti.CauseTimestamp:       http.StatusUnauthorized,
		lti.CauseTimestampOld:    http.StatusUnauthorized,
		lti.CauseTimestampFuture: http.StatusUnauthorized,
		lti.CauseBodyHash:        http.StatusUnauthorized,
		lti.CauseSignature:       http.StatusUnauthorized,
		lti.CauseNonceUsed:       http.StatusConflict,
		lti.CauseNonceStale:      http.StatusUnauthorized,
		lti.CauseDisabled:        http.StatusForbidden,
		lti.CauseNotEnabled:      http.StatusForbidden,
		lti.CauseInstance:        http.StatusForbidden,
		lti.CausePending:         http.StatusNotFound,
		lti.CauseNoUser:          http.StatusBadRequest,
		lti.CauseNoAccount:       http.StatusForbidden,
		lti.CauseNoCourse:        http.StatusNotFound,
		lti.CauseUnknownCourse:   http.StatusNotFound,
		lti.CauseUnknownFolder:   http.StatusNotFound,
		lti.CauseUnknownLink:     http.StatusNotFound,
		lti.CauseCourseConflict:  http.StatusForbidden,
		lti.CauseNoRole:          http.StatusForbidden,
		lti.CauseNotOpen:         http.StatusForbidden,
		lti.CauseServiceID:       http.StatusInternalServerError, // no launch has it
		lti.CauseServiceOff:      http.StatusForbidden,
		lti.CauseScore:           http.StatusInternalServerError, // no launch has it
		lti.CauseNoTool:          http.StatusNotFound,
		lti.CauseTicket:          http.StatusNotFound,
		lti.CauseUnavailable:     http.StatusServiceUnavailable,
		lti.CauseInternal:        http.StatusInternalServerError,
	}
}

// causes reads the constants of the type lti.Cause from its source.
func causes(t *testing.T) []lti.Cause {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../lti/refusal.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []lti.Cause
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Cause" {
			return true
		}
		for _, v := range spec.Values {
			text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, lti.Cause(text))
		}
		return true
	})
	return found
}

func TestEveryCauseHasARow(t *testing.T) {
	t.Parallel()
	found := causes(t)
	if len(found) < 30 {
		t.Fatalf("only %d causes were found", len(found))
	}
	for _, cause := range found {
		if _, ok := statuses()[cause]; !ok {
			t.Errorf("the cause %s has no row", cause)
		}
	}
	for cause := range statuses() {
		if !slices.Contains(found, cause) {
			t.Errorf("the row %s is of no cause", cause)
		}
	}
}

// reference is the number on a page of refusal.
var reference = regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}`)

func TestRefusedLaunchTellsAStrangerNothing(t *testing.T) {
	t.Parallel()
	for cause, want := range statuses() {
		t.Run(string(cause), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Provider.Enrol = func(store.Tx, lti.Believed) (lti.Arrival, error) {
				return lti.Arrival{}, &lti.Refusal{Cause: cause, Detail: "canary detail", Hint: "canary hint"}
			}
			got := w.do(w.launch(toQuiz))
			if got.Code != want || server.Status(cause) != want {
				t.Fatalf("launch = %d, Status() = %d, want %d", got.Code, server.Status(cause), want)
			}
			page := got.Body.String()
			for _, secret := range []string{"canary", "lms-secret", string(cause) + ":", "goroutine"} {
				if strings.Contains(page, secret) {
					t.Errorf("the page shows %q:\n%s", secret, page)
				}
			}
			if !reference.MatchString(page) || !strings.Contains(page, `href="`+lmsURL+"/return") {
				t.Errorf("the page lacks the reference number or the way back:\n%s", page)
			}
			if got.Header().Get("Set-Cookie") != "" || got.Header().Get("Location") != "" {
				t.Errorf("a refused launch answers with %v", got.Header())
			}
			if got.Header().Get("Retry-After") != "" != (want == http.StatusServiceUnavailable) {
				t.Errorf("Retry-After = %q with %d", got.Header().Get("Retry-After"), want)
			}
			if log := w.log.String(); !strings.Contains(log, "canary detail") || !strings.Contains(log, `"cause":"`+string(cause)+`"`) {
				t.Errorf("the log does not say why:\n%s", log)
			}
			if n := w.metric(`ltihub_launches_total{outcome="` + string(cause) + `"}`); n != "1" {
				t.Errorf("the cause was counted %q times", n)
			}
		})
	}
}

func TestUnbelievedLaunchGetsNoWayBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := w.do(w.forged()).Body.String()
	if strings.Contains(page, lmsURL) || !reference.MatchString(page) {
		t.Errorf("the page of a forged launch leads back, or has no reference:\n%s", page)
	}
}

func TestUnknownKeyLooksLikeABadSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	forged := w.do(w.forged())
	w.lms.Key = "nobody"
	unknown := w.do(w.launch(toQuiz))
	blank := func(page string) string { return reference.ReplaceAllString(page, "REF") }
	if forged.Code != unknown.Code || blank(forged.Body.String()) != blank(unknown.Body.String()) {
		t.Errorf("%d and %d:\n%s\n%s", forged.Code, unknown.Code, forged.Body, unknown.Body)
	}
}

func TestLaunchWithoutARoleSaysWhatWasSent(t *testing.T) {
	t.Parallel()
	instructors := func(c *lti.ToolConsumer) { c.SelfEnrol = []string{"Instructor"} }
	tests := []struct {
		name, roles string
		configure   func(*lti.ToolConsumer)
		want        []string // on the page
	}{
		{"none sent", "", func(c *lti.ToolConsumer) { c.Users.Create = lti.CreateExisting }, []string{"Campus LMS opened the course for you without saying which role you have"}},
		{"unmapped", "Mentor,<b>", func(c *lti.ToolConsumer) { c.Users.CreateFor = []string{"Mentor"} }, []string{"has no meaning here yet", "<code>Mentor</code>, <code>&lt;b&gt;</code>"}},
		{"not self-enrolling", "Learner", instructors, []string{"may not enrol itself here", "<code>Learner</code>", "Ask your teacher to add you"}},
		{"nameless LMS", "Learner", func(c *lti.ToolConsumer) { instructors(c); c.Name = "" }, []string{"campus opened the course"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.change(func(tx store.Tx) error { // ada is known already, but in no course
				if err := store.Users.Put(tx, lti.User{Domain: "uni", Username: "ada", Handle: "h"}); err != nil {
					return err
				}
				return store.Bindings.Put(tx, lti.Binding{Domain: "uni", Consumer: "campus", Value: "ada", Username: "ada"})
			})
			w.configure(tt.configure)
			got := w.do(w.launch(toQuiz, func(f url.Values) { f.Set("roles", tt.roles) }))
			page := got.Body.String()
			for _, want := range append(tt.want, "You are not a member", lmsURL+"/return") {
				if !strings.Contains(page, want) {
					t.Errorf("the page lacks %q:\n%s", want, page)
				}
			}
			if got.Code != http.StatusForbidden || !reference.MatchString(page) {
				t.Errorf("launch = %d with the reference %q", got.Code, reference.FindString(page))
			}
			if csp := got.Header().Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors *") {
				t.Errorf("an LMS may not show the page: %s", csp)
			}
		})
	}
}
