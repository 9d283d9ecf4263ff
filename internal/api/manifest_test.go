package api_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/api"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

func TestManifestGoesInAndOut(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	out := h.call(t, configured, "GET", "/manifest?secrets=true", "")
	if out.status != 200 || out.header.Get("Content-Type") != "application/yaml" || !strings.Contains(out.body, "lms-secret") {
		t.Fatalf("export: %d %s\n%s", out.status, out.header.Get("Content-Type"), out.body)
	}
	if plain := h.call(t, h.read, "GET", "/manifest", ""); strings.Contains(plain.body, "-secret") {
		t.Errorf("export without secrets:\n%s", plain.body)
	}
	again := h.call(t, configured, "PUT", "/manifest", out.body)
	h.want(t, again, 200)
	wantJSON(t, decode(t, again.body), `{
		"domains":{"created":[],"updated":[],"unchanged":["uni"]},
		"users":{"created":[],"updated":[],"unchanged":["ada:uni","bob:uni"]},
		"tool_consumers":{"created":[],"updated":[],"unchanged":["uni/campus"]},
		"tools":{"created":[],"updated":[],"unchanged":["uni/quizzer"]},
		"courses":{"created":[],"updated":[],"unchanged":["uni/phys101"]},
		"members":{"created":[],"updated":[],"unchanged":["uni/phys101/ada","uni/phys101/bob"]},
		"warnings":[]}`)
}

func TestManifestWithFaultsChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.call(t, configured, "PUT", "/manifest", "version: 1\ndomains: [{id: new}]\ntools:\n- {domain: none, id: t}\n- {domain: uni, id: t}\n")
	h.want(t, a, 422)
	wantJSON(t, decode(t, a.body), `{"title":"Unprocessable Entity","status":422,"detail":"the manifest has faults; nothing was changed",
		"errors":[{"message":"line 4: tools[0].domain: there is no domain none","location":"tools[0].domain"},
			{"message":"line 5: tools[1].url: is missing; a new tool needs one","location":"tools[1].url"},
			{"message":"line 5: tools[1].key: is missing; a new tool needs one","location":"tools[1].key"},
			{"message":"line 5: tools[1].secret: is missing; a new tool needs one","location":"tools[1].secret"}],
		"faults":[{"line":4,"path":"tools[0].domain","text":"there is no domain none"},
			{"line":5,"path":"tools[1].url","text":"is missing; a new tool needs one"},
			{"line":5,"path":"tools[1].key","text":"is missing; a new tool needs one"},
			{"line":5,"path":"tools[1].secret","text":"is missing; a new tool needs one"}]}`)
	if out := h.call(t, h.read, "GET", "/manifest", ""); strings.Contains(out.body, "new") {
		t.Errorf("it was applied in part:\n%s", out.body)
	}
	h.want(t, h.call(t, configured, "PUT", "/manifest", "#"+strings.Repeat("x", 5<<20+1)), 413)
	h.want(t, h.call(t, configured, "PUT", "/manifest", "#"+strings.Repeat("x", 5<<20)), 422)
}

func TestTokensAreShownOnce(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.call(t, configured, "GET", "/tokens", "")
	h.want(t, a, 200)
	wantJSON(t, decode(t, a.body), fmt.Sprintf(`{"items":[{"id":%q,"name":"reader","role":"read","created":"2026-03-04T05:06:07Z","revoked":null}],"next":""}`, api.HashToken(h.read)))
	h.want(t, h.call(t, configured, "POST", "/tokens", `{"name":"x","role":"owner"}`), 422)
	h.want(t, h.call(t, configured, "DELETE", "/tokens/none", ""), 404)
	h.want(t, h.call(t, configured, "DELETE", "/tokens/"+api.HashToken(h.read), ""), 204)
	h.want(t, h.call(t, configured, "DELETE", "/tokens/"+api.HashToken(h.read), ""), 204)
	var actions []string
	err := h.store.View(t.Context(), func(tx store.Tx) error {
		actions = nil
		return store.Audit.All(tx, "", func(e lti.AuditEntry) error {
			actions = append(actions, e.By+": "+e.Action+" "+e.Object)
			return nil
		})
	})
	want := []string{"configured token: apply manifest", "configured token: create token token reader", "configured token: revoke token token reader"}
	if err != nil || !slices.Equal(actions, want) {
		t.Errorf("audit %q, %v, want %q", actions, err, want)
	}
}

func TestBackupIsTheStore(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.call(t, configured, "GET", "/backup", "")
	if a.status != 200 || a.header.Get("Content-Type") != "application/octet-stream" {
		t.Fatalf("status %d, %v", a.status, a.header)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(path, []byte(a.body), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := bolt.Open(path, bolt.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	err = s.View(t.Context(), func(tx store.Tx) error {
		_, err := store.Users.Get(tx, "uni", "ada")
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestBackupOfAClosedStoreIsAnError(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	if a := h.call(t, configured, "GET", "/backup", ""); a.status != 500 {
		t.Errorf("status %d, want 500", a.status)
	}
	if a := h.call(t, h.read, "GET", "/users/uni/ada", ""); a.status != 503 {
		t.Errorf("status %d, want 503: %s", a.status, a.body)
	}
}

var update = flag.Bool("update", false, "rewrite the golden files")

func TestOpenAPIListsEveryOperation(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	a := h.call(t, "", "GET", "/openapi.json", "")
	if a.status != 200 {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	doc := decode(t, a.body).(map[string]any)
	var b strings.Builder
	paths := doc["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for _, method := range slices.Sorted(maps.Keys(paths[path].(map[string]any))) {
			fmt.Fprintf(&b, "%s %s\n", strings.ToUpper(method), path)
		}
	}
	export := fmt.Sprint(paths["/manifest"].(map[string]any)["get"].(map[string]any)["responses"])
	if !strings.Contains(export, "application/yaml") || strings.Contains(export, "base64") {
		t.Errorf("the export is documented as %s", export)
	}
	if *update {
		if err := os.WriteFile("testdata/operations.txt", []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("operations:\n%s\nwant:\n%s", b.String(), want)
	}
}
