package person

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// results merges every result of From in a course into that of Into. Links that
// were taken out of the course count too: they may come back.
func (g *merging) results(course lti.Course, o *CourseOutcome) error {
	links, err := linksWithResults(g.tx, course.Ref())
	if err != nil {
		return err
	}
	for _, id := range links {
		from, err := store.Results.Get(g.tx, course.Domain, course.ID, id, g.From.Username)
		found, err := exists(err)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		link, _, _ := course.Link(id)
		if err := g.result(link, from, o); err != nil {
			return err
		}
	}
	return nil
}

// linksWithResults lists the links of a course that anybody has a result on, by
// leaping from one to the next.
func linksWithResults(tx store.Tx, ref lti.CourseRef) ([]string, error) {
	var links []string
	prefix := store.Prefix(ref.Domain, ref.ID)
	for after := ""; ; {
		found, err := tx.Scan(store.Results.Name(), prefix, after, 1)
		if err != nil {
			return nil, fmt.Errorf("look for results: %w", err)
		}
		if len(found) == 0 {
			return links, nil
		}
		parts := store.Split(found[0].Key)
		links = append(links, parts[2])
		after = store.Prefix(parts[:3]...) + string(utf8.MaxRune)
	}
}

// result merges one result of From, with all of its history.
func (g *merging) result(link lti.ResourceLink, from lti.Result, o *CourseOutcome) error {
	held, err := store.Results.Get(g.tx, from.Domain, from.Course, from.Link, g.Into.Username)
	found, err := exists(err)
	if err != nil {
		return err
	}
	if !found {
		held = lti.Result{Domain: from.Domain, Course: from.Course, Link: from.Link, Username: g.Into.Username}
	}
	if err := g.history(held, from); err != nil {
		return err
	}
	next := unite(held, from, link.Policy)
	if n := len(next.History) - lti.MaxHistory; n > 0 {
		page := pageOf(next, next.Moved, next.History[:n])
		next.History, next.Moved = slices.Clone(next.History[n:]), next.Moved+int64(n)
		if err := put(g.journal, store.History, page); err != nil {
			return err
		}
	}
	if err := put(g.journal, store.Results, next); err != nil {
		return err
	}
	o.Results = append(o.Results, ResultOutcome{
		Link: from.Link, Title: link.Title, Points: link.Points,
		From: from.Counts(), Into: held.Counts(), After: next.Counts(),
	})
	return remove(g.journal, store.Results, from)
}

// history moves the older pages of From behind those of Into.
func (g *merging) history(held, from lti.Result) error {
	pages, err := all(g.tx, store.History, store.Prefix(from.Domain, from.Course, from.Link, from.Username))
	if err != nil {
		return err
	}
	for _, p := range pages {
		moved := pageOf(held, held.Moved+p.First, p.Submissions)
		if err := errors.Join(put(g.journal, store.History, moved), remove(g.journal, store.History, p)); err != nil {
			return err
		}
	}
	return nil
}

func pageOf(r lti.Result, first int64, s []lti.Submission) lti.HistoryPage {
	return lti.HistoryPage{
		Domain: r.Domain, Course: r.Course, Link: r.Link, Username: r.Username,
		First: first, Submissions: slices.Clone(s),
	}
}

// unite is the result of one person who had two: both histories in the order of
// time, and the score that counts under the link's policy. A score wins over
// none, the later override over the other.
func unite(a, b lti.Result, policy string) lti.Result {
	r := a
	r.Version = max(a.Version, b.Version) + 1
	r.Moved = a.Moved + b.Moved
	r.History = append(slices.Clone(a.History), b.History...)
	slices.SortStableFunc(r.History, func(x, y lti.Submission) int { return x.At.Compare(y.At) })
	if counts(a, b, policy) {
		r.Score, r.SubmittedAt = b.Score, b.SubmittedAt
	}
	if b.Override != nil && (a.Override == nil || b.Override.At.After(a.Override.At)) {
		r.Override = b.Override
	}
	return r
}

// counts reports whether b's score takes the place of a's.
func counts(a, b lti.Result, policy string) bool {
	switch {
	case b.Score == nil:
		return a.Score == nil && b.SubmittedAt.After(a.SubmittedAt)
	case a.Score == nil:
		return true
	case policy == lti.PolicyBest:
		return *b.Score > *a.Score
	case policy == lti.PolicyFirst:
		return b.SubmittedAt.Before(a.SubmittedAt)
	}
	return b.SubmittedAt.After(a.SubmittedAt)
}
