// Package person is what an admin may do to people: make and edit accounts,
// confirm, unlink and move the bindings by which LMSs know them, merge two
// accounts into one, and take that back within lti.UndoFor. No grade is lost by
// any of it, and nothing happens without a person's word: who looks alike is
// only listed.
//
// It must not know pages or HTTP, nor how a grade gets to an LMS: that comes in
// as a function. Launches are resolved by package enrol.
package person
