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

func seal(bucket, key string, format byte, value []byte) []byte {
	frame := make([]byte, frameHead+len(value))
	frame[4] = format
	copy(frame[frameHead:], value)
	binary.BigEndian.PutUint32(frame, checksum(bucket, key, frame[4:]))
	return frame
}

// open checks a frame and returns the value within it, which shares its
// memory.
func open(bucket, key string, format byte, frame []byte) ([]byte, error) {
	if len(frame) < frameHead || frame[4] != format {
		return nil, store.ErrCorrupt
	}
	if binary.BigEndian.Uint32(frame) != checksum(bucket, key, frame[4:]) {
		return nil, store.ErrCorrupt
	}
	return frame[frameHead:], nil
}

// checksum keeps bucket and key apart by a NUL, which occurs in neither a
// collection's name nor its keys.
func checksum(bucket, key string, rest []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	head := make([]byte, 0, 128)
	head = append(head, bucket...)
	head = append(head, 0)
	head = append(head, key...)
	head = append(head, 0)
	return crc32.Update(crc32.Checksum(head, table), table, rest)
}
