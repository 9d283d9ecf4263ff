package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// Progress says how far a Copy is.
type Progress struct {
	Collection string
	Records    int64 // of that collection, so far
}

// Count is how many records there are of each collection and index.
type Count map[string]int64

// Total is the number of all of them.
func (c Count) Total() int64 {
	var total int64
	for _, n := range c {
		total += n
	}
	return total
}

// A target carries this record while a copy into it is not finished.
const (
	copyCollection = "copy"
	copyKey        = "unfinished"
)

// ErrOther says that the target holds records, and not those of the source.
var ErrOther error = &fault{"the target holds something else", "internal"}

// Copy brings everything but the nonces from one store into another, as one
// snapshot has it, a slice at a time, and returns what it has counted. The
// target must be empty, or hold what a Copy that was cut off has left: then it
// goes on, and mends what has changed since. Into a target that holds exactly
// the source it copies nothing; one that holds anything else is ErrOther and
// stays as it is. progress may be nil.
//
// The nonces that the source has seen are refused by the target, for twice
// NonceWindow from now.
func Copy(ctx context.Context, from, to Store, progress func(Progress)) (Count, error) {
	c := copying{ctx: ctx, to: to, progress: progress, count: Count{}}
	if c.progress == nil {
		c.progress = func(Progress) {}
	}
	if err := to.Update(ctx, c.claim); err != nil {
		return nil, fmt.Errorf("copy store: %w", err)
	}
	if err := from.View(ctx, c.everything); err != nil {
		return c.count, fmt.Errorf("copy store: %w", err)
	}
	if c.compare {
		return c.count, nil
	}
	if err := to.Update(ctx, release); err != nil {
		return c.count, fmt.Errorf("copy store: %w", err)
	}
	return c.count, nil
}

// CopyUnfinished reports whether the store is the target of a Copy, or of a
// LoadDump, that was cut off. Such a store is not to be used; a Copy can be run
// again to finish it.
func CopyUnfinished(tx Tx) (bool, error) {
	_, err := tx.Get(copyCollection, copyKey)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// copying is a Copy under way.
type copying struct {
	ctx      context.Context // of Copy, for the functions that a transaction calls
	to       Store
	progress func(Progress)
	count    Count
	compare  bool // the target was not empty: look only
}

// claim looks what the target is and marks it.
func (c *copying) claim(tx Tx) error {
	c.compare = false
	unfinished, err := CopyUnfinished(tx)
	if err != nil || unfinished {
		return err
	}
	for _, name := range Everything() {
		found, err := tx.Scan(name, "", "", 1)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			c.compare = true
			return nil
		}
	}
	return mark(tx)
}

// mark says that the store is not to be used until release.
func mark(tx Tx) error {
	since, err := json.Marshal(tx.Now())
	if err != nil {
		return err
	}
	return tx.Put(copyCollection, copyKey, since)
}

// release ends a Copy or LoadDump: the target may be used. What was signed just now may be
// dated a window ahead, and holds for another one.
func release(tx Tx) error {
	window, err := NonceWindow(tx)
	if err != nil {
		return err
	}
	if err := tx.RefuseNonces(tx.Now().Add(2 * window)); err != nil {
		return err
	}
	return tx.Delete(copyCollection, copyKey)
}

func (c *copying) everything(source Tx) error {
	for _, name := range Everything() {
		c.count[name] = 0
		for after := ""; ; {
			next, err := c.slice(source, name, after)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			c.progress(Progress{Collection: name, Records: c.count[name]})
			if after = next; after == "" {
				break
			}
		}
	}
	return nil
}

// slice makes the target hold what the source holds after a key, up to another
// that it returns, "" for the end.
func (c *copying) slice(source Tx, name, after string) (next string, err error) {
	if err := c.ctx.Err(); err != nil {
		return "", err
	}
	want, err := source.Scan(name, "", after, MaxScan)
	if err != nil {
		return "", err
	}
	var n int
	err = c.to.Update(c.ctx, func(tx Tx) error {
		have, err := tx.Scan(name, "", after, MaxScan)
		if err != nil {
			return err
		}
		next = least(lastOfPage(want), lastOfPage(have))
		d := difference(upTo(want, next), upTo(have, next))
		n = len(upTo(want, next))
		if c.compare && len(d.put)+len(d.gone) > 0 {
			return ErrOther
		}
		return d.apply(tx, name)
	})
	c.count[name] += int64(n)
	return next, err
}

// lastOfPage is the last key of a full page; after another nothing comes.
func lastOfPage(items []Item) string {
	if len(items) < MaxScan {
		return ""
	}
	return items[len(items)-1].Key
}

// least is the lower of two bounds, of which "" is the end.
func least(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func upTo(items []Item, last string) []Item {
	for i, it := range items {
		if last != "" && it.Key > last {
			return items[:i]
		}
	}
	return items
}

// changes turn one run of records into another.
type changes struct {
	put  []Item
	gone []string
}

// difference compares two runs in the order of their keys.
func difference(want, have []Item) changes {
	var d changes
	for len(want) > 0 || len(have) > 0 {
		switch {
		case len(have) == 0 || len(want) > 0 && want[0].Key < have[0].Key:
			d.put, want = append(d.put, want[0]), want[1:]
		case len(want) == 0 || have[0].Key < want[0].Key:
			d.gone, have = append(d.gone, have[0].Key), have[1:]
		default:
			if !SameDocument(want[0].Value, have[0].Value) {
				d.put = append(d.put, want[0])
			}
			want, have = want[1:], have[1:]
		}
	}
	return d
}

func (d changes) apply(tx Tx, name string) error {
	for _, it := range d.put {
		if err := tx.Put(name, it.Key, it.Value); err != nil {
			return err
		}
	}
	for _, key := range d.gone {
		if err := tx.Delete(name, key); err != nil {
			return err
		}
	}
	return nil
}

// NonceWindow is how far oauth_timestamp may be from now, both ways, at the
// most: the longest lifetime that any consumer, tool or course has, and five
// minutes at the least. A nonce that is used now expires after twice that.
func NonceWindow(tx Tx) (time.Duration, error) {
	longest := 5 * time.Minute
	err := ToolConsumers.All(tx, "", func(c lti.ToolConsumer) error {
		longest = max(longest, c.NonceLifetime)
		return nil
	})
	if err != nil {
		return 0, err
	}
	err = Tools.All(tx, "", func(t lti.Tool) error {
		longest = max(longest, t.NonceLifetime)
		return nil
	})
	if err != nil {
		return 0, err
	}
	err = Courses.All(tx, "", func(c lti.Course) error {
		for _, p := range c.Protection {
			longest = max(longest, p.Lifetime)
		}
		for _, t := range c.Tools {
			longest = max(longest, t.NonceLifetime)
		}
		return nil
	})
	return longest, err
}
