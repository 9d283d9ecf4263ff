package store

import (
	"bytes"

	"github.com/ltihub/ltihub/internal/lti"
)

// What a tool may do ends for good: service ids that were handed out under a
// grant stay dead when the same is granted again later. So whoever writes a
// course or tool that takes a grant away, by whatever form, API or manifest,
// drops the service secrets of that grant in the same transaction.

// endCourseGrants drops the secrets of what the course granted before and does
// not now: links that are gone or launch another tool, services that a tool of
// the course lost, grades of a link that has no points any more.
func endCourseGrants(tx Tx, before, now lti.Course) error {
	for _, link := range before.AllLinks() {
		if anotherTool(before, now, link) {
			// What one tool has kept with the link is not for the next.
			if err := Settings.Delete(tx, before.Domain, before.ID, link.ID); err != nil {
				return err
			}
		}
		for _, service := range lti.Services() {
			if !courseEnds(before, now, link, service) {
				continue
			}
			if err := Rings.Delete(tx, before.Domain, before.ID, link.ID, service); err != nil {
				return err
			}
		}
	}
	return nil
}

// anotherTool reports whether the link is gone, or opens another tool now.
func anotherTool(before, now lti.Course, link lti.ResourceLink) bool {
	next, _, found := now.Link(link.ID)
	if !found || next.Tool != link.Tool {
		return true
	}
	tool, own := before.CourseTool(link.Tool)
	heir, still := now.CourseTool(link.Tool)
	return own != still || own && !bytes.Equal(tool.IDKey, heir.IDKey)
}

func courseEnds(before, now lti.Course, link lti.ResourceLink, service string) bool {
	if anotherTool(before, now, link) {
		return true
	}
	if next, _, _ := now.Link(link.ID); service == lti.ServiceGrade && link.Gradable() && !next.Gradable() {
		return true
	}
	tool, own := before.CourseTool(link.Tool)
	heir, _ := now.CourseTool(link.Tool)
	return own && tool.Grants(service) && !heir.Grants(service)
}

// endToolGrants drops the secrets of the services that a tool of a domain lost,
// for all links that launch it.
func endToolGrants(tx Tx, before, now lti.Tool) error {
	var lost []string
	for _, service := range lti.Services() {
		if before.Grants(service) && !now.Grants(service) {
			lost = append(lost, service)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	return Courses.All(tx, Prefix(now.Domain), func(c lti.Course) error {
		if _, own := c.CourseTool(now.ID); own {
			return nil
		}
		for _, link := range c.AllLinks() {
			if link.Tool != now.ID {
				continue
			}
			for _, service := range lost {
				if err := Rings.Delete(tx, c.Domain, c.ID, link.ID, service); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
