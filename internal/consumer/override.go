package consumer

import (
	"context"
	"errors"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Override sets a score from 0.0 to 1.0 over the tool's, which stands until it
// is lifted. by is the username of a member of the course who may grade, or of
// an admin of the domain. A *lti.Refusal says why it can't be done; nothing is
// changed then.
func (c *Consumer) Override(ctx context.Context, ref ResultRef, by string, score float64) (lti.Result, error) {
	if !(score >= 0 && score <= 1) { // NaN too
		return lti.Result{}, lti.Refuse(lti.CauseScore, "the score is not between 0 and 1")
	}
	return c.grade(ctx, ref, by, "override result", func(r *lti.Result, entry *lti.AuditEntry) bool {
		r.Override = &lti.Override{Score: score, By: by, At: entry.At}
		r.NeedsReview = false
		given := score
		r.History = append(r.History, lti.Submission{At: entry.At, Score: &given, By: by})
		entry.Detail = "score " + lti.FormatScore(score)
		return true
	})
}

// Lift takes an override away, so that the tool's score counts again. Without
// one it changes nothing. The rights and errors are those of Override.
func (c *Consumer) Lift(ctx context.Context, ref ResultRef, by string) (lti.Result, error) {
	return c.grade(ctx, ref, by, "lift override", func(r *lti.Result, _ *lti.AuditEntry) bool {
		lifts := r.Override != nil
		r.Override = nil
		return lifts
	})
}

// grade changes a result in the name of a person, with the entry that the audit
// keeps of it. What change does not change is not stored.
func (c *Consumer) grade(ctx context.Context, ref ResultRef, by, action string, change func(*lti.Result, *lti.AuditEntry) bool) (lti.Result, error) {
	var r lti.Result
	changed := false
	id := c.NewID()
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		err := checkGrader(tx, ref, by)
		if err != nil {
			return err
		}
		if r, err = readResult(tx, ref); err != nil {
			return err
		}
		entry := lti.AuditEntry{ID: id, At: tx.Now(), By: by, Action: action, Object: ref.String()}
		if changed = change(&r, &entry); !changed {
			return nil
		}
		if r, err = c.keepResult(tx, r); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, entry)
	})
	if err != nil {
		return lti.Result{}, lti.Reason(err)
	}
	if changed && c.Wake != nil {
		c.Wake()
	}
	return r, nil
}

// checkGrader checks that the link takes grades, that its person is in the
// course, and that by may grade there.
func checkGrader(tx store.Tx, ref ResultRef, by string) error {
	course, err := store.Courses.Read(tx, ref.Course.Domain, ref.Course.ID)
	if err != nil {
		return missing(err, lti.CauseUnknownCourse, "there is no course %s", ref.Course)
	}
	link, _, ok := course.Link(ref.Link)
	if !ok {
		return lti.Refuse(lti.CauseUnknownLink, "the course %s has no resource link %q", ref.Course, ref.Link)
	}
	if !link.Gradable() {
		return lti.Refuse(lti.CauseScore, "the link %q is not gradable", ref.Link)
	}
	if _, err := store.Memberships.Get(tx, ref.Course.Domain, ref.Course.ID, ref.Username); err != nil {
		return missing(err, lti.CauseNoAccount, "%s is not in the course %s", ref.Username, ref.Course)
	}
	return mayGrade(tx, ref.Course, by)
}

func mayGrade(tx store.Tx, course lti.CourseRef, by string) error {
	user, err := store.Users.Get(tx, course.Domain, by)
	if err != nil {
		return missing(err, lti.CauseNoRole, "there is no account %s:%s", by, course.Domain)
	}
	if user.Disabled {
		return lti.Refuse(lti.CauseDisabled, "the account %s:%s is closed", by, course.Domain)
	}
	if user.Admin {
		return nil
	}
	m, err := store.Memberships.Get(tx, course.Domain, course.ID, by)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil || !m.ActiveAt(tx.Now()) || !m.Role.CanGrade() {
		return lti.Refuse(lti.CauseNoRole, "%s may not grade in the course %s", by, course)
	}
	return nil
}
