// Package postgres is the store engine on a PostgreSQL database, for a server
// of several nodes.
//
// Tables, made by package migrations:
//
//	<collection>       key, doc: one table for each collection and each index
//	                   (users, bindings_user), listed in collection_tables
//	other_records      the same for collections without a table; the
//	                   collection's name begins the key
//	nonces_<hour>      the nonces whose timestamp lies in that hour since 1970:
//	                   tag, expires (milliseconds since 1970). Made by need
//	nonce_watermark    nonces that expire up to here are stale
//
// A unit of work runs under SERIALIZABLE and keeps its writes to itself until
// its function has returned; then they go out together with the commit, in one
// round trip. tx.go says how, unit.go when a unit runs again. Records have no
// checksum of their own: let the cluster have page checksums (initdb
// --data-checksums).
//
// The SQL keeps to what CockroachDB and YugabyteDB also take: nothing here
// listens, or locks by advice. The package knows the contract in package
// store. It must not know the nouns, nor why anything is written.
package postgres
