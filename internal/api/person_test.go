package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func TestMergeAndUndo(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	put(t, h, store.Bindings, lti.Binding{Domain: "uni", Consumer: "campus", Value: "42", UserID: "42", Username: "bob", How: "auto"})
	put(t, h, store.Users, lti.User{Domain: "uni", Username: "bea", Handle: "h"})
	wantJSON(t, h.get(t, "/users/uni/bob/bindings"), `{"items":[{"consumer":"campus","value":"42","user_id":"42","how":"auto","created":null,"seen":null,"confirmed":null,"unlinked":null}],"next":""}`)
	path := "/users/uni/bob/merge"
	h.want(t, h.call(t, h.read, "POST", path, `{"into":"bea"}`), http.StatusForbidden)
	h.want(t, h.call(t, configured, "POST", path, `{"into":"nobody"}`), http.StatusUnprocessableEntity)
	h.want(t, h.call(t, configured, "POST", path+"?dry_run=true", `{"into":"bea"}`), http.StatusOK)
	a := h.call(t, configured, "POST", path, `{"into":"bea"}`)
	h.want(t, a, http.StatusOK)
	var merge struct{ ID, From, Into string }
	if err := json.Unmarshal([]byte(a.body), &merge); err != nil || merge.ID == "" || merge.From != "bob" || merge.Into != "bea" {
		t.Fatalf("merge = %+v, %v", merge, err)
	}
	if b := h.call(t, h.read, "GET", "/users/uni/bea/bindings", "").body; !strings.Contains(b, `"42"`) {
		t.Errorf("bea's bindings are %s", b)
	}
	wantJSON(t, decode(t, h.call(t, configured, "POST", "/merges/"+merge.ID+"/undo", "").body), `{"id":"`+merge.ID+`","from":"bob","into":"bea","stayed":[]}`)
	h.want(t, h.call(t, configured, "POST", "/merges/"+merge.ID+"/undo", ""), http.StatusUnprocessableEntity)
	h.want(t, h.call(t, configured, "POST", "/merges/none/undo", ""), http.StatusNotFound)
}

func TestDirectoryIsReplacedWhole(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	wantJSON(t, h.get(t, "/domains/uni/directory"), `{"people":0,"at":null,"ldap":false}`)
	const file = "username,email\nada,ada@uni.example\nbob,bob@uni.example\n"
	wantJSON(t, decode(t, h.call(t, configured, "PUT", "/domains/uni/directory?dry_run=true", file).body), `{"people":2,"added":2,"changed":0,"removed":0,"in_force":false}`)
	wantJSON(t, h.get(t, "/domains/uni/directory"), `{"people":0,"at":null,"ldap":false}`)
	wantJSON(t, decode(t, h.call(t, configured, "PUT", "/domains/uni/directory", file).body), `{"people":2,"added":2,"changed":0,"removed":0,"in_force":true}`)
	a := h.call(t, configured, "PUT", "/domains/uni/directory", "username,email\nada,nobody\n")
	h.want(t, a, http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, "line 2: email") {
		t.Errorf("the problem does not name the line: %s", a.body)
	}
	h.want(t, h.call(t, configured, "PUT", "/domains/none/directory", file), http.StatusNotFound)
	wantJSON(t, h.get(t, "/domains/uni/directory"), `{"people":2,"at":"2026-03-04T05:06:07Z","ldap":false}`)
}
