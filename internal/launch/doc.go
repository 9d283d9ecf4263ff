// Package launch reads and writes the parameters of a basic-lti-launch-request
// (LTI 1.1 section 3); their wire names stand here and nowhere else. It must
// not know how a request is signed or sent, nor whom to believe.
package launch
