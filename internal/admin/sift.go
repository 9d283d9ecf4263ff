package admin

import (
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// perPage is how many records one page of an admin's list shows, newest how
// many launches stand below what they belong to.
const (
	perPage = 50
	newest  = 10
)

// maxSifted bounds how many records one request looks at for those that it
// wants; a page may then be short, and even empty, with more to come.
const maxSifted = 20 * store.MaxScan

// reader reads up to limit records of a list that come after after, with the
// cursor to go on from; store.Collection has several.
type reader[T any] func(after string, limit int) ([]T, string, error)

// sift reads up to limit wanted records, and the cursor to go on from, "" at
// the end of the list.
func sift[T any](read reader[T], key func(T) string, after string, limit int, want func(T) bool) (found []T, next string, err error) {
	next = after
	for seen := 0; seen < maxSifted; {
		items, more, err := read(next, store.MaxScan)
		if err != nil {
			return nil, "", err
		}
		for i, v := range items {
			if !want(v) {
				continue
			}
			if found = append(found, v); len(found) == limit {
				if i == len(items)-1 && more == "" {
					return found, "", nil
				}
				return found, key(v), nil
			}
		}
		if next = more; next == "" {
			return found, "", nil
		}
		seen += len(items)
	}
	return found, next, nil
}

// cursor is where the request wants a list to go on, if that is a key below
// prefix.
func cursor(r *http.Request, prefix string) string {
	after := r.URL.Query().Get("after")
	if store.CheckKey(after) != nil || !strings.HasPrefix(after, prefix) {
		return ""
	}
	return after
}

// launchesBack reads launches from the newest on.
func launchesBack(tx store.Tx, prefix string) reader[lti.LaunchRecord] {
	return func(before string, limit int) ([]lti.LaunchRecord, string, error) {
		return store.Launches.ListBack(tx, prefix, before, limit)
	}
}

// newestLaunches lists the newest few that are wanted.
func newestLaunches(tx store.Tx, want func(lti.LaunchRecord) bool) ([]lti.LaunchRecord, error) {
	found, _, err := sift(launchesBack(tx, ""), store.Launches.Key, "", newest, want)
	return found, err
}

// maxRecent bounds how many launches are counted for a page.
const maxRecent = 50 * store.MaxScan

// recentLaunches walks the launches, newest first, until fn has seen enough.
// all is false when there were more than are counted.
func recentLaunches(tx store.Tx, fn func(lti.LaunchRecord) (more bool)) (all bool, err error) {
	before := ""
	for seen := 0; seen < maxRecent; seen += store.MaxScan {
		items, next, err := store.Launches.ListBack(tx, "", before, store.MaxScan)
		if err != nil {
			return false, err
		}
		for _, l := range items {
			if !fn(l) {
				return true, nil
			}
		}
		if next == "" {
			return true, nil
		}
		before = next
	}
	return false, nil
}

// count counts the records of a collection below a prefix, without reading
// them.
func count(tx store.Tx, collection, prefix string) (int, error) {
	n := 0
	for after := ""; ; {
		items, err := tx.Scan(collection, prefix, after, store.MaxScan)
		if err != nil {
			return 0, err
		}
		n += len(items)
		if len(items) < store.MaxScan {
			return n, nil
		}
		after = items[len(items)-1].Key
	}
}

// matches reports whether one of the texts contains what was searched for,
// whatever the case.
func matches(query string, texts ...string) bool {
	query = strings.ToLower(strings.TrimSpace(query))
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), query) {
			return true
		}
	}
	return false
}
