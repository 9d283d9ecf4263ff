package web

import (
	"github.com/ltihub/ltihub/internal/lti"
)

// FirstLaunch tells a page that waits for an LMS how its launches, newest
// first, have gone: a sentence in the language of the locale, "" for none.
func (p *Pages) FirstLaunch(locale string, found []lti.LaunchRecord) string {
	if len(found) == 0 {
		return ""
	}
	return p.speeches.all[p.speeches.index(locale)].arrived(found)
}

// arrived says how launches, newest first, have gone.
func (s *speech) arrived(found []lti.LaunchRecord) string {
	const clock = "15:04 UTC"
	for i := len(found) - 1; i >= 0; i-- {
		if !found[i].Refused {
			return s.say("First launch arrived, %s.", found[i].At.UTC().Format(clock))
		}
	}
	newest := found[0]
	cause := s.say("see below")
	if newest.Cause != "" {
		cause = s.cause(newest.Cause)
	}
	return s.say("A launch arrived at %s and was refused: %s.", newest.At.UTC().Format(clock), cause)
}
