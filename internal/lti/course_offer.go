package lti

import "time"

// CourseOffer is a question that a launch leaves open: its context is a copy
// of one that stands for a course here, and somebody who may make courses has
// to say which course the copy is to stand for.
type CourseOffer struct {
	// From is the course of the context that was copied.
	From CourseRef `json:"from"`
	// Same says that the person may go on in From itself: they run it, or the
	// launch URL names it anyway.
	Same bool `json:"same,omitempty"`
	// Fresh says that an empty course is possible: the launch URL names no
	// folder or link, which an empty course would not have.
	Fresh bool `json:"fresh,omitempty"`
}

// Takes reports whether the offer has the choice.
func (o CourseOffer) Takes(c CourseChoice) bool {
	switch c {
	case ChooseSame:
		return o.Same
	case ChooseCopy:
		return true
	case ChooseFresh:
		return o.Fresh
	}
	return false
}

// CourseChoice is the answer to a CourseOffer; "" is none yet.
type CourseChoice string

// The answers: the course of the original, a copy of its folders, links and
// tools, or an empty course.
const (
	ChooseSame  CourseChoice = "same"
	ChooseCopy  CourseChoice = "copy"
	ChooseFresh CourseChoice = "fresh"
)

// HeldLaunch is a verified launch that waits for the answer to its CourseOffer,
// to be taken up again once. ID is that of its launch record.
type HeldLaunch struct {
	ID       string    `json:"id"`
	Domain   string    `json:"domain"`
	Consumer string    `json:"consumer"`
	Launch   Launch    `json:"launch"`
	Tail     Tail      `json:"tail"`
	Expires  time.Time `json:"expires"`
}
