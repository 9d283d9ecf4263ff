package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	"github.com/ltihub/ltihub/internal/store"
)

var (
	// ErrInUse: another process has the file open.
	ErrInUse = errors.New("in use by another process")
	// ErrForeign: the file is no bbolt file, or none of ltihub's.
	ErrForeign = errors.New("not an ltihub store")
)

// The two meta pages of a bbolt file say how long it must be. bbolt maps the
// file without comparing, and reading beyond the end would fault.
const (
	pageHead    = 16
	metaLen     = 64
	metaMagic   = 0xED0CDAED
	metaVersion = 2
	minPage     = 1 << 10
	maxPage     = 1 << 24
	maxFile     = 1 << 47 // bytes; no address space holds more
)

type meta struct {
	pageSize, root, freelist, pages, txid uint64
}

// readMeta decodes the meta page at off; ok says whether it is whole.
func readMeta(r io.ReaderAt, off int64) (m meta, ok bool) {
	var b [pageHead + metaLen]byte
	if n, _ := r.ReadAt(b[:], off); n < len(b) {
		return meta{}, false
	}
	raw := b[pageHead:]
	u32, u64 := binary.NativeEndian.Uint32, binary.NativeEndian.Uint64
	sum := fnv.New64a()
	sum.Write(raw[:56])
	if u32(raw) != metaMagic || u32(raw[4:]) != metaVersion || u64(raw[56:]) != sum.Sum64() {
		return meta{}, false
	}
	m = meta{pageSize: uint64(u32(raw[8:])), root: u64(raw[16:]), freelist: u64(raw[32:]), pages: u64(raw[40:]), txid: u64(raw[48:])}
	return m, m.pageSize >= minPage && m.pageSize <= maxPage && m.pages <= maxFile/m.pageSize
}

// newestMeta finds the meta page that bbolt will go by. The second one lies a
// page into the file, and only the first says how long a page is.
func newestMeta(r io.ReaderAt) (meta, bool) {
	first, ok := readMeta(r, 0)
	if ok {
		if second, ok := readMeta(r, int64(first.pageSize)); ok && second.txid > first.txid {
			return second, true
		}
		return first, true
	}
	for size := uint64(minPage); size <= maxPage; size *= 2 {
		if m, ok := readMeta(r, int64(size)); ok && m.pageSize == size {
			return m, true
		}
	}
	return meta{}, false
}

// inspect tells, before anything is mapped, whether f can be a whole store.
func inspect(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: it is no regular file", ErrForeign)
	}
	if info.Size() == 0 {
		return fmt.Errorf("%w: the file is empty; restore a backup, or delete it to start anew", store.ErrCorrupt)
	}
	m, ok := newestMeta(f)
	if !ok {
		return fmt.Errorf("%w: no valid header; if it was one, restore a backup", ErrForeign)
	}
	if need := m.pages * m.pageSize; uint64(info.Size()) < need {
		return fmt.Errorf("%w: the file is cut short, %d bytes of %d; restore a backup", store.ErrCorrupt, info.Size(), need)
	}
	return nil
}
