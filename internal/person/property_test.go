package person_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
)

// No sequence of merges, undoings and scores loses a score or a place that an
// LMS wants grades for, and a merge that is taken back at once leaves nothing.
func TestNoGradeIsLostByAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		o := newOffice(t)
		o.tester = rt
		names := []string{"ada", "bea", "cleo"}
		for i, name := range names {
			consumer := []string{"campus", "annex", "campus"}[i]
			id := fmt.Sprintf("u%d", i)
			o.settle(name, consumer, id, lti.Student)
			for _, scope := range []lti.Scope{{Kind: lti.ScopeLink, ID: "quiz1"}, {Kind: lti.ScopeFolder, ID: "week1"}, {Kind: lti.ScopeCourse}} {
				if rapid.Bool().Draw(rt, "wanted") {
					o.want(name, consumer, id, scope)
				}
			}
		}
		pick := rapid.SampledFrom(names)
		var merges []string
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			scores := o.every()
			switch rapid.SampledFrom([]string{"score", "score", "merge", "undo", "both"}).Draw(rt, "step") {
			case "score":
				o.score(pick.Draw(rt, "who"), rapid.SampledFrom([]string{"quiz1", "best", "first"}).Draw(rt, "link"), rapid.Float64Range(0, 1).Draw(rt, "score"))
			case "merge":
				if out, err := o.Merge(t.Context(), "uni", pick.Draw(rt, "from"), pick.Draw(rt, "into"), "root:uni"); err == nil {
					merges = append(merges, out.Record.ID)
				}
			case "undo":
				if len(merges) > 0 {
					_, err := o.Undo(t.Context(), rapid.SampledFrom(merges).Draw(rt, "merge"), "root:uni")
					if err != nil {
						o.wantRefused(err)
					}
				}
			case "both":
				before := o.people()
				if out, err := o.Merge(t.Context(), "uni", pick.Draw(rt, "from"), pick.Draw(rt, "into"), "root:uni"); err == nil {
					o.undo(out.Record.ID)
				}
				if diff := cmp.Diff(before, o.people()); diff != "" {
					rt.Fatalf("merge and undo left (-before +after):\n%s", diff)
				}
			}
			for id := range scores {
				if !o.every()[id] {
					rt.Fatalf("the score %s is lost", id)
				}
			}
			o.due() // checks that every delivery leads to its target
		}
	})
}
