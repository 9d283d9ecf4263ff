package contentitem

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/ltihub/ltihub/internal/lti"
)

// Bounds of an item's parts. Titles and texts are cut so that a launch can
// carry them.
const (
	maxTitle      = 255  // characters
	maxLinkText   = 1000 // characters
	maxWindowName = 64   // characters
	maxName       = 255  // bytes of a custom parameter's name
	maxValue      = 4096 // bytes of its value, and of a fragment
	maxCustom     = 200  // custom parameters
	maxPixels     = 1<<16 - 1
	maxPoints     = 1e6
)

// draftLTILink is LTILink as drafts of the standard called it.
const draftLTILink = "application/vnd.ims.lti.v1.launch+json"

// reader reads one item; number is its place in the message.
type reader struct {
	number  int
	ignored []Ignored
}

func (r *reader) ignore(part, reason string) {
	r.ignored = append(r.ignored, Ignored{Item: r.number, Part: part, Reason: reason})
}

// item reads an item. It is not ok when the whole is left out.
func (r *reader) item(raw json.RawMessage) (Item, bool) {
	item, err := r.read(raw)
	if err != nil {
		r.ignored = nil // what is said of its parts matters no more
		r.ignore("", err.Error())
		return Item{}, false
	}
	return item, true
}

func (r *reader) read(raw json.RawMessage) (Item, error) {
	o, ok := parseObject(raw)
	if !ok {
		return Item{}, errors.New("it is no object")
	}
	media := cut(o.text("mediaType"), maxTitle)
	kind, err := itemType(o.texts("@type"), media)
	if err != nil {
		return Item{}, err
	}
	item := Item{
		Type: kind, MediaType: media,
		Title: r.cut("title", o.text("title"), maxTitle),
		Text:  o.text("text"), URL: o.iri("url"),
		Icon: r.image(o, "icon"), Thumbnail: r.image(o, "thumbnail"),
		Placement: r.placement(o.object("placementAdvice")),
	}
	switch kind {
	case LinkItem:
		err = r.readLink(&item, o)
	case FileItem:
		err = r.readFile(&item, o)
	default:
		err = readContent(item)
	}
	return item, err
}

// itemType finds a type that we know, short or as a URI. A link is also known
// by its media type, and LtiLink is its name in drafts of the standard.
func itemType(names []string, media string) (Type, error) {
	link := strings.EqualFold(media, LTILink) || strings.EqualFold(media, draftLTILink)
	for _, name := range names {
		switch kind := Type(name[strings.LastIndexAny(name, "#/:")+1:]); kind {
		case "LtiLink", LinkItem:
			return LinkItem, nil
		case ContentItem, FileItem:
			if link {
				return LinkItem, nil
			}
			return kind, nil
		}
	}
	switch said := strings.Join(names, " "); {
	case said != "":
		return "", fmt.Errorf("its type %.60q is unknown", said)
	case link:
		return LinkItem, nil
	}
	return "", errors.New("it has no type")
}

func (r *reader) readLink(item *Item, o object) error {
	if item.URL != "" {
		if err := lti.CheckURL(item.URL); err != nil {
			return fmt.Errorf("its url is refused: %w", err)
		}
	}
	var err error
	if item.Custom, err = custom(o["custom"]); err != nil {
		return err
	}
	item.Text = r.cut("text", item.Text, maxLinkText)
	item.LineItem = r.lineItem(o.object("lineItem"))
	return nil
}

func (r *reader) readFile(item *Item, o object) error {
	if item.URL == "" {
		return errors.New("it has no url")
	}
	if err := checkPage(item.URL); err != nil {
		return fmt.Errorf("its url is refused: %w", err)
	}
	item.CopyAdvice = strings.EqualFold(o.text("copyAdvice"), "true")
	if at := o.text("expiresAt"); at != "" {
		t, err := time.Parse(time.RFC3339, at)
		if err != nil {
			r.ignore("expiresAt", "it is no time")
			return nil
		}
		item.ExpiresAt = t.UTC()
	}
	return nil
}

func readContent(item Item) error {
	if item.URL == "" && item.Text == "" {
		return errors.New("it has neither url nor text")
	}
	if item.URL == "" {
		return nil
	}
	if err := checkPage(item.URL); err != nil {
		return fmt.Errorf("its url is refused: %w", err)
	}
	return nil
}

// checkPage is lti.CheckURL for a page that is only linked, which may have a
// fragment.
func checkPage(raw string) error {
	page, fragment, _ := strings.Cut(raw, "#")
	if strings.ContainsFunc(fragment, func(c rune) bool { return unicode.IsControl(c) || unicode.IsSpace(c) }) {
		return errors.New("it contains a character that must be escaped")
	}
	if len(fragment) > maxValue {
		return errors.New("its fragment is too long")
	}
	return lti.CheckURL(page)
}

// custom reads custom parameters: strings, and numbers and truth values as they
// are written. To leave one out would launch something that nobody chose.
func custom(raw json.RawMessage) (map[string]string, error) {
	if raw == nil || string(raw) == "null" {
		return nil, nil
	}
	o, ok := parseObject(raw)
	if !ok {
		return nil, errors.New("its custom is no object")
	}
	if len(o) > maxCustom {
		return nil, fmt.Errorf("it has more than %d custom parameters", maxCustom)
	}
	var m map[string]string
	for _, name := range slices.Sorted(maps.Keys(o)) {
		value, ok := parseText(o[name])
		switch {
		case !ok:
			return nil, fmt.Errorf("its custom parameter %.60q is no text", name)
		case strings.TrimSpace(name) == "" || len(name) > maxName || clean(name) != name:
			return nil, fmt.Errorf("its custom parameter %.60q has no acceptable name", name)
		case len(value) > maxValue:
			return nil, fmt.Errorf("its custom parameter %.60q is longer than %d bytes", name, maxValue)
		}
		if m == nil {
			m = make(map[string]string, len(o))
		}
		m[name] = value
	}
	return m, nil
}

func (r *reader) lineItem(o object) *LineItem {
	if o == nil {
		return nil
	}
	l := &LineItem{
		Label:      r.cut("lineItem.label", o.text("label"), maxTitle),
		ActivityID: r.cut("lineItem.activityId", o.object("assignedActivity").text("activityId"), maxTitle),
	}
	limits := o.object("scoreConstraints")
	for _, f := range []struct {
		name string
		at   *float64
	}{
		{"normalMaximum", &l.NormalMaximum},
		{"extraCreditMaximum", &l.ExtraMaximum},
		{"totalMaximum", &l.TotalMaximum},
	} {
		var err error
		if *f.at, err = limits.number(f.name, maxPoints); err != nil {
			r.ignore("lineItem."+f.name, err.Error())
		}
	}
	return l
}

func (r *reader) image(o object, name string) Image {
	url := o.iri(name)
	if url == "" {
		return Image{}
	}
	if err := lti.CheckURL(url); err != nil {
		r.ignore(name, err.Error())
		return Image{}
	}
	inner := o.object(name)
	return Image{URL: url, Width: r.pixels(inner, name, "width"), Height: r.pixels(inner, name, "height")}
}

func (r *reader) placement(o object) Placement {
	const where = "placementAdvice"
	p := Placement{
		Target:       strings.ToLower(o.text("presentationDocumentTarget")),
		WindowTarget: r.cut(where, o.text("windowTarget"), maxWindowName),
		Width:        r.pixels(o, where, "displayWidth"),
		Height:       r.pixels(o, where, "displayHeight"),
	}
	switch p.Target {
	case "", TargetEmbed, TargetFrame, TargetIframe, TargetWindow, TargetPopup, TargetOverlay, TargetNone:
	default:
		r.ignore(where, fmt.Sprintf("its target %.60q is unknown", p.Target))
		p.Target = ""
	}
	return p
}

func (r *reader) pixels(o object, where, name string) int {
	n, err := o.number(name, maxPixels)
	if err != nil {
		r.ignore(where+"."+name, err.Error())
	}
	return int(n)
}

// cut shortens a text and says so.
func (r *reader) cut(part, text string, most int) string {
	short := cut(text, most)
	if short != text {
		r.ignore("the end of "+part, fmt.Sprintf("it is longer than %d characters", most))
	}
	return short
}
