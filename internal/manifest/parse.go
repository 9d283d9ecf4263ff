package manifest

import "strings"

// Manifest is a file that was read and found free of faults as far as can be
// told without a store. It does not change, so it may be applied repeatedly.
type Manifest struct {
	domains   []domainEntry
	users     []userEntry
	consumers []consumerEntry
	tools     []toolEntry
	courses   []courseEntry
}

// Parse reads a manifest of at most MaxSize bytes: one YAML document of
// version 1 without anchors, aliases and tags. Its error is a Faults that lists
// everything wrong at once. Whether what it refers to exists is for Apply to
// say, since the store may hold it.
func Parse(data []byte) (*Manifest, error) {
	root, err := readDocument(data)
	if err != nil {
		return nil, err
	}
	var faults ledger
	top := value{place: place{line: root.Line}, node: root, faults: &faults}
	var m Manifest
	present := top.mapping(keys{
		"version":        checkVersion,
		"domains":        func(v value) { m.domains = list(v, readDomain) },
		"users":          func(v value) { m.users = list(v, readUser) },
		"tool_consumers": func(v value) { m.consumers = list(v, readConsumer) },
		"tools":          func(v value) { m.tools = list(v, func(v value) toolEntry { return readTool(v, false) }) },
		"courses":        func(v value) { m.courses = list(v, readCourse) },
	})
	top.require(present, "version")
	m.checkUnique(&faults)
	if err := faults.err(); err != nil {
		return nil, err
	}
	return &m, nil
}

func checkVersion(v value) {
	if v.node.ShortTag() != "!!int" || v.node.Value != "1" {
		v.fault("must be 1, the only version there is")
	}
}

// taken remembers where each name was first used.
type taken map[string]place

// claim records a fault when the parts were claimed before. Parts that are
// empty, hence faulty or left out, claim nothing.
func (t taken) claim(faults *ledger, at place, what string, parts ...string) {
	for _, p := range parts {
		if p == "" {
			return
		}
	}
	key := strings.Join(parts, "\x00")
	if first, ok := t[key]; ok {
		faults.add(at, "%s is in the manifest already, at line %d", what, first.line)
		return
	}
	t[key] = at
}

// checkUnique finds what the file says twice.
func (m *Manifest) checkUnique(faults *ledger) {
	domains, users, consumers, tools, courses := taken{}, taken{}, taken{}, taken{}, taken{}
	oauthKeys, tiny := taken{}, taken{}
	for _, d := range m.domains {
		domains.claim(faults, d.key("id"), "this domain", d.id)
	}
	for _, u := range m.users {
		users.claim(faults, u.key("username"), "this user", u.domain, u.username)
	}
	for _, c := range m.consumers {
		consumers.claim(faults, c.key("id"), "this tool consumer", c.domain, c.id)
		oauthKeys.claim(faults, c.key("key"), "this key", c.oauthKey)
	}
	for _, t := range m.tools {
		tools.claim(faults, t.key("id"), "this tool", t.domain, t.id)
	}
	for _, c := range m.courses {
		courses.claim(faults, c.key("id"), "this course", c.domain, c.id)
		for _, p := range c.protection {
			oauthKeys.claim(faults, p.key("key"), "this key", p.oauthKey)
		}
		c.checkUnique(faults, tiny)
	}
}

// checkUnique finds what a course says twice; tiny codes are unique within
// their domain.
func (c courseEntry) checkUnique(faults *ledger, tiny taken) {
	tools, folders, links, members := taken{}, taken{}, taken{}, taken{}
	for _, t := range c.tools {
		tools.claim(faults, t.key("id"), "this tool of the course", t.id)
	}
	for _, f := range c.folders {
		folders.claim(faults, f.key("id"), "this folder of the course", f.id)
	}
	for _, l := range c.allLinks() {
		links.claim(faults, l.key("id"), "this link of the course", l.id)
		tiny.claim(faults, l.key("tiny"), "this tiny code of the domain", c.domain, l.tiny)
	}
	for _, m := range c.members {
		members.claim(faults, m.key("username"), "this member of the course", m.username)
	}
}

// allLinks are the links of the folders and then those outside.
func (c courseEntry) allLinks() []linkEntry {
	var links []linkEntry
	for _, f := range c.folders {
		links = append(links, f.links...)
	}
	return append(links, c.links...)
}
