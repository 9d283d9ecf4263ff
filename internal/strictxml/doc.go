// Package strictxml reads XML from strangers with the checks that encoding/xml
// leaves out, and writes small documents. A document has one root, UTF-8, no
// DOCTYPE, no processing instruction but the declaration, a bounded depth, and
// nothing after its end. Namespaces are dropped: names are local names. It must
// not know what the documents mean.
package strictxml
