package consumer

import (
	"context"
	"errors"
	"slices"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// ResultRef names the result of one person on one resource link.
type ResultRef struct {
	Course   lti.CourseRef
	Link     string
	Username string
}

// String writes the reference as domain/course/link/username.
func (r ResultRef) String() string { return r.Course.String() + "/" + r.Link + "/" + r.Username }

func (p place) ref(username string) ResultRef {
	return ResultRef{Course: p.course.Ref(), Link: p.link.ID, Username: username}
}

// readResult reads a result; one that was never stored is version 0.
func readResult(tx store.Tx, ref ResultRef) (lti.Result, error) {
	r, err := store.Results.Get(tx, ref.Course.Domain, ref.Course.ID, ref.Link, ref.Username)
	if errors.Is(err, store.ErrNotFound) {
		return lti.Result{Domain: ref.Course.Domain, Course: ref.Course.ID, Link: ref.Link, Username: ref.Username}, nil
	}
	return r, err
}

// keepResult stores a changed result as its next version, and puts it on its
// way upstream.
func (c *Consumer) keepResult(tx store.Tx, r lti.Result) (lti.Result, error) {
	r.Version++
	if n := surplus(r.History); n > 0 {
		page := lti.HistoryPage{
			Domain: r.Domain, Course: r.Course, Link: r.Link, Username: r.Username,
			First: r.Moved, Submissions: r.History[:n],
		}
		if err := store.History.Put(tx, page); err != nil {
			return r, err
		}
		r.Moved += int64(n)
		r.History = slices.Clone(r.History[n:])
	}
	if err := store.Results.Put(tx, r); err != nil {
		return r, err
	}
	return r, c.Queue(tx, r)
}

// maxHistorySize is about how many bytes of handed-in work stay beside a
// result, which is read and written whole with each score.
const maxHistorySize = 128 << 10

// surplus is how many submissions are to be moved away from the result: half
// of them when there are too many, all but the newest when they are too long.
func surplus(history []lti.Submission) int {
	size := 0
	for _, s := range history {
		size += len(s.Text) + len(s.URL) + len(s.LaunchURL)
	}
	switch {
	case size > maxHistorySize:
		return len(history) - 1
	case len(history) > lti.MaxHistory:
		return len(history) - lti.MaxHistory/2
	}
	return 0
}

// History reads a result and a run of its submissions, oldest first. The newest
// run comes for before 0. An older one exists while page.First is above 0:
// pass that as before. A result that was never stored is version 0.
func (c *Consumer) History(ctx context.Context, ref ResultRef, before int64) (r lti.Result, page lti.HistoryPage, err error) {
	err = c.Store.View(ctx, func(tx store.Tx) error {
		if r, err = readResult(tx, ref); err != nil {
			return err
		}
		page = lti.HistoryPage{
			Domain: r.Domain, Course: r.Course, Link: r.Link, Username: r.Username,
			First: r.Moved, Submissions: r.History,
		}
		if before <= 0 {
			return nil
		}
		bound := page
		bound.First, bound.Submissions, page = before, nil, lti.HistoryPage{}
		prefix := store.Prefix(r.Domain, r.Course, r.Link, r.Username)
		older, _, err := store.History.ListBack(tx, prefix, store.History.Key(bound), 1)
		if err == nil && len(older) > 0 {
			page = older[0]
		}
		return err
	})
	return r, page, err
}
