package admin

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestGuessesFromOneNetworkOfIPv6AreOneSenders(t *testing.T) {
	t.Parallel()
	var g guesses
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	addr := netip.MustParseAddr("2001:db8:0:1::1")
	for i := range addressGuesses {
		if _, ok := g.begin(addr, strings.Repeat("x", i), now); !ok {
			t.Fatalf("guess %d is one too many", i)
		}
		addr = addr.Next()
	}
	if _, ok := g.begin(addr, "another", now); ok {
		t.Error("a new address of the same network guesses on")
	}
	if _, ok := g.begin(netip.MustParseAddr("2001:db8:0:2::1"), "another", now); !ok {
		t.Error("another network may not guess")
	}
}

func TestGuessesKeepNoLongNames(t *testing.T) {
	t.Parallel()
	var g guesses
	g.begin(netip.MustParseAddr("192.0.2.1"), strings.Repeat("x", 1<<20), time.Now())
	for key := range g.limiters {
		if len(key) > 64 {
			t.Errorf("%d bytes of a name are kept", len(key))
		}
	}
}
