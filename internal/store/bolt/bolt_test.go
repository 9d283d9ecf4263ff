package bolt_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
	"github.com/ltihub/ltihub/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Engine{
		Open: func(t testing.TB) store.Store {
			return openStore(t, filepath.Join(t.TempDir(), "store.db"), bolt.Options{})
		},
		Reopen:     reopen,
		OpenBackup: openBackup,
	})
}

// openStore opens a store that closes with the test.
func openStore(t testing.TB, path string, opts bolt.Options) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(path, opts)
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return s
}

func reopen(t testing.TB, s store.Store) store.Store {
	t.Helper()
	path := s.(*bolt.Store).Path()
	if err := s.Close(); err != nil {
		t.Fatalf("Close() = %v", err)
	}
	return openStore(t, path, bolt.Options{})
}

func openBackup(t testing.TB, backup []byte) store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(path, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	return openStore(t, path, bolt.Options{})
}

// atOnce runs f for every index at once and waits.
func atOnce(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}
