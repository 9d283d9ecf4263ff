// Package api is the HTTP door for programs: JSON under /api/v1 behind bearer
// tokens, described at /api/v1/openapi.json. Times are RFC 3339 in UTC; what is
// not there is null; lists are {"items": [...], "next": "..."}, where next goes
// back as after and "" ends the list; errors are application/problem+json.
//
// It reads the store's collections as they stand, and what changes something it
// leaves to the functions that it is given. It must not know a rule of LTI.
package api
