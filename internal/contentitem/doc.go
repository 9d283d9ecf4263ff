// Package contentitem writes what a ContentItemSelectionRequest adds to the
// parameters of a launch, and reads the ContentItemSelection that comes back
// (Content-Item Message 1.0, section 3). It must not know how either is signed
// or sent, whose browser brings it, nor what becomes of the items.
package contentitem
