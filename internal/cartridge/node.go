package cartridge

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/ltihub/ltihub/internal/ltixml"
)

// node is an element with its attributes, which strictxml leaves out, while
// here they carry the names of things.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

// parseNode reads a document that strictxml accepts.
func parseNode(data []byte) (node, error) {
	if _, err := ltixml.Parse(data); err != nil {
		return node{}, err
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // strictxml has judged it
	var root node
	if err := d.Decode(&root); err != nil {
		return node{}, fmt.Errorf("read attributes: %w", err)
	}
	return root, nil
}

func (n node) name() string { return n.XMLName.Local }

func (n node) value() string { return trim(n.Text) }

// attr is the first attribute of one of the names, in any namespace.
func (n node) attr(names ...string) string {
	for _, a := range n.Attrs {
		for _, name := range names {
			if a.Name.Local == name {
				return trim(a.Value)
			}
		}
	}
	return ""
}

func trim(s string) string { return strings.Trim(s, " \t\r\n") }
