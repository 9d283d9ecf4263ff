package server

import (
	"net/http"
	"net/netip"
	"strings"
)

// parseAddr reads an address with or without port; what is none is invalid.
func parseAddr(text string) netip.Addr {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap()
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}

// forwarded lists the addresses of X-Forwarded-For, the nearest last.
func forwarded(h http.Header) []netip.Addr {
	var hops []netip.Addr
	for _, line := range h.Values("X-Forwarded-For") {
		for part := range strings.SplitSeq(line, ",") {
			hops = append(hops, parseAddr(strings.TrimSpace(part)))
		}
	}
	return hops
}
