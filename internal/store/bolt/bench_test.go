package bolt_test

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

// share lets so many goroutines do b.N times work.
func share(b *testing.B, goroutines int, work func(n int64) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range goroutines {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				if err := work(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "units/s")
}

func BenchmarkUpdate(b *testing.B) {
	value := []byte(`"` + fmt.Sprintf("%0500d", 0) + `"`)
	for _, goroutines := range []int{1, 32, 256} {
		b.Run(fmt.Sprint(goroutines), func(b *testing.B) {
			s := openStore(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
			share(b, goroutines, func(n int64) error {
				return s.Update(b.Context(), func(tx store.Tx) error {
					return tx.PutNew("c", fmt.Sprintf("%012d", n), value)
				})
			})
			st := s.Stats()
			b.ReportMetric(float64(st.Units)/float64(st.Commits), "units/commit")
		})
	}
}

func BenchmarkView(b *testing.B) {
	s := openStore(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
	putValue(b, s, `"v"`)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			getValue(b, s)
		}
	})
}

func benchNonce(n uint64, at time.Time) store.Nonce {
	nonce := store.Nonce{Expires: at.Add(time.Duration(n%10) * time.Minute)}
	binary.BigEndian.PutUint64(nonce.Tag[:], n*0x9E3779B97F4A7C15)
	return nonce
}

// BenchmarkNonce uses nonces in a store that holds none, and a million over
// ten minutes.
func BenchmarkNonce(b *testing.B) {
	at := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, stored := range []uint64{0, 1_000_000} {
		s := openStore(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
		fillNonces(b, s, stored, at)
		next := stored
		for _, goroutines := range []int{1, 32, 256} {
			b.Run(fmt.Sprintf("stored=%d/%d", stored, goroutines), func(b *testing.B) {
				from := next
				next += uint64(b.N) + 1
				share(b, goroutines, func(n int64) error { return useNonce(b, s, benchNonce(from+uint64(n), at)) })
			})
		}
	}
}

func fillNonces(b *testing.B, s store.Store, n uint64, at time.Time) {
	b.Helper()
	const each = 10_000
	for from := uint64(0); from < n; from += each {
		err := s.Update(b.Context(), func(tx store.Tx) error {
			for i := from; i < from+each; i++ {
				if err := tx.UseNonce(benchNonce(i, at)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a store with a million live nonces.
func BenchmarkOpen(b *testing.B) {
	s := openStore(b, filepath.Join(b.TempDir(), "store.db"), bolt.Options{})
	fillNonces(b, s, 1_000_000, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
	for b.Loop() {
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		var err error
		if s, err = bolt.Open(s.Path(), bolt.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
