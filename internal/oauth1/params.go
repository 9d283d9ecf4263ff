package oauth1

// Param is one decoded name-value pair of a request.
type Param struct{ Name, Value string }

// Params are the pairs of a request in the order they arrived.
type Params []Param

// Value is the first value of name, or "".
func (p Params) Value(name string) string {
	v, _ := p.Lookup(name)
	return v
}

// Lookup is the first value of name and whether there is one.
func (p Params) Lookup(name string) (string, bool) {
	for _, q := range p {
		if q.Name == name {
			return q.Value, true
		}
	}
	return "", false
}

// Count is how often name occurs.
func (p Params) Count(name string) int {
	n := 0
	for _, q := range p {
		if q.Name == name {
			n++
		}
	}
	return n
}
