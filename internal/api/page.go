package api

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ltihub/ltihub/internal/store"
)

// Page is how much of a list is wanted. It is exported because huma reads
// embedded fields only then.
type Page struct {
	After string `query:"after" doc:"The next of the page before; none for the first page."`
	Limit int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"How many items at the most."`
}

// check returns errAfter unless after is "" or a key below prefix.
func (p Page) check(prefix string) error {
	if p.After == "" {
		return nil
	}
	if !strings.HasPrefix(p.After, prefix) || !utf8.ValidString(p.After) || store.CheckKey(p.After) != nil {
		return errAfter
	}
	return nil
}

// list is the body of every list.
type list[T any] struct {
	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next" doc:"Pass it back as after; empty at the end."`
}

// listed is the answer of every list.
type listed[T any] struct{ Body list[T] }

func newList[T any](items []T, next string) *listed[T] {
	if items == nil {
		items = []T{}
	}
	return &listed[T]{Body: list[T]{Items: items, Next: next}}
}

// found is the answer that holds one thing.
type found[T any] struct{ Body T }

// moment is a time for JSON: nil when there is none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// optional is a text for JSON: nil when there is none.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
