package course

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// LinkForm is a resource link as a person writes it. Its fields are named in
// Faults as in the tags of package web's form: in lower case.
type LinkForm struct {
	Title, Description, Tool, Folder string
	// Points is a number, empty or 0 for a link without a grade.
	Points string
	// Custom has one parameter a line, name=value.
	Custom string
	Policy string
	// Due is RFC 3339, a day, or a day and time of day in UTC.
	Due           string
	URL           string
	Target        string
	Width, Height string
	Tiny          string
	// Protected links open with a pass from an LMS only.
	Protected bool
}

// LinkFormOf is a link as a form shows it.
func LinkFormOf(l lti.ResourceLink, folder string) LinkForm {
	f := LinkForm{
		Title: l.Title, Description: l.Description, Tool: l.Tool, Folder: folder, Custom: CustomText(l.Custom),
		Policy: l.Policy, URL: l.URL, Target: l.Target, Tiny: l.Tiny, Protected: l.Protected, Due: DateText(l.Due),
		Width: numberText(float64(l.Width)), Height: numberText(float64(l.Height)), Points: numberText(l.Points),
	}
	if f.Policy == "" {
		f.Policy = lti.PolicyLatest
	}
	return f
}

func numberText(n float64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// DateText writes a time as fields for dates have it: to the minute, in UTC; ""
// for none.
func DateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(minuteLayout)
}

const minuteLayout = "2006-01-02T15:04"

// parseDate reads what DateText writes, seconds or not, beside what lti.ParseDate
// reads.
func parseDate(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{minuteLayout, "2006-01-02T15:04:05"} {
		if _, err := time.Parse(layout, text); err == nil {
			text = (text + ":00")[:19] + "Z"
			break
		}
	}
	return lti.ParseDate(text)
}

// CustomText writes custom parameters, one a line.
func CustomText(custom map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		b.WriteString(name + "=" + custom[name] + "\n")
	}
	return b.String()
}

// apply makes l what the form says, but for what takes the store to know.
func (f LinkForm) apply(l *lti.ResourceLink, faults Faults) {
	var err error
	l.Title, l.Description = strings.TrimSpace(f.Title), strings.TrimSpace(oneEnd(f.Description))
	faults.add("title", checkTitle(l.Title))
	faults.add("description", lti.CheckText(l.Description))
	l.Tool, l.Protected = f.Tool, f.Protected
	if l.Tool == "" {
		faults.add("tool", errors.New("it is missing: choose the tool that the link opens"))
	}
	l.Points = 0
	if points := strings.TrimSpace(f.Points); points != "" {
		l.Points, err = lti.ParsePoints(points)
		faults.add("points", err)
	}
	l.Custom = readCustom(f.Custom, l.Custom, faults)
	l.Policy = f.Policy
	faults.add("policy", lti.CheckOneOf(f.Policy, lti.Policies()))
	before := l.Due
	l.Due, err = parseDate(f.Due)
	if f.Due == DateText(before) {
		l.Due = before // its seconds stay
	}
	faults.add("due", err)
	l.URL = strings.TrimSpace(f.URL)
	if l.URL != "" {
		faults.add("url", lti.CheckURL(l.URL))
	}
	l.Target, l.Width, l.Height = readShown(f.Target, f.Width, f.Height, faults)
	l.Tiny = strings.TrimSpace(f.Tiny)
	if l.Tiny != "" {
		faults.add("tiny", lti.CheckName(l.Tiny))
	}
}

// readShown reads how a tool is shown; empty fields leave that open.
func readShown(target, width, height string, faults Faults) (string, int, int) {
	if target != "" {
		faults.add("target", lti.CheckOneOf(target, lti.Targets()))
	}
	pixels := func(field, text string) (n int) {
		if text = strings.TrimSpace(text); text != "" {
			var err error
			n, err = lti.ParsePixels(text)
			faults.add(field, err)
		}
		return n
	}
	return target, pixels("width", width), pixels("height", height)
}

// readCustom reads custom parameters; nil without any. A text that shows those
// that are there keeps them as they are, even what no line can say.
func readCustom(text string, held map[string]string, faults Faults) map[string]string {
	if oneEnd(text) == CustomText(held) {
		return held
	}
	custom, wrong := lti.CheckCustom(text)
	faults.add("custom", errors.Join(wrong...))
	if len(custom) == 0 {
		return nil
	}
	return custom
}

// oneEnd writes the line ends of a browser as one character.
func oneEnd(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
