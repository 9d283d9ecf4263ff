package manifest

import (
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

func (w *export) courses() error {
	return each(w, store.Courses, func(c lti.Course) error {
		d, err := w.course(c)
		if err != nil {
			return err
		}
		w.doc.Courses = append(w.doc.Courses, d)
		return nil
	})
}

func (w *export) course(c lti.Course) (courseDoc, error) {
	d := courseDoc{
		Domain: c.Domain, ID: c.ID, Title: exact(c.Title), Label: exact(c.Label), Type: c.Type,
		Owner: c.Owner, Disabled: c.Disabled, Source: sourceOf(c.Source),
		Sections: exactList(c.Sections), Groups: exactList(c.Groups), History: exactList(c.History), Links: linkDocs(c.Links),
	}
	d.Enrolment = periodDocument(c.Enrolment)
	if c.Menu != (lti.MenuChange{}) {
		menu := menuChangeDoc(c.Menu)
		d.Menu = &menu
	}
	for _, f := range c.Folders {
		d.Folders = append(d.Folders, folderDoc{ID: f.ID, Title: exact(f.Title), Protected: f.Protected, Links: linkDocs(f.Links)})
	}
	at := c.Domain + "/" + c.ID + "/"
	for _, p := range c.Protection {
		secret, err := w.open("protection/"+at+p.Key, p.Secret.Sealed)
		if err != nil {
			return courseDoc{}, err
		}
		d.Protection = append(d.Protection, protectionDoc{exact(p.Key), secret, optionalDuration(p.Lifetime)})
	}
	for _, t := range c.Tools {
		tool, err := w.tool(t, "tool/"+at+t.ID)
		if err != nil {
			return courseDoc{}, err
		}
		d.Tools = append(d.Tools, tool)
	}
	if w.alone() {
		return d, nil
	}
	err := store.Memberships.All(w.tx, store.Prefix(c.Domain, c.ID), func(m lti.Membership) error {
		d.Members = append(d.Members, memberDocument(m, c.Enrolment))
		return nil
	})
	return d, err
}

// periodDocument writes a period; nil where it is open at both ends.
func periodDocument(p lti.Period) *periodDoc {
	if p == (lti.Period{}) {
		return nil
	}
	return &periodDoc{formatDate(p.Start), formatDate(p.End)}
}

func linkDocs(links []lti.ResourceLink) []linkDoc {
	var docs []linkDoc
	for _, l := range links {
		docs = append(docs, linkDoc{
			ID: l.ID, Tool: l.Tool, Title: exact(l.Title), Description: exact(l.Description), Points: max(l.Points, 0),
			Custom: exactMap(l.Custom), Tiny: l.Tiny, Policy: l.Policy, Due: formatDate(l.Due), URL: exact(l.URL),
			Protected: l.Protected, Target: l.Target, Width: l.Width, Height: l.Height, History: exactList(l.History),
		})
	}
	return docs
}

// memberDocument writes a membership; its dates only where they are not those
// that the course gives.
func memberDocument(m lti.Membership, given lti.Period) memberDoc {
	d := memberDoc{
		Username: m.Username, Role: string(m.Role), Section: exact(m.Section), Locked: m.Locked, Source: sourceOf(m.Source),
	}
	if m.Status != lti.MemberActive {
		d.Status = m.Status
	}
	if !m.Start.Equal(given.Start) {
		start := formatDate(m.Start)
		d.Start = &start
	}
	if !m.End.Equal(given.End) {
		end := formatDate(m.End)
		d.End = &end
	}
	return d
}
