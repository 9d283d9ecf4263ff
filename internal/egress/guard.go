package egress

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// ErrForbiddenAddress: the host stands for an address that is not called:
// loopback, link-local, private or otherwise special, and in no allowed range.
var ErrForbiddenAddress = errors.New("address not allowed")

// guard judges addresses at dial time, after every look-up.
type guard struct {
	special *ssrf.Guardian
}

func newGuard(allow []netip.Prefix) guard {
	var v4, v6 []netip.Prefix
	for _, p := range allow {
		p = unmap(p)
		if p.Addr().Is4() {
			v4 = append(v4, p)
			continue
		}
		v6 = append(v6, p)
	}
	return guard{ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))}
}

// control is a net.Dialer's Control: address is what will be connected to.
func (g guard) control(network, address string, conn syscall.RawConn) error {
	if err := g.special.Safe(network, address, conn); err != nil {
		return fmt.Errorf("%w: %s", ErrForbiddenAddress, address)
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrForbiddenAddress, address)
	}
	if inner, ok := embedded(to.Addr()); ok && g.special.SafeAddr(inner) != nil {
		return fmt.Errorf("%w: %s reaches %s", ErrForbiddenAddress, address, inner)
	}
	return nil
}

// embedded is the IPv4 address that an IPv6 address leads on to: mapped
// (RFC 4291, 2.5.5.2) or behind NAT64 (RFC 6052). It counts as well, since an
// operator who allows the NAT64 range does not mean 64:ff9b::7f00:1.
func embedded(addr netip.Addr) (netip.Addr, bool) {
	if addr.Is4In6() {
		return addr.Unmap(), true
	}
	if !ssrf.IPv6NAT64Prefix.Contains(addr.WithZone("")) {
		return netip.Addr{}, false
	}
	b := addr.As16()
	return netip.AddrFrom4([4]byte(b[12:])), true
}

// unmap turns ::ffff:10.0.0.0/104 into 10.0.0.0/8.
func unmap(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		return netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p
}

// numeric tells whether a host is a number that no resolver should see:
// 2130706433, 0177.0.0.1, 0x7f.1 and the like are addresses to some resolvers
// and names to others. A well-formed address is none of them.
func numeric(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	if strings.HasPrefix(last, "0x") {
		return strings.Trim(last[2:], "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}
