package manifest

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	yaml "go.yaml.in/yaml/v3"

	"github.com/ltihub/ltihub/internal/lti"
)

// value is a node on its way to a field. Its readers give the zero value and
// record a fault when the node is not what the field wants.
type value struct {
	place
	node   *yaml.Node
	faults *ledger
}

func (v value) fault(format string, args ...any) { v.faults.add(v.place, format, args...) }

// keys says how each key of a mapping is read.
type keys map[string]func(value)

// mapping reads a mapping of known keys. A key without a value counts as left
// out. It returns the keys that were there.
func (v value) mapping(known keys) map[string]value {
	present := make(map[string]value)
	v.pairs(func(name string, item value) {
		read, ok := known[name]
		if !ok {
			item.fault("is not a key of the manifest")
			return
		}
		if item.node.ShortTag() == "!!null" {
			return
		}
		present[name] = item
		read(item)
	})
	return present
}

// pairs walks a mapping in its order; keys are text and occur once.
func (v value) pairs(fn func(name string, item value)) {
	if v.node.Kind != yaml.MappingNode {
		v.fault("must be a mapping (key: value)")
		return
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		key, node := v.node.Content[i], v.node.Content[i+1]
		at := place{key.Line, v.path}
		if key.Kind != yaml.ScalarNode {
			v.faults.add(at, "a key must be a plain word")
			continue
		}
		at = at.key(shown(key.Value))
		if seen[key.Value] {
			v.faults.add(at, "occurs twice")
			continue
		}
		seen[key.Value] = true
		fn(key.Value, value{at, node, v.faults})
	}
}

// shown is a key as a path may repeat it. One that is no word may be a secret
// that lost its quotes, so it is not repeated.
func shown(key string) string {
	for _, c := range key {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("_-.$", c) {
			return "(a key)"
		}
	}
	if len(key) > 64 || key == "" {
		return "(a key)"
	}
	return key
}

// require records a fault for each of names that is not present.
func (v value) require(present map[string]value, names ...string) {
	for _, name := range names {
		if _, ok := present[name]; !ok && v.node.Kind == yaml.MappingNode {
			v.faults.add(v.key(name), "is missing")
		}
	}
}

// each walks the items of a list.
func (v value) each(fn func(value)) {
	if v.node.Kind != yaml.SequenceNode {
		v.fault("must be a list")
		return
	}
	for i, n := range v.node.Content {
		fn(value{place{n.Line, v.path + "[" + strconv.Itoa(i) + "]"}, n, v.faults})
	}
}

// text reads a scalar as it is written: 001 and "001" are the same text.
func (v value) text() string {
	if !v.isText() {
		v.fault("must be a text")
		return ""
	}
	if strings.ContainsRune(v.node.Value, 0) {
		v.fault("must not contain the character NUL")
	}
	return v.node.Value
}

// isText reports whether text takes v.
func (v value) isText() bool {
	return v.node.Kind == yaml.ScalarNode && v.node.ShortTag() != "!!null"
}

// maxText is how many bytes a title, name or description may have, maxSecret a
// secret or password.
const (
	maxText   = lti.MaxText
	maxSecret = lti.MaxSecret
)

// title reads a text for people, empty or not.
func (v value) title() string {
	s := v.text()
	if len(s) > maxText {
		v.fault("is longer than %d bytes", maxText)
	}
	return s
}

// secret reads a shared secret. Its faults never repeat it.
func (v value) secret() string {
	s := v.text()
	switch {
	case s == "" && v.isText():
		v.fault("must not be empty")
	case len(s) > maxSecret:
		v.fault("is longer than %d bytes", maxSecret)
	}
	return s
}

func (v value) boolean() bool {
	if v.node.Kind != yaml.ScalarNode || v.node.ShortTag() != "!!bool" {
		v.fault("must be true or false")
		return false
	}
	return strings.EqualFold(v.node.Value, "true")
}

// points reads points possible, by the rule of lti.ParsePoints.
func (v value) points() float64 {
	text := v.node.Value
	if tag := v.node.ShortTag(); tag != "!!int" && tag != "!!float" {
		text = "" // "10" in quotes is a text
	}
	f, err := lti.ParsePoints(text)
	if err != nil {
		v.fault("%v", err)
	}
	return f
}

// pixels reads a width or height, by the rule of lti.ParsePixels.
func (v value) pixels() int {
	text := v.node.Value
	if v.node.ShortTag() != "!!int" {
		text = ""
	}
	n, err := lti.ParsePixels(text)
	if err != nil {
		v.fault("%v", err)
	}
	return n
}

// duration gives a reader of Go durations from a second to limit.
func duration(limit time.Duration) func(value) time.Duration {
	return func(v value) time.Duration {
		s := v.text()
		d, err := time.ParseDuration(s)
		if err != nil {
			v.fault("must be a duration such as 90s, 5m or 720h")
			return 0
		}
		if d < time.Second || d > limit {
			v.fault("must be from 1s to %s", formatDuration(limit))
			return 0
		}
		return d
	}
}

// formatDuration is d without the zero parts at its end: "720h", not
// "720h0m0s".
func formatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// date reads a time, by the rule of lti.ParseDate.
func (v value) date() time.Time {
	s := v.text()
	t, err := lti.ParseDate(s)
	if err != nil {
		v.fault("%v", err)
	}
	return t
}

// oneOf gives a reader of a text that is one of allowed.
func oneOf(allowed ...string) func(value) string {
	return func(v value) string {
		s := v.text()
		if err := lti.CheckOneOf(s, allowed); err != nil {
			v.fault("%v", err)
			return ""
		}
		return s
	}
}

// checked gives a reader of a text that obeys a rule of package lti.
func checked(check func(string) error) func(value) string {
	return func(v value) string {
		s := v.text()
		if err := check(s); err != nil && v.isText() {
			v.fault("%v", err)
		}
		return s
	}
}

// orEmpty gives a reader that takes "" beside what read takes.
func orEmpty(read func(value) string) func(value) string {
	return func(v value) string {
		if v.node.Kind == yaml.ScalarNode && v.node.Value == "" {
			return ""
		}
		return read(v)
	}
}

// listOf gives a reader of a list of different texts; nil when it is empty.
func listOf(read func(value) string) func(value) []string {
	return func(v value) []string {
		var items []string
		seen := make(map[string]bool)
		v.each(func(item value) {
			s := read(item)
			if seen[s] && s != "" {
				item.fault("occurs twice in the list")
			}
			seen[s] = true
			items = append(items, s)
		})
		return items
	}
}
