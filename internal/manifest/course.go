package manifest

import (
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

type courseEntry struct {
	entry[lti.Course]
	domain, id string
	owner      string

	// protection is nil when the course does not speak of it.
	protection    []protection
	hasProtection bool
	tools         []toolEntry
	folders       []folderEntry
	links         []linkEntry
	members       []memberEntry
}

type folderEntry struct {
	entry[lti.Folder]
	id    string
	links []linkEntry
}

type linkEntry struct {
	entry[lti.ResourceLink]
	id, tool, tiny string
}

type memberEntry struct {
	entry[lti.Membership]
	username string
	hasRole  bool
}

func readCourse(v value) courseEntry {
	e := courseEntry{entry: entry[lti.Course]{place: v.place}}
	c := &e.entry
	present := v.mapping(keys{
		"domain":   into(&e.domain, checked(lti.CheckName)),
		"id":       into(&e.id, checked(lti.CheckName)),
		"title":    put(c, func(c *lti.Course) *string { return &c.Title }, value.title),
		"label":    put(c, func(c *lti.Course) *string { return &c.Label }, value.title),
		"type":     put(c, func(c *lti.Course) *string { return &c.Type }, orEmpty(checked(lti.CheckName))),
		"disabled": put(c, func(c *lti.Course) *bool { return &c.Disabled }, value.boolean),
		"source":   put(c, func(c *lti.Course) *string { return &c.Source }, checked(lti.CheckName)),
		"owner": put(c, func(c *lti.Course) *string { return &c.Owner }, func(v value) string {
			e.owner = orEmpty(checked(lti.CheckUsername))(v)
			return e.owner
		}),
		"history":    putList(c, func(c *lti.Course) *[]string { return &c.History }, listOf(checked(lti.CheckID))),
		"enrolment":  func(v value) { period(v, c, func(c *lti.Course) *lti.Period { return &c.Enrolment }) },
		"menu":       func(v value) { readMenuChange(v, c) },
		"sections":   putList(c, func(c *lti.Course) *[]string { return &c.Sections }, listOf(sectionName)),
		"groups":     putList(c, func(c *lti.Course) *[]string { return &c.Groups }, listOf(sectionName)),
		"protection": func(v value) { e.hasProtection = true; e.protection = list(v, readProtection) },
		"tools":      func(v value) { e.tools = list(v, func(v value) toolEntry { return readTool(v, true) }) },
		"folders":    func(v value) { e.folders = list(v, readFolder) },
		"links":      func(v value) { e.links = list(v, readLink) },
		"members":    func(v value) { e.members = list(v, readMember) },
	})
	v.require(present, "domain", "id")
	return e
}

// readMenuChange reads what the course wants shown around it.
func readMenuChange(v value, c *entry[lti.Course]) {
	flag := func(v value) *bool {
		b := v.boolean()
		return &b
	}
	v.mapping(keys{
		"header": put(c, func(c *lti.Course) **bool { return &c.Menu.Header }, flag),
		"inline": put(c, func(c *lti.Course) **bool { return &c.Menu.Inline }, flag),
		"items": put(c, func(c *lti.Course) **[]string { return &c.Menu.Items }, func(v value) *[]string {
			items := append([]string{}, listOf(oneOf(lti.MenuItems()...))(v)...)
			return &items
		}),
	})
}

// list reads the items of a list.
func list[E any](v value, read func(value) E) []E {
	var items []E
	v.each(func(item value) { items = append(items, read(item)) })
	return items
}

// period reads a mapping of start and end, which set those of the period.
func period[T any](v value, e *entry[T], of func(*T) *lti.Period) {
	var start, end time.Time
	v.mapping(periodKeys(e, of, &start, &end))
	checkPeriod(v, start, end)
}

func periodKeys[T any](e *entry[T], of func(*T) *lti.Period, start, end *time.Time) keys {
	read := func(keep *time.Time) func(value) time.Time {
		return func(v value) time.Time { *keep = v.date(); return *keep }
	}
	return keys{
		"start": put(e, func(t *T) *time.Time { return &of(t).Start }, read(start)),
		"end":   put(e, func(t *T) *time.Time { return &of(t).End }, read(end)),
	}
}

func checkPeriod(v value, start, end time.Time) {
	if err := (lti.Period{Start: start, End: end}).Check(); err != nil {
		v.fault("%v", err)
	}
}

// sectionName reads the name of a section or group.
func sectionName(v value) string { return checked(lti.CheckID)(v) }

func readFolder(v value) folderEntry {
	e := folderEntry{entry: entry[lti.Folder]{place: v.place}}
	present := v.mapping(keys{
		"id":        into(&e.id, checked(lti.CheckName)),
		"title":     put(&e.entry, func(f *lti.Folder) *string { return &f.Title }, value.title),
		"links":     func(v value) { e.links = list(v, readLink) },
		"protected": put(&e.entry, func(f *lti.Folder) *bool { return &f.Protected }, value.boolean),
	})
	v.require(present, "id")
	return e
}

func readLink(v value) linkEntry {
	e := linkEntry{entry: entry[lti.ResourceLink]{place: v.place}}
	l := &e.entry
	present := v.mapping(keys{
		"id": into(&e.id, checked(lti.CheckName)),
		"tool": put(l, func(l *lti.ResourceLink) *string { return &l.Tool }, func(v value) string {
			e.tool = checked(lti.CheckName)(v)
			return e.tool
		}),
		"title":       put(l, func(l *lti.ResourceLink) *string { return &l.Title }, value.title),
		"description": put(l, func(l *lti.ResourceLink) *string { return &l.Description }, value.title),
		"points":      put(l, func(l *lti.ResourceLink) *float64 { return &l.Points }, value.points),
		"custom":      putMap(l, func(l *lti.ResourceLink) *map[string]string { return &l.Custom }, custom),
		"tiny": put(l, func(l *lti.ResourceLink) *string { return &l.Tiny }, func(v value) string {
			e.tiny = orEmpty(checked(lti.CheckName))(v)
			return e.tiny
		}),
		"protected": put(l, func(l *lti.ResourceLink) *bool { return &l.Protected }, value.boolean),
		"target":    put(l, func(l *lti.ResourceLink) *string { return &l.Target }, orEmpty(oneOf(lti.Targets()...))),
		"width":     put(l, func(l *lti.ResourceLink) *int { return &l.Width }, value.pixels),
		"height":    put(l, func(l *lti.ResourceLink) *int { return &l.Height }, value.pixels),
		"policy":    put(l, func(l *lti.ResourceLink) *string { return &l.Policy }, oneOf(lti.Policies()...)),
		"due":       put(l, func(l *lti.ResourceLink) *time.Time { return &l.Due }, value.date),
		"url":       put(l, func(l *lti.ResourceLink) *string { return &l.URL }, orEmpty(checked(lti.CheckURL))),
		"history":   putList(l, func(l *lti.ResourceLink) *[]string { return &l.History }, listOf(checked(lti.CheckID))),
	})
	v.require(present, "id")
	return e
}

func readMember(v value) memberEntry {
	e := memberEntry{entry: entry[lti.Membership]{place: v.place}}
	m := &e.entry
	var start, end time.Time
	known := periodKeys(m, func(m *lti.Membership) *lti.Period { return &m.Period }, &start, &end)
	known["username"] = into(&e.username, checked(lti.CheckUsername))
	known["role"] = put(m, func(m *lti.Membership) *lti.Role { return &m.Role }, courseRole)
	known["section"] = put(m, func(m *lti.Membership) *string { return &m.Section }, orEmpty(sectionName))
	known["locked"] = put(m, func(m *lti.Membership) *bool { return &m.Locked }, value.boolean)
	known["status"] = put(m, func(m *lti.Membership) *string { return &m.Status }, oneOf(lti.MemberActive, lti.MemberDropped))
	known["source"] = put(m, func(m *lti.Membership) *string { return &m.Source }, checked(lti.CheckName))
	present := v.mapping(known)
	v.require(present, "username")
	_, e.hasRole = present["role"]
	checkPeriod(v, start, end)
	return e
}

// newCourse is a course with the defaults of the format.
func newCourse(domain, id string) lti.Course {
	return lti.Course{Domain: domain, ID: id, Title: id, Type: "official", Source: sourceManifest}
}
