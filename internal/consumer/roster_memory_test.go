package consumer_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/store"
)

// hall is how many students a very large course has, and maxGrowth how much
// more memory may be alive while its roster is served than before: a few pages.
const (
	hall      = 50_000
	maxGrowth = 8 << 20
)

func (h *hub) fillHall(many int) {
	h.t.Helper()
	for from := 0; from < many; from += 5000 {
		h.update(func(tx store.Tx) error {
			for i := from; i < min(from+5000, many); i++ {
				if err := h.putMember(tx, fmt.Sprintf("s%05d", i), lti.Student); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// live is how much of the heap is in use once the garbage is gone.
func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// peak counts what is written, and measures what is alive on the way.
type peak struct {
	written, measured int
	live              uint64
}

func (p *peak) Write(b []byte) (int, error) {
	if p.written += len(b); p.written-p.measured > 2<<20 {
		p.measured, p.live = p.written, max(p.live, live())
	}
	return len(b), nil
}

// Both ways to ask for a roster serve 50,000 members in flat memory. Not
// parallel: it measures the heap.
func TestLargeRosterIsServedInFlatMemory(t *testing.T) {
	h := newHub(t)
	h.fillHall(hall)
	id := h.rosterID("quiz1")
	_, link := h.membersURLs()
	h.changeTool("quizzer", func(tool *lti.Tool) { tool.Custom = nil })

	r, a := h.ServeRoster(context.Background(), h.rosterRequest("quizzer", id, true))
	if r == nil {
		t.Fatal(a.Detail)
	}
	before := live()
	var out peak
	if err := r.WriteTo(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if out.written < hall*200 || out.live == 0 {
		t.Fatalf("%d bytes were written, too few for %d members, or nothing was measured", out.written, hall)
	}
	if grown := int64(out.live) - int64(before); grown > maxGrowth {
		t.Errorf("%d KiB more are alive while %d MiB of XML are written", grown>>10, out.written>>20)
	}

	before = live()
	seen, pages, most := 0, 0, uint64(0)
	for next := link; next != ""; pages++ {
		a := h.members(h.signer("quizzer"), next)
		page, err := memberships.ParsePage(a.Body)
		if err != nil {
			t.Fatalf("page %d: %d %s: %v", pages, a.Status, a.Detail, err)
		}
		seen, next = seen+len(page.Members), page.Next
		if pages%20 == 0 {
			most = max(most, live())
		}
	}
	if seen != hall+3 {
		t.Errorf("the pages hold %d members, want %d", seen, hall+3)
	}
	if grown := int64(most) - int64(before); grown > maxGrowth {
		t.Errorf("%d KiB more are alive while %d pages of JSON-LD are read", grown>>10, pages)
	}
}

// BenchmarkRoster writes the roster of a course of 50,000.
func BenchmarkRoster(b *testing.B) {
	h := newHub(b)
	h.fillHall(hall)
	id := h.rosterID("quiz1")
	rosters := make([]*consumer.Roster, 0, b.N)
	for range b.N {
		r, a := h.ServeRoster(context.Background(), h.rosterRequest("quizzer", id, true))
		if r == nil {
			b.Fatal(a.Detail)
		}
		rosters = append(rosters, r)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for _, r := range rosters {
		if err := r.WriteTo(context.Background(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
