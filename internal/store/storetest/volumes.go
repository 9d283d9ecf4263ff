package storetest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ltihub/ltihub/internal/store"
)

func volumes() []behaviour {
	return []behaviour{
		{"AMebibyteIsOneRecord", largeValue},
		{"TenThousandRecordsAreScanned", manyRecords},
	}
}

func largeValue(t *testing.T, e Engine) {
	s := e.Open(t)
	value := append(append([]byte{'"'}, bytes.Repeat([]byte("0123456789abcdef"), 1<<16)...), '"')
	update(t, s, func(tx store.Tx) error { return tx.Put(things, "a", value) })
	s = e.Reopen(t, s)
	view(t, s, func(tx store.Tx) error {
		got, err := tx.Get(things, "a")
		if !bytes.Equal(got, value) {
			t.Errorf("Get() returned %d bytes, not the %d that were put", len(got), len(value))
		}
		return err
	})
}

func manyRecords(t *testing.T, e Engine) {
	s := e.Open(t)
	const n, each = 10_000, 1000
	for from := 0; from < n; from += each {
		update(t, s, func(tx store.Tx) error {
			for i := from; i < from+each; i++ {
				if err := tx.Put(things, fmt.Sprintf("%05d", i*7919%n), []byte(fmt.Sprint(i))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	view(t, s, func(tx store.Tx) error {
		found := 0
		for after := ""; ; {
			items, err := tx.Scan(things, "", after, store.MaxScan)
			if err != nil {
				return err
			}
			for _, it := range items {
				if want := fmt.Sprintf("%05d", found); it.Key != want {
					t.Fatalf("record %d has the key %q, want %q", found, it.Key, want)
				}
				found++
			}
			if len(items) < store.MaxScan {
				break
			}
			after = items[len(items)-1].Key
		}
		if found != n {
			t.Errorf("found %d records, want %d", found, n)
		}
		return nil
	})
}
