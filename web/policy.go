package web

// policy is the Content-Security-Policy of every page: nothing from elsewhere,
// nothing inline. Forms and frames lead to tools, whose addresses are theirs.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self' http: https:; frame-src http: https:; base-uri 'none'; frame-ancestors "

// Policy is the Content-Security-Policy under which every page holds.
// Ancestors are the CSP source expressions of who may show it in a frame.
func Policy(ancestors string) string { return policy + ancestors }
