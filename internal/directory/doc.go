// Package directory knows what an institution's own directory says of its
// people: a CSV file that was loaded into the store, or an LDAP server (RFC
// 4511) that is asked. Names come from it where a tool consumer says so.
//
// It must not know launches, accounts or pages, and never asks a server inside
// a transaction of the store.
package directory
