package postgres_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/postgres"
	"github.com/ltihub/ltihub/internal/store/postgres/pgtest"
	"github.com/ltihub/ltihub/internal/store/storetest"
)

// cluster is the server that the tests of this package share.
var cluster *pgtest.Cluster

func TestMain(m *testing.M) {
	var err error
	if cluster, err = pgtest.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := cluster.Remove(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// node is a store that knows its address, to be opened again.
type node struct {
	*postgres.Store
	dsn string
}

func openStore(t testing.TB, dsn string, opts postgres.Options) *node {
	t.Helper()
	s, err := postgres.Open(t.Context(), dsn, opts)
	if err != nil {
		t.Fatalf("Open() = %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return &node{Store: s, dsn: dsn}
}

func reopen(t testing.TB, s store.Store) store.Store {
	t.Helper()
	n, ok := s.(*node)
	if !ok {
		t.Fatalf("%T is no store of this engine", s)
	}
	if err := n.Close(); err != nil {
		t.Fatalf("Close() = %v", err)
	}
	return openStore(t, n.dsn, postgres.Options{})
}

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Engine{
		Open: func(t testing.TB) store.Store {
			return openStore(t, cluster.Database(t), postgres.Options{MaxConns: 8})
		},
		Reopen:     reopen,
		OpenBackup: openBackup,
	})
}

// openBackup loads a backup into an empty database.
func openBackup(t testing.TB, backup []byte) store.Store {
	t.Helper()
	counted, err := store.CheckDump(bytes.NewReader(backup))
	if err != nil {
		t.Fatalf("CheckDump() = %v", err)
	}
	s := openStore(t, cluster.Database(t), postgres.Options{})
	loaded, err := store.LoadDump(t.Context(), bytes.NewReader(backup), s)
	if err != nil || loaded.Total() != counted.Total() {
		t.Fatalf("LoadDump() = %d records, %v, want %d", loaded.Total(), err, counted.Total())
	}
	return s
}
