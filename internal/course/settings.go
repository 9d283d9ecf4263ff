package course

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
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
// SettingsVersion. The dates are those that new members get; whoever is in the
// course keeps theirs. A section that is taken out keeps its members.
func (e *Editor) EditSettings(ctx context.Context, of Edit, s Settings) error {
	return e.edit(ctx, of, "course settings changed", func(ch *change) error {
		if SettingsVersion(ch.course) != of.Version {
			return ErrStale
		}
		faults := Faults{}
		s.apply(ch.course, faults)
		return faults.err()
	})
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
