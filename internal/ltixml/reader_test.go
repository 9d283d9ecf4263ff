package ltixml_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/ltixml"
)

func TestParse(t *testing.T) {
	t.Parallel()
	want := ltixml.Element{Name: "a", Text: "xy", Children: []ltixml.Element{{Name: "b", Text: "1 & 2"}}}
	for name, in := range map[string]string{
		"plain":            `<a>x<b>1 &amp; 2</b>y</a>`,
		"declaration":      `<?xml version="1.0" encoding="UTF-8"?><a>x<b>1 &amp; 2</b>y</a>`,
		"single quotes":    `<?xml version='1.0' encoding='utf-8' standalone='yes' ?><a>x<b>1 &amp; 2</b>y</a>`,
		"spaces around =":  `<?xml version = "1.0" encoding = "UTF-8"?><a>x<b>1 &amp; 2</b>y</a>`,
		"indented":         "\n   <?xml version=\"1.0\"?>\n<a>x<b>1 &amp; 2</b>y</a>\n\n",
		"byte order mark":  "\xef\xbb\xbf<?xml version=\"1.0\"?><a>x<b>1 &amp; 2</b>y</a>",
		"odd name of UTF8": `<?xml version="1.0" encoding="utf8"?><a>x<b>1 &amp; 2</b>y</a>`,
		"namespace":        `<a xmlns="urn:x">x<b>1 &amp; 2</b>y</a>`,
		"prefix":           `<p:a xmlns:p="urn:x">x<p:b>1 &amp; 2</p:b>y</p:a>`,
		"unbound prefix":   `<p:a>x<p:b>1 &amp; 2</p:b>y</p:a>`,
		"comment":          `<!-- c --><a>x<!-- c --><b>1 <!-- c -->&amp; 2</b>y</a><!-- c -->`,
		"CDATA":            `<a><![CDATA[x]]><b>1 <![CDATA[& 2]]></b>y</a>`,
		"attributes":       `<a k="v">x<b k='v'>1 &#38; 2</b>y</a>`,
	} {
		got, err := ltixml.Parse([]byte(in))
		if err != nil {
			t.Errorf("%s: Parse = %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"nothing":              "",
		"space":                "  \n",
		"no XML":               "hello",
		"cut":                  "<a><b>",
		"wrong end":            "<a></b>",
		"second root":          "<a/><b/>",
		"text after":           "<a/>x",
		"text before":          "x<a/>",
		"DOCTYPE":              `<!DOCTYPE a><a/>`,
		"external entity":      `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>`,
		"DOCTYPE inside":       `<a><!DOCTYPE a></a>`,
		"entity":               `<a>&eacute;</a>`,
		"instruction":          `<?php echo 1 ?><a/>`,
		"style sheet":          `<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>`,
		"instruction inside":   `<a><?x y?></a>`,
		"two declarations":     `<?xml version="1.0"?><?xml version="1.0"?><a/>`,
		"declaration inside":   `<a><?xml version="1.0"?></a>`,
		"another encoding":     `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`,
		"version 2":            `<?xml version="2.0"?><a/>`,
		"UTF-16":               "\xff\xfe<\x00a\x00/\x00>\x00",
		"invalid UTF-8":        "<a>\xff</a>",
		"NUL":                  "<a>\x00</a>",
		"NUL as reference":     "<a>&#0;</a>",
		"too deep":             strings.Repeat("<a>", 33) + strings.Repeat("</a>", 33),
		"much too deep":        strings.Repeat("<a>", 200_000),
		"byte order mark only": "\xef\xbb\xbf",
	} {
		if got, err := ltixml.Parse([]byte(in)); !errors.Is(err, ltixml.ErrSyntax) {
			t.Errorf("%s: Parse = %.80v, %v, want ErrSyntax", name, got, err)
		}
	}
	deep := strings.Repeat("<a>", 32) + strings.Repeat("</a>", 32)
	if _, err := ltixml.Parse([]byte(deep)); err != nil {
		t.Errorf("Parse at the greatest depth = %v", err)
	}
}

func TestParseKeepsWhatCameBeforeAnError(t *testing.T) {
	t.Parallel()
	got, err := ltixml.Parse([]byte("<a><b><c>7</c></b><d>"))
	if err == nil || got.Find("b", "c").Value() != "7" {
		t.Errorf("Parse = %+v, %v, want c and an error", got, err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestReaderPassesErrorsOn(t *testing.T) {
	t.Parallel()
	r := ltixml.NewReader(io.MultiReader(strings.NewReader("<a>"), brokenReader{}))
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, io.ErrClosedPipe) || errors.Is(err, ltixml.ErrSyntax) {
		t.Errorf("Next = %v, want the error of the reader below", err)
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	r := ltixml.NewReader(strings.NewReader("<a><b><c/>x<c/></b><d/></a>"))
	var names []string
	for {
		token, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if token.Kind == ltixml.Start {
			names = append(names, token.Name)
		}
		if token.Kind == ltixml.Start && token.Name == "b" {
			if err := r.Skip(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "d"}, names); diff != "" {
		t.Errorf("elements seen (-want +got):\n%s", diff)
	}
}

func TestElementOnce(t *testing.T) {
	t.Parallel()
	e, err := ltixml.Parse([]byte("<a><one> 1 </one><two/><two/><full><x/></full></a>"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := e.Leaf("one"); got != "1" || err != nil {
		t.Errorf("Leaf(one) = %q, %v", got, err)
	}
	if got, err := e.Leaf("none"); got != "" || err != nil {
		t.Errorf("Leaf(none) = %q, %v", got, err)
	}
	for _, name := range []string{"two", "full"} {
		if _, err := e.Leaf(name); !errors.Is(err, ltixml.ErrSyntax) {
			t.Errorf("Leaf(%s) = %v, want ErrSyntax", name, err)
		}
	}
	if _, ok := e.Child("none", "one"); !ok {
		t.Error("Child does not find the second name")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><a xmlns="urn:x">x<b>1 &amp; 2</b><![CDATA[y]]></a>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY e "e">]><a>&e;</a>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := ltixml.Parse(body)
		if err != nil && !errors.Is(err, ltixml.ErrSyntax) {
			t.Errorf("Parse(%q) = %v", body, err)
		}
		if err == nil && e.Name == "" {
			t.Errorf("Parse(%q) gave no element", body)
		}
	})
}
