// Package migrations holds the numbered steps that bring a store's schema up
// to what this binary knows, forward only.
//
// To add a step for the PostgreSQL engine: write postgres/NNNN_word.sql with
// the next number. For the bbolt engine: write bolt_NNNN_word.go and append it
// to BoltSteps with the next number. Never edit one afterwards. Each step runs
// in one transaction together with the raising of the schema number, so a start
// that is killed goes on where it stood. Because an operator may go back one
// version, the code before a step must still run after it: add first, and drop
// one release later.
//
// The package knows both engines and the shape of what they keep. It must not
// know the nouns or what the records are for.
package migrations
