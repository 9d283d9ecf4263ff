package consumer

import (
	"strconv"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/outcome"
)

// maxAhead is how far a tool's clock may run before ours where it says when
// something was handed in (as Canvas has it).
const maxAhead = time.Minute

// change is a submission about to be stored. A replacement without a score
// brings only data along and leaves the score as it is.
type change struct {
	lti.Submission
	deletes bool
}

// change reads what a replaceResult or deleteResult brings. An unusable score
// is a fault and changes nothing (LTI 1.1, 6.1.1).
func (m message) change(tool string, points float64, now time.Time) (change, error) {
	c := change{Submission: lti.Submission{At: now, By: tool, MessageID: clip(m.id)}}
	if m.operation == outcome.Delete {
		c.deletes = true
		return c, nil
	}
	c.NeedsReview = m.needsReview
	c.Text, c.URL, c.LaunchURL = m.data.Text, webURL(m.data.URL), webURL(m.data.LaunchURL)
	if c.URL == "" {
		c.URL = webURL(m.data.DownloadURL)
	}
	var err error
	if c.SubmittedAt, err = m.submitted(now); err != nil {
		return c, err
	}
	if m.scoreText == "" && m.totalScore == "" {
		if c.Text == "" && c.URL == "" && c.LaunchURL == "" {
			return c, refuse(lti.CauseScore, outcome.IncompleteData, "the message has no score")
		}
		c.DataOnly = true
		return c, nil
	}
	score, err := m.score(points)
	c.Score = &score
	return c, err
}

// score reads the score of a replacement. Raw points win over it, where the
// message has them, and are of the link's points possible.
func (m message) score(points float64) (float64, error) {
	valueType, text := m.valueType, m.scoreText
	var f *fault
	switch {
	case m.totalScore != "":
		valueType, text = lti.ScoreRatio, m.totalScore+"/"+strconv.FormatFloat(points, 'f', -1, 64)
		f = refuse(lti.CauseScore, outcome.InvalidData, "the total score is not a number of points from 0 to %g", points)
	case valueType != "":
		f = refuse(lti.CauseScore, outcome.InvalidData, "the score is not a %.40q from 0 to 1", valueType)
	default:
		f = refuse(lti.CauseScore, outcome.InvalidData, "the score is not a number from 0.0 to 1.0")
	}
	score, err := lti.ParseScoreAs(valueType, text)
	if err != nil {
		f.reason.Detail = err.Error()
		return 0, f
	}
	return score, nil
}

// submitted is when the person handed in, as the tool says. A time from the
// future is refused, and so is one that can't be read.
func (m message) submitted(now time.Time) (time.Time, error) {
	text := strings.TrimSpace(m.submittedAt)
	if text == "" {
		return time.Time{}, nil
	}
	at, ok := parseTime(text)
	switch {
	case !ok:
		return time.Time{}, refuse(lti.CauseScore, outcome.InvalidData, "submittedAt is no time in the form of ISO 8601")
	case at.After(now.Add(maxAhead)):
		return time.Time{}, refuse(lti.CauseScore, outcome.InvalidData, "submittedAt lies in the future")
	}
	return at.UTC().Truncate(time.Second), nil
}

// parseTime reads the forms of ISO 8601 that are met with: a zone without a
// colon, or none, which means UTC; a space for the T; no seconds. Fractions of a
// second are taken with any.
func parseTime(text string) (time.Time, bool) {
	for _, day := range []string{"2006-01-02T", "2006-01-02 "} {
		for _, clock := range []string{"15:04:05", "15:04"} {
			for _, zone := range []string{"Z07:00", "Z0700", "Z07", ""} {
				if at, err := time.Parse(day+clock+zone, text); err == nil {
					return at, true
				}
			}
		}
	}
	return time.Time{}, false
}

// webURL is u if a page may link to it, else "".
func webURL(u string) string {
	before, _, _ := strings.Cut(u, "#")
	if lti.CheckURL(before) != nil {
		return ""
	}
	return u
}

// adopt gives the result after a change under the link's policy. changed is
// false for what leaves no trace: the last message once more, and the deletion
// of nothing.
func adopt(r lti.Result, c change, policy string) (next lti.Result, changed bool) {
	if repeats(r, c) || c.deletes && r.Score == nil {
		return r, false
	}
	switch {
	case c.deletes:
		r.Score, r.SubmittedAt = nil, c.At
	case c.DataOnly:
		c.Score = r.Score
	case counts(r.Score, *c.Score, policy):
		r.Score, r.SubmittedAt = c.Score, c.At
	}
	r.HandedIn, r.NeedsReview = c.SubmittedAt, c.NeedsReview
	r.History = append(r.History[:len(r.History):len(r.History)], c.Submission)
	return r, true
}

// counts reports whether a new score takes the place of the held one.
func counts(held *float64, score float64, policy string) bool {
	switch {
	case held == nil:
		return true
	case policy == lti.PolicyBest:
		return score > *held
	case policy == lti.PolicyFirst:
		return false
	}
	return true
}

// repeats reports whether the change is the newest submission once more: a
// tool that missed our answer sends its message again. Older ones are not
// looked at, because some tools give all their messages one identifier.
func repeats(r lti.Result, c change) bool {
	if len(r.History) == 0 || c.MessageID == "" {
		return false
	}
	last := r.History[len(r.History)-1]
	same := last.MessageID == c.MessageID && last.By == c.By && last.DataOnly == c.DataOnly &&
		last.Text == c.Text && last.URL == c.URL && last.LaunchURL == c.LaunchURL &&
		last.NeedsReview == c.NeedsReview && last.SubmittedAt.Equal(c.SubmittedAt)
	if !same || c.DataOnly {
		return same // the score that it has in the history is not its own
	}
	if last.Score == nil || c.Score == nil {
		return last.Score == c.Score
	}
	return *last.Score == *c.Score
}
