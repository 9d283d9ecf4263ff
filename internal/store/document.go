package store

import (
	"bytes"
	"encoding/json"
	"math/big"
)

// SameDocument reports whether two values are the same document, however each
// is written. One that is no document is the same only to the byte.
func SameDocument(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	va, errA := parse(a)
	vb, errB := parse(b)
	return errA == nil && errB == nil && sameValue(va, vb)
}

func parse(doc []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber() // no digit of a large number counts less
	err = d.Decode(&v)
	return v, err
}

func sameValue(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for k, v := range a {
			if other, ok := b[k]; !ok || !sameValue(v, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i, v := range a {
			if !sameValue(v, b[i]) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		return ok && sameNumber(a, b)
	}
	return a == b
}

func sameNumber(a, b json.Number) bool {
	ra, okA := new(big.Rat).SetString(a.String())
	rb, okB := new(big.Rat).SetString(b.String())
	return a == b || okA && okB && ra.Cmp(rb) == 0
}
