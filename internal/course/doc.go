// Package course copies courses and resource links. A copy is a new context
// and new resource links to every tool (LTI 1.1 section 3: a resource_link_id
// changes on copy), which remember what they were copied from.
//
// It must not know how a launch makes ids of courses and links, nor what a
// tool may do with them: the ids come in as functions.
package course
