package web

import (
	"net/url"
	"strconv"
)

// Pager leads through the pages of a list. Links are relative to the page's
// own path; an empty one is not shown.
type Pager struct {
	Previous string
	Next     string
	// Needed is false when all is on one page.
	Needed bool
	extent
	things things
}

// things is what a list is of.
type things int

const (
	people things = iota
	students
	links
)

// extent is where a page lies in a list: its number from 1, how many items a
// page holds, and how many there are.
type extent struct{ page, size, total int }

// newPager makes the pager of a list, with the page number in the query param;
// keep are names and values of other queries to carry on.
func newPager(param string, at extent, of things, keep ...string) Pager {
	p := Pager{extent: at, things: of, Needed: at.total > at.size}
	if at.page > 1 {
		p.Previous = query(append(keep, param, strconv.Itoa(at.page-1))...)
	}
	if at.page*at.size < at.total {
		p.Next = query(append(keep, param, strconv.Itoa(at.page+1))...)
	}
	return p
}

// pagerWords are what a pager says: Range is what is shown, Back and On are its
// links.
type pagerWords struct {
	Pager
	Range, Back, On string
}

// pager puts a pager into words.
func (s *speech) pager(p Pager) pagerWords {
	first, last := (p.page-1)*p.size+1, min(p.page*p.size, p.total)
	words := pagerWords{Pager: p}
	switch p.things {
	case people:
		words.Range = s.say("%d–%d of %d people", first, last, p.total)
		words.Back, words.On = s.say("Previous people"), s.say("Next people")
	case students:
		words.Range = s.say("%d–%d of %d students", first, last, p.total)
		words.Back, words.On = s.say("Previous students"), s.say("Next students")
	case links:
		words.Range = s.say("%d–%d of %d links", first, last, p.total)
		words.Back, words.On = s.say("Previous links"), s.say("Next links")
	}
	if !p.Needed {
		words.Range = s.whole(p)
	}
	return words
}

// whole says how many items a list has that is on one page.
func (s *speech) whole(p Pager) string {
	switch {
	case p.things == people && p.total == 0:
		return s.say("No people")
	case p.things == people:
		return s.say("All %d people", p.total)
	case p.things == students && p.total == 0:
		return s.say("No students")
	case p.things == students:
		return s.say("All %d students", p.total)
	case p.total == 0:
		return s.say("No links")
	}
	return s.say("All %d links", p.total)
}

// query writes names and values as a query, leaving out empty values.
func query(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	return "?" + values.Encode()
}

func pagesFor(total, size int) int { return max(1, (total+size-1)/size) }

func clamp(n, low, high int) int { return min(max(n, low), high) }

// cut is the part of the items on a page that clamp has brought into range.
func cut[T any](items []T, page, size int) []T {
	start := min((max(page, 1)-1)*size, len(items))
	return items[start:min(start+size, len(items))]
}

// pageNumber writes a page's number for a query; the first needs none.
func pageNumber(n int) string {
	if n <= 1 {
		return ""
	}
	return strconv.Itoa(n)
}
