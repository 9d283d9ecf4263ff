package web

import "strings"

// richText is a part of a sentence in one style. A translated sentence stays
// whole this way, wherever its language puts the part.
type richText struct {
	// Style is "b", "code" or nothing.
	Style string
	Text  string
}

// newRichText takes a sentence apart: *what is in stars* is bold, and what is
// in back quotes is code. A mark without its partner stands for itself.
func newRichText(sentence string) []richText {
	var parts []richText
	add := func(style, text string) {
		if text != "" {
			parts = append(parts, richText{style, text})
		}
	}
	for {
		start := strings.IndexAny(sentence, "*`")
		if start < 0 {
			break
		}
		length := strings.IndexByte(sentence[start+1:], sentence[start])
		if length < 0 {
			break
		}
		add("", sentence[:start])
		style := "b"
		if sentence[start] == '`' {
			style = "code"
		}
		add(style, sentence[start+1:start+1+length])
		sentence = sentence[start+length+2:]
	}
	add("", sentence)
	return parts
}
