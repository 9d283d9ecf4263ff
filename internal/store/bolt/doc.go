// Package bolt is the store engine on one bbolt file, for a server of one
// node.
//
// Top-level buckets of the file:
//
//	ltihub          the schema number; it belongs to package migrations
//	engine          what the engine remembers of itself: the nonce watermark
//	c/<collection>  key -> record
//	n/<minute>      nonces that expire in that minute since 1970 (8 bytes,
//	                big-endian): sequence number -> the tags of one commit
//
// Every value but the schema number is framed by frame.go with a checksum, so
// that a damaged record is refused and never served.
//
// The package knows the contract in package store. It must not know the nouns,
// nor why anything is written.
package bolt
