// Package course edits courses on behalf of those who may, and copies courses
// and resource links. A copy is a new context and new resource links to every
// tool (LTI 1.1 section 3: a resource_link_id changes on copy), which remember
// what they were copied from.
//
// It must not know how a launch makes ids of courses and links, what a tool may
// do with them, nor how totals reach an LMS: those come in as functions. Nor
// does it know pages: a form is text, and its faults are named by field.
package course
