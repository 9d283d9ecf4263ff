package web

import (
	"fmt"
	"html/template"
	"net/url"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ltihub/ltihub/internal/lti"
)

// funcs are what the templates may call beside the methods of the pages.
func (p *Pages) funcs(s *speech) template.FuncMap {
	return template.FuncMap{
		"t": s.say, "said": newSaid, "echo": s.echo, "lang": s.lang,
		"rich": newRichText, "add": func(a, b int) int { return a + b },
		"asset": p.assets.path,
		"url":   withSession, "query": query, "join": strings.Join,
		"when": s.when, "whenExact": s.whenExact, "date": s.date, "ago": s.ago, "span": s.span, "copybox": newCopyBox, "custombox": newCustomBox,
		"cursor": newCursor, "tab": newTab, "flag": flag,
		"link": newLinkView, "transfers": newTransferList, "transfer": newTransferNote, "attempts": newAttemptList,
		"launchList": newLaunchList, "emptyLaunches": s.emptyLaunches,
		"deliveryList": newDeliveryList, "resend": newResend,
		"states": states, "pager": s.pager, "launchPlot": s.launchPlot, "gradePlot": s.gradePlot, "latencyPlot": s.latencyPlot,
		"gradeColumns": s.gradeColumns, "gradeRows": s.gradeRows, "total": s.total, "scope": s.scope, "transferShort": s.transferShort, "transferLong": s.transferLong,
		"courseRoles": lti.CourseRoles,
		"exact":       exact, "formAction": formAction,
		"points": s.points, "scored": s.scored, "percent": s.percent,
		"role": s.role, "state": s.state, "tone": deliveryTone, "sentence": sentence, "whole": wholeSentence, "cause": s.cause, "host": host,
		"hint": s.deliveryHint, "sendCause": s.sendCause, "custom": sortedPairs, "roles": s.roles,
		"coursePath": CoursePath, "linkPath": LinkPath, "gradebookPath": GradebookPath,
		"gradePath": GradePath, "resultsPath": ResultsPath, "membersPath": MembersPath, "memberPath": MemberPath, "rosterPath": RosterPath,
		"rosterPanel": newRosterPanel, "rosterProgress": newRosterProgress, "rosterTag": s.rosterTag, "rosterKind": s.rosterKind, "rosterCounts": s.rosterCounts, "progress": s.progress, "memberStatus": newMemberStatus, "fieldMarks": newFieldMarks,
		"consumerPath": ConsumerPath, "toolPath": ToolPath, "launchPath": LaunchRecordPath,
		"deliveryPath": DeliveryPath, "batchPath": BatchPath, "passPath": PassPath, "menuPath": MenuPath, "userPath": UserPath, "directoryPath": DirectoryPath, "how": howBound, "reference": reference,
		"addFrom": newAddFrom, "addPath": AddPath, "toolCartridgePath": ToolCartridgePath,
		"mover": newMover, "spot": newSpot, "editList": newEditList, "editAddFrom": newEditAddFrom,
		"policies": s.policyChoices, "targets": s.targetChoices, "releases": s.releaseChoices, "fault": s.fault, "told": s.told, "shown": s.shown, "menuText": s.menuText,
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

// milliseconds writes a short duration.
func milliseconds(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }
