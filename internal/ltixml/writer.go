package ltixml

import "unicode/utf8"

// Declaration begins every document that we write.
const Declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// Writer builds a document or a run of it. The zero Writer is ready.
type Writer struct {
	buf  []byte
	open []string
}

// Raw adds text as it stands, such as the Declaration.
func (w *Writer) Raw(text string) { w.buf = append(w.buf, text...) }

// Open begins an element.
func (w *Writer) Open(name string) { w.OpenIn(name, "") }

// OpenIn begins an element in a default namespace; "" names none. The namespace
// is written as it stands.
func (w *Writer) OpenIn(name, namespace string) {
	w.Raw("<" + name)
	if namespace != "" {
		w.Raw(` xmlns="` + namespace + `"`)
	}
	w.Raw(">")
	w.open = append(w.open, name)
}

// Close ends the element begun last. Without one it does nothing.
func (w *Writer) Close() {
	if len(w.open) == 0 {
		return
	}
	last := len(w.open) - 1
	w.Raw("</" + w.open[last] + ">")
	w.open = w.open[:last]
}

// CloseAll ends every open element.
func (w *Writer) CloseAll() {
	for len(w.open) > 0 {
		w.Close()
	}
}

// Leaf writes an element that holds text.
func (w *Writer) Leaf(name, text string) {
	w.Raw("<" + name + ">")
	w.text(text)
	w.Raw("</" + name + ">")
}

// Known writes a Leaf unless the text is empty.
func (w *Writer) Known(name, text string) {
	if text != "" {
		w.Leaf(name, text)
	}
}

// Empty writes an element without content.
func (w *Writer) Empty(name string) { w.Raw("<" + name + "/>") }

// Bytes is what was written. It is valid until the next write.
func (w *Writer) Bytes() []byte { return w.buf }

// Reset forgets the bytes, though not the open elements, so that a long
// document can be passed on in runs.
func (w *Writer) Reset() { w.buf = w.buf[:0] }

// text escapes what could end the text. Quotes stay as they are, since a
// sourcedid is often JSON and some receivers do not undo more than & and <.
// What XML cannot hold becomes U+FFFD.
func (w *Writer) text(s string) {
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case c == '&':
			w.Raw("&amp;")
		case c == '<':
			w.Raw("&lt;")
		case c == '>':
			w.Raw("&gt;")
		case c == '\r':
			w.Raw("&#13;") // a bare one would be read as a line feed
		case c == utf8.RuneError && size == 1, !allowed(c):
			w.Raw("\uFFFD")
		default:
			w.Raw(s[i : i+size])
		}
		i += size
	}
}

// allowed tells whether XML 1.0 can hold the character (section 2.2).
func allowed(c rune) bool {
	return c == '\t' || c == '\n' || c >= 0x20 && c != 0xFFFE && c != 0xFFFF
}
