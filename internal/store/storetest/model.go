package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/store"
)

// model is one collection as a map, to compare an engine with.
type model struct {
	collection string
	values     map[string]string
}

// clone copies the model, so that a unit of work that runs twice begins anew.
func (m *model) clone() *model {
	return &model{collection: m.collection, values: maps.Clone(m.values)}
}

// step is one call on a collection. Its keys lie in a run of numbers, so that
// ranges of them cover pages of a tree.
type step struct {
	verb          string
	from, to      int
	prefix, bound string
	limit         int
	value         string
}

func stepGenerator() *rapid.Generator[step] {
	return rapid.Custom(func(r *rapid.T) step {
		number := rapid.IntRange(0, 400)
		from := number.Draw(r, "from")
		return step{
			verb:   rapid.SampledFrom([]string{"put", "put", "delete", "delete", "get", "scan"}).Draw(r, "verb"),
			from:   from,
			to:     from + rapid.SampledFrom([]int{0, 1, 20, 150}).Draw(r, "many"),
			prefix: rapid.SampledFrom([]string{"", "k", "k0", "k1", "k2", "k39", "l"}).Draw(r, "prefix"),
			bound:  rapid.SampledFrom([]string{"", keyOf(from), keyOf(number.Draw(r, "bound"))}).Draw(r, "bounded"),
			limit:  rapid.SampledFrom([]int{1, 2, 50, store.MaxScan}).Draw(r, "limit"),
			value:  strings.Repeat("v", rapid.IntRange(0, 300).Draw(r, "size")),
		}
	})
}

func keyOf(n int) string { return fmt.Sprintf("k%03d", n) }

// apply does a step to the engine and the model, and compares.
func (m *model) apply(r *rapid.T, tx store.Tx, st step) {
	if st.verb == "scan" {
		m.compare(r, tx, st.prefix, st.bound, st.limit)
		return
	}
	for n := st.from; n <= st.to; n++ {
		key, err := keyOf(n), error(nil)
		switch st.verb {
		case "put":
			m.values[key] = st.value
			err = tx.Put(m.collection, key, quoted(st.value))
		case "delete":
			delete(m.values, key)
			err = tx.Delete(m.collection, key)
		case "get":
			m.compareOne(r, tx, key)
		}
		if err != nil {
			r.Fatalf("%s %q: %v", st.verb, key, err)
		}
	}
}

func (m *model) compareOne(r *rapid.T, tx store.Tx, key string) {
	got, err := tx.Get(m.collection, key)
	want, there := m.values[key]
	if there != (err == nil) || there && !holds(got, want) {
		r.Fatalf("Get(%q) = %s, %v, want %q (there: %v)", key, got, err, want, there)
	}
}

func (m *model) compare(r *rapid.T, tx store.Tx, prefix, bound string, limit int) {
	var forward, back []string
	for _, k := range slices.Sorted(maps.Keys(m.values)) {
		if strings.HasPrefix(k, prefix) && k > bound && len(forward) < limit {
			forward = append(forward, k)
		}
	}
	for _, k := range slices.Backward(slices.Sorted(maps.Keys(m.values))) {
		if strings.HasPrefix(k, prefix) && (bound == "" || k < bound) && len(back) < limit {
			back = append(back, k)
		}
	}
	got, err := tx.Scan(m.collection, prefix, bound, limit)
	m.compareItems(r, "Scan", got, err, forward)
	got, err = tx.ScanBack(m.collection, prefix, bound, limit)
	m.compareItems(r, "ScanBack", got, err, back)
}

func (m *model) compareItems(r *rapid.T, call string, got []store.Item, err error, want []string) {
	if err != nil || keysOf(got) != strings.Join(want, " ") {
		r.Fatalf("%s = %q, %v, want %q", call, keysOf(got), err, want)
	}
	for _, it := range got {
		if !holds(it.Value, m.values[it.Key]) {
			r.Fatalf("%s: value of %q = %s, want %q", call, it.Key, it.Value, m.values[it.Key])
		}
	}
}
