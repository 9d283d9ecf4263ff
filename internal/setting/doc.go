// Package setting reads and writes the messages of the unofficial LTI 1.0 tool
// setting service, one text per resource link. It must not know how they are
// signed, sent or stored.
package setting
