package contentitem

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how many objects and lists may be open at once.
const maxDepth = 16

// parseGraph gives the items of a document, each unread.
func parseGraph(text string) ([]json.RawMessage, error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\uFEFF"))
	if text == "" {
		return nil, nil
	}
	if err := checkJSON(text); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJSON, err)
	}
	root, ok := parseObject([]byte(text))
	if !ok {
		return nil, fmt.Errorf("%w: no object", ErrJSON)
	}
	graph, ok := root["@graph"]
	switch {
	case !ok && root["@type"] != nil: // JSON-LD needs no graph for one thing
		return []json.RawMessage{[]byte(text)}, nil
	case !ok || string(graph) == "null":
		return nil, nil
	case graph[0] == '{':
		return []json.RawMessage{graph}, nil
	case graph[0] == '[':
		return parseList(graph), nil
	}
	return nil, fmt.Errorf("%w: @graph is no list", ErrJSON)
}

// checkJSON refuses what readers of JSON differ about.
func checkJSON(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("invalid UTF-8")
	}
	if !json.Valid([]byte(text)) {
		return errors.New("no JSON")
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return checkValue(d, 0)
}

// checkValue walks through one value of valid JSON.
func checkValue(d *json.Decoder, depth int) error {
	start, err := d.Token()
	if err != nil {
		return err
	}
	if start != json.Delim('{') && start != json.Delim('[') {
		return nil
	}
	if depth == maxDepth {
		return fmt.Errorf("nested deeper than %d", maxDepth)
	}
	seen := make(map[json.Token]bool)
	for d.More() {
		if start == json.Delim('{') {
			name, err := d.Token()
			if err != nil {
				return err
			}
			if seen[name] {
				return fmt.Errorf("%.60q twice in one object", name)
			}
			seen[name] = true
		}
		if err := checkValue(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token() // the end
	return err
}

// object holds the members of a JSON object unread, under their exact names.
type object map[string]json.RawMessage

// parseObject reads a value that checkJSON accepted.
func parseObject(raw json.RawMessage) (object, bool) {
	if len(raw) == 0 || raw[0] != '{' {
		return nil, false
	}
	var o object
	err := json.Unmarshal(raw, &o)
	return o, err == nil
}

// parseList reads a value that checkJSON accepted. What is no list is empty.
func parseList(raw json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if len(raw) == 0 || raw[0] != '[' || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

// object is the member of that name, empty when it is no object.
func (o object) object(name string) object {
	inner, _ := parseObject(o[name])
	return inner
}

// text is the text of a member; see parseText.
func (o object) text(name string) string {
	text, _ := parseText(o[name])
	return strings.TrimSpace(text)
}

// parseText takes a string, or a number or truth value as it is written. Null
// and nothing are "". It is not ok for objects and lists.
func parseText(raw json.RawMessage) (text string, ok bool) {
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return "", true
	case raw[0] == '{' || raw[0] == '[':
		return "", false
	case raw[0] != '"':
		return string(raw), true
	}
	err := json.Unmarshal(raw, &text)
	return clean(text), err == nil
}

// texts are those of a list or of a single one.
func (o object) texts(name string) []string {
	list := parseList(o[name])
	if list == nil {
		return []string{o.text(name)}
	}
	var texts []string
	for _, raw := range list {
		if text, ok := parseText(raw); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// iri is a URL that stands for itself or as the @id of an object.
func (o object) iri(name string) string {
	if inner := o.object(name); inner != nil {
		return inner.text("@id")
	}
	return o.text(name)
}

// errNumber means that a member is there but is no number in its bounds.
var errNumber = errors.New("it is no number in its bounds")

// number is a number from 0 to most, or a string that holds one; 0 when it is
// not there.
func (o object) number(name string, most float64) (float64, error) {
	text := o.text(name)
	if text == "" && (o[name] == nil || o[name][0] == 'n') {
		return 0, nil
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= 0 && x <= most) || strings.ContainsAny(text, "xX_") {
		return 0, errNumber
	}
	return math.Abs(x), nil // no minus zero
}
