package consumer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

const (
	// idKeyBytes is how long the key of a tool's opaque user ids is.
	idKeyBytes = 32
	// maxCourseTools is how many tools a course may get for itself.
	maxCourseTools = 200
	// maxToolSecret bounds a secret that somebody enters, in bytes.
	maxToolSecret = 1024
)

// Editor is who changes a course: a member who may edit it or, if signed in here
// and not launched, an admin of its domain.
type Editor struct {
	Username string
	SignedIn bool
}

// AddTool adds a tool of a domain or, where t.Course is set, of one course alone,
// on behalf of an admin whom by names for the audit. It returns the tool's key
// and secret; the secret is not shown again. An empty key or secret is made
// here, what else t leaves empty is that of lti.NewTool. A tool of that id is
// store.ErrExists, also one of the domain that a course's own would hide; a
// domain or course that is not there is store.ErrNotFound; a tool that can't be
// used as it is, lti.CauseMalformed.
func (c *Consumer) AddTool(ctx context.Context, t lti.Tool, secret, by string) (key, plain string, err error) {
	return c.addTool(ctx, t, secret, by, func(store.Tx) error { return nil })
}

// AddCourseTool is AddTool for somebody who edits the course that t.Course names.
// Who may not is a refusal with the causes unknown_course, no_account, no_role,
// not_open or disabled.
func (c *Consumer) AddCourseTool(ctx context.Context, t lti.Tool, secret string, by Editor) (key, plain string, err error) {
	ref := lti.CourseRef{Domain: t.Domain, ID: t.Course}
	return c.addTool(ctx, t, secret, by.Username+":"+t.Domain, func(tx store.Tx) error { return mayEdit(tx, ref, by) })
}

// mayEdit checks that by may edit the course now.
func mayEdit(tx store.Tx, ref lti.CourseRef, by Editor) error {
	var s scene
	if err := s.readEditor(tx, ref, by.Username, by.SignedIn); err != nil {
		return err
	}
	switch {
	case s.course.Disabled:
		return lti.Refuse(lti.CauseDisabled, "the course %s is closed", ref)
	case s.user.Disabled:
		return lti.Refuse(lti.CauseDisabled, "the account is closed")
	case !s.member.ActiveAt(tx.Now()):
		return lti.Refuse(lti.CauseNotOpen, "the membership in %s is %s or outside its dates", ref, s.member.Status)
	case !s.member.Role.CanEdit():
		return lti.Refuse(lti.CauseNoRole, "the role %q may not add tools", s.member.Role)
	}
	return nil
}

func (c *Consumer) addTool(ctx context.Context, t lti.Tool, secret, by string, may func(store.Tx) error) (key, plain string, err error) {
	if t.Key == "" {
		t.Key = vault.NewKey(c.Rand)
	}
	if secret == "" {
		secret = vault.NewSecret(c.Rand)
	}
	if err := checkTool(t, secret); err != nil {
		return "", "", err
	}
	if t, err = c.outfit(t, secret); err != nil {
		return "", "", err
	}
	now, id := c.Now().UTC().Truncate(time.Second), c.NewID()
	err = c.Store.Update(ctx, func(tx store.Tx) error {
		if err := may(tx); err != nil {
			return err
		}
		if err := putTool(tx, t); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{ID: id, At: now, By: by, Action: "tool added", Object: "tool " + toolPath(t)})
	})
	if err != nil {
		return "", "", fmt.Errorf("add tool %s: %w", toolPath(t), err)
	}
	return t.Key, secret, nil
}

// outfit gives a new tool its sealed secret, its id key, and what it does not
// say.
func (c *Consumer) outfit(t lti.Tool, secret string) (lti.Tool, error) {
	sealed, err := c.Vault.Seal(secret, "tool/"+toolPath(t))
	if err != nil {
		return t, fmt.Errorf("seal the tool's secret: %w", err)
	}
	t.Secret = lti.Secret{Sealed: sealed}
	t.IDKey = make([]byte, idKeyBytes)
	if _, err := io.ReadFull(c.Rand, t.IDKey); err != nil {
		return t, fmt.Errorf("draw the tool's id key: %w", err)
	}
	return t.Filled(), nil
}

// toolPath is domain/id, or domain/course/id for a tool of one course.
func toolPath(t lti.Tool) string {
	if t.Course != "" {
		return t.Domain + "/" + t.Course + "/" + t.ID
	}
	return t.Domain + "/" + t.ID
}

func putTool(tx store.Tx, t lti.Tool) error {
	if _, err := store.Domains.Read(tx, t.Domain); err != nil {
		return err
	}
	if t.Course == "" {
		return store.Tools.PutNew(tx, t)
	}
	course, err := store.Courses.Get(tx, t.Domain, t.Course)
	if err != nil {
		return err
	}
	if _, taken := course.CourseTool(t.ID); taken {
		return store.ErrExists
	}
	// Links of the course that mean the domain's tool would go to another one.
	if _, err := store.Tools.Read(tx, t.Domain, t.ID); err == nil {
		return store.ErrExists
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if len(course.Tools) >= maxCourseTools {
		return lti.Refuse(lti.CauseMalformed, "the course has %d tools already, as many as it may have", len(course.Tools))
	}
	course.Tools = append(course.Tools, t)
	return store.Courses.Put(tx, course)
}

// checkTool says why a tool can't be used as it is.
func checkTool(t lti.Tool, secret string) error {
	for _, part := range []struct {
		what, value string
		check       func(string) error
	}{
		{"id", t.ID, lti.CheckName}, {"key", t.Key, lti.CheckKey}, {"URL", t.URL, lti.CheckURL},
		{"URL for choosing content", t.SelectionURL(), lti.CheckURL},
	} {
		if err := part.check(part.value); err != nil {
			return lti.Refuse(lti.CauseMalformed, "the %s can't be used: %v", part.what, err)
		}
	}
	if len(secret) > maxToolSecret {
		return lti.Refuse(lti.CauseMalformed, "the secret is longer than %d bytes", maxToolSecret)
	}
	if err := t.CheckTold(); err != nil {
		return lti.Refuse(lti.CauseMalformed, "what is told of the tool can't be kept: %v", err)
	}
	return nil
}
