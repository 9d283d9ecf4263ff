package lti

import (
	"encoding/json"
	"time"
)

// UndoFor is how long a merge or an unlinking can be taken back.
const UndoFor = 30 * 24 * time.Hour

// Merge says that an admin merged one account into another: From was emptied
// and closed, Into has what it held. IDs are UUIDs version 7.
type Merge struct {
	ID     string    `json:"id"`
	Domain string    `json:"domain"`
	From   string    `json:"from"`
	Into   string    `json:"into"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	// Parts is how many changes are kept beside it, for taking it back.
	Parts int `json:"parts"`

	Undone   time.Time `json:"undone,omitzero"`
	UndoneBy string    `json:"undone_by,omitempty"`
	// Stayed names the results, as course/link, that came after the merge and
	// stayed with Into when it was taken back.
	Stayed []string `json:"stayed,omitempty"`
}

// Undoable reports whether the merge may be taken back at t.
func (m Merge) Undoable(t time.Time) bool {
	return m.Undone.IsZero() && t.Before(m.At.Add(UndoFor))
}

// MergePart is one record that a merge changed: what it was before and after.
// Neither is there for a record that was not.
type MergePart struct {
	Merge      string          `json:"merge"`
	N          int             `json:"n"`
	Collection string          `json:"collection"`
	Key        string          `json:"key"`
	Before     json.RawMessage `json:"before,omitempty"`
	After      json.RawMessage `json:"after,omitempty"`
}

// Unlinked is what remains of a binding that an admin took away: the value
// never goes back to that account by itself. IDs are UUIDs version 7.
type Unlinked struct {
	ID      string    `json:"id"`
	Binding Binding   `json:"binding"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	// Targets are the upstream targets that went with it.
	Targets []UpstreamTarget `json:"targets,omitempty"`

	Undone   time.Time `json:"undone,omitzero"`
	UndoneBy string    `json:"undone_by,omitempty"`
}

// Undoable reports whether the unlinking may be taken back at t.
func (u Unlinked) Undoable(t time.Time) bool {
	return u.Undone.IsZero() && t.Before(u.At.Add(UndoFor))
}
