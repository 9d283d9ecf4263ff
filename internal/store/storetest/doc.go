// Package storetest is the one suite that every store engine must pass: what
// the contract in package store promises, told as tests.
//
// It knows the contract and the nouns. It must not know an engine; what only
// one of them can do is asked for in Engine.
package storetest
