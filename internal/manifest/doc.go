// Package manifest moves a server's configuration between a declarative YAML
// file, version 1, and the store: Parse checks a file and names every fault
// with its line, Applier brings the store to what it says in one transaction,
// Exporter writes the file back.
//
// A manifest adds and changes, it never takes away: records that it does not
// name stay, and of those that it names the keys that it leaves out stay as
// they are stored; a new record takes the defaults. To take something back,
// say so ("admin: false").
//
// It must not know where the file is, who asks for it, or how a launch uses
// what it configures.
package manifest
