package egress

import (
	"net"
	"net/netip"
	"time"
)

// NewDialer makes a dialer for protocols other than HTTP, which calls only the
// addresses that a Client with these ranges would: every look-up is judged when
// it dials. timeout bounds the dialling; 0 is DefaultTimeout.
func NewDialer(allow []netip.Prefix, timeout time.Duration) *net.Dialer {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	return &net.Dialer{Timeout: timeout, Control: newGuard(allow).control}
}
