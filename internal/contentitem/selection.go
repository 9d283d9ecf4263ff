package contentitem

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/ltihub/ltihub/internal/oauth1"
)

// Bounds of a selection.
const (
	// MaxText is how many bytes the JSON text of the items may have.
	MaxText = 1 << 20
	// MaxItems is how many items there may be.
	MaxItems = 200

	maxData    = 4096 // bytes, as of any other parameter
	maxMessage = 1000 // characters that are kept of a message
)

// Why a selection is refused.
var (
	// ErrMessageType is another message, or none.
	ErrMessageType = errors.New("not a ContentItemSelection")
	// ErrVersion is a version that we do not speak.
	ErrVersion = errors.New("not LTI-1p0")
	// ErrRepeated is a parameter that is there more than once.
	ErrRepeated = errors.New("parameter given more than once")
	// ErrTooLarge is too much text or too many items.
	ErrTooLarge = errors.New("selection too large")
	// ErrJSON is a text of items that is not the JSON that we read.
	ErrJSON = errors.New("unreadable content items")
)

const (
	selectionType = "ContentItemSelection"
	version       = "LTI-1p0"
)

// Selection is what a user chose in a tool.
type Selection struct {
	Items []Item
	// Ignored says what was left out.
	Ignored []Ignored
	// Data is what the request sent along, if the tool is honest.
	Data string

	// Message and ErrorMessage are for the user, Log and ErrorLog for the
	// log. All are plain text from a stranger.
	Message      string
	Log          string
	ErrorMessage string
	ErrorLog     string
}

// Ignored is an item, or a part of one, that was left out. Item counts from 1
// in the order of the message; Part is empty for a whole item.
type Ignored struct {
	Item   int
	Part   string
	Reason string
}

// String is the sentence for a person.
func (i Ignored) String() string {
	if i.Part == "" {
		return fmt.Sprintf("item %d is left out: %s", i.Item, i.Reason)
	}
	return fmt.Sprintf("%s of item %d is left out: %s", i.Part, i.Item, i.Reason)
}

// Cancelled reports that nothing was chosen, as when the user turned back.
func (s Selection) Cancelled() bool { return len(s.Items) == 0 && len(s.Ignored) == 0 }

// ParseSelection reads the parameters of an answer whose signature is for the
// caller to judge, as is Data. An absent or empty content_items and an empty
// @graph are a selection without items. A single item may stand in place of the
// list or of the whole document.
//
// It refuses, with an error that wraps one of the sentinels above, another
// message type or version, repeated parameters, more than MaxText bytes or
// MaxItems items, and a text that is no JSON object in UTF-8, nests deeper than
// 16 or names a member twice. Single items that cannot be used are left out
// with a reason. Messages are cut to 1000 characters.
func ParseSelection(p oauth1.Params) (Selection, error) {
	if err := checkShape(p); err != nil {
		return Selection{}, err
	}
	s := Selection{
		Data:         p.Value("data"),
		Message:      cut(clean(p.Value("lti_msg")), maxMessage),
		Log:          cut(clean(p.Value("lti_log")), maxMessage),
		ErrorMessage: cut(clean(p.Value("lti_errormsg")), maxMessage),
		ErrorLog:     cut(clean(p.Value("lti_errorlog")), maxMessage),
	}
	graph, err := parseGraph(p.Value("content_items"))
	if err != nil {
		return Selection{}, err
	}
	if len(graph) > MaxItems {
		return Selection{}, fmt.Errorf("%w: %d items, at most %d", ErrTooLarge, len(graph), MaxItems)
	}
	for i, raw := range graph {
		r := reader{number: i + 1}
		if item, ok := r.item(raw); ok {
			s.Items = append(s.Items, item)
		}
		s.Ignored = append(s.Ignored, r.ignored...)
	}
	return s, nil
}

func checkShape(p oauth1.Params) error {
	for _, name := range []string{
		"lti_message_type", "lti_version", "content_items", "data", "lti_msg", "lti_log", "lti_errormsg", "lti_errorlog",
	} {
		if p.Count(name) > 1 {
			return fmt.Errorf("%w: %s", ErrRepeated, name)
		}
	}
	if kind := p.Value("lti_message_type"); kind != selectionType {
		return fmt.Errorf("%w: it says %.60q", ErrMessageType, kind)
	}
	if v := p.Value("lti_version"); v != version {
		return fmt.Errorf("%w: it says %.20q", ErrVersion, v)
	}
	if n := len(p.Value("content_items")); n > MaxText {
		return fmt.Errorf("%w: %d bytes of content_items, at most %d", ErrTooLarge, n, MaxText)
	}
	if n := len(p.Value("data")); n > maxData {
		return fmt.Errorf("%w: %d bytes of data, at most %d", ErrTooLarge, n, maxData)
	}
	return nil
}

// clean takes away what no store and no page can hold.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// cut keeps the first characters of a text in UTF-8.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most])
}
