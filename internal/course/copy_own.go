package course

import (
	"context"
	"errors"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/sourcedid"
	"github.com/ltihub/ltihub/internal/store"
)

// CopyCourse copies the course as Copier.Copy does, on behalf of its author, who
// becomes a member of the copy: in the same role, but coordinator only of a
// course of one's own. What is wrong with what is wanted is a Faults of the
// fields id and title.
func (e *Editor) CopyCourse(ctx context.Context, of Edit, want Wanted) (lti.Course, error) {
	want.ID, want.Title = strings.TrimSpace(want.ID), strings.TrimSpace(want.Title)
	faults := Faults{}
	faults.add("id", lti.CheckName(want.ID))
	faults.add("title", lti.CheckText(want.Title))
	if err := faults.err(); err != nil {
		return lti.Course{}, err
	}
	made, err := e.Copier.copy(ctx, of.Course, want, of.By.String(), func(tx store.Tx, original, twin *lti.Course) error {
		if err := mayEdit(tx, original, of.By); err != nil {
			return err
		}
		return join(tx, original, twin, of.By)
	})
	if errors.Is(err, store.ErrExists) {
		return lti.Course{}, Faults{"id": "it is taken: choose another"}
	}
	return made, err
}

// join makes the author a member of the copy; an admin who is in none of the two
// courses needs no membership.
func join(tx store.Tx, original, twin *lti.Course, by Author) error {
	if by.Domain != original.Domain {
		return nil
	}
	m, err := store.Memberships.Get(tx, original.Domain, original.ID, by.Username)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if m.Role == lti.Coordinator && twin.Owner != by.Username {
		m.Role = lti.Instructor
	}
	return store.Memberships.PutNew(tx, lti.Membership{
		Domain: twin.Domain, Course: twin.ID, Username: by.Username, Role: m.Role, Status: lti.MemberActive,
		Source: sourceAdmin, Digest: sourcedid.UserDigest(twin.DigestKey, by.Username), Created: twin.Created,
	})
}
