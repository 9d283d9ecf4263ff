package manifest

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	yaml "go.yaml.in/yaml/v3"
)

// MaxSize is how many bytes a manifest may have.
const MaxSize = 5 << 20

// maxDepth is how deep the nodes of a manifest may nest; the format needs 9.
const maxDepth = 32

// readDocument reads the one document of data, without aliases, anchors and
// tags: each node is written out where it stands and has a plain type.
func readDocument(data []byte) (*yaml.Node, error) {
	if len(data) > MaxSize {
		return nil, Faults{{Text: "is larger than 5 MiB"}}
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, Faults{{Text: "is empty"}}
	} else if err != nil {
		return nil, Faults{syntaxFault(err)}
	}
	if err := d.Decode(&second); err == nil {
		return nil, Faults{{Line: second.Line, Text: "a second document starts here; a manifest is one document"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, Faults{syntaxFault(err)}
	}
	var faults ledger
	checkPlain(&faults, &doc, 0)
	if err := faults.err(); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 {
		return nil, Faults{{Text: "is empty"}}
	}
	return doc.Content[0], nil
}

// checkPlain refuses what makes YAML mean more than it shows.
func checkPlain(faults *ledger, n *yaml.Node, depth int) {
	at := place{line: n.Line}
	switch {
	case depth > maxDepth:
		faults.add(at, "nests deeper than %d", maxDepth)
		return
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		faults.add(at, "%s", noAliases)
		return // An alias leads to a node that was looked at already.
	case n.Kind != yaml.DocumentNode && !slices.Contains(plainTags(), n.ShortTag()):
		faults.add(at, "has a type tag; write plain values")
	}
	for _, child := range n.Content {
		checkPlain(faults, child, depth+1)
	}
}

const noAliases = "anchors (&) and aliases (*) are not supported; put quotes around a value that starts so"

func plainTags() []string {
	return []string{"!!map", "!!seq", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!merge"}
}

// syntaxFault gives an error of the YAML reader its place. The name of an
// alias is left out: it may be a secret that somebody forgot to quote.
func syntaxFault(err error) Fault {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	var f Fault
	if m := regexp.MustCompile(`^(?:unmarshal errors:\s*)?line (\d+): `).FindStringSubmatch(text); m != nil {
		f.Line, _ = strconv.Atoi(m[1]) // digits only; one too long for an int is no line
		text = text[len(m[0]):]
	}
	f.Text = "is not YAML: " + text
	if strings.Contains(text, "unknown anchor") || strings.Contains(text, "anchor '") {
		f.Text = noAliases
	}
	return f
}

func sortByLine(faults Faults) {
	slices.SortStableFunc(faults, func(a, b Fault) int { return a.Line - b.Line })
}
