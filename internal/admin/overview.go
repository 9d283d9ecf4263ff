package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// day is the span of all that the overview counts.
const day = 24 * time.Hour

// overview shows how the server does.
func (p *People) overview(w http.ResponseWriter, r *http.Request, v visit) error {
	var page web.OverviewPage
	err := p.Store.View(r.Context(), func(tx store.Tx) error {
		page = web.OverviewPage{Frame: p.frame(r, v), LaunchURL: p.PublicURL + launchPath, Version: p.Version}
		if err := countLaunches(tx, v.now, &page); err != nil {
			return err
		}
		if err := countGrades(tx, &page); err != nil {
			return err
		}
		if err := countThings(tx, &page); err != nil {
			return err
		}
		var err error
		page.Deliveries, page.OldestWaiting, err = countQueue(tx)
		return err
	})
	if err != nil {
		return err
	}
	p.wrote(r, p.Pages.Overview(w, http.StatusOK, page))
	return nil
}

// countLaunches counts what LMSs sent in a day, by the hour, and why it was
// refused. The first hour is begun in its middle and the last one is not over.
func countLaunches(tx store.Tx, now time.Time, page *web.OverviewPage) error {
	first := now.Add(-day)
	for hour := first.Truncate(time.Hour); !hour.After(now); hour = hour.Add(time.Hour) {
		page.Hours = append(page.Hours, web.HourCount{Hour: hour})
	}
	causes := map[string]int{}
	took := make([][]time.Duration, len(page.Hours))
	all, err := recentLaunches(tx, func(l lti.LaunchRecord) bool {
		if l.At.Before(first) {
			return false
		}
		countLaunch(l, page, causes)
		if i := hourOf(*page, l.At); i >= 0 && l.Direction == lti.Inbound && l.Took > 0 {
			took[i] = append(took[i], l.Took)
		}
		return true
	})
	for i, list := range took {
		slices.Sort(list)
		page.Hours[i].Half, page.Hours[i].Most = quantile(list, 50), quantile(list, 95)
	}
	for cause, n := range causes {
		page.Causes = append(page.Causes, web.CauseCount{Cause: cause, Count: n})
	}
	slices.SortFunc(page.Causes, func(a, b web.CauseCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Cause, b.Cause))
	})
	if err == nil && !all {
		page.Notice = web.Notice{Kind: web.NoticeInfo, Text: fmt.Sprintf("So many launches came that only the newest %d are counted here.", maxRecent)}
	}
	return err
}

// countLaunch adds one launch to the day and to its hour.
func countLaunch(l lti.LaunchRecord, page *web.OverviewPage, causes map[string]int) {
	i := hourOf(*page, l.At)
	if l.Direction != lti.Inbound || i < 0 {
		return
	}
	if !l.Refused {
		page.Hours[i].Accepted++
		page.Launches++
		return
	}
	page.Hours[i].Refused++
	page.Refusals++
	causes[l.Cause]++
}

// hourOf is the place of a moment among the page's hours, -1 outside them.
func hourOf(page web.OverviewPage, at time.Time) int {
	if at.Before(page.Hours[0].Hour) {
		return -1
	}
	if i := int(at.Sub(page.Hours[0].Hour) / time.Hour); i < len(page.Hours) {
		return i
	}
	return -1
}

// quantile is what that many percent of a sorted list do not exceed; 0 of none.
func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*percent+99)/100-1]
}

// countGrades counts, by the hour, the grades that were done with. One that
// waited for longer than the newest maxSifted deliveries reach back is not seen.
func countGrades(tx store.Tx, page *web.OverviewPage) error {
	before := ""
	for seen := 0; seen < maxSifted; seen += store.MaxScan {
		found, next, err := store.Deliveries.ListBack(tx, "", before, store.MaxScan)
		if err != nil {
			return err
		}
		for _, d := range found {
			i := hourOf(*page, d.Finished)
			if i < 0 {
				continue
			}
			page.Hours[i].Delivered += one(d.State == lti.Delivered)
			page.Hours[i].Stuck += one(d.State == lti.Refused || d.State == lti.Dead)
		}
		if before = next; before == "" {
			return nil
		}
	}
	return nil
}

func one(counts bool) int {
	if counts {
		return 1
	}
	return 0
}

func countThings(tx store.Tx, page *web.OverviewPage) error {
	for _, thing := range []struct {
		collection string
		n          *int
	}{
		{store.ToolConsumers.Name(), &page.Consumers},
		{store.Tools.Name(), &page.Tools},
		{store.Courses.Name(), &page.Courses},
		{store.Users.Name(), &page.Users},
	} {
		n, err := count(tx, thing.collection, "")
		if err != nil {
			return err
		}
		*thing.n = n
	}
	return nil
}

// countQueue counts the deliveries that are live or stuck, maxSifted of each at
// the most, and finds since when the oldest waits.
func countQueue(tx store.Tx) (counts web.DeliveryCounts, oldest time.Time, err error) {
	for _, state := range []struct {
		is lti.State
		n  *int
	}{
		{lti.Waiting, &counts.Waiting}, {lti.Sending, &counts.Sending},
		{lti.Refused, &counts.Refused}, {lti.Dead, &counts.Dead},
	} {
		for after := ""; *state.n < maxSifted; {
			found, next, err := store.Deliveries.ListBy(tx, "queue", store.Prefix(string(state.is)), after, store.MaxScan)
			if err != nil {
				return counts, oldest, err
			}
			*state.n += len(found)
			for _, d := range found {
				if state.is == lti.Waiting && (oldest.IsZero() || d.Created.Before(oldest)) {
					oldest = d.Created
				}
			}
			if after = next; after == "" {
				break
			}
		}
	}
	return counts, oldest, nil
}
