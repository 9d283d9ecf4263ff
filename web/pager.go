package web

import (
	"fmt"
	"net/url"
	"strconv"
)

// Pager leads through the pages of a list. Links are relative to the page's
// own path; an empty one is not shown.
type Pager struct {
	Previous string
	Next     string
	// Range says what is shown: "51-100 of 500 students".
	Range string
	// Things names what is listed. Needed is false when all is on one page.
	Things string
	Needed bool
}

// extent is where a page lies in a list: its number from 1, how many items a
// page holds, and how many there are.
type extent struct{ page, size, total int }

// newPager makes the pager of a list of things, with the page number in the
// query param; keep are names and values of other queries to carry on.
func newPager(param string, at extent, things string, keep ...string) Pager {
	page, size, total := at.page, at.size, at.total
	if total == 0 {
		return Pager{Range: "No " + things, Things: things}
	}
	first, last := (page-1)*size+1, min(page*size, total)
	p := Pager{Things: things, Needed: total > size, Range: fmt.Sprintf("%d–%d of %d %s", first, last, total, things)}
	if !p.Needed {
		p.Range = fmt.Sprintf("All %d %s", total, things)
	}
	if page > 1 {
		p.Previous = query(append(keep, param, strconv.Itoa(page-1))...)
	}
	if last < total {
		p.Next = query(append(keep, param, strconv.Itoa(page+1))...)
	}
	return p
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
