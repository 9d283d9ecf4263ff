package ltixml_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/ltixml"
)

func TestWriter(t *testing.T) {
	t.Parallel()
	var w ltixml.Writer
	w.Raw(ltixml.Declaration)
	w.OpenIn("a", "urn:x")
	w.Leaf("b", `{"x":"1 < 2 & 3 > 2"}`+"\r\n\x00\xff")
	w.Known("c", "")
	w.Known("c", "d")
	w.Open("e")
	w.Empty("f")
	w.CloseAll()
	w.Close()
	const want = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<a xmlns="urn:x"><b>{"x":"1 &lt; 2 &amp; 3 &gt; 2"}&#13;` + "\n\uFFFD\uFFFD" + `</b><c>d</c><e><f/></e></a>`
	if got := string(w.Bytes()); got != want {
		t.Errorf("Bytes = %q, want %q", got, want)
	}
}

func TestTextComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Map(func(c rune) rune {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF {
				return -1 // XML cannot hold these
			}
			return c
		}, rapid.String().Draw(t, "text"))
		var w ltixml.Writer
		w.Leaf("a", text)
		got, err := ltixml.Parse(w.Bytes())
		if err != nil || got.Text != text {
			t.Fatalf("%q came back as %q, %v", text, got.Text, err)
		}
	})
}
