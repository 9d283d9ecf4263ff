package outcome_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/outcome"
)

func form(pairs ...string) oauth1.Params {
	var p oauth1.Params
	for i := 0; i < len(pairs); i += 2 {
		p = append(p, oauth1.Param{Name: pairs[i], Value: pairs[i+1]})
	}
	return p
}

func TestParseForm(t *testing.T) {
	t.Parallel()
	for kind, operation := range map[string]outcome.Operation{
		"basic-lis-updateresult": outcome.Replace, "basic-lis-replaceresult": outcome.Replace,
		"basic-lis-createresult": outcome.Replace, "basic-lis-readresult": outcome.Read, "basic-lis-deleteresult": outcome.Delete,
	} {
		got, err := outcome.ParseForm(form("lti_message_type", kind, "lti_version", "LTI-1p0", "sourcedid", "cell-77",
			"result_resultscore_textstring", " 85 ", "result_resultvaluesourcedid", "percentage", "result_resultscore_language", "en-US",
			"result_statusofresult", "final", "result_date", "2026-11-21T16:00:00Z", "result_datasource", "tool", "result_resultdata_text", "essay",
			"oauth_nonce", "n"))
		want := outcome.FormRequest{MessageType: kind, Operation: operation, SourcedID: "cell-77", HasScore: true, ScoreText: "85",
			ValueType: "percentage", Language: "en-US", Status: "final", Date: "2026-11-21T16:00:00Z", DataSource: "tool", Text: "essay"}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("ParseForm(%s) = %v (-want +got):\n%s", kind, err, diff)
		}
	}
}

func TestParseFormRefuses(t *testing.T) {
	t.Parallel()
	const kind = "basic-lis-updateresult"
	tests := []struct {
		name string
		p    oauth1.Params
		want error
	}{
		{"nothing", nil, outcome.ErrFormType},
		{"launch", form("lti_message_type", "basic-lti-launch-request", "sourcedid", "s"), outcome.ErrFormType},
		{"no sourcedid", form("lti_message_type", kind), outcome.ErrIncomplete},
		{"two sourcedids", form("lti_message_type", kind, "sourcedid", "s", "sourcedid", "s"), outcome.ErrIncomplete},
		{"two types", form("lti_message_type", kind, "lti_message_type", kind, "sourcedid", "s"), outcome.ErrIncomplete},
		{"two scores", form("lti_message_type", kind, "sourcedid", "s", "result_resultscore_textstring", "0", "result_resultscore_textstring", "1"), outcome.ErrIncomplete},
		{"LTI 2", form("lti_message_type", kind, "lti_version", "LTI-2p0", "sourcedid", "s"), outcome.ErrIncomplete},
		{"long sourcedid", form("lti_message_type", kind, "sourcedid", strings.Repeat("s", 2049)), outcome.ErrIncomplete},
		{"NUL", form("lti_message_type", kind, "sourcedid", "s\x00"), outcome.ErrIncomplete},
		{"Latin-1", form("lti_message_type", kind, "sourcedid", "s", "result_resultdata_text", "\xeb"), outcome.ErrIncomplete},
	}
	for _, tt := range tests {
		got, err := outcome.ParseForm(tt.p)
		if !errors.Is(err, tt.want) || got.MessageType != tt.p.Value("lti_message_type") {
			t.Errorf("%s: ParseForm = %q, %v, want %v", tt.name, got.MessageType, err, tt.want)
		}
	}
}

func TestBuildForm(t *testing.T) {
	t.Parallel()
	got := outcome.BuildForm(outcome.FormRequest{Operation: outcome.Replace, SourcedID: "cell-77", ScoreText: "17/20",
		ValueType: "ratio", Language: "en-US", Status: "final"})
	want := form("lti_message_type", "basic-lis-updateresult", "lti_version", "LTI-1p0", "sourcedid", "cell-77",
		"result_resultscore_textstring", "17/20", "result_resultvaluesourcedid", "ratio",
		"result_resultscore_language", "en-US", "result_statusofresult", "final")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("BuildForm (-want +got):\n%s", diff)
	}
	got = outcome.BuildForm(outcome.FormRequest{Operation: outcome.Delete, SourcedID: "cell-77"})
	if got.Value("lti_message_type") != "basic-lis-deleteresult" || got.Value("result_resultscore_textstring") != "0" {
		t.Errorf("BuildForm of a deletion = %v", got)
	}
	got = outcome.BuildForm(outcome.FormRequest{Operation: outcome.Read, SourcedID: "cell-77"})
	if got.Value("lti_message_type") != "basic-lis-readresult" || got.Count("result_resultscore_textstring") != 0 {
		t.Errorf("BuildForm of a read = %v", got)
	}
}

func TestFormComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string { return xmlText().Draw(t, name) }
		want := outcome.FormRequest{MessageType: "basic-lis-replaceresult", Operation: outcome.Replace, SourcedID: "x" + text("sourcedid"),
			ScoreText: text("score"), ValueType: text("type"), Language: text("language"), Status: text("status"), Date: text("date"),
			DataSource: text("source"), Text: text("text")}
		want.HasScore = want.ScoreText != ""
		got, err := outcome.ParseForm(outcome.BuildForm(want))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("ParseForm of BuildForm = %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestFormResponse(t *testing.T) {
	t.Parallel()
	want := outcome.FormResponse{MessageType: "basic-lis-readresult", CodeMajor: outcome.Success, CodeMinor: "fullsuccess",
		Result: &outcome.FormResult{SourcedID: "cell-77", Status: "interim", ValueType: "decimal", ScoreText: "0.875",
			Language: "en-US", Date: "2026-11-21T16:00:00Z", DataSource: "ltihub"}}
	if golden := strings.TrimSuffix(string(fixed(t, "built_form.xml")), "\n"); string(want.XML()) != golden {
		t.Errorf("XML = %s\nwant %s", want.XML(), golden)
	}
	got, err := outcome.ParseFormResponse(want.XML())
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ParseFormResponse of XML = %v (-want +got):\n%s", err, diff)
	}
	got, err = outcome.ParseFormResponse(fixed(t, "answer_form_failure.xml"))
	if err != nil || got.CodeMajor != outcome.Failure || got.Result != nil {
		t.Errorf("ParseFormResponse of a failure = %+v, %v", got, err)
	}
	for _, bad := range []string{"", "<html/>", "ok", string(outcome.Response{CodeMajor: outcome.Success}.XML()), strings.Repeat("x", 1<<20)} {
		if _, err := outcome.ParseFormResponse([]byte(bad)); !errors.Is(err, outcome.ErrNotPOX) {
			t.Errorf("ParseFormResponse(%.40q) = %v, want ErrNotPOX", bad, err)
		}
	}
}

func FuzzParseForm(f *testing.F) {
	f.Add("lti_message_type=basic-lis-updateresult&lti_version=LTI-1p0&sourcedid=s&result_resultscore_textstring=0.5")
	f.Add("lti_message_type=basic-lis-readresult&sourcedid=%00")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		var p oauth1.Params
		for name, all := range values {
			for _, value := range all {
				p = append(p, oauth1.Param{Name: name, Value: value})
			}
		}
		r, err := outcome.ParseForm(p)
		if err != nil {
			return
		}
		if !slices.Contains([]outcome.Operation{outcome.Replace, outcome.Read, outcome.Delete}, r.Operation) || r.SourcedID == "" {
			t.Errorf("ParseForm(%q) = %+v", query, r)
		}
	})
}

func FuzzParseFormResponse(f *testing.F) {
	f.Add(fixed(f, "built_form.xml"))
	f.Add(fixed(f, "answer_form_failure.xml"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := outcome.ParseFormResponse(body); err != nil && !errors.Is(err, outcome.ErrNotPOX) {
			t.Errorf("ParseFormResponse(%q) = %v", body, err)
		}
	})
}
