package bolt

import (
	"encoding/binary"
	"maps"
	"sync/atomic"
	"time"

	"github.com/ltihub/ltihub/internal/store"
)

// How nonces are kept. All nonces of one commit that expire in the same minute
// are one appended record of that minute's bucket, so recording them costs
// about the same whether none or millions are stored. Whether a nonce was used
// is looked up in memory, in sets filled from the file by Open and changed only
// when a commit has held. Sweep drops whole minutes, and the watermark remembers
// up to where: whatever expires at or below it is stale.
//
// A tag is looked for in all minutes, not only in the one it names, because a
// nonce's lifetime may have been changed between two uses.

const (
	groupPrefix   = "n/"
	groupSpan     = int64(time.Minute / time.Millisecond)
	engineBucket  = "engine"
	watermarkKey  = "nonce_watermark"
	tagSize       = 16
	sweepAtATime  = 8    // groups in one transaction
	appendedPages = 0.95 // how full to leave pages that only grow at the end
)

type tag = [tagSize]byte

// nonces is what the last commit left. The goroutine that leads changes it;
// count and watermark may be read by others.
type nonces struct {
	groups    map[int64]map[tag]struct{} // by minute since 1970
	watermark atomic.Int64               // milliseconds since 1970
	count     atomic.Int64
	latest    int64 // the latest instant seen, so that a clock set back delays no sweep
}

// nonceChange is what a unit, or a batch of them, does to nonces.
type nonceChange struct {
	used      map[tag]int64 // tag to minute
	dropped   []int64       // minutes
	watermark int64
}

// UseNonce records n, or returns store.ErrNonceUsed or store.ErrNonceStale.
func (t *tx) UseNonce(n store.Nonce) error {
	if err := t.writable(); err != nil {
		return err
	}
	expires := n.Expires.UnixMilli()
	if expires <= t.nonce.watermark {
		return store.ErrNonceStale
	}
	if t.usedNonce(n.Tag) {
		return store.ErrNonceUsed
	}
	if t.nonce.used == nil {
		t.nonce.used = make(map[tag]int64, 1)
	}
	t.nonce.used[n.Tag] = minuteOf(expires)
	return nil
}

func (t *tx) usedNonce(tag tag) bool {
	if _, ok := t.nonce.used[tag]; ok {
		return true
	}
	if _, ok := t.batch.change.used[tag]; ok {
		return true
	}
	for _, group := range t.batch.nonces.groups {
		if _, ok := group[tag]; ok {
			return true
		}
	}
	return false
}

// RefuseNonces makes every nonce stale that expires up to until.
func (t *tx) RefuseNonces(until time.Time) error {
	if err := t.writable(); err != nil {
		return err
	}
	t.nonce.watermark = max(t.nonce.watermark, until.UnixMilli())
	return nil
}

// minuteOf rounds down, also before 1970.
func minuteOf(ms int64) int64 {
	minute := ms / groupSpan
	if ms%groupSpan < 0 {
		minute--
	}
	return minute
}

// lastOf is the last millisecond of a minute.
func lastOf(minute int64) int64 { return (minute+1)*groupSpan - 1 }

func groupName(minute int64) string {
	return groupPrefix + string(binary.BigEndian.AppendUint64(nil, uint64(minute)))
}

// sweep drops groups that are past, a few at a time, and says whether more
// are left.
func (t *tx) sweep() (more bool) {
	n := t.batch.nonces
	dropping := make(map[int64]bool)
	for _, minute := range t.batch.change.dropped {
		dropping[minute] = true
	}
	for minute := range n.groups {
		last := lastOf(minute)
		if dropping[minute] || last >= n.latest && last > t.nonce.watermark {
			continue
		}
		if len(t.nonce.dropped) == sweepAtATime {
			return true
		}
		t.nonce.dropped = append(t.nonce.dropped, minute)
		t.nonce.watermark = max(t.nonce.watermark, last)
	}
	return false
}

func (c *nonceChange) merge(unit nonceChange) {
	maps.Copy(c.used, unit.used)
	c.dropped = append(c.dropped, unit.dropped...)
	c.watermark = max(c.watermark, unit.watermark)
}

func (c *nonceChange) any(n *nonces) bool {
	return len(c.used) > 0 || len(c.dropped) > 0 || c.watermark != n.watermark.Load()
}

// apply makes the sets match the commit that c was part of.
func (n *nonces) apply(c nonceChange) {
	for _, minute := range c.dropped {
		n.count.Add(-int64(len(n.groups[minute])))
		delete(n.groups, minute)
	}
	for tag, minute := range c.used {
		group := n.groups[minute]
		if group == nil {
			group = make(map[[tagSize]byte]struct{})
			n.groups[minute] = group
		}
		group[tag] = struct{}{}
	}
	n.count.Add(int64(len(c.used)))
	n.watermark.Store(c.watermark)
}
