package outcome_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/ltixml"
	"github.com/ltihub/ltihub/internal/outcome"
)

func fixed(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The fixed texts are written by hand after the standard and what tools send.
func TestParseRequestReadsFixedTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file string
		want outcome.Request
	}{
		{"replace.xml", outcome.Request{Operation: outcome.Replace, MessageID: "hub-5b1e", SourcedID: "cell-77",
			HasScore: true, ScoreText: "0.8750", Language: "en"}},
		{"read.xml", outcome.Request{Operation: outcome.Read, MessageID: "hub-5b1f", SourcedID: "cell-77"}},
		{"delete.xml", outcome.Request{Operation: outcome.Delete, MessageID: "hub-5b20", SourcedID: "cell-77"}},
		{"replace_prefixed.xml", outcome.Request{Operation: outcome.Replace, MessageID: "42",
			SourcedID: `{"data":{"instanceid":"2","userid":"5"},"hash":"a&b<c"}`, HasScore: true, ScoreText: "1", Language: "en-US"}},
		{"replace_extensions.xml", outcome.Request{Operation: outcome.Replace, MessageID: "c-1", SourcedID: "cell-77",
			HasScore: true, ScoreText: ".5", Language: "EN_us", TotalScore: "42.5",
			Data: outcome.Data{Text: "two & two <is> four", URL: "https://tool.example.org/s/9"},
			Submission: outcome.Submission{SubmittedAt: "2026-11-21T16:00:00.000Z", NeedsReview: true,
				PrioritizeNonTool: true}}},
		{"unknown.xml", outcome.Request{Operation: "replaceResultTwice", MessageID: "u-1"}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			got, err := outcome.ParseRequest(fixed(t, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParseRequest (-want +got):\n%s", diff)
			}
		})
	}
}

// envelope wraps a body, with the identifier m-1.
func envelope(body string) string {
	return `<imsx_POXEnvelopeRequest><imsx_POXHeader><imsx_POXRequestHeaderInfo><imsx_version>V1.0</imsx_version>` +
		`<imsx_messageIdentifier>m-1</imsx_messageIdentifier></imsx_POXRequestHeaderInfo></imsx_POXHeader>` +
		`<imsx_POXBody>` + body + `</imsx_POXBody></imsx_POXEnvelopeRequest>`
}

// replace is a replaceResult of a result.
func replace(result string) string {
	return `<replaceResultRequest><resultRecord><sourcedGUID><sourcedId>s</sourcedId></sourcedGUID>` + result + `</resultRecord></replaceResultRequest>`
}

func TestParseRequestRefuses(t *testing.T) {
	t.Parallel()
	const record = `<resultRecord><sourcedGUID><sourcedId>s</sourcedId></sourcedGUID></resultRecord>`
	tests := []struct {
		name, in  string
		want      error
		messageID string
	}{
		{"nothing", "", outcome.ErrXML, ""},
		{"no XML", "score=1", outcome.ErrXML, ""},
		{"form answer", "<message_response/>", outcome.ErrEnvelope, ""},
		{"response", "<imsx_POXEnvelopeResponse/>", outcome.ErrEnvelope, ""},
		{"too large", envelope(strings.Repeat(" ", outcome.MaxMessage)), outcome.ErrTooLarge, ""},
		{"cut", envelope("<readResultRequest>" + record)[:300], outcome.ErrXML, "m-1"},
		{"second root", envelope("<readResultRequest>"+record+"</readResultRequest>") + "<x/>", outcome.ErrXML, "m-1"},
		{"DOCTYPE", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + envelope(replace("&e;")), outcome.ErrXML, ""},
		{"billion laughs", `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>` + envelope("&b;"), outcome.ErrXML, ""},
		{"entity", envelope("&e;"), outcome.ErrXML, "m-1"},
		{"too deep", envelope(strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40)), outcome.ErrXML, "m-1"},
		{"instruction", envelope("<?x?>"), outcome.ErrXML, "m-1"},
		{"no operation", envelope(""), outcome.ErrEnvelope, "m-1"},
		{"no body", strings.NewReplacer("<imsx_POXBody>", "", "</imsx_POXBody>", "").Replace(envelope("")), outcome.ErrEnvelope, "m-1"},
		{"two operations", envelope("<readResultRequest>" + record + "</readResultRequest><deleteResultRequest>" + record + "</deleteResultRequest>"), outcome.ErrEnvelope, "m-1"},
		{"two bodies", strings.Replace(envelope("<a/>"), "</imsx_POXBody>", "</imsx_POXBody><imsx_POXBody><b/></imsx_POXBody>", 1), outcome.ErrEnvelope, "m-1"},
		{"no record", envelope("<readResultRequest/>"), outcome.ErrIncomplete, "m-1"},
		{"two records", envelope("<readResultRequest>" + record + record + "</readResultRequest>"), outcome.ErrIncomplete, "m-1"},
		{"no sourcedGUID", envelope("<readResultRequest><resultRecord/></readResultRequest>"), outcome.ErrIncomplete, "m-1"},
		{"no sourcedId", envelope("<readResultRequest><resultRecord><sourcedGUID/></resultRecord></readResultRequest>"), outcome.ErrIncomplete, "m-1"},
		{"empty sourcedId", envelope(strings.Replace(replace(""), ">s<", "> <", 1)), outcome.ErrIncomplete, "m-1"},
		{"two sourcedIds", envelope(strings.Replace(replace(""), "<sourcedId>s</sourcedId>", "<sourcedId>s</sourcedId><sourcedId>t</sourcedId>", 1)), outcome.ErrIncomplete, "m-1"},
		{"elements in the sourcedId", envelope(strings.Replace(replace(""), ">s<", ">s<b/>t<", 1)), outcome.ErrIncomplete, "m-1"},
		{"two results", envelope(replace("<result/><result/>")), outcome.ErrIncomplete, "m-1"},
		{"two scores", envelope(replace("<result><resultScore/><resultScore/></result>")), outcome.ErrIncomplete, "m-1"},
		{"two texts", envelope(replace("<result><resultScore><textString>0</textString><textString>1</textString></resultScore></result>")), outcome.ErrIncomplete, "m-1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := outcome.ParseRequest([]byte(tt.in))
			if !errors.Is(err, tt.want) || got.MessageID != tt.messageID {
				t.Errorf("ParseRequest = %q, %v, want %q, %v", got.MessageID, err, tt.messageID, tt.want)
			}
		})
	}
}

func TestParseRequestWithoutScore(t *testing.T) {
	t.Parallel()
	for _, result := range []string{
		"", "<result/>", "<result><resultScore><language>en</language></resultScore></result>",
		"<result><resultScore><textString> </textString></resultScore></result>",
	} {
		got, err := outcome.ParseRequest([]byte(envelope(replace(result))))
		if err != nil || got.HasScore || got.SourcedID != "s" {
			t.Errorf("ParseRequest(%q) = %+v, %v, want no score and no error", result, got, err)
		}
	}
}

func TestParseRequestJoinsText(t *testing.T) {
	t.Parallel()
	in := envelope(strings.Replace(replace(`<result><resultScore><textString>0<!-- x -->.<![CDATA[5]]></textString></resultScore></result>`),
		">s<", "> a<!-- x -->&amp;<![CDATA[<b>]]>\n<", 1))
	got, err := outcome.ParseRequest([]byte(in))
	if err != nil || got.ScoreText != "0.5" || got.SourcedID != "a&<b>" {
		t.Errorf("ParseRequest = %+v, %v", got, err)
	}
}

func TestBuildRequestWritesGolden(t *testing.T) {
	t.Parallel()
	got := outcome.BuildRequest(outcome.Request{Operation: outcome.Replace, MessageID: "hub-5b1e", SourcedID: "cell-77", HasScore: true, ScoreText: "0.875"})
	if want := strings.TrimSuffix(string(fixed(t, "built_replace.xml")), "\n"); string(got) != want {
		t.Errorf("BuildRequest = %s\nwant %s", got, want)
	}
}

// xmlText is any text that XML can hold, without white space around it.
func xmlText() *rapid.Generator[string] {
	return rapid.Map(rapid.String(), func(s string) string {
		return strings.Trim(strings.Map(func(c rune) rune {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF {
				return -1
			}
			return c
		}, s), " \t\r\n")
	})
}

func requests() *rapid.Generator[outcome.Request] {
	return rapid.Custom(func(t *rapid.T) outcome.Request {
		text := func(name string) string { return xmlText().Draw(t, name) }
		r := outcome.Request{
			Operation: rapid.SampledFrom([]outcome.Operation{outcome.Replace, outcome.Read, outcome.Delete}).Draw(t, "operation"),
			MessageID: text("message"),
			SourcedID: rapid.OneOf(rapid.Just(`{"data":{"a":"b & <c>"},"hash":'"'}`), xmlText()).Draw(t, "sourcedid") + "x",
		}
		if r.Operation != outcome.Replace {
			return r
		}
		r.ScoreText = text("score")
		r.HasScore = r.ScoreText != ""
		if r.HasScore {
			r.Language = "l" + text("language")
		}
		r.TotalScore = text("total")
		r.Data = outcome.Data{Text: text("text"), URL: text("url"), LaunchURL: text("launch"), DownloadURL: text("download"), DocumentName: text("name")}
		r.Submission = outcome.Submission{SubmittedAt: text("at"), NeedsReview: rapid.Bool().Draw(t, "review"), PrioritizeNonTool: rapid.Bool().Draw(t, "prior")}
		return r
	})
}

func TestRequestComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := requests().Draw(t, "request")
		got, err := outcome.ParseRequest(outcome.BuildRequest(want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("ParseRequest of BuildRequest (-want +got):\n%s", diff)
		}
	})
}

func FuzzParseRequest(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(fixed(f, filepath.Base(file)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := outcome.ParseRequest(body)
		if err != nil {
			return
		}
		if got.Operation.Known() && got.SourcedID == "" {
			t.Errorf("ParseRequest(%q) gave no sourcedid", body)
		}
		if !utf8.ValidString(got.SourcedID) || strings.ContainsRune(got.SourcedID, 0) {
			t.Errorf("ParseRequest(%q) gave the sourcedid %q", body, got.SourcedID)
		}
		answer := outcome.Response{RefID: got.MessageID, Operation: got.Operation, CodeMajor: outcome.Unsupported}
		if _, err := ltixml.Parse(answer.XML()); err != nil {
			t.Errorf("the answer to %q is no XML: %v", body, err)
		}
	})
}
