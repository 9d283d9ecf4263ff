// Package simulator is a small LMS and a small tool, both labelled as simulated:
// ltihub's demo starts them, end-to-end tests drive them, a browser walks them.
//
// It owns its own reading of RFC 5849, of the LTI 1.1 launch and outcome service
// (sections 3, 4 and 6) and of the 1.0 extension services, and is strict where a
// real peer may be. It must not know any other package of this module: a fake peer
// made of our own code would agree with our faults. State is kept in memory.
package simulator
