// Package egress is the one way out: the HTTP client for every call that
// ltihub makes to an LMS or a tool, whose addresses strangers may have chosen.
// It checks the address when the connection is made, so a name that changes its
// mind between look-up and call gains nothing, and bounds time and size.
// It must not know what is sent, signed or answered.
package egress
