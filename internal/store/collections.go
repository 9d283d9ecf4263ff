package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// The collections describe how each noun is kept; they hold no data of a
// store, only decoded copies that are valid in every store holding the same
// bytes.
var (
	// Domains: domain.
	Domains = collection("domains", func(d lti.Domain) string { return Join(d.ID) })
	// Users: domain/username.
	Users = collection("users", func(u lti.User) string { return Join(u.Domain, u.Username) })
	// Bindings: domain/consumer/value; by "user": domain/username.
	Bindings = collection("bindings", func(b lti.Binding) string { return Join(b.Domain, b.Consumer, b.Value) },
		Index[lti.Binding]{Name: "user", Keys: func(b lti.Binding) []string { return []string{Join(b.Domain, b.Username)} }})
	// ToolConsumers: domain/id; by "key", unique on the server.
	ToolConsumers = collection("tool_consumers", func(c lti.ToolConsumer) string { return Join(c.Domain, c.ID) },
		Index[lti.ToolConsumer]{Name: "key", Unique: true, Keys: func(c lti.ToolConsumer) []string { return []string{Join(c.Key)} }})
	// Tools of domains: domain/id. What one loses ends the ids of that service.
	Tools = collection("tools", func(t lti.Tool) string { return Join(t.Domain, t.ID) }).ending(endToolGrants)
	// Courses: domain/id; by "tiny", unique: domain/code; by "protection",
	// the keys that open links of the course. Links that go, or lose a service,
	// end the ids of it.
	Courses = collection("courses", func(c lti.Course) string { return Join(c.Domain, c.ID) },
		Index[lti.Course]{Name: "tiny", Unique: true, Keys: tinyCodes},
		Index[lti.Course]{Name: "protection", Unique: true, Keys: protectionKeys}).ending(endCourseGrants)
	// CourseMaps: domain/consumer/context id.
	CourseMaps = collection("course_maps", func(m lti.CourseMap) string { return Join(m.Domain, m.Consumer, m.ContextID) })
	// Memberships: domain/course/username; by "user":
	// domain/username; by "digest", unique: domain/course/digest.
	Memberships = collection("memberships", func(m lti.Membership) string { return Join(m.Domain, m.Course, m.Username) },
		Index[lti.Membership]{Name: "user", Keys: func(m lti.Membership) []string { return []string{Join(m.Domain, m.Username)} }},
		Index[lti.Membership]{Name: "digest", Unique: true, Keys: func(m lti.Membership) []string { return []string{Join(m.Domain, m.Course, m.Digest)} }})
	// Launches, accepted and refused: UUID version 7, so by time.
	Launches = collection("launches", func(l lti.LaunchRecord) string { return l.ID })
	// Results: domain/course/link/username.
	Results = collection("results", func(r lti.Result) string { return Join(r.Domain, r.Course, r.Link, r.Username) })
	// History, pages of older submissions: domain/course/link/username/first.
	History = collection("history", func(h lti.HistoryPage) string {
		return Join(h.Domain, h.Course, h.Link, h.Username, fmt.Sprintf("%012d", h.First))
	})
	// Targets: domain/course/username/scope kind/scope id/consumer/placement,
	// and /account for a person's further accounts at the placement.
	Targets = collection("targets", targetKey)
	// Deliveries: UUID version 7; by "queue": state/due, but only those that
	// wait, are being sent, or want a person's attention; by "lane":
	// domain/consumer/host/due, but only live ones; by "batch": batch/state.
	Deliveries = collection("deliveries", func(d lti.Delivery) string { return d.ID },
		Index[lti.Delivery]{Name: "queue", Keys: queueEntry},
		Index[lti.Delivery]{Name: "lane", Keys: laneEntry},
		Index[lti.Delivery]{Name: "batch", Keys: batchEntry})
	// Circuits of hosts that do not answer: domain/consumer/host.
	Circuits = collection("circuits", func(c lti.Circuit) string { return Join(c.Domain, c.Consumer, c.Host) })
	// Paces of tool consumers: domain/consumer.
	Paces = collection("paces", func(p lti.Pace) string { return Join(p.Domain, p.Consumer) })
	// PassbackURLs: domain/course/consumer/number; by "url", unique:
	// domain/course/consumer/SHA-256 of the URL.
	PassbackURLs = collection("passback_urls", func(u lti.PassbackURL) string {
		return Join(u.Domain, u.Course, u.Consumer, fmt.Sprintf("%08d", u.Number))
	}, Index[lti.PassbackURL]{Name: "url", Unique: true, Keys: func(u lti.PassbackURL) []string {
		return []string{PassbackEntry(u.Domain, u.Course, u.Consumer, u.URL)}
	}})
	// Batches, resendings of many: UUID version 7.
	Batches = collection("batches", func(b lti.Batch) string { return b.ID })
	// HeldLaunches, which wait for an answer: the id of the launch record; by
	// "expires": when they do.
	HeldLaunches = collection("held_launches", func(h lti.HeldLaunch) string { return Join(h.ID) },
		Index[lti.HeldLaunch]{Name: "expires", Keys: func(h lti.HeldLaunch) []string { return []string{TimeKey(h.Expires)} }})
	// SeenRoles, LTI roles without a meaning here: domain/consumer/role.
	SeenRoles = collection("seen_roles", func(r lti.SeenRole) string { return Join(r.Domain, r.Consumer, r.Role) })
	// Rings of service secrets: domain/course/link/service.
	Rings = collection("service_rings", func(r lti.ServiceRing) string { return Join(r.Domain, r.Course, r.Link, r.Service) })
	// Settings that tools keep: domain/course/link.
	Settings = collection("tool_settings", func(s lti.ToolSetting) string { return Join(s.Domain, s.Course, s.Link) })
	// Logins, local sign-ins: hashed token.
	Logins = collection("logins", func(l lti.Login) string { return Join(l.Token) })
	// Tickets for answers with content items: the SHA-256 of the ticket; by
	// "expires": when it does.
	Tickets = collection("tickets", func(t lti.Ticket) string { return Join(t.Hash) },
		Index[lti.Ticket]{Name: "expires", Keys: func(t lti.Ticket) []string { return []string{TimeKey(t.Expires)} }})
	// PendingLaunches, that wait for a person's answer: the SHA-256 of the
	// token; by "expires": when they do.
	PendingLaunches = collection("pending_launches", func(p lti.PendingLaunch) string { return Join(p.Hash) },
		Index[lti.PendingLaunch]{Name: "expires", Keys: func(p lti.PendingLaunch) []string { return []string{TimeKey(p.Expires)} }})
	// Keysets: the vault's keyset, encrypted under the master key; there is
	// one, named "vault".
	Keysets = collection("keysets", func(k lti.Keyset) string { return Join(k.Name) })
	// APITokens: the SHA-256 of the token.
	APITokens = collection("api_tokens", func(t lti.APIToken) string { return t.Hash })
	// SecretUses, when secrets proved a signature: owner/print.
	SecretUses = collection("secret_uses", func(u lti.SecretUse) string { return Join(u.Owner, u.Print) })
	// RosterSources: domain/course/consumer; by "next": when a worker should
	// look.
	RosterSources = collection("roster_sources", func(s lti.RosterSource) string { return Join(s.Domain, s.Course, s.Consumer) },
		Index[lti.RosterSource]{Name: "next", Keys: rosterNext})
	// RosterPages of fetched rosters: domain/course/consumer/run/number.
	RosterPages = collection("roster_pages", func(p lti.RosterPage) string {
		return Join(p.Domain, p.Course, p.Consumer, p.Run, fmt.Sprintf("%06d", p.N))
	})
	// MemberGroups: domain/course/username.
	MemberGroups = collection("member_groups", func(g lti.MemberGroups) string { return Join(g.Domain, g.Course, g.Username) })
	// PastMemberships: domain/course/username/ended/role/section.
	PastMemberships = collection("past_memberships", func(m lti.PastMembership) string {
		return Join(m.Domain, m.Course, m.Username, TimeKey(m.Ended), string(m.Role), m.Section)
	})
	// SupportLinks: the SHA-256 of the token; by "launch": the launch.
	SupportLinks = collection("support_links", func(l lti.SupportLink) string { return Join(l.Hash) },
		Index[lti.SupportLink]{Name: "launch", Keys: func(l lti.SupportLink) []string { return []string{Join(l.Launch)} }})
	// Merges of accounts: UUID version 7; by "user": domain/username of both.
	Merges = collection("merges", func(m lti.Merge) string { return m.ID },
		Index[lti.Merge]{Name: "user", Keys: func(m lti.Merge) []string { return []string{Join(m.Domain, m.From), Join(m.Domain, m.Into)} }})
	// MergeParts, what merges changed: merge/number.
	MergeParts = collection("merge_parts", func(p lti.MergePart) string { return Join(p.Merge, fmt.Sprintf("%06d", p.N)) })
	// Unlinked bindings: domain/consumer/value/id; by "user": domain/username.
	Unlinked = collection("unlinked", func(u lti.Unlinked) string {
		return Join(u.Binding.Domain, u.Binding.Consumer, u.Binding.Value, u.ID)
	},
		Index[lti.Unlinked]{Name: "user", Keys: func(u lti.Unlinked) []string { return []string{Join(u.Binding.Domain, u.Binding.Username)} }})
	// Directories: domain.
	Directories = collection("directories", func(d lti.Directory) string { return Join(d.Domain) })
	// DirectoryPeople: domain/load/username; by "email", in lower case, and by
	// "sourcedid": domain/load/value.
	DirectoryPeople = collection("directory_people", func(p lti.DirectoryPerson) string { return Join(p.Domain, p.Load, p.Username) },
		Index[lti.DirectoryPerson]{Name: "email", Keys: listedBy(func(p lti.DirectoryPerson) string { return strings.ToLower(p.Email) })},
		Index[lti.DirectoryPerson]{Name: "sourcedid", Keys: listedBy(func(p lti.DirectoryPerson) string { return p.SourcedID })})
	// Audit: UUID version 7.
	Audit = collection("audit", func(a lti.AuditEntry) string { return a.ID })
)

// Everything names all that a store holds but its nonces: each collection,
// followed by its indexes.
func Everything() []string {
	var names []string
	for _, c := range []interface{ Names() []string }{
		Domains, Users, Bindings, ToolConsumers, Tools, Courses, CourseMaps, Memberships, Launches, Results,
		History, Targets, Deliveries, Circuits, Paces, PassbackURLs, Batches, Rings, Settings, Logins, Tickets, PendingLaunches, HeldLaunches,
		Keysets, APITokens, SecretUses, SupportLinks, RosterSources, RosterPages, MemberGroups, PastMemberships, SeenRoles,
		Merges, MergeParts, Unlinked, Directories, DirectoryPeople, Audit,
	} {
		names = append(names, c.Names()...)
	}
	return names
}

func collection[T any](name string, key func(T) string, indexes ...Index[T]) *Collection[T] {
	return &Collection[T]{name: name, key: key, indexes: indexes, cache: &cache[T]{}}
}

// ending has replaces told of what is replaced.
func (c *Collection[T]) ending(replaces func(tx Tx, before, now T) error) *Collection[T] {
	c.replaces = replaces
	return c
}

// TimeKey writes a time so that keys made of it lie in the order of time, to
// the millisecond.
func TimeKey(t time.Time) string { return fmt.Sprintf("%015d", max(t.UnixMilli(), 0)) }

func rosterNext(s lti.RosterSource) []string {
	if s.Next().IsZero() {
		return nil
	}
	return []string{Join(TimeKey(s.Next()))}
}

func tinyCodes(c lti.Course) []string {
	var codes []string
	for _, l := range c.AllLinks() {
		if l.Tiny != "" {
			codes = append(codes, Join(c.Domain, l.Tiny))
		}
	}
	return codes
}

func protectionKeys(c lti.Course) []string {
	keys := make([]string, 0, len(c.Protection))
	for _, p := range c.Protection {
		keys = append(keys, Join(p.Key))
	}
	return keys
}

func targetKey(t lti.UpstreamTarget) string {
	key := Join(t.Domain, t.Course, t.Username, t.Scope.Kind, t.Scope.ID, t.Consumer, t.Placement)
	if t.Account != "" {
		key += "/" + Join(t.Account)
	}
	return key
}

// listedBy makes index entries of a value that rows may lack.
func listedBy(value func(lti.DirectoryPerson) string) func(lti.DirectoryPerson) []string {
	return func(p lti.DirectoryPerson) []string {
		if v := value(p); v != "" {
			return []string{Join(p.Domain, p.Load, v)}
		}
		return nil
	}
}

func queueEntry(d lti.Delivery) []string {
	switch d.State {
	case lti.Waiting, lti.Sending:
		return []string{Join(string(d.State), TimeKey(d.Due))}
	case lti.Refused, lti.Dead:
		return []string{Join(string(d.State), TimeKey(d.Finished))}
	}
	return nil
}

func laneEntry(d lti.Delivery) []string {
	if !d.State.Live() {
		return nil
	}
	return []string{Join(d.Domain, d.Consumer, d.Host, TimeKey(d.Due))}
}

func batchEntry(d lti.Delivery) []string {
	if d.Batch == "" {
		return nil
	}
	return []string{Join(d.Batch, string(d.State))}
}

// PassbackEntry is the entry of a URL in the index "url" of PassbackURLs.
func PassbackEntry(domain, course, consumer, url string) string {
	sum := sha256.Sum256([]byte(url))
	return Join(domain, course, consumer, hex.EncodeToString(sum[:]))
}

// QueueCursor is where a delivery stands in the index "queue", to go on after
// it; "" if it is not there.
func QueueCursor(d lti.Delivery) string {
	entries := queueEntry(d)
	if len(entries) == 0 {
		return ""
	}
	return entries[0] + "/" + Join(Deliveries.Key(d))
}
