package consumer_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/outcome"
)

// issued is a sourcedid that a launch handed out, and how long it is promised.
type issued struct {
	id       string
	at       time.Time
	validFor time.Duration
}

// TestPromise keeps DESIGN's promise over any sequence of launches, rotations,
// changed validities and clock steps: an id issued at t is accepted at every
// t' <= t + valid_for, and refused at every t' > t + 2 x valid_for. A clock
// that steps back finds no less than the latest time seen had left.
func TestPromise(t *testing.T) {
	t.Parallel()
	run := 0
	h := newHub(t)
	rapid.Check(t, func(rt *rapid.T) {
		run++
		link := fmt.Sprintf("link%d", run)
		h.changeCourse(func(c *lti.Course) {
			c.Links = []lti.ResourceLink{{ID: link, Tool: "quizzer", Points: 10}}
		})
		var ids []issued
		validFor := time.Hour
		h.changeTool("quizzer", func(tool *lti.Tool) { tool.Passback.ValidFor = validFor })
		latest := h.clock.now()
		rt.Repeat(map[string]func(*rapid.T){
			"launch": func(rt *rapid.T) {
				user := rapid.SampledFrom([]string{"bob", "cyd"}).Draw(rt, "user")
				ids = append(ids, issued{h.sourcedID(user, link), h.clock.now(), validFor})
			},
			"step": func(rt *rapid.T) {
				minutes := rapid.OneOf(rapid.IntRange(-30, 90), rapid.SampledFrom([]int{60, 120})).Draw(rt, "minutes")
				seconds := rapid.IntRange(-1, 1).Draw(rt, "seconds")
				h.clock.step(time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second)
				if now := h.clock.now(); now.After(latest) {
					latest = now
				}
			},
			"change validity": func(rt *rapid.T) {
				validFor = time.Duration(rapid.IntRange(30, 120).Draw(rt, "minutes")) * time.Minute
				h.changeTool("quizzer", func(tool *lti.Tool) { tool.Passback.ValidFor = validFor })
			},
			"use": func(rt *rapid.T) {
				if len(ids) == 0 {
					rt.Skip("nothing was issued yet")
				}
				h.checkPromise(rt, rapid.SampledFrom(ids).Draw(rt, "id"), latest)
			},
		})
	})
}

func (h *hub) checkPromise(rt *rapid.T, i issued, latest time.Time) {
	now := h.clock.now()
	a, r := h.send(outcome.Request{Operation: outcome.Read, SourcedID: i.id})
	switch {
	case !latest.After(i.at.Add(i.validFor)) && r.CodeMajor != outcome.Success:
		rt.Fatalf("at %s the id of %s, valid for %s, is refused: %s", now, i.at, i.validFor, a.Detail)
	case now.After(i.at.Add(2*i.validFor)) && r.CodeMajor == outcome.Success:
		rt.Fatalf("at %s the id of %s, valid for %s, is accepted", now, i.at, i.validFor)
	}
}
