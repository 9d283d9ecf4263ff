package oauth1

import "iter"

// Param is one decoded name-value pair of a request.
type Param struct{ Name, Value string }

// Params are the pairs of a request in the order they arrived.
type Params []Param

// Value returns the first value of name, or "" when there is none.
func (p Params) Value(name string) string {
	value, _ := p.Lookup(name)
	return value
}

// Lookup returns the first value of name and whether name occurs at all.
func (p Params) Lookup(name string) (string, bool) {
	for i := range p {
		if p[i].Name == name {
			return p[i].Value, true
		}
	}
	return "", false
}

// Count returns how many pairs carry name.
func (p Params) Count(name string) int {
	n := 0
	for i := range p {
		if p[i].Name == name {
			n++
		}
	}
	return n
}

// All yields every pair in order of arrival, repeated names included.
func (p Params) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for i := range p {
			if !yield(p[i].Name, p[i].Value) {
				return
			}
		}
	}
}
