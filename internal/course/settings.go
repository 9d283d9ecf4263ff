package course

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Settings are what a person writes about a course as a whole.
type Settings struct {
	Title, Label string
	// Start and End are the usual dates of a membership, as LinkForm.Due is.
	Start, End string
	// Sections and Groups have one name a line.
	Sections, Groups string
}

// SettingsOf are those of a course, as a form shows them.
func SettingsOf(c *lti.Course) Settings {
	return Settings{
		Title: c.Title, Label: c.Label, Start: DateText(c.Enrolment.Start), End: DateText(c.Enrolment.End),
		Sections: strings.Join(c.Sections, "\n"), Groups: strings.Join(c.Groups, "\n"),
	}
}

// EditSettings makes the course what the settings say; the version is its
// SettingsVersion. Members who still have the course's own dates follow them;
// dates set by hand stay, and so do the author's if the new ones would shut the
// author out. A section that is taken out keeps its members.
func (e *Editor) EditSettings(ctx context.Context, of Edit, s Settings) error {
	return e.edit(ctx, of, "course settings changed", func(ch *change) error {
		if SettingsVersion(ch.course) != of.Version {
			return ErrStale
		}
		former, faults := ch.course.Enrolment, Faults{}
		s.apply(ch.course, faults)
		if err := faults.err(); err != nil {
			return err
		}
		return ch.follow(former, of.By)
	})
}

// follow gives the members who had the course's former dates the new ones, but
// never so that whoever asks for it is shut out.
func (ch *change) follow(former lti.Period, by Author) error {
	own, err := store.Memberships.Get(ch.tx, ch.course.Domain, ch.course.ID, by.Username)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	followed, err := store.FollowEnrolment(ch.tx, *ch.course, former)
	if err != nil {
		return err
	}
	if len(followed) > 0 {
		ch.detail = fmt.Sprintf("%d members have the new dates", len(followed))
	}
	for _, m := range followed {
		if m.Username != by.Username || by.Domain != m.Domain || m.ActiveAt(ch.tx.Now()) {
			continue
		}
		own.Given = ch.course.Enrolment // so the dates count as set by hand
		if err := store.Memberships.Put(ch.tx, own); err != nil {
			return err
		}
		ch.detail += ", but not " + by.String()
	}
	return nil
}

func (s Settings) apply(c *lti.Course, faults Faults) {
	var err error
	shown := SettingsOf(c)
	c.Title, c.Label = strings.TrimSpace(s.Title), strings.TrimSpace(s.Label)
	faults.add("title", checkTitle(c.Title))
	faults.add("label", lti.CheckText(c.Label))
	if s.Start != shown.Start { // the seconds of the old one stay
		c.Enrolment.Start, err = parseDate(s.Start)
		faults.add("start", err)
	}
	if s.End != shown.End {
		c.Enrolment.End, err = parseDate(s.End)
		faults.add("end", err)
	}
	faults.add("end", c.Enrolment.Check())
	c.Sections, err = readNames(s.Sections)
	faults.add("sections", err)
	c.Groups, err = readNames(s.Groups)
	faults.add("groups", err)
}

// readNames reads different names, one a line.
func readNames(text string) ([]string, error) {
	var names []string
	for line := range strings.Lines(text) {
		name := strings.TrimSpace(line)
		if name == "" {
			continue
		}
		if err := lti.CheckID(name); err != nil {
			return nil, fmt.Errorf("the name %.40q can't be used: %w", name, err)
		}
		if slices.Contains(names, name) {
			return nil, fmt.Errorf("the name %.40q occurs twice", name)
		}
		names = append(names, name)
	}
	if len(names) > maxParts {
		return nil, errors.New("they are too many")
	}
	return names, nil
}
