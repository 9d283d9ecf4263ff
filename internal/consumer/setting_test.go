package consumer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/setting"
)

func (h *hub) setting(r setting.Request) (consumer.Answer, setting.Response) {
	h.t.Helper()
	a := h.Setting(context.Background(), h.form(h.signer("quizzer"), settingURL, setting.BuildRequest(r)))
	answer, err := setting.ParseResponse(a.Body)
	if err != nil {
		h.t.Fatalf("answer %d %q: %v", a.Status, a.Body, err)
	}
	return a, answer
}

func TestSettingIsSavedLoadedAndDeleted(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.launch("bob", "quiz1").Params.Value("ext_ims_lti_tool_setting_id")
	other := h.launch("bob", "quiz2").Params.Value("ext_ims_lti_tool_setting_id")
	long := strings.Repeat("ä", setting.MaxValue/2)
	steps := []struct {
		req  setting.Request
		want string
	}{
		{setting.Request{Operation: setting.Load, ID: id}, ""},
		{setting.Request{Operation: setting.Save, ID: id, Value: "colour=blue & <green>"}, ""},
		{setting.Request{Operation: setting.Load, ID: id}, "colour=blue & <green>"},
		{setting.Request{Operation: setting.Load, ID: other}, ""},
		{setting.Request{Operation: setting.Save, ID: id, Value: long}, ""},
		{setting.Request{Operation: setting.Load, ID: id}, long},
		{setting.Request{Operation: setting.Delete, ID: id}, ""},
		{setting.Request{Operation: setting.Load, ID: id}, ""},
	}
	for i, step := range steps {
		a, r := h.setting(step.req)
		if a.Status != 200 || r.CodeMajor != ltixml.Success || r.Value != step.want {
			t.Errorf("step %d: %d %s (%s), %d bytes; want %d", i, a.Status, r.CodeMajor, a.Detail, len(r.Value), len(step.want))
		}
	}
}

func TestSettingRefuses(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	form := h.launch("ada", "quiz1").Params
	id := form.Value("ext_ims_lti_tool_setting_id")
	roster := form.Value("ext_ims_lis_memberships_id")
	if a, r := h.setting(setting.Request{Operation: setting.Load, ID: roster}); r.CodeMajor != ltixml.Failure || !strings.HasSuffix(a.Detail, "(cause 19)") {
		t.Errorf("a roster's id: %d %s", a.Status, a.Detail)
	}
	if a, r := h.setting(setting.Request{Operation: "basic-lti-purge", ID: id}); r.CodeMajor != ltixml.Unsupported {
		t.Errorf("unknown message: %d %+v", a.Status, r)
	}
	unsaid := h.form(h.signer("quizzer"), settingURL, oauth1.Params{{Name: "lti_message_type", Value: string(setting.Save)}, {Name: "id", Value: id}})
	if a := h.Setting(context.Background(), unsaid); a.Status != 200 || a.Cause == "" {
		t.Errorf("nothing to save: %d", a.Status)
	}
	stranger := h.form(h.signer("other"), settingURL, setting.BuildRequest(setting.Request{Operation: setting.Save, ID: id, Value: "x"}))
	if a := h.Setting(context.Background(), stranger); a.Status != 401 || a.Cause != lti.CauseUnknownKey {
		t.Errorf("another tool: %d %s", a.Status, a.Cause)
	}
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Setting.Enabled = false })
	if a, r := h.setting(setting.Request{Operation: setting.Save, ID: id, Value: "x"}); r.CodeMajor != ltixml.Failure || a.Cause != lti.CauseServiceOff {
		t.Errorf("service off: %d %s", a.Status, a.Cause)
	}
}
