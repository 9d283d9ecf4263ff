package manifest

import (
	"fmt"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

func (w *work) courses(m *Manifest) error {
	for _, e := range m.courses {
		if known, err := w.knownDomain(e.place, e.domain); err != nil {
			return err
		} else if !known {
			continue
		}
		if err := w.course(e); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) course(e courseEntry) error {
	c, old, err := load(w, store.Courses, newCourse(e.domain, e.id), e.domain, e.id)
	if err != nil {
		return err
	}
	former, worth := c.Enrolment, c.Worth()
	e.change(&c)
	if old.text == nil {
		c.Created = w.now
	}
	if err := w.random(&c.DigestKey); err != nil {
		return err
	}
	if e.owner != "" {
		if err := w.person(e.domain, e.owner); err != nil {
			return err
		}
	}
	if err := w.protection(e, &c); err != nil {
		return err
	}
	if err := w.courseTools(e, &c); err != nil {
		return err
	}
	placeFolders(e, &c)
	if ok, err := w.checkLinks(e, c); err != nil || !ok {
		return err
	}
	if err := save(w, old, c, &w.report.Courses, c.Ref().String()); err != nil {
		return err
	}
	if scopes := worth.Changed(c.Worth()); len(scopes) > 0 && w.CourseChanged != nil {
		if err := w.CourseChanged(w.tx, c.Ref(), scopes); err != nil {
			return err
		}
	}
	followed, err := store.FollowEnrolment(w.tx, c, former)
	if err != nil {
		return err
	}
	if err := w.members(e, c); err != nil {
		return err
	}
	for _, m := range followed {
		w.report.Members.update(store.Memberships.Key(m))
	}
	return nil
}

// protection sets the protection keys of a course. The list is set as a whole,
// so that a key that is taken out opens nothing any more; a key that stays
// keeps its secret.
func (w *work) protection(e courseEntry, c *lti.Course) error {
	if !e.hasProtection {
		return nil
	}
	var kept []lti.Protection
	for _, p := range e.protection {
		free, err := w.freeKey(p.place, p.oauthKey, "", store.Courses.Key(*c))
		if err != nil {
			return err
		}
		if !free {
			continue
		}
		made := newProtection(p.oauthKey)
		if i := slices.IndexFunc(c.Protection, func(q lti.Protection) bool { return q.Key == p.oauthKey }); i >= 0 {
			made = c.Protection[i]
		}
		known, before := made.Secret.Sealed != "", made.Lifetime
		p.change(&made)
		w.keepForgotten(known, before, made.Lifetime, &made.NotBefore)
		if !known && made.Lifetime > defaultWindow { // a key of that name may have been here before
			made.NotBefore = w.now.Add(-defaultWindow)
		}
		at := sealing{p.place, "a new protection key", "protection/" + e.domain + "/" + e.id + "/" + p.oauthKey}
		if err := w.seal(at, p.credential, &made.Secret, &lti.Secret{}); err != nil {
			return err
		}
		kept = append(kept, made)
	}
	c.Protection = kept
	return nil
}

// courseTools adds and changes the tools of the course alone.
func (w *work) courseTools(e courseEntry, c *lti.Course) error {
	for _, te := range e.tools {
		i := slices.IndexFunc(c.Tools, func(t lti.Tool) bool { return t.ID == te.id })
		if i < 0 {
			i = len(c.Tools)
			c.Tools = append(c.Tools, lti.NewTool(e.domain, e.id, te.id))
		}
		context := "tool/" + e.domain + "/" + e.id + "/" + te.id
		if err := w.tool(te, &c.Tools[i], context); err != nil {
			return err
		}
	}
	return nil
}

// placeFolders adds and changes folders and links. A link that stands
// elsewhere in the course moves to where the manifest has it.
func placeFolders(e courseEntry, c *lti.Course) {
	for _, fe := range e.folders {
		i := slices.IndexFunc(c.Folders, func(f lti.Folder) bool { return f.ID == fe.id })
		if i < 0 {
			i = len(c.Folders)
			c.Folders = append(c.Folders, lti.Folder{ID: fe.id, Title: fe.id})
		}
		fe.change(&c.Folders[i])
		for _, le := range fe.links {
			placeLink(le, c, &c.Folders[i].Links)
		}
	}
	for _, le := range e.links {
		placeLink(le, c, &c.Links)
	}
}

// placeLink makes a link of home, one of the course's lists, what le says.
func placeLink(le linkEntry, c *lti.Course, home *[]lti.ResourceLink) {
	is := func(l lti.ResourceLink) bool { return l.ID == le.id }
	if i := slices.IndexFunc(*home, is); i >= 0 {
		le.change(&(*home)[i])
		return
	}
	link, _, found := c.Link(le.id)
	if !found {
		link = lti.ResourceLink{ID: le.id, Title: le.id}
	}
	for i := range c.Folders {
		c.Folders[i].Links = slices.DeleteFunc(c.Folders[i].Links, is)
	}
	c.Links = slices.DeleteFunc(c.Links, is)
	le.change(&link)
	*home = append(*home, link)
}

// checkLinks records a fault for each link of the manifest whose tool is not
// there or whose tiny code leads elsewhere.
func (w *work) checkLinks(e courseEntry, c lti.Course) (bool, error) {
	before := len(w.faults.faults)
	for _, le := range e.allLinks() {
		link, _, _ := c.Link(le.id)
		w.warnUnencrypted(le.place, link.URL)
		if err := w.checkTool(le, c, link); err != nil {
			return false, err
		}
		if err := w.checkTiny(le, c, link); err != nil {
			return false, err
		}
	}
	return len(w.faults.faults) == before, nil
}

func (w *work) checkTool(le linkEntry, c lti.Course, link lti.ResourceLink) error {
	if link.Tool == "" {
		w.faults.add(le.key("tool"), "is missing; a new link needs one")
		return nil
	}
	if _, ok := c.CourseTool(link.Tool); ok || le.tool == "" {
		return nil
	}
	_, err := store.Tools.Read(w.tx, c.Domain, link.Tool)
	known, err := exists(err)
	if err == nil && !known {
		w.faults.add(le.key("tool"), "neither course %s nor domain %s has a tool %s", c.Ref(), c.Domain, link.Tool)
	}
	return err
}

func (w *work) checkTiny(le linkEntry, c lti.Course, link lti.ResourceLink) error {
	if link.Tiny == "" {
		return nil
	}
	for _, l := range c.AllLinks() {
		if l.ID != link.ID && l.Tiny == link.Tiny {
			w.faults.add(le.key("tiny"), "leads to link %s of this course already", l.ID)
		}
	}
	other, err := store.Courses.Find(w.tx, "tiny", store.Join(c.Domain, link.Tiny))
	held, err := exists(err)
	if held && other.Ref() != c.Ref() {
		w.faults.add(le.key("tiny"), "leads to a link of course %s already", other.Ref())
	}
	return err
}

func (w *work) members(e courseEntry, c lti.Course) error {
	for _, me := range e.members {
		if err := w.member(me, c); err != nil {
			return fmt.Errorf("member of %s: %w", c.Ref(), err)
		}
	}
	return nil
}

func (w *work) member(me memberEntry, c lti.Course) error {
	fresh := lti.Membership{
		Domain: c.Domain, Course: c.ID, Username: me.username, Status: lti.MemberActive,
		Period: c.Enrolment, Given: c.Enrolment, Source: sourceManifest,
		Digest: sourcedid.UserDigest(c.DigestKey, me.username), Created: w.now,
	}
	m, old, err := load(w, store.Memberships, fresh, c.Domain, c.ID, me.username)
	if err != nil {
		return err
	}
	me.change(&m)
	if m.Role == "" {
		w.faults.add(me.key("role"), "is missing; a new member needs one")
		return nil
	}
	if err := w.person(c.Domain, me.username); err != nil {
		return err
	}
	return save(w, old, m, &w.report.Members, store.Memberships.Key(m))
}
