// Package outcome reads and writes the messages of the LTI 1.1 outcome service:
// the POX envelopes of section 6 with their extensions, and the forms of the
// LTI 1.0 service that came before it. It must not know how they are signed,
// sent or stored.
package outcome
