// Package ltixml reads and writes XML as LTI's services speak it: from
// strangers, with the checks that encoding/xml leaves out, and with the
// message_response that answers each of the unofficial LTI 1.0 services
// (outcomes, memberships, setting). A document has one root, UTF-8, no DOCTYPE,
// no processing instruction but the declaration, a bounded depth, and nothing
// after its end; namespaces are dropped, so names are local names. It must not
// know what a service is about.
package ltixml
