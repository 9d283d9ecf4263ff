package postgres

import (
	"cmp"
	"maps"
	"slices"
)

// writes are the rows of a table that want the same statement.
type writes struct {
	keys      []string
	docs, raw []*string
}

// flushing sends what was written so far. The rows stay known.
func (t *tx) flushing() []question {
	var questions []question
	if t.dirty > 0 {
		for tab, byChange := range t.changes() {
			for _, q := range []struct {
				change change
				sql    string
			}{{remove, tab.remove}, {put, tab.upsert}, {putNew, tab.insert}} {
				w := byChange[q.change]
				switch {
				case w == nil:
				case q.change == remove:
					questions = append(questions, question{sql: q.sql, args: []any{w.keys}})
				default:
					questions = append(questions, question{sql: q.sql, args: []any{w.keys, w.docs, w.raw}})
				}
			}
		}
		t.dirty = 0
	}
	questions = append(questions, t.flushingNonces()...)
	t.wrote = t.wrote || len(questions) > 0
	return questions
}

// changes groups the rows to send, in the order of tables and keys, so that
// units at once do not wait for each other in a circle.
func (t *tx) changes() func(yield func(*table, map[change]*writes) bool) {
	spots := make(map[*table][]string)
	for at, r := range t.rows {
		if r.change != unchanged {
			spots[at.table] = append(spots[at.table], at.key)
		}
	}
	return func(yield func(*table, map[change]*writes) bool) {
		for _, tab := range inOrder(spots) {
			slices.Sort(spots[tab])
			byChange := make(map[change]*writes)
			for _, key := range spots[tab] {
				t.addChange(byChange, spot{tab, key})
			}
			if !yield(tab, byChange) {
				return
			}
		}
	}
}

func (t *tx) addChange(byChange map[change]*writes, at spot) {
	r := t.rows[at]
	as := r.change
	if as == putFree {
		as = putNew
	}
	if byChange[as] == nil {
		byChange[as] = &writes{}
	}
	w := byChange[as]
	w.keys = append(w.keys, at.key)
	doc, raw := toColumns(r.value)
	w.docs, w.raw = append(w.docs, doc), append(w.raw, raw)
	r.change = unchanged
}

// inOrder sorts tables, so that units at once go through them in one order.
func inOrder[V any](m map[*table]V) []*table {
	return slices.SortedFunc(maps.Keys(m), func(a, b *table) int { return cmp.Compare(a.name, b.name) })
}
