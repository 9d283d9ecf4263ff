// Package admin is the HTTP door for people: signing in, courses and the launch
// of their links, the gradebook, and the pages for admins.
//
// A handler limits and reads, asks one role or reads the store in one view, maps
// the error and writes a page. What a person may do is read from the store at
// each request, so a change holds from the next one on. The package must not
// know the rules of LTI or OAuth, nor an engine of the store.
package admin
