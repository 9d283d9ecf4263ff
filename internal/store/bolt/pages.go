package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/ltihub/ltihub/internal/store"
)

// The survey reads a file's pages as plain bytes, with every length and number
// compared before it is used. bbolt trusts them: a wrong one makes it read
// outside the file, find records in the wrong place, or write over a page that
// is in use. Pages carry no checksum of their own, so the survey is what
// stands between a damaged tree and all that.

const (
	branchPage  = 0x01
	leafPage    = 0x02
	freePage    = 0x10
	bucketLeaf  = 0x01
	elementSize = 16
	bucketHead  = 16
	noFreelist  = ^uint64(0)
)

type survey struct {
	r    io.ReaderAt
	m    meta
	used []bool // by page: in the tree, a header, or the freelist
}

// surveyPages returns store.ErrCorrupt unless every page of the file that r
// reads, of size bytes, is whole and in exactly one place.
func surveyPages(r io.ReaderAt, size int64) error {
	m, ok := newestMeta(r)
	if !ok {
		return ErrForeign
	}
	if m.pages < 4 || m.pages*m.pageSize > uint64(size) {
		return fmt.Errorf("%w: header: %d pages in %d bytes", store.ErrCorrupt, m.pages, size)
	}
	s := &survey{r: r, m: m, used: make([]bool, m.pages)}
	s.used[0], s.used[1] = true, true
	if err := s.tree(m.root, nil, nil); err != nil {
		return fmt.Errorf("%w: %w", store.ErrCorrupt, err)
	}
	if err := s.freelist(); err != nil {
		return fmt.Errorf("%w: %w", store.ErrCorrupt, err)
	}
	return nil
}

// page reads page id with its overflow and takes it as used.
func (s *survey) page(id uint64) ([]byte, error) {
	if id < 2 || id >= s.m.pages {
		return nil, fmt.Errorf("page %d is out of range", id)
	}
	var head [pageHead]byte
	if _, err := s.r.ReadAt(head[:], int64(id*s.m.pageSize)); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	n := uint64(binary.NativeEndian.Uint32(head[12:])) + 1
	if binary.NativeEndian.Uint64(head[:]) != id || n > s.m.pages-id {
		return nil, fmt.Errorf("page %d has a wrong head", id)
	}
	for i := id; i < id+n; i++ {
		if s.used[i] {
			return nil, fmt.Errorf("page %d is in two places", i)
		}
		s.used[i] = true
	}
	page := make([]byte, n*s.m.pageSize)
	if _, err := s.r.ReadAt(page, int64(id*s.m.pageSize)); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	return page, nil
}

// tree walks the pages below id, whose keys lie from low up to before high.
func (s *survey) tree(id uint64, low, high []byte) error {
	page, err := s.page(id)
	if err != nil {
		return err
	}
	if err := s.elements(page, low, high); err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	return nil
}

func (s *survey) elements(page, low, high []byte) error {
	kind := binary.NativeEndian.Uint16(page[8:])
	count := int(binary.NativeEndian.Uint16(page[10:]))
	if kind != branchPage && kind != leafPage || pageHead+count*elementSize > len(page) || kind == branchPage && count == 0 {
		return fmt.Errorf("kind %d with %d elements", kind, count)
	}
	keys := make([][]byte, count)
	for i := range keys {
		key, err := elementKey(page, kind, i)
		if err != nil {
			return fmt.Errorf("element %d: %w", i, err)
		}
		if bytes.Compare(key, low) < 0 || high != nil && bytes.Compare(key, high) >= 0 || i > 0 && bytes.Compare(keys[i-1], key) >= 0 {
			return fmt.Errorf("element %d: key out of order", i)
		}
		keys[i] = key
	}
	for i, key := range keys {
		below := high
		if i+1 < count {
			below = keys[i+1]
		}
		if err := s.below(page, kind, i, key, below); err != nil {
			return err
		}
	}
	return nil
}

// elementKey bounds element i and returns its key.
func elementKey(page []byte, kind uint16, i int) ([]byte, error) {
	at := pageHead + i*elementSize
	e, u32 := page[at:], binary.NativeEndian.Uint32
	pos, ksize, vsize := u32(e), u32(e[4:]), uint32(0)
	if kind == leafPage {
		pos, ksize, vsize = u32(e[4:]), u32(e[8:]), u32(e[12:])
	}
	start := uint64(at) + uint64(pos)
	if ksize == 0 || start+uint64(ksize)+uint64(vsize) > uint64(len(page)) {
		return nil, fmt.Errorf("it reaches beyond its page")
	}
	return page[start : start+uint64(ksize)], nil
}

// below follows element i to the page or the bucket that it stands for.
func (s *survey) below(page []byte, kind uint16, i int, key, high []byte) error {
	at := pageHead + i*elementSize
	e := page[at:]
	if kind == branchPage {
		return s.tree(binary.NativeEndian.Uint64(e[8:]), key, high)
	}
	if binary.NativeEndian.Uint32(e)&bucketLeaf == 0 {
		return nil
	}
	start := at + int(binary.NativeEndian.Uint32(e[4:])) + len(key)
	value := page[start : start+int(binary.NativeEndian.Uint32(e[12:]))]
	if len(value) < bucketHead {
		return fmt.Errorf("element %d: no bucket", i)
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return s.tree(root, nil, nil)
	}
	if len(value) < bucketHead+pageHead {
		return fmt.Errorf("element %d: no bucket", i)
	}
	return s.elements(value[bucketHead:], nil, nil) // a small bucket lies within
}

// freelist compares the list of free pages with those that are not used.
func (s *survey) freelist() error {
	if s.m.freelist == noFreelist {
		return nil // bbolt makes it from the tree
	}
	page, err := s.page(s.m.freelist)
	if err != nil {
		return fmt.Errorf("freelist: %w", err)
	}
	count, ids := uint64(binary.NativeEndian.Uint16(page[10:])), page[pageHead:]
	if count == 0xffff {
		count, ids = binary.NativeEndian.Uint64(ids), ids[8:]
	}
	if binary.NativeEndian.Uint16(page[8:]) != freePage || count > uint64(len(ids)/8) {
		return fmt.Errorf("freelist: no list of %d", count)
	}
	for i := range count {
		id := binary.NativeEndian.Uint64(ids[8*i:])
		if id >= s.m.pages || s.used[id] {
			return fmt.Errorf("freelist: page %d is not free", id)
		}
		s.used[id] = true
	}
	for id, used := range s.used {
		if !used {
			return fmt.Errorf("page %d is neither used nor free", id)
		}
	}
	return nil
}
