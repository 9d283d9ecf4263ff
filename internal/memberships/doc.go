// Package memberships reads and writes rosters: the LTI 1.0 extension service
// with its XML answer, and the JSON-LD container of Context Memberships 1.0.
// It must not know how they are signed or sent, nor what a roster changes.
package memberships
