package outcome_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/outcome"
)

func score(x float64) *float64 { return &x }

func TestResponseWritesGolden(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file string
		r    outcome.Response
	}{
		{"built_replaced.xml", outcome.Response{MessageID: "hub-r-900", RefID: "hub-5b1e", Operation: outcome.Replace,
			CodeMajor: outcome.Success, Description: "Score for cell-77 is now 0.875"}},
		{"built_read.xml", outcome.Response{MessageID: "hub-r-901", RefID: "hub-5b1f", Operation: outcome.Read,
			CodeMajor: outcome.Success, Score: score(0.875)}},
		{"built_read_none.xml", outcome.Response{MessageID: "hub-r-902", RefID: "hub-5b1f", Operation: outcome.Read,
			CodeMajor: outcome.Success}},
		{"built_deleted.xml", outcome.Response{MessageID: "hub-r-903", RefID: "hub-5b20", Operation: outcome.Delete,
			CodeMajor: outcome.Success}},
		{"built_failure.xml", outcome.Response{MessageID: "hub-r-904", RefID: "<&>", Operation: outcome.Read,
			CodeMajor: outcome.Failure, CodeMinor: outcome.UnknownObject, Description: "No such result."}},
		{"built_unsupported.xml", outcome.Response{MessageID: "hub-r-905", Operation: "replaceResultTwice", CodeMajor: outcome.Unsupported}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			if want := strings.TrimSuffix(string(fixed(t, tt.file)), "\n"); string(tt.r.XML()) != want {
				t.Errorf("XML = %s\nwant %s", tt.r.XML(), want)
			}
		})
	}
}

func TestParseResponseReadsWhatLMSsAnswer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file, contentType string
		want              outcome.Response
	}{
		{"answer_moodle.xml", "text/html; charset=utf-8", outcome.Response{MessageID: "93112", RefID: "hub-5b1f", Operation: outcome.Read,
			CodeMajor: outcome.Success, Severity: "status", Description: "Result read", Language: "en"}},
		{"answer_canvas.xml", "application/xml", outcome.Response{RefID: "hub-5b1e", Operation: outcome.Replace,
			CodeMajor: outcome.Failure, Severity: "status", Description: "Invalid sourcedid"}},
		{"answer_prefixed.xml", "text/xml", outcome.Response{MessageID: "1", RefID: "hub-5b1f", Operation: outcome.Read, CodeMajor: outcome.Success,
			Severity: "status", CodeMinor: "fullsuccess", Score: score(0.5), ScoreText: "0.5", Language: "en"}},
		{"answer_processing.xml", "", outcome.Response{CodeMajor: outcome.Processing, ScoreText: "0,5"}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			got, err := outcome.ParseResponse(fixed(t, tt.file), tt.contentType)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParseResponse (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseResponseRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"nothing":    "",
		"page":       "<!DOCTYPE html><html><body>Sign in</body></html>",
		"XHTML page": "<html><body>success</body></html>",
		"words":      "success",
		"request":    envelope(""),
		"no code":    "<imsx_POXEnvelopeResponse/>",
		"cut":        "<imsx_POXEnvelopeResponse><imsx_POXHeader>",
		"too large":  "<imsx_POXEnvelopeResponse>" + strings.Repeat(" ", 1<<20) + "</imsx_POXEnvelopeResponse>",
	} {
		if _, err := outcome.ParseResponse([]byte(in), "text/html"); !errors.Is(err, outcome.ErrNotPOX) {
			t.Errorf("%s: ParseResponse = %v, want ErrNotPOX", name, err)
		}
	}
}

func TestResponseComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string { return xmlText().Draw(t, name) }
		want := outcome.Response{
			MessageID: text("message"), RefID: text("ref"), CodeMinor: text("minor"), Description: text("description"),
			Operation: rapid.SampledFrom([]outcome.Operation{outcome.Replace, outcome.Read, outcome.Delete}).Draw(t, "operation"),
			CodeMajor: rapid.SampledFrom([]outcome.CodeMajor{outcome.Success, outcome.Processing, outcome.Failure, outcome.Unsupported}).Draw(t, "major"),
			Severity:  rapid.SampledFrom([]string{"status", "warning", "error"}).Draw(t, "severity"),
		}
		read := want.Operation == outcome.Read && want.CodeMajor == outcome.Success
		if read {
			want.Language = "en-GB"
		}
		if read && rapid.Bool().Draw(t, "scored") {
			want.Score = score(float64(rapid.IntRange(0, 10000).Draw(t, "score")) / 10000)
		}
		got, err := outcome.ParseResponse(want.XML(), "application/xml")
		if err != nil {
			t.Fatal(err)
		}
		got.ScoreText = ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("ParseResponse of XML (-want +got):\n%s", diff)
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(fixed(f, filepath.Base(file)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := outcome.ParseResponse(body, "")
		if err != nil && !errors.Is(err, outcome.ErrNotPOX) {
			t.Errorf("ParseResponse(%q) = %v", body, err)
		}
		if err == nil && r.CodeMajor == "" {
			t.Errorf("ParseResponse(%q) gave no code", body)
		}
	})
}
