package setting_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/setting"
)

func params(pairs ...string) oauth1.Params {
	var p oauth1.Params
	for i := 0; i < len(pairs); i += 2 {
		p = append(p, oauth1.Param{Name: pairs[i], Value: pairs[i+1]})
	}
	return p
}

func TestParseRequest(t *testing.T) {
	t.Parallel()
	const load, save = "basic-lti-loadsetting", "basic-lti-savesetting"
	tests := []struct {
		name string
		p    oauth1.Params
		want setting.Request
		err  error
	}{
		{"load", params("lti_message_type", load, "id", "s-1"), setting.Request{Operation: setting.Load, ID: "s-1"}, nil},
		{"load ignores a value", params("lti_message_type", load, "id", "s-1", "setting", "x"), setting.Request{Operation: setting.Load, ID: "s-1"}, nil},
		{"save", params("lti_message_type", save, "id", "s-1", "setting", "a=1\nb=2"), setting.Request{Operation: setting.Save, ID: "s-1", Value: "a=1\nb=2"}, nil},
		{"save nothing", params("lti_message_type", save, "id", "s-1", "setting", ""), setting.Request{Operation: setting.Save, ID: "s-1"}, nil},
		{"delete", params("lti_message_type", "basic-lti-deletesetting", "id", "s-1"), setting.Request{Operation: setting.Delete, ID: "s-1"}, nil},
		{"long name", params("lti_message_type", load, "ext_ims_lti_tool_setting_id", "s-1"), setting.Request{Operation: setting.Load, ID: "s-1"}, nil},
		{"no value", params("lti_message_type", save, "id", "s-1"), setting.Request{Operation: setting.Save, ID: "s-1"}, setting.ErrMissing},
		{"no id", params("lti_message_type", load), setting.Request{Operation: setting.Load}, setting.ErrMissing},
		{"two values", params("lti_message_type", save, "id", "s-1", "setting", "1", "setting", "2"), setting.Request{Operation: setting.Save}, setting.ErrRepeated},
		{"two ids", params("lti_message_type", load, "id", "s-1", "id", "s-1"), setting.Request{Operation: setting.Load}, setting.ErrRepeated},
		{"no type", params("id", "s-1"), setting.Request{}, setting.ErrMessageType},
		{"another type", params("lti_message_type", "basic-lis-readresult"), setting.Request{Operation: "basic-lis-readresult"}, setting.ErrMessageType},
		{"LTI 2", params("lti_message_type", load, "lti_version", "LTI-2p0", "id", "s-1"), setting.Request{Operation: setting.Load}, setting.ErrBadValue},
		{"NUL", params("lti_message_type", save, "id", "s-1", "setting", "\x00"), setting.Request{Operation: setting.Save, ID: "s-1"}, setting.ErrBadValue},
		{"too long", params("lti_message_type", save, "id", "s-1", "setting", strings.Repeat("x", setting.MaxValue+1)), setting.Request{Operation: setting.Save, ID: "s-1"}, setting.ErrTooLong},
	}
	for _, tt := range tests {
		if got, err := setting.ParseRequest(tt.p); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: ParseRequest = %+v, %v, want %+v, %v", tt.name, got, err, tt.want, tt.err)
		}
	}
}

func TestMessagesComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		value := strings.Map(func(c rune) rune {
			if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0xFFFE || c == 0xFFFF {
				return -1
			}
			return c
		}, rapid.String().Draw(t, "value"))
		want := setting.Request{Operation: setting.Save, ID: "s-1", Value: value}
		if got, err := setting.ParseRequest(setting.BuildRequest(want)); got != want || err != nil {
			t.Fatalf("ParseRequest of BuildRequest = %+v, %v, want %+v", got, err, want)
		}
		answer := setting.Response{Operation: setting.Load, CodeMajor: ltixml.Success, CodeMinor: "fullsuccess", Value: value}
		if got, err := setting.ParseResponse(answer.XML()); got != answer || err != nil {
			t.Fatalf("ParseResponse of XML = %+v, %v, want %+v", got, err, answer)
		}
	})
}

func TestResponse(t *testing.T) {
	t.Parallel()
	const want = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<message_response><lti_message_type>basic-lti-loadsetting</lti_message_type><statusinfo><codemajor>Success</codemajor>` +
		`<severity>Status</severity></statusinfo><setting><value>a &lt; b</value></setting></message_response>`
	r := setting.Response{Operation: setting.Load, CodeMajor: ltixml.Success, Value: "a < b"}
	if got := string(r.XML()); got != want {
		t.Errorf("XML = %s, want %s", got, want)
	}
	r.CodeMajor = ltixml.Failure
	if strings.Contains(string(r.XML()), "value") {
		t.Errorf("XML of a failure holds the value: %s", r.XML())
	}
	if _, err := setting.ParseResponse([]byte("<html/>")); !errors.Is(err, setting.ErrNotSetting) {
		t.Errorf("ParseResponse of a page = %v, want ErrNotSetting", err)
	}
}

func FuzzParseResponse(f *testing.F) {
	f.Add(setting.Response{Operation: setting.Load, CodeMajor: ltixml.Success, Value: "x"}.XML())
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := setting.ParseResponse(body); err != nil && !errors.Is(err, setting.ErrNotSetting) {
			t.Errorf("ParseResponse(%q) = %v", body, err)
		}
	})
}
