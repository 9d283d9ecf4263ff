package simulator

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

var errUnknownSourcedID = errors.New("sourcedid names no cell of this gradebook")

// Grade is one cell of the gradebook: Score is between 0 and 1, Text is the score
// as it was sent.
type Grade struct {
	User, Link string
	SourcedID  string
	Score      float64
	Text       string
	ChangedAt  time.Time
	Changes    int // how often a score was written into this cell
}

// Grade returns the score (0 to 1) of a user on a link, and whether there is one.
func (l *LMS) Grade(userID, linkID string) (score float64, ok bool) {
	grade, ok := l.cell(userID, linkID)
	return grade.Score, ok
}

func (l *LMS) cell(userID, linkID string) (Grade, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, grade := range l.grades {
		if grade.User == userID && grade.Link == linkID {
			return grade, true
		}
	}
	return Grade{}, false
}

// SourcedID returns the lis_result_sourcedid of a user on a link, as a launch would
// carry it; false when either is unknown.
func (l *LMS) SourcedID(userID, linkID string) (string, bool) {
	user, link, ok := l.find(userID, linkID)
	if !ok {
		return "", false
	}
	return l.Course.sourcedID(user, link), true
}

// SetGrade sets a score (0 to 1) by hand, as an instructor does in the gradebook;
// false when the user or the link is unknown.
func (l *LMS) SetGrade(userID, linkID string, score float64) bool {
	id, ok := l.SourcedID(userID, linkID)
	if !ok || l.replaceGrade(id, strconv.FormatFloat(score, 'f', -1, 64), score, l.Now()) != nil {
		return false
	}
	l.changes.tell()
	return true
}

// locate finds the cell a sourcedid was issued for.
func (l *LMS) locate(sourcedID string) (User, Link, error) {
	users, links := l.people()
	for _, link := range links {
		for _, user := range users {
			if link.Gradable && user.Learner() && l.Course.sourcedID(user, link) == sourcedID {
				return user, link, nil
			}
		}
	}
	return User{}, Link{}, errUnknownSourcedID
}

func (l *LMS) replaceGrade(sourcedID, text string, score float64, now time.Time) error {
	user, link, err := l.locate(sourcedID)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.grades[sourcedID] = Grade{
		User: user.ID, Link: link.ID, SourcedID: sourcedID,
		Score: score, Text: text, ChangedAt: now,
		Changes: l.grades[sourcedID].Changes + 1,
	}
	return nil
}

// readGrade returns the score as text, empty when there is none yet.
func (l *LMS) readGrade(sourcedID string) (string, error) {
	if _, _, err := l.locate(sourcedID); err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	grade, ok := l.grades[sourcedID]
	if !ok {
		return "", nil
	}
	return strconv.FormatFloat(grade.Score, 'f', -1, 64), nil
}

func (l *LMS) deleteGrade(sourcedID string) error {
	if _, _, err := l.locate(sourcedID); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.grades, sourcedID)
	return nil
}

// readScore reads a decimal between 0 and 1 in ASCII digits (LTI 1.1, 6.1.1): no
// sign, exponent, comma, hexadecimal or name of a number.
func readScore(text string) (float64, error) {
	digits := strings.Replace(text, ".", "", 1)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, fmt.Errorf("score %q is not a decimal number", text)
	}
	score, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(score) || score < 0 || score > 1 {
		return 0, fmt.Errorf("score %q is not between 0 and 1", text)
	}
	return score, nil
}

// readScore10 reads a score of the 1.0 service: decimal, percentage or ratio.
func readScore10(text, kind string) (float64, error) {
	switch kind {
	case "", "decimal":
		return readScore(text)
	case "percentage":
		percent, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
		if err != nil {
			return 0, fmt.Errorf("score %q is not a percentage", text)
		}
		return readScore(strconv.FormatFloat(percent/100, 'f', -1, 64))
	case "ratio":
		return readRatio(text)
	}
	return 0, fmt.Errorf("result value type %q is not accepted", kind)
}

// readRatio reads got/possible, such as 17/20.
func readRatio(text string) (float64, error) {
	got, possible, found := strings.Cut(text, "/")
	g, errGot := strconv.ParseFloat(strings.TrimSpace(got), 64)
	p, errPossible := strconv.ParseFloat(strings.TrimSpace(possible), 64)
	if !found || errGot != nil || errPossible != nil || p <= 0 {
		return 0, fmt.Errorf("score %q is not a ratio", text)
	}
	return readScore(strconv.FormatFloat(g/p, 'f', -1, 64))
}
