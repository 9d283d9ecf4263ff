package simulator

import (
	"testing"
)

// The example of LTI 1.1, 6.1, as another program writes it.
const poxExample = `<?xml version="1.0" encoding="UTF-8"?>
<imsx_POXEnvelopeRequest xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0">
  <imsx_POXHeader><imsx_POXRequestHeaderInfo>
    <imsx_version>V1.0</imsx_version><imsx_messageIdentifier>hub-5b1e</imsx_messageIdentifier>
  </imsx_POXRequestHeaderInfo></imsx_POXHeader>
  <imsx_POXBody><replaceResultRequest><resultRecord>
    <sourcedGUID><sourcedId>cell-77 &amp; &lt;more&gt;</sourcedId></sourcedGUID>
    <result><resultScore><language>en</language><textString>0.8750</textString></resultScore></result>
  </resultRecord></replaceResultRequest></imsx_POXBody>
</imsx_POXEnvelopeRequest>`

func TestReadPOXReadsTheExample(t *testing.T) {
	t.Parallel()
	want := poxRequest{Kind: "replaceResult", MessageID: "hub-5b1e", SourcedID: "cell-77 & <more>", Score: "0.8750", hasResult: true}
	if got, err := readPOX([]byte(poxExample)); err != nil || got != want {
		t.Errorf("readPOX = %+v, %v, want %+v", got, err, want)
	}
}

func TestReadPOXReadsWhatWritePOXWrites(t *testing.T) {
	t.Parallel()
	for _, req := range []poxRequest{
		{Kind: "replaceResult", MessageID: "m", SourcedID: `a&b<c>"d"`, Score: "0.5", hasResult: true},
		{Kind: "readResult", MessageID: "m", SourcedID: "ü"},
		{Kind: "deleteResult", MessageID: "m", SourcedID: "x"},
	} {
		text, err := writePOX(req)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := readPOX(text); err != nil || got != req {
			t.Errorf("readPOX(%s) = %+v, %v, want %+v", text, got, err, req)
		}
	}
}

func TestReadPOXRefuses(t *testing.T) {
	t.Parallel()
	const head = `<imsx_POXEnvelopeRequest xmlns="` + poxNamespace + `"><imsx_POXHeader><imsx_POXRequestHeaderInfo><imsx_version>V1.0</imsx_version><imsx_messageIdentifier>m</imsx_messageIdentifier></imsx_POXRequestHeaderInfo></imsx_POXHeader><imsx_POXBody>`
	const tail = `</imsx_POXBody></imsx_POXEnvelopeRequest>`
	const read = `<readResultRequest><resultRecord><sourcedGUID><sourcedId>x</sourcedId></sourcedGUID></resultRecord></readResultRequest>`
	if _, err := readPOX([]byte(head + read + tail)); err != nil {
		t.Fatalf("the sound message is refused: %v", err)
	}
	for name, text := range map[string]string{
		"nothing":           "",
		"another namespace": `<imsx_POXEnvelopeRequest xmlns="urn:other"><imsx_POXBody/></imsx_POXEnvelopeRequest>`,
		"an answer":         `<imsx_POXEnvelopeResponse xmlns="` + poxNamespace + `"/>`,
		"no header":         `<imsx_POXEnvelopeRequest xmlns="` + poxNamespace + `"><imsx_POXBody>` + read + tail,
		"no operation":      head + tail,
		"two operations":    head + read + read + tail,
		"no record":         head + `<readResultRequest/>` + tail,
		"an open element":   head + read,
	} {
		if got, err := readPOX([]byte(text)); err == nil {
			t.Errorf("%s: readPOX = %+v, want an error", name, got)
		}
	}
}

func TestReadScoreHoldsTheScoreRule(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"0": 0, "1": 1, "0.0": 0, "1.000": 1, "0.875": 0.875} {
		if got, err := readScore(text); err != nil || got != want {
			t.Errorf("readScore(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", ".", "-0", "+1", "1.0001", "1e-1", "0,5", "NaN", "Inf", "0x1p-2", "1_0", " 1", "٠", "0.5.1"} {
		if got, err := readScore(text); err == nil {
			t.Errorf("readScore(%q) = %v, want an error", text, got)
		}
	}
}

func TestReadScore10ReadsEveryKindItNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, kind string
		want       float64
		good       bool
	}{
		{"0.85", "decimal", 0.85, true},
		{"0.85", "", 0.85, true},
		{"85", "percentage", 0.85, true},
		{"85%", "percentage", 0.85, true},
		{"17/20", "ratio", 0.85, true},
		{"101", "percentage", 0, false},
		{"21/20", "ratio", 0, false},
		{"1/0", "ratio", 0, false},
		{"NaN/1", "ratio", 0, false},
		{"17", "ratio", 0, false},
		{"A", "letteraf", 0, false},
	}
	for _, tt := range tests {
		got, err := readScore10(tt.text, tt.kind)
		if (err == nil) != tt.good || got != tt.want {
			t.Errorf("readScore10(%q, %q) = %v, %v, want %v", tt.text, tt.kind, got, err, tt.want)
		}
	}
}

func FuzzReadPOX(f *testing.F) {
	f.Add([]byte(poxExample))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY e "x">]><x>&e;</x>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		req, err := readPOX(body)
		if err != nil || (req.Kind != "replaceResult" && req.Kind != "readResult" && req.Kind != "deleteResult") {
			return
		}
		if _, err := writePOX(req); err != nil {
			t.Errorf("writePOX(%+v) = %v", req, err)
		}
	})
}

func FuzzReadAnswer(f *testing.F) {
	f.Add([]byte(`<message_response><statusinfo><codemajor>Success</codemajor></statusinfo></message_response>`))
	f.Add([]byte(`<imsx_POXEnvelopeResponse><imsx_POXHeader/></imsx_POXEnvelopeResponse>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if a := readAnswer(body); a.CodeMajor == "" && (a.Score != "" || a.Members != nil) {
			t.Errorf("readAnswer(%q) = %+v: a result without a code", body, a)
		}
	})
}
