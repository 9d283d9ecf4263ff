package outcome

import "github.com/ltihub/ltihub/internal/ltixml"

// namespace is written into every envelope, and never asked for.
const namespace = "http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0"

const (
	poxVersion      = "V1.0"
	defaultLanguage = "en"
)

// BuildRequest writes a request envelope. The score is written only if HasScore
// is set, extensions only where they are filled; without a language it is "en".
// Characters that XML cannot hold become U+FFFD.
func BuildRequest(r Request) []byte {
	var w ltixml.Writer
	w.Raw(ltixml.Declaration)
	w.OpenIn("imsx_POXEnvelopeRequest", namespace)
	w.Open("imsx_POXHeader")
	w.Open("imsx_POXRequestHeaderInfo")
	w.Leaf("imsx_version", poxVersion)
	w.Leaf("imsx_messageIdentifier", r.MessageID)
	w.Close()
	w.Close()
	w.Open("imsx_POXBody")
	w.Open(string(r.Operation) + "Request")
	w.Open("resultRecord")
	w.Open("sourcedGUID")
	w.Leaf("sourcedId", r.SourcedID)
	w.Close()
	if r.Operation == Replace {
		r.writeResult(&w)
	}
	w.Close()
	if r.Operation == Replace && r.Submission != (Submission{}) {
		r.Submission.write(&w)
	}
	w.CloseAll()
	return w.Bytes()
}

func (r Request) writeResult(w *ltixml.Writer) {
	w.Open("result")
	if r.HasScore {
		writeScore(w, "resultScore", r.Language, r.ScoreText)
	}
	if r.TotalScore != "" {
		writeScore(w, "resultTotalScore", r.Language, r.TotalScore)
	}
	if r.Data != (Data{}) {
		w.Open("resultData")
		w.Known("text", r.Data.Text)
		w.Known("url", r.Data.URL)
		w.Known("downloadUrl", r.Data.DownloadURL)
		w.Known("documentName", r.Data.DocumentName)
		w.Known("ltiLaunchUrl", r.Data.LaunchURL)
		w.Close()
	}
	w.Close()
}

func writeScore(w *ltixml.Writer, name, language, text string) {
	if language == "" {
		language = defaultLanguage
	}
	w.Open(name)
	w.Leaf("language", language)
	w.Leaf("textString", text)
	w.Close()
}

func (s Submission) write(w *ltixml.Writer) {
	w.Open("submissionDetails")
	w.Known("submittedAt", s.SubmittedAt)
	if s.NeedsReview {
		w.Empty("needsAdditionalReview")
	}
	if s.PrioritizeNonTool {
		w.Empty("prioritizeNonToolGrade")
	}
	w.Close()
}
