// Package roster takes in the rosters of LMSs: it runs what launches, people
// and the schedule ask for, one job at a time for each source, on any number of
// nodes, and can go on where another stopped. A job fetches the whole roster
// before anything is changed, holds when too many would leave, and applies it
// in slices.
//
// It must not know how a roster is asked for, nor what a listed person becomes:
// both come in as functions.
package roster
