// Package store is the contract that both store engines keep: serialisable
// units of work over named collections of ordered keys, nonces that are
// accepted once, and on top of them, written once for both engines, the typed
// collections with their indexes.
//
// It knows the nouns of package lti and how they are keyed. It must not know
// an engine, a protocol, or what the records are for.
package store
