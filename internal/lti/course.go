package lti

import (
	"iter"
	"time"
)

// CourseRef names a course, written domain/course.
type CourseRef struct {
	Domain string `json:"domain"`
	ID     string `json:"id"`
}

// String writes the reference as domain/course.
func (r CourseRef) String() string { return r.Domain + "/" + r.ID }

// Course is what LTI calls a context. Its folders, resource links and own
// tools are part of it and change with it.
type Course struct {
	Domain string `json:"domain"`
	ID     string `json:"id"`
	Title  string `json:"title"`
	Label  string `json:"label,omitempty"`
	Type   string `json:"type,omitempty"`
	// Owner is the username that alone may be made coordinator by a launch.
	Owner    string `json:"owner,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`

	Enrolment  Period       `json:"enrolment,omitzero"`
	Sections   []string     `json:"sections,omitempty"`
	Groups     []string     `json:"groups,omitempty"`
	Protection []Protection `json:"protection,omitempty"`
	Tools      []Tool       `json:"tools,omitempty"`

	// Menu is what the course wants shown around it in launched sessions.
	Menu MenuChange `json:"menu,omitzero"`

	Folders []Folder `json:"folders,omitempty"`
	// Links are the resource links outside any folder.
	Links []ResourceLink `json:"links,omitempty"`

	// DigestKey keys the digests of links and users inside service ids. It
	// is random, made with the course and never changed.
	DigestKey []byte `json:"digest_key"`
	// History are the context ids under which tools knew the courses that
	// this one was copied from, newest first.
	History []string `json:"history,omitempty"`
	// Source says what made the course: "manifest", "admin", or the id of
	// the tool consumer whose launch did.
	Source  string    `json:"source,omitempty"`
	Created time.Time `json:"created,omitzero"`
}

// Ref is the course's reference.
func (c Course) Ref() CourseRef { return CourseRef{Domain: c.Domain, ID: c.ID} }

// Period is a span of time; a zero end is open.
type Period struct {
	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`
}

// Contains reports whether t lies in the period: at its start, but not at its
// end.
func (p Period) Contains(t time.Time) bool {
	return (p.Start.IsZero() || !t.Before(p.Start)) && (p.End.IsZero() || t.Before(p.End))
}

// Ended reports whether the period is over at t.
func (p Period) Ended(t time.Time) bool { return !p.End.IsZero() && !t.Before(p.End) }

// Protection is a key of a course that opens its links without stating who
// the user is.
type Protection struct {
	Key      string        `json:"key"`
	Secret   Secret        `json:"secret"`
	Lifetime time.Duration `json:"lifetime"`
	// NotBefore refuses older timestamps: when the lifetime grew, the nonces
	// that had expired under the old one were forgotten.
	NotBefore time.Time `json:"not_before,omitzero"`
}

// ProtectionKey finds a protection key of the course.
func (c Course) ProtectionKey(key string) (Protection, bool) {
	for _, p := range c.Protection {
		if p.Key == key {
			return p, true
		}
	}
	return Protection{}, false
}

// Folder groups resource links of a course.
type Folder struct {
	ID    string         `json:"id"`
	Title string         `json:"title"`
	Links []ResourceLink `json:"links,omitempty"`
	// Protected folders open with a pass from an LMS only, and so do their
	// links.
	Protected bool `json:"protected,omitempty"`
}

// How several scores of one user for one link become the result that counts.
const (
	PolicyLatest = "latest"
	PolicyBest   = "best"
	PolicyFirst  = "first"
)

// ResourceLink is one placement of a tool in a course. Its ID is unique within
// the course.
type ResourceLink struct {
	ID          string `json:"id"`
	Tool        string `json:"tool"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	// Points is the points possible; zero or less means not gradable.
	Points float64           `json:"points,omitempty"`
	Custom map[string]string `json:"custom,omitempty"`
	// Tiny is the short code of the link, unique within the domain.
	Tiny   string `json:"tiny,omitempty"`
	Policy string `json:"policy,omitempty"`
	// Due is when scores stop being taken; zero means never.
	Due time.Time `json:"due,omitzero"`
	// URL overrides the tool's URL for this link; empty means none.
	URL string `json:"url,omitempty"`
	// Target, Width and Height override how the tool is shown; zero values
	// leave that to the tool.
	Target string `json:"target,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
	// Protected links open with a pass from an LMS only.
	Protected bool `json:"protected,omitempty"`
	// History are the resource_link_ids under which tools knew the links that
	// this one was copied from, newest first.
	History []string `json:"history,omitempty"`
}

// Shown is where and how large the link's tool is shown: by what the link says,
// else by what the tool says, else in a frame that takes all there is.
func (l ResourceLink) Shown(t Tool) (target string, width, height int) {
	target, width, height = t.Target, t.Width, t.Height
	if l.Target != "" {
		target = l.Target
	}
	if l.Width > 0 {
		width = l.Width
	}
	if l.Height > 0 {
		height = l.Height
	}
	if target == "" {
		target = TargetIframe
	}
	return target, width, height
}

// Gradable reports whether results are kept for the link.
func (l ResourceLink) Gradable() bool { return l.Points > 0 }

// AllLinks yields every resource link with the id of its folder, "" for those
// outside any: first the folders in their order, then the rest.
func (c Course) AllLinks() iter.Seq2[string, ResourceLink] {
	return func(yield func(string, ResourceLink) bool) {
		for _, f := range c.Folders {
			for _, l := range f.Links {
				if !yield(f.ID, l) {
					return
				}
			}
		}
		for _, l := range c.Links {
			if !yield("", l) {
				return
			}
		}
	}
}

// Link finds a resource link and the id of its folder.
func (c Course) Link(id string) (link ResourceLink, folder string, ok bool) {
	for f, l := range c.AllLinks() {
		if l.ID == id {
			return l, f, true
		}
	}
	return ResourceLink{}, "", false
}

// Folder finds a folder.
func (c Course) Folder(id string) (Folder, bool) {
	for _, f := range c.Folders {
		if f.ID == id {
			return f, true
		}
	}
	return Folder{}, false
}

// CourseTool finds a tool of this course alone.
func (c Course) CourseTool(id string) (Tool, bool) {
	for _, t := range c.Tools {
		if t.ID == id {
			return t, true
		}
	}
	return Tool{}, false
}
