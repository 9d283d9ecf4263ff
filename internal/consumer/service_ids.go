package consumer

import (
	"context"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// ServiceIDs says which of the ids that a tool was handed out are meant: all, or
// those of one resource link, or of one service.
type ServiceIDs struct {
	// Domain/Tool is the tool; Course is set for one that a course has for
	// itself.
	Domain, Course, Tool string
	// LinkCourse/Link is the one resource link; Service one of lti.ServiceGrade,
	// ServiceRoster and ServiceSetting. Empty means all of them.
	LinkCourse, Link string
	Service          string
}

// NewSecrets makes, at once, a new service secret wherever the tool has one:
// ids that were handed out hold on as long as they would have, the next ones are
// sealed under the new secret. It returns how many were made. A tool that is not
// there is store.ErrNotFound, an unknown service lti.CauseMalformed; nothing is
// changed then. by is for the audit.
func (c *Consumer) NewSecrets(ctx context.Context, of ServiceIDs, by string) (int, error) {
	return c.changeRings(ctx, of, by, "service secrets made anew", c.renewRing)
}

// RevokeIDs drops the service secrets, so that every id which the tool was
// handed out is refused from now on (cause 20). The next launch makes a new
// secret and hands out new ids. It returns how many links and services that
// were, and fails as NewSecrets does.
func (c *Consumer) RevokeIDs(ctx context.Context, of ServiceIDs, by string) (int, error) {
	return c.changeRings(ctx, of, by, "service ids revoked", func(tx store.Tx, r lti.ServiceRing) error {
		return store.Rings.Delete(tx, r.Domain, r.Course, r.Link, r.Service)
	})
}

func (c *Consumer) changeRings(ctx context.Context, of ServiceIDs, by, action string, change func(store.Tx, lti.ServiceRing) error) (int, error) {
	if err := of.check(); err != nil {
		return 0, err
	}
	now, id := c.Now().UTC().Truncate(time.Second), c.NewID()
	count := 0
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		rings, err := of.rings(tx)
		if err != nil {
			return err
		}
		count = len(rings)
		for _, r := range rings {
			if err := change(tx, r); err != nil {
				return err
			}
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{
			ID: id, At: now, By: by, Action: action, Object: of.object(), Detail: of.detail(count),
		})
	})
	if err != nil {
		return 0, fmt.Errorf("%s of %s: %w", action, of.object(), err)
	}
	return count, nil
}

func (of ServiceIDs) check() error {
	switch of.Service {
	case "", lti.ServiceGrade, lti.ServiceRoster, lti.ServiceSetting:
		return nil
	}
	return lti.Refuse(lti.CauseMalformed, "there is no service %.20q", of.Service)
}

func (of ServiceIDs) object() string {
	if of.Course != "" {
		return "tool " + of.Domain + "/" + of.Course + "/" + of.Tool
	}
	return "tool " + of.Domain + "/" + of.Tool
}

func (of ServiceIDs) detail(count int) string {
	links, services := "all links", "all services"
	if of.Link != "" {
		links = "the link " + of.LinkCourse + "/" + of.Link
	}
	if of.Service != "" {
		services = "the service " + of.Service
	}
	return fmt.Sprintf("%s, %s: %d changed", links, services, count)
}

// rings lists those of the links that launch the tool.
func (of ServiceIDs) rings(tx store.Tx) ([]lti.ServiceRing, error) {
	if of.Course == "" {
		if _, err := store.Tools.Read(tx, of.Domain, of.Tool); err != nil {
			return nil, err
		}
		var all []lti.ServiceRing
		err := store.Courses.All(tx, store.Prefix(of.Domain), func(course lti.Course) error {
			found, err := of.courseRings(tx, course)
			all = append(all, found...)
			return err
		})
		return all, err
	}
	course, err := store.Courses.Get(tx, of.Domain, of.Course)
	if err != nil {
		return nil, err
	}
	if _, own := course.CourseTool(of.Tool); !own {
		return nil, store.ErrNotFound
	}
	return of.courseRings(tx, course)
}

func (of ServiceIDs) courseRings(tx store.Tx, course lti.Course) ([]lti.ServiceRing, error) {
	if _, own := course.CourseTool(of.Tool); own != (of.Course != "") {
		return nil, nil // the course means another tool by that id
	}
	var all []lti.ServiceRing
	for _, link := range course.AllLinks() {
		if link.Tool != of.Tool || of.Link != "" && (link.ID != of.Link || course.ID != of.LinkCourse) {
			continue
		}
		err := store.Rings.All(tx, store.Prefix(course.Domain, course.ID, link.ID), func(r lti.ServiceRing) error {
			if of.Service == "" || r.Service == of.Service {
				all = append(all, r)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// renewRing makes a new secret for as long as the newest one was.
func (c *Consumer) renewRing(tx store.Tx, r lti.ServiceRing) error {
	if len(r.Secrets) == 0 {
		return nil
	}
	_, err := c.renew(tx, r, r.Secrets[0].ValidFor)
	return err
}
