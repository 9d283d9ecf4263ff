package web

import (
	"fmt"
	"html/template"
	"math"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ltihub/ltihub/internal/lti"
)

// funcs are what the templates may call beside the methods of the pages.
func (p *Pages) funcs(s *speech) template.FuncMap {
	return template.FuncMap{
		"t": s.say, "echo": s.echo, "lang": s.lang,
		"rich": newRichText, "add": func(a, b int) int { return a + b },
		"asset": p.assets.path,
		"url":   withSession, "query": query, "join": strings.Join,
		"when": newWhen, "whenExact": newExactWhen, "ago": ago, "span": span, "copybox": newCopyBox, "custombox": newCustomBox,
		"cursor": newCursor, "tab": newTab, "flag": flag,
		"link": newLinkView, "transfers": newTransferList, "transfer": newTransferNote, "attempts": newAttemptList,
		"launchList": newLaunchList, "emptyLaunches": emptyLaunches,
		"deliveryList": newDeliveryList, "resend": newResend,
		"states": states, "courseRoles": lti.CourseRoles,
		"exact": exact, "formAction": formAction,
		"points": points, "scored": scored, "percent": percent,
		"role": roleName, "state": newStateMark, "tone": deliveryTone, "sentence": sentence, "whole": wholeSentence, "cause": causeText, "host": host,
		"hint": deliveryHint, "sendCause": newSendCause, "custom": sortedPairs, "roles": sortedRoles,
		"coursePath": CoursePath, "linkPath": LinkPath, "gradebookPath": GradebookPath,
		"gradePath": GradePath, "resultsPath": ResultsPath, "membersPath": MembersPath, "memberPath": MemberPath, "rosterPath": RosterPath,
		"rosterPanel": newRosterPanel, "rosterProgress": newRosterProgress, "rosterTag": rosterTag, "memberStatus": newMemberStatus, "fieldMarks": newFieldMarks,
		"consumerPath": ConsumerPath, "toolPath": ToolPath, "launchPath": LaunchRecordPath,
		"deliveryPath": DeliveryPath, "batchPath": BatchPath, "passPath": PassPath, "menuPath": MenuPath, "userPath": UserPath, "directoryPath": DirectoryPath, "how": howBound, "reference": reference,
		"addFrom": newAddFrom, "addPath": AddPath, "toolCartridgePath": ToolCartridgePath,
		"mover": newMover, "spot": newSpot, "editList": newEditList, "editAddFrom": newEditAddFrom,
		"policies": policyChoices, "targets": targetChoices, "releases": releaseChoices,
		"editPath": EditPath, "editFolderPath": EditFolderPath, "editLinksPath": EditLinksPath, "newLinkPath": NewLinkPath, "editLinkPath": EditLinkPath,
		"editSettingsPath": EditSettingsPath, "editToolsPath": EditToolsPath, "newToolPath": NewCourseToolPath, "editToolPath": EditToolPath, "previewPath": PreviewPath,
		"switch": newSwitcher, "ms": milliseconds, "domainPath": DomainPath, "adminCoursePath": AdminCoursePath,
		"courseRef": func(domain, id string) lti.CourseRef { return lti.CourseRef{Domain: domain, ID: id} },
	}
}

// reference is the number that a person reads out for a record; a sample's id
// that is none stays as it is.
func reference(id string) string { return or(lti.Reference(id), id) }

// withSession carries the launch's id on, if there is one.
func withSession(path, session string) string {
	if session == "" {
		return path
	}
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	return path + mark + "s=" + url.QueryEscape(session)
}

// when is a time with the moment to tell it from.
type when struct {
	ISO  string
	Text string
	Ago  string
}

// newWhen shows a time to the minute; a zero one gives the zero value.
func newWhen(t, now time.Time) when { return formatWhen(t, now, "15:04") }

// newExactWhen shows a time to the second.
func newExactWhen(t, now time.Time) when { return formatWhen(t, now, "15:04:05") }

func formatWhen(t, now time.Time, clock string) when {
	if t.IsZero() {
		return when{}
	}
	t = t.UTC()
	text := t.Format("2 Jan 2006 " + clock + " UTC")
	if t.Year() == now.UTC().Year() {
		text = t.Format("2 Jan " + clock + " UTC")
	}
	return when{ISO: t.Format(time.RFC3339), Text: text, Ago: ago(t, now)}
}

// ago tells a time in words relative to now: "3 min ago", "in 2 h".
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d := now.Sub(t)
	if d.Abs() < 10*time.Second {
		return "now"
	}
	if d < 0 {
		return "in " + span(-d)
	}
	return span(d) + " ago"
}

// span writes a duration in its largest unit.
func span(d time.Duration) string {
	if d < 0 {
		return "-" + span(-d)
	}
	switch {
	case d == 0:
		return "0 s"
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d days", d/(24*time.Hour))
}

// copyBox is a value to be copied by hand or button.
type copyBox struct{ ID, Label, Value string }

func newCopyBox(id, label, value string) copyBox { return copyBox{id, label, value} }

// cursor leads on in a list that does not know its length.
type cursor struct{ Path, Query, Session string }

// newCursor takes the page's path, the after to go on from (none gives no
// link), the session, and names and values of queries to keep.
func newCursor(path, after, session string, keep ...string) cursor {
	if after == "" {
		return cursor{}
	}
	return cursor{path, query(append(keep, "after", after)...), session}
}

// points writes a number of points with at most two decimals.
func points(p float64) string {
	if math.IsNaN(p) || math.IsInf(p, 0) {
		return "?"
	}
	return strconv.FormatFloat(math.Round(p*100)/100, 'f', -1, 64)
}

// scored writes a score as points: "8.5"; none is "".
func scored(score *float64, possible float64) string {
	if score == nil {
		return ""
	}
	return points(*score * possible)
}

// percent writes a score as a percentage: "87 %"; none is "no score".
func percent(score *float64) string {
	if score == nil {
		return "no score"
	}
	return strconv.FormatFloat(math.Round(*score*1000)/10, 'f', -1, 64) + " %"
}

// sentence begins a text with a capital letter.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if first == utf8.RuneError {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// wholeSentence makes a sentence of a text, with its full stop.
func wholeSentence(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return sentence(text)
	}
	return sentence(text) + "."
}

func roleName(r lti.Role) string {
	if r == lti.TA {
		return "teaching assistant"
	}
	return string(r)
}

// host is the host of a URL, or the whole when it has none.
func host(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	return u.Host
}

// sortedPairs lists a map by name.
func sortedPairs(m map[string]string) []Param {
	list := make([]Param, 0, len(m))
	for name, value := range m {
		list = append(list, Param{name, value})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

// sortedRoles lists a role mapping by LTI role.
func sortedRoles(m map[string]lti.Role) []Param {
	list := make(map[string]string, len(m))
	for from, to := range m {
		list[from] = roleName(to)
	}
	return sortedPairs(list)
}

// milliseconds writes a short duration.
func milliseconds(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }
