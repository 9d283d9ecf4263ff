package egress_test

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/egress"
)

// redirecting sends /N to the place in the query with status N, and answers
// everything else with "here".
func redirecting(t testing.TB) string {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if status, err := strconv.Atoi(r.URL.Path[1:]); err == nil {
			w.Header().Set("Location", r.URL.Query().Get("to"))
			w.WriteHeader(status)
			return
		}
		_, _ = io.WriteString(w, "here"+r.Header.Get("Referer"))
	})
}

func TestGetFollowsWithinItsHost(t *testing.T) {
	t.Parallel()
	url := redirecting(t)
	c := local(egress.Options{})
	for _, status := range []string{"301", "302", "303", "307", "308"} {
		for _, to := range []string{"/there", url + "/there", "/302?to=/there"} {
			got, err := get(t, c, url+"/"+status+"?to="+to)
			if err != nil || string(got.Body) != "here" {
				t.Errorf("%s to %s: Do = %q, %v, want here", status, to, got.Body, err)
			}
		}
	}
}

func TestDoRefusesRedirect(t *testing.T) {
	t.Parallel()
	tr := newTrap(t)
	url := redirecting(t)
	c := local(egress.Options{}) // the trap's address is allowed, its host another
	tests := []struct{ name, method, to, place string }{
		{"to another port", http.MethodGet, "http://127.0.0.1:" + tr.port + "/x?t=hush", "http://127.0.0.1:" + tr.port + "/x"},
		{"to another address", http.MethodGet, "http://127.0.0.2:" + tr.port, "http://127.0.0.2:" + tr.port},
		{"to the metadata service", http.MethodGet, "http://169.254.169.254/latest", "http://169.254.169.254/latest"},
		{"to gopher", http.MethodGet, "gopher://127.0.0.1:" + tr.port + "/x", "gopher://127.0.0.1"},
		{"to a file", http.MethodGet, "file:///etc/passwd", "file:"},
		{"of a POST within the host", http.MethodPost, "/there", url + "/there"},
		{"of a POST elsewhere", http.MethodPost, "http://127.0.0.1:" + tr.port, "127.0.0.1:" + tr.port},
		{"of a PUT", http.MethodPut, "/there", url + "/there"},
	}
	for _, tt := range tests {
		for _, status := range []string{"301", "302", "303", "307", "308"} {
			t.Run(tt.name+" "+status, func(t *testing.T) {
				got, err := c.Do(t.Context(), request(t, tt.method, url+"/"+status+"?to="+tt.to, "grade"))
				if !errors.Is(err, egress.ErrRedirect) || got.Status != 0 {
					t.Fatalf("Do = %d, %v, want ErrRedirect", got.Status, err)
				}
				if !strings.Contains(err.Error(), tt.place) || strings.Contains(err.Error(), "hush") {
					t.Errorf("error %q: want the place %q without its query", err, tt.place)
				}
			})
		}
	}
}

func TestDoRefusesRedirectOfBodyThatCannotBeSentAgain(t *testing.T) {
	t.Parallel()
	url := redirecting(t)
	req := request(t, http.MethodPost, url+"/307?to=/there", "grade")
	req.GetBody = nil
	if _, err := local(egress.Options{}).Do(t.Context(), req); !errors.Is(err, egress.ErrRedirect) {
		t.Errorf("Do error = %v, want ErrRedirect", err)
	}
}

func TestRedirectsEnd(t *testing.T) {
	t.Parallel()
	asked := 0
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/again", http.StatusFound)
	})
	if _, err := get(t, local(egress.Options{}), url); !errors.Is(err, egress.ErrRedirect) {
		t.Errorf("Do error = %v, want ErrRedirect", err)
	}
	if asked != 4 {
		t.Errorf("%d requests, want 1 and 3 redirects", asked)
	}
}

func TestAnswerWithoutPlaceIsNoRedirect(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	if got, err := get(t, local(egress.Options{}), url); err != nil || got.Status != http.StatusNotModified {
		t.Errorf("Do = %d, %v, want 304", got.Status, err)
	}
}
