package bolt

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
)

// Sweep drops the nonces whose minute is past, a few minutes at a time so that
// other work gets in between. Past is judged by the latest instant that the
// engine has seen.
func (s *Store) Sweep(ctx context.Context) error {
	for more := true; more; {
		err := s.update(ctx, func(t *tx) error {
			more = t.sweep()
			return nil
		})
		if err != nil {
			return fmt.Errorf("sweep nonces: %w", err)
		}
	}
	return nil
}

// writeNonces brings the batch's nonces into its transaction. Groups go first:
// a nonce that is stale by then may have its group made again, for the next
// sweep.
func (b *batch) writeNonces() error {
	for _, minute := range b.change.dropped {
		if err := b.tx.DeleteBucket([]byte(groupName(minute))); err != nil {
			return fmt.Errorf("drop nonces: %w", err)
		}
	}
	groups := make(map[int64][]byte)
	for tag, minute := range b.change.used {
		groups[minute] = append(groups[minute], tag[:]...)
	}
	for minute, tags := range groups {
		if err := b.appendNonces(groupName(minute), tags); err != nil {
			return fmt.Errorf("append nonces: %w", err)
		}
	}
	if b.change.watermark == b.nonces.watermark.Load() {
		return nil
	}
	return writeWatermark(b.tx, b.change.watermark)
}

func (b *batch) appendNonces(name string, tags []byte) error {
	group, err := b.tx.CreateBucketIfNotExists([]byte(name))
	if err != nil {
		return err
	}
	group.FillPercent = appendedPages
	n, err := group.NextSequence()
	if err != nil {
		return err
	}
	key := binary.BigEndian.AppendUint64(nil, n)
	return group.Put(key, seal(name, string(key), formatTags, tags))
}

func writeWatermark(tx *bbolt.Tx, ms int64) error {
	b, err := tx.CreateBucketIfNotExists([]byte(engineBucket))
	if err != nil {
		return fmt.Errorf("write nonce watermark: %w", err)
	}
	value := binary.BigEndian.AppendUint64(nil, uint64(ms))
	if err := b.Put([]byte(watermarkKey), seal(engineBucket, watermarkKey, formatTime, value)); err != nil {
		return fmt.Errorf("write nonce watermark: %w", err)
	}
	return nil
}

// readWatermark returns the watermark, or the least time there is without one.
func readWatermark(tx *bbolt.Tx) (int64, error) {
	b := tx.Bucket([]byte(engineBucket))
	if b == nil {
		return math.MinInt64, nil
	}
	frame := b.Get([]byte(watermarkKey))
	if frame == nil {
		return math.MinInt64, nil
	}
	value, err := open(engineBucket, watermarkKey, formatTime, frame)
	if err != nil || len(value) != 8 {
		return 0, fmt.Errorf("read nonce watermark: %w", store.ErrCorrupt)
	}
	return int64(binary.BigEndian.Uint64(value)), nil
}

// loadNonces fills the sets from the file. Which nonces a damaged record held
// is unknown, so it makes all of its minute stale: refused, never replayed.
func (s *Store) loadNonces() error {
	s.nonces.groups = make(map[int64]map[tag]struct{})
	return s.db.View(func(btx *bbolt.Tx) error {
		watermark, err := readWatermark(btx)
		if err != nil {
			return err
		}
		c := btx.Cursor()
		for k, _ := c.Seek([]byte(groupPrefix)); strings.HasPrefix(string(k), groupPrefix); k, _ = c.Next() {
			minute, group, whole := readGroup(string(k), btx.Bucket(k))
			if !whole {
				watermark = max(watermark, lastOf(minute))
			}
			s.nonces.groups[minute] = group
			s.nonces.count.Add(int64(len(group)))
		}
		s.nonces.watermark.Store(watermark)
		return nil
	})
}

// readGroup reads the tags of one minute's bucket; whole is false if some
// could not be read.
func readGroup(name string, b *bbolt.Bucket) (minute int64, group map[tag]struct{}, whole bool) {
	if len(name) != len(groupPrefix)+8 || b == nil {
		return math.MaxInt64 / groupSpan / 2, nil, false
	}
	minute = int64(binary.BigEndian.Uint64([]byte(name[len(groupPrefix):])))
	group, whole = make(map[tag]struct{}), true
	c := b.Cursor()
	for k, frame := c.First(); k != nil; k, frame = c.Next() {
		tags, err := open(name, string(k), formatTags, frame)
		if err != nil || len(tags)%tagSize != 0 {
			whole = false
			continue
		}
		for ; len(tags) > 0; tags = tags[tagSize:] {
			group[tag(tags[:tagSize])] = struct{}{}
		}
	}
	return minute, group, whole
}
