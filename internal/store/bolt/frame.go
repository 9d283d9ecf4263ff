package bolt

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/ltihub/ltihub/internal/store"
)

// A frame is 4 bytes of CRC-32C, big-endian, then one byte of format, then the
// value. The checksum covers bucket, key, format and value, so a record that
// turns up under another key is found out like one with a changed byte.
const (
	frameHead  = 5
	formatJSON = 1 // a document, or empty
	formatTags = 2 // nonce tags of 16 bytes, one after another
	formatTime = 3 // milliseconds since 1970, 8 bytes, big-endian
)

// label names a record: bucket and key, kept apart by a NUL, which occurs in
// neither a collection's name nor its keys, and another one.
type label struct {
	text []byte
	at   int // where the key begins
}

func labelOf(bucket, key string) label {
	text := make([]byte, 0, len(bucket)+len(key)+2)
	text = append(text, bucket...)
	text = append(text, 0)
	text = append(text, key...)
	return label{append(text, 0), len(bucket) + 1}
}

func (l label) key() []byte { return l.text[l.at : len(l.text)-1] }

func (l label) seal(format byte, value []byte) []byte {
	frame := make([]byte, frameHead+len(value))
	frame[4] = format
	copy(frame[frameHead:], value)
	binary.BigEndian.PutUint32(frame, l.checksum(frame[4:]))
	return frame
}

// open checks a frame and returns the value within it, which shares its
// memory.
func (l label) open(format byte, frame []byte) ([]byte, error) {
	if len(frame) < frameHead || frame[4] != format {
		return nil, store.ErrCorrupt
	}
	if binary.BigEndian.Uint32(frame) != l.checksum(frame[4:]) {
		return nil, store.ErrCorrupt
	}
	return frame[frameHead:], nil
}

func (l label) checksum(rest []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(l.text, table), table, rest)
}

func seal(bucket, key string, format byte, value []byte) []byte {
	return labelOf(bucket, key).seal(format, value)
}

func open(bucket, key string, format byte, frame []byte) ([]byte, error) {
	return labelOf(bucket, key).open(format, frame)
}
