//go:build unix

package bolt_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/migrations"
)

// The records of the file that gets damaged, all committed before the last
// commit, which is the one that a lost header page may cost.
const sampleRecords = 300

func sampleKey(i int) string   { return fmt.Sprintf("%03d", i) }
func sampleValue(i int) string { return `"` + strings.Repeat(sampleKey(i), 20+i%60) + `"` }

// writeSample makes the file, with a tree of some depth, nonces and free pages.
func writeSample(s *bolt.Store) error {
	for from := 0; from < sampleRecords; from += 50 {
		err := s.Update(context.Background(), func(tx store.Tx) error {
			for i := from; i < from+50; i++ {
				if err := errors.Join(tx.Put("sample", sampleKey(i), []byte(sampleValue(i))), tx.UseNonce(crashNonce(sampleKey(i)))); err != nil {
					return err
				}
			}
			return tx.Put("small", "s", []byte(`"s"`))
		})
		if err != nil {
			return err
		}
	}
	return s.Update(context.Background(), func(tx store.Tx) error { return tx.Put("last", "l", nil) })
}

func TestDamageIsRefusedOrHarmless(t *testing.T) {
	t.Parallel()
	if out, err := child(t, "damage", t.TempDir()).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// childDamage changes bytes all over a sound file and cuts it at every page,
// and opens each, checked first and unchecked.
func childDamage(dir string) error {
	s, err := bolt.Open(filepath.Join(dir, "sound.db"), bolt.Options{})
	if err != nil {
		return err
	}
	var copied bytes.Buffer
	if err := errors.Join(writeSample(s), s.Backup(context.Background(), &copied), s.Close()); err != nil {
		return err
	}
	sound, path := copied.Bytes(), filepath.Join(dir, "damaged.db")
	for off := 0; off < len(sound); off += 509 { // a prime, to meet every kind of field
		damaged := bytes.Clone(sound)
		damaged[off] ^= 1 << (off % 8)
		if err := errors.Join(tryChecked(path, damaged), tryUnchecked(path, damaged)); err != nil {
			return fmt.Errorf("byte %d: %w", off, err)
		}
	}
	for page := 0; page <= len(sound)/4096; page++ {
		for _, size := range []int{page * 4096, page*4096 + 100} {
			cut := sound[:min(size, len(sound))]
			if err := errors.Join(tryChecked(path, cut), tryUnchecked(path, cut)); err != nil {
				return fmt.Errorf("cut at %d: %w", size, err)
			}
			zeroed := bytes.Clone(sound)
			clear(zeroed[min(size, len(sound)):min(size+4096, len(sound))])
			if err := errors.Join(tryChecked(path, zeroed), tryUnchecked(path, zeroed)); err != nil {
				return fmt.Errorf("zeroes at %d: %w", size, err)
			}
		}
	}
	return nil
}

// tryChecked wants a refusal that says why, or all records as they were.
func tryChecked(path string, file []byte) error {
	if err := os.WriteFile(path, file, 0o600); err != nil {
		return err
	}
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return exact(err)
	}
	missing, err := readSample(s)
	if err == nil && missing > 0 {
		err = fmt.Errorf("%d records are missing from a store that opened", missing)
	}
	return errors.Join(err, s.Close())
}

// tryUnchecked reads and writes without the check at the start, as a long file
// would be. Records may be out of reach then, but none may be wrong, and
// nothing may end the process.
func tryUnchecked(path string, file []byte) error {
	if err := os.WriteFile(path, file, 0o600); err != nil {
		return err
	}
	s, err := bolt.Open(path, bolt.Options{CheckUpTo: -1})
	if err != nil {
		return exact(err)
	}
	_, err = readSample(s)
	for i := range 3 {
		_ = s.Update(context.Background(), func(tx store.Tx) error { // damage may well forbid it
			return tx.Put("sample", sampleKey(i*100), []byte(sampleValue(i*100)))
		})
	}
	_ = s.Close() // may fail over damage
	return err
}

func exact(err error) error {
	for _, want := range []error{store.ErrCorrupt, bolt.ErrForeign, migrations.ErrNewer} {
		if errors.Is(err, want) {
			return nil
		}
	}
	return fmt.Errorf("open says neither damaged nor foreign nor newer: %w", err)
}

// readSample checks every record and nonce that can be read.
func readSample(s *bolt.Store) (missing int, err error) {
	err = s.View(context.Background(), func(tx store.Tx) error {
		for i := range sampleRecords {
			got, err := tx.Get("sample", sampleKey(i))
			if err == nil && string(got) != sampleValue(i) {
				return fmt.Errorf("record %d is %q", i, got)
			}
			if err != nil {
				missing++
			}
		}
		_, _ = tx.Scan("sample", "", "", store.MaxScan) // damage may well forbid it
		_, _ = tx.ScanBack("sample", "", "", store.MaxScan)
		return nil
	})
	if err != nil {
		return missing, err
	}
	thrownAway := errors.New("thrown away")
	err = s.Update(context.Background(), func(tx store.Tx) error {
		for i := range sampleRecords {
			if err := tx.UseNonce(crashNonce(sampleKey(i))); err == nil {
				missing++
			}
		}
		return thrownAway
	})
	if !errors.Is(err, thrownAway) && !errors.Is(err, store.ErrCorrupt) {
		return missing, err
	}
	return missing, nil
}

func TestAFileCutUnderARunningServerEndsNothing(t *testing.T) {
	t.Parallel()
	if out, err := child(t, "shrink", t.TempDir()+"/store.db").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// childShrink cuts its own open file short, so that reading what is mapped
// faults.
func childShrink(path string) error {
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(writeSample(s), os.Truncate(path, 3*4096)); err != nil {
		return err
	}
	refused := 0
	for i := range sampleRecords {
		err := s.View(context.Background(), func(tx store.Tx) error { _, err := tx.Get("sample", sampleKey(i)); return err })
		if err != nil && !errors.Is(err, store.ErrCorrupt) {
			return fmt.Errorf("view %d: %w", i, err)
		}
		err = s.Update(context.Background(), func(tx store.Tx) error { return tx.Put("sample", sampleKey(i), []byte(`"new"`)) })
		if errors.Is(err, store.ErrCorrupt) {
			refused++
		}
	}
	if refused == 0 {
		return errors.New("a file cut short took every write")
	}
	_ = s.Close() // may fail over damage
	return nil
}

func TestOpenRefusesWhatIsNoStore(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func(path string) error
		want error
		text string
	}{
		{"empty", func(p string) error { return os.WriteFile(p, nil, 0o600) }, store.ErrCorrupt, "the file is empty"},
		{"text", func(p string) error { return os.WriteFile(p, []byte("version: 1\n"), 0o600) }, bolt.ErrForeign, "no valid header"},
		{"long text", func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte("version: 1\n"), 9999), 0o600) }, bolt.ErrForeign, "no valid header"},
		{"zeroes", func(p string) error { return os.WriteFile(p, make([]byte, 1<<16), 0o600) }, bolt.ErrForeign, "no valid header"},
		{"another program's", makeForeign, bolt.ErrForeign, "its marker is missing"},
		{"newer", func(p string) error { return makeSchema(p, "7") }, migrations.ErrNewer, "schema 7 is newer than this binary knows (1): start a newer ltihub"},
		{"unreadable schema", func(p string) error { return makeSchema(p, "x") }, bolt.ErrForeign, "its marker is unreadable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store.db")
			if err := tt.make(path); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, errOpen := bolt.Open(path, bolt.Options{})
			target := filepath.Join(t.TempDir(), "target.db")
			errRestore := bolt.Restore(path, target, time.Now(), time.Hour)
			for what, err := range map[string]error{"Open": errOpen, "Verify": bolt.Verify(path), "Restore": errRestore} {
				if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("%s = %v, want %v saying %q", what, err, tt.want, tt.text)
				}
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the refused file was changed (%v)", err)
			}
			if left, _ := os.ReadDir(filepath.Dir(target)); len(left) > 0 {
				t.Errorf("a refused restore left %v", left)
			}
		})
	}
}

func makeForeign(path string) error { return makeBolt(path, "other", "key", "value") }

func makeSchema(path, number string) error { return makeBolt(path, "ltihub", "schema", number) }

func makeBolt(path, bucket, key, value string) error {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte(bucket))
		if err != nil {
			return err
		}
		return b.Put([]byte(key), []byte(value))
	})
	return errors.Join(err, db.Close())
}

// FuzzVerify changes a sound store at will: whatever Verify accepts can be
// opened and holds only records as they were.
func FuzzVerify(f *testing.F) {
	dir := f.TempDir()
	s, err := bolt.Open(filepath.Join(dir, "sound.db"), bolt.Options{})
	var copied bytes.Buffer
	if err != nil || errors.Join(writeSample(s), s.Backup(f.Context(), &copied), s.Close()) != nil {
		f.Fatal(err)
	}
	sound := copied.Bytes()
	f.Add(uint32(0), uint64(0))
	f.Add(uint32(4096*3+16), uint64(1)<<40)
	f.Add(uint32(4096*5+8), ^uint64(0))
	f.Fuzz(func(t *testing.T, at uint32, mask uint64) {
		damaged := bytes.Clone(sound)
		off := int(at) % (len(damaged) - 8)
		binary.NativeEndian.PutUint64(damaged[off:], binary.NativeEndian.Uint64(damaged[off:])^mask)
		path := filepath.Join(t.TempDir(), "damaged.db")
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := bolt.Verify(path); err != nil {
			if exact(err) != nil {
				t.Fatal(err)
			}
			return
		}
		if err := tryChecked(path, damaged); err != nil {
			t.Fatal(err)
		}
	})
}
