package consumer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// place is a resource link with its course and tool. What it points to is
// shared with other readers and never changed; the same pointers mean that
// nothing was changed in between.
type place struct {
	course *lti.Course
	folder string
	link   lti.ResourceLink
	// tool is the course's own by that id, else the domain's.
	tool *lti.Tool
	own  bool
}

// same reports whether both were read from the same documents.
func (p place) same(other place) bool { return p.course == other.course && p.tool == other.tool }

// vaultContext is what the tool's secrets are sealed for.
func (p place) vaultContext() string {
	if p.own {
		return "tool/" + p.course.Domain + "/" + p.course.ID + "/" + p.tool.ID
	}
	return "tool/" + p.course.Domain + "/" + p.tool.ID
}

func (p place) toolName() string {
	if p.own {
		return p.course.Ref().String() + "/" + p.tool.ID
	}
	return p.course.Domain + "/" + p.tool.ID
}

// url is where the link is launched.
func (p place) url() string {
	if p.link.URL != "" {
		return p.link.URL
	}
	return p.tool.URL
}

// grades reports whether the tool may give grades for the link.
func (p place) grades() bool { return p.tool.Passback.Enabled && p.link.Gradable() }

// contextID and resourceLinkID are the ids that tools know us by: digests,
// because names may hold characters that libraries of tools stumble over.
func (p place) contextID() string { return ContextID(p.course.Ref()) }

func (p place) resourceLinkID() string { return ResourceLinkID(p.course.Ref(), p.link.ID) }

// ContextID is the context_id under which tools know a course.
func ContextID(course lti.CourseRef) string { return publicID(course.Domain, course.ID) }

// ResourceLinkID is the resource_link_id under which tools know a link.
func ResourceLinkID(course lti.CourseRef, link string) string {
	return publicID(course.Domain, course.ID, link)
}

func publicID(parts ...string) string {
	sum := sha256.Sum256([]byte(store.Join(parts...)))
	return hex.EncodeToString(sum[:16])
}

// userID is the id under which the tool knows a person: opaque, always the
// same, and another for each tool.
func userID(t *lti.Tool, u lti.User) (string, error) {
	if len(t.IDKey) == 0 || u.Handle == "" {
		return "", errors.New("no key to make opaque user ids with")
	}
	mac := hmac.New(sha256.New, t.IDKey)
	mac.Write([]byte(u.Handle))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// findTool completes p with the tool of its link. Without one the error wraps
// store.ErrNotFound.
func (p *place) findTool(tx store.Tx) error {
	for i := range p.course.Tools {
		if p.course.Tools[i].ID == p.link.Tool {
			p.tool, p.own = &p.course.Tools[i], true
			return nil
		}
	}
	if p.link.Tool == "" {
		return fmt.Errorf("find the tool of a link without one: %w", store.ErrNotFound)
	}
	var err error
	p.tool, err = store.Tools.Read(tx, p.course.Domain, p.link.Tool)
	return err
}

// digests finds resource links by the digests that stand for them in service
// ids. It holds nothing that could not be computed anew.
type digests struct {
	mu      sync.RWMutex
	courses map[*lti.Course]map[string]string
}

// maxDigested bounds the courses whose digests are held; a full map starts
// anew.
const maxDigested = 1024

// link is the id of the course's link with the digest.
func (d *digests) link(course *lti.Course, digest string) (id string, ok bool) {
	d.mu.RLock()
	links, held := d.courses[course]
	d.mu.RUnlock()
	if !held {
		links = make(map[string]string)
		for _, l := range course.AllLinks() {
			links[sourcedid.LinkDigest(course.DigestKey, l.ID)] = l.ID
		}
		d.mu.Lock()
		if d.courses == nil || len(d.courses) >= maxDigested {
			d.courses = make(map[*lti.Course]map[string]string)
		}
		d.courses[course] = links
		d.mu.Unlock()
	}
	id, ok = links[digest]
	return id, ok
}
