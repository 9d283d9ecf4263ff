// Package extension holds what the unofficial LTI 1.0 extension services
// (outcomes, memberships and setting) have in common: the message_response
// that answers each of them. It must not know what the services are about.
package extension
