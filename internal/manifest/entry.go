package manifest

// entry is what the manifest says about one record: where it says it, and the
// changes that it makes to the record as it is stored or as it is new.
type entry[T any] struct {
	place
	changes []func(*T)
}

// change makes what the manifest says true of t.
func (e *entry[T]) change(t *T) {
	for _, c := range e.changes {
		c(t)
	}
}

// put gives the reader of a key that sets one field.
func put[T, V any](e *entry[T], field func(*T) *V, read func(value) V) func(value) {
	return func(v value) {
		x := read(v)
		e.changes = append(e.changes, func(t *T) { *field(t) = x })
	}
}

// putList is put for lists, where an empty one and none are the same.
func putList[T any](e *entry[T], field func(*T) *[]string, read func(value) []string) func(value) {
	return func(v value) {
		x := read(v)
		e.changes = append(e.changes, func(t *T) {
			if len(x) > 0 || len(*field(t)) > 0 {
				*field(t) = x
			}
		})
	}
}

// putMap is put for mappings, where an empty one and none are the same.
func putMap[T any, V any](e *entry[T], field func(*T) *map[string]V, read func(value) map[string]V) func(value) {
	return func(v value) {
		x := read(v)
		e.changes = append(e.changes, func(t *T) {
			if len(x) > 0 || len(*field(t)) > 0 {
				*field(t) = x
			}
		})
	}
}

// into gives the reader of an identifying key, which changes nothing.
func into[V any](target *V, read func(value) V) func(value) {
	return func(v value) { *target = read(v) }
}
