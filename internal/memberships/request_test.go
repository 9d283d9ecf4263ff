package memberships_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/oauth1"
)

func params(pairs ...string) oauth1.Params {
	var p oauth1.Params
	for i := 0; i < len(pairs); i += 2 {
		p = append(p, oauth1.Param{Name: pairs[i], Value: pairs[i+1]})
	}
	return p
}

const (
	plain      = "basic-lis-readmembershipsforcontext"
	withGroups = "basic-lis-readmembershipsforcontextwithgroups"
)

func TestParseRequest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		p    oauth1.Params
		want memberships.Request
		err  error
	}{
		{"id", params("lti_message_type", plain, "lti_version", "LTI-1p0", "id", "m-1"), memberships.Request{ID: "m-1"}, nil},
		{"groups", params("lti_message_type", withGroups, "id", "m-1"), memberships.Request{ID: "m-1", Groups: true}, nil},
		{"LON-CAPA's name", params("lti_message_type", plain, "ext_ims_lis_memberships_id", "m-1"), memberships.Request{ID: "m-1"}, nil},
		{"both agree", params("lti_message_type", plain, "id", "m-1", "ext_ims_lis_memberships_id", "m-1"), memberships.Request{ID: "m-1"}, nil},
		{"one empty", params("lti_message_type", plain, "id", "", "ext_ims_lis_memberships_id", "m-1"), memberships.Request{ID: "m-1"}, nil},
		{"both differ", params("lti_message_type", withGroups, "id", "m-1", "ext_ims_lis_memberships_id", "m-2"), memberships.Request{Groups: true}, memberships.ErrConflict},
		{"no id", params("lti_message_type", withGroups), memberships.Request{Groups: true}, memberships.ErrMissing},
		{"two ids", params("lti_message_type", plain, "id", "m-1", "id", "m-1"), memberships.Request{}, memberships.ErrRepeated},
		{"no type", params("id", "m-1"), memberships.Request{}, memberships.ErrMessageType},
		{"launch", params("lti_message_type", "basic-lti-launch-request", "id", "m-1"), memberships.Request{}, memberships.ErrMessageType},
		{"LTI 2", params("lti_message_type", plain, "lti_version", "LTI-2p0", "id", "m-1"), memberships.Request{}, memberships.ErrBadValue},
		{"NUL", params("lti_message_type", plain, "id", "\x00"), memberships.Request{ID: "\x00"}, memberships.ErrBadValue},
	}
	for _, tt := range tests {
		if got, err := memberships.ParseRequest(tt.p); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: ParseRequest = %+v, %v, want %+v, %v", tt.name, got, err, tt.want, tt.err)
		}
	}
	if _, err := memberships.ParseRequest(params("lti_message_type", plain, "id", strings.Repeat("x", 2049))); !errors.Is(err, memberships.ErrBadValue) {
		t.Errorf("ParseRequest of a long id = %v", err)
	}
}

func TestBuildRequestComesBack(t *testing.T) {
	t.Parallel()
	for _, want := range []memberships.Request{{ID: "m-1"}, {ID: `{"a":"&"}`, Groups: true}} {
		p := memberships.BuildRequest(want)
		if p.Value("id") != want.ID || p.Value("ext_ims_lis_memberships_id") != want.ID {
			t.Errorf("BuildRequest = %v, want the id under both names", p)
		}
		if got, err := memberships.ParseRequest(p); got != want || err != nil {
			t.Errorf("ParseRequest of BuildRequest = %+v, %v, want %+v", got, err, want)
		}
	}
}

func TestPageRequest(t *testing.T) {
	t.Parallel()
	want := memberships.PageRequest{Role: "Learner", Limit: 50, LinkID: "quiz1", From: "bob"}
	if got, err := memberships.ParsePageRequest(memberships.BuildPageRequest(want)); got != want || err != nil {
		t.Errorf("ParsePageRequest of BuildPageRequest = %+v, %v", got, err)
	}
	if got, err := memberships.ParsePageRequest(params("oauth_nonce", "n")); got != (memberships.PageRequest{}) || err != nil {
		t.Errorf("ParsePageRequest of nothing = %+v, %v", got, err)
	}
	for _, limit := range []string{"0", "-1", "x", "1.5", "99999999999"} {
		if _, err := memberships.ParsePageRequest(params("limit", limit)); !errors.Is(err, memberships.ErrBadValue) {
			t.Errorf("ParsePageRequest of limit %q = %v, want ErrBadValue", limit, err)
		}
	}
	if _, err := memberships.ParsePageRequest(params("role", "a", "role", "b")); !errors.Is(err, memberships.ErrRepeated) {
		t.Errorf("ParsePageRequest of two roles = %v, want ErrRepeated", err)
	}
}
