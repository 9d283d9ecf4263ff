package server_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// spyOnEnrol notes the tail of the next launch, and refuses it.
func (w *world) spyOnEnrol(tail *lti.Tail) (asked *bool) {
	asked = new(bool)
	w.Provider.Enrol = func(_ store.Tx, b lti.Believed) (lti.Arrival, error) {
		*asked, *tail = true, b.Tail
		return lti.Arrival{}, lti.Refuse(lti.CauseUnknownCourse, "only looking")
	}
	return asked
}

func TestTailsAreUnescapedOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path string
		want       lti.Tail
	}{
		{"none", "/lti/launch", lti.Tail{}},
		{"course", "/lti/launch/uni/phys101", lti.Tail{Domain: "uni", Course: "phys101"}},
		{"folder", "/lti/launch/uni/phys101/f/week1", lti.Tail{Domain: "uni", Course: "phys101", Folder: "week1"}},
		{"link", "/lti/launch/uni/phys101/l/quiz1", lti.Tail{Domain: "uni", Course: "phys101", Link: "quiz1"}},
		{"short code", "/lti/launch/tiny/uni/q1", lti.Tail{Domain: "uni", Tiny: "q1"}},
		{"domain called tiny", "/lti/launch/tiny/phys101", lti.Tail{Domain: "tiny", Course: "phys101"}},
		{"folder in a domain called tiny", "/lti/launch/tiny/phys101/f/week1", lti.Tail{Domain: "tiny", Course: "phys101", Folder: "week1"}},
		{"escaped slash", "/lti/launch/uni/phys%2F101", lti.Tail{Domain: "uni", Course: "phys/101"}},
		{"escaped slash makes no more parts", "/lti/launch/uni/phys101%2Fl%2Fquiz1", lti.Tail{Domain: "uni", Course: "phys101/l/quiz1"}},
		{"escaped blank", "/lti/launch/uni/phys%20101", lti.Tail{Domain: "uni", Course: "phys 101"}},
		{"escaped blank and slash", "/lti/launch/uni/a%20b%2Fc/l/d%20e", lti.Tail{Domain: "uni", Course: "a b/c", Link: "d e"}},
		{"plus", "/lti/launch/uni/c++", lti.Tail{Domain: "uni", Course: "c++"}},
		{"letters", "/lti/launch/uni/%C3%BCbung", lti.Tail{Domain: "uni", Course: "übung"}},
		{"escaped where needless", "/lti/launch/uni/%70hys101", lti.Tail{Domain: "uni", Course: "phys101"}},
		{"escaped escape", "/lti/launch/uni/a%2520b", lti.Tail{Domain: "uni", Course: "a%20b"}},
		{"escaped escape and slash", "/lti/launch/uni/a%252Fb%2Fc", lti.Tail{Domain: "uni", Course: "a%2Fb/c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var got lti.Tail
			asked := w.spyOnEnrol(&got)
			w.do(w.launch(tt.path))
			if !*asked || got != tt.want {
				t.Errorf("the tail of %s is %+v (asked %t), want %+v", tt.path, got, *asked, tt.want)
			}
		})
	}
}

func TestLaunchLeadsToItsPlace(t *testing.T) {
	t.Parallel()
	folder := lti.Folder{ID: "week 1#?", Links: []lti.ResourceLink{{ID: "quiz/1", Tool: "quizzer", Title: "Quiz", Tiny: "q"}}}
	tests := []struct {
		name, path string
		want       string // up to the query
		fragment   string
	}{
		{"course", "/lti/launch/uni/a%20b", "/courses/uni/a%20b", ""},
		{"folder", "/lti/launch/uni/a%20b/f/week%201%23%3F", "/courses/uni/a%20b", "folder-week 1#?"},
		{"link", "/lti/launch/uni/a%20b/l/quiz%2F1", "/courses/uni/a%20b/l/quiz%2F1", ""},
		{"short code", "/lti/launch/tiny/uni/q", "/courses/uni/a%20b/l/quiz%2F1", ""},
	}
	for _, stated := range []bool{true, false} {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				c := course("a b")
				c.Folders = []lti.Folder{folder}
				w.change(func(tx store.Tx) error { return store.Courses.Put(tx, c) })
				w.configure(func(c *lti.ToolConsumer) { c.UserIdentity = stated })
				got := w.do(w.launch(tt.path))
				to, err := url.Parse(got.Header().Get("Location"))
				if err != nil || got.Code != http.StatusSeeOther {
					t.Fatalf("launch = %d to %q (%v)\n%s", got.Code, got.Header().Get("Location"), err, got.Body)
				}
				if !stated { // a pass, and nobody to show the place to
					if !strings.HasPrefix(to.Path, "/pass/") || to.Query().Get("k") == "" || !strings.Contains(got.Header().Get("Set-Cookie"), "hubpass_") {
						t.Errorf("launch leads to %s with the cookie %q, want a pass", to, got.Header().Get("Set-Cookie"))
					}
					return
				}
				if to.EscapedPath() != tt.want || to.Fragment != tt.fragment || to.Host != "" {
					t.Errorf("launch leads to %s, want %s#%s", to, tt.want, tt.fragment)
				}
				if !to.Query().Has("s") || !to.Query().Has("t") || got.Header().Get("Set-Cookie") == "" {
					t.Errorf("the launch leads to %s with the cookie %q", to, got.Header().Get("Set-Cookie"))
				}
			})
		}
	}
}

func TestLaunchOpensAGuardedSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.do(w.launch(toQuiz))
	cookie, err := http.ParseSetCookie(got.Header().Get("Set-Cookie"))
	if err != nil {
		t.Fatal(err)
	}
	if !cookie.Secure || !cookie.HttpOnly || !cookie.Partitioned || cookie.SameSite != http.SameSiteNoneMode || !strings.HasPrefix(cookie.Name, "__Host-") {
		t.Errorf("the cookie is %s", got.Header().Get("Set-Cookie"))
	}
	if log := w.log.String(); strings.Contains(log, cookie.Value) || strings.Contains(log, "lms-secret") || strings.Contains(log, "Ada") {
		t.Errorf("the log tells too much:\n%s", log)
	}
}

// An LMS may send neither a return URL nor its own: then only its page, which
// posted the launch, tells who may frame us.
func TestOriginOfTheLaunchMayFrameTheSession(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		origins []string // Origin headers
		want    []string
	}{
		{"page of the LMS", []string{"https://other.example:8443"}, []string{"https://other.example:8443"}},
		{"http", []string{"http://lms.local"}, []string{"http://lms.local"}},
		{"hidden", []string{"null"}, nil},
		{"none", nil, nil},
		{"twice", []string{"https://a.example", "https://b.example"}, nil},
		{"no web page", []string{"chrome-extension://abcdef"}, nil},
		{"all", []string{"https://*"}, nil},
		{"a directive", []string{"https://a.example; script-src *"}, nil},
		{"long", []string{"https://" + strings.Repeat("a", 300)}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			req := w.launch(toQuiz, func(f url.Values) {
				f.Del("launch_presentation_return_url")
				f.Del("tool_consumer_instance_url")
			})
			req.Header["Origin"] = tt.origins
			to, err := url.Parse(w.do(req).Header().Get("Location"))
			if err != nil || to.Query().Get("s") == "" {
				t.Fatalf("launch leads to %v (%v)", to, err)
			}
			var record lti.LaunchRecord
			w.change(func(tx store.Tx) (err error) {
				record, err = store.Launches.Get(tx, to.Query().Get("s"))
				return err
			})
			if got := record.Session.Origins; !slices.Equal(got, tt.want) {
				t.Errorf("Origins = %q, want %q", got, tt.want)
			}
		})
	}
}
