package manifest

import (
	"fmt"
	"slices"
	"strings"
)

// Report says what Apply did, kind by kind. Folders, links, protection keys
// and tools of a course are part of the course.
type Report struct {
	Domains       Tally `json:"domains"`
	Users         Tally `json:"users"`
	ToolConsumers Tally `json:"tool_consumers"`
	Tools         Tally `json:"tools"`
	Courses       Tally `json:"courses"`
	Members       Tally `json:"members"`
	// Warnings are what the manifest says and may, but hardly should.
	Warnings []string `json:"warnings" nullable:"false"`
	// Changes says what differs, key by key; only Check fills it.
	Changes []Change `json:"-"`
}

// Tally lists the records of one kind that a manifest names, in its order:
// users as username:domain, members as domain/course/username, the rest as
// domain/id.
type Tally struct {
	Created   []string `json:"created"`
	Updated   []string `json:"updated"`
	Unchanged []string `json:"unchanged"`
}

// update counts a record as changed, however it was counted before.
func (t *Tally) update(name string) {
	if slices.Contains(t.Updated, name) || slices.Contains(t.Created, name) {
		return
	}
	t.Unchanged = slices.DeleteFunc(t.Unchanged, func(s string) bool { return s == name })
	t.Updated = append(t.Updated, name)
}

func newReport() Report {
	empty := func() Tally { return Tally{Created: []string{}, Updated: []string{}, Unchanged: []string{}} }
	return Report{empty(), empty(), empty(), empty(), empty(), empty(), []string{}, nil}
}

// Changed reports whether anything was written.
func (r Report) Changed() bool {
	return slices.ContainsFunc(r.kinds(), func(k kind) bool { return len(k.Created)+len(k.Updated) > 0 })
}

// String is the report in one line: "domains 1 created; users 2 created, 1
// unchanged". Without any record it is "nothing named".
func (r Report) String() string {
	var parts []string
	for _, k := range r.kinds() {
		var counts []string
		for _, c := range []struct {
			n    int
			word string
		}{{len(k.Created), "created"}, {len(k.Updated), "updated"}, {len(k.Unchanged), "unchanged"}} {
			if c.n > 0 {
				counts = append(counts, fmt.Sprintf("%d %s", c.n, c.word))
			}
		}
		if len(counts) > 0 {
			parts = append(parts, k.name+" "+strings.Join(counts, ", "))
		}
	}
	if len(parts) == 0 {
		return "nothing named"
	}
	return strings.Join(parts, "; ")
}

// Text is the report for people: String, then a line for each warning.
func (r Report) Text() string {
	return strings.Join(append([]string{r.String()}, r.Warnings...), "\nwarning: ")
}

type kind struct {
	name string
	Tally
}

func (r Report) kinds() []kind {
	return []kind{
		{"domains", r.Domains}, {"users", r.Users}, {"tool consumers", r.ToolConsumers},
		{"tools", r.Tools}, {"courses", r.Courses}, {"members", r.Members},
	}
}
