// Package migrations holds the numbered steps that bring a store's schema up
// to what this binary knows, forward only.
//
// To add a step for the bbolt engine: write it in a new file
// bolt_NNNN_word.go, append it to BoltSteps with the next number, and never
// edit it afterwards. Each step runs in one transaction together with the
// raising of the schema number, so a start that is killed goes on where it
// stood. Because an operator may go back one version, the code before a step
// must still run after it: add first, and drop one release later.
//
// The package knows bbolt and the shape of the file. It must not know the
// nouns or what the records are for.
package migrations
