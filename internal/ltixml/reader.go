package ltixml

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrSyntax means that the document is not the XML that we read.
var ErrSyntax = errors.New("not acceptable XML")

// MaxDepth is how many elements may be open at once.
const MaxDepth = 32

// Reader walks through one document. Make it with NewReader.
type Reader struct {
	decoder *xml.Decoder
	depth   int
	started bool // the declaration or the root was seen
	ended   bool // the root was closed
}

// NewReader reads from r, which should be limited in size. A byte order mark of
// UTF-8 and white space before the declaration are passed over.
func NewReader(r io.Reader) *Reader {
	in := bufio.NewReader(r)
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // they were peeked, so they are there
	}
	d := xml.NewDecoder(in)
	d.CharsetReader = utf8Only
	return &Reader{decoder: d}
}

// utf8Only lets declarations pass that name UTF-8, or a part of it, in another
// spelling.
func utf8Only(charset string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(charset) {
	case "utf8", "utf_8", "us-ascii", "ascii":
		return in, nil
	}
	return nil, errors.New("the encoding is not UTF-8")
}

// Kind tells tokens apart.
type Kind int

// The kinds of tokens.
const (
	Start Kind = iota + 1
	End
	Text
)

// Token is a step through a document: the start or end of an element with its
// local name, or a piece of text.
type Token struct {
	Kind Kind
	Name string
	Text string
}

// Next gives the next token, and io.EOF after the end of the one root. Text
// comes in pieces, comments left out, and only inside the root. Every other
// error wraps ErrSyntax or is one of the reader below.
func (r *Reader) Next() (Token, error) {
	for {
		t, err := r.decoder.Token()
		if err != nil {
			return Token{}, r.fault(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			return r.start(t)
		case xml.EndElement:
			r.depth--
			r.ended = r.depth == 0
			return Token{Kind: End, Name: t.Name.Local}, nil
		case xml.CharData:
			if r.depth > 0 {
				return Token{Kind: Text, Text: string(t)}, nil
			}
			if strings.Trim(string(t), " \t\r\n") != "" {
				return Token{}, syntax("text outside the root element")
			}
		case xml.ProcInst:
			if t.Target != "xml" || r.started {
				return Token{}, syntax("a processing instruction")
			}
			r.started = true
		case xml.Directive:
			return Token{}, syntax("a DOCTYPE or other directive")
		}
	}
}

func (r *Reader) start(t xml.StartElement) (Token, error) {
	if r.ended {
		return Token{}, syntax("a second root element")
	}
	if r.depth == MaxDepth {
		return Token{}, syntax("elements nested too deep")
	}
	r.depth++
	r.started = true
	return Token{Kind: Start, Name: t.Name.Local}, nil
}

// fault explains an error of the decoder, which reports a document without any
// element as io.EOF.
func (r *Reader) fault(err error) error {
	var wrong *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF) && r.ended:
		return io.EOF
	case errors.Is(err, io.EOF):
		return syntax("no element at all")
	case errors.As(err, &wrong):
		return fmt.Errorf("%w: line %d: %.200s", ErrSyntax, wrong.Line, wrong.Msg)
	case strings.HasPrefix(err.Error(), "xml: "): // encodings and versions
		return fmt.Errorf("%w: %.200s", ErrSyntax, err.Error())
	}
	return fmt.Errorf("read XML: %w", err)
}

func syntax(what string) error { return fmt.Errorf("%w: %s", ErrSyntax, what) }
