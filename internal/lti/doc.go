// Package lti holds the nouns of ltihub and the rules about them that need no
// I/O: roles, scores, custom parameter names, variables, rights. It uses the
// words of LTI 1.1; the one exception is Course for what LTI calls a context.
// It must not know how anything is stored, signed, sent or shown, nor the time.
package lti
