package manifest

import (
	"strings"

	"github.com/ltihub/ltihub/internal/store"
)

// The sections of a manifest that hold records.
const (
	Domains       = "domains"
	Users         = "users"
	ToolConsumers = "tool_consumers"
	Tools         = "tools"
	Courses       = "courses"
)

// Object names one record of a manifest: the section that it stands in, its
// domain, and its id there, a username for users. A domain has an ID alone.
type Object struct {
	Section string
	Domain  string
	ID      string
}

// String is the object in words, for the audit log: "tool consumer uni/campus".
func (o Object) String() string {
	what := strings.ReplaceAll(strings.TrimSuffix(o.Section, "s"), "_", " ")
	switch {
	case o.Domain == "":
		return what + " " + o.ID
	case o.Section == Users:
		return what + " " + o.ID + ":" + o.Domain
	}
	return what + " " + o.Domain + "/" + o.ID
}

// key is the object's key in its collection.
func (o Object) key() string {
	if o.Section == Domains {
		return store.Join(o.ID)
	}
	return store.Join(o.Domain, o.ID)
}

// idKey is the manifest's key of the object's id.
func (o Object) idKey() string {
	if o.Section == Users {
		return "username"
	}
	return "id"
}
