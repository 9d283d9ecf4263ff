// Package oauth1 signs, verifies and explains requests under OAuth 1.0a without
// a token (RFC 5849, sections 3.4 to 3.6) with the body hash extension
// (OAuth Request Body Hash 1.0).
//
// It works on the raw query, header and body, so that every pair counts as it
// was sent. It knows nothing of LTI, keeps no nonces, reads no clock and finds
// no credentials: those come in as arguments.
package oauth1
