// Package pgtest starts throw-away PostgreSQL servers for tests: one cluster in
// a temporary folder, listening on a Unix socket and a loopback port, and as
// many databases in it as the tests ask for.
//
// Only tests import it. It must not know ltihub, or what a test is about.
package pgtest
