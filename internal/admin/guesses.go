package admin

import (
	"crypto/sha256"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many sign-ins may fail in a row, and how long it takes until one more is
// allowed. A school behind one address has many people, a name has one.
const (
	addressGuesses = 30
	addressPause   = 10 * time.Second
	nameGuesses    = 8
	namePause      = 30 * time.Second
)

// maxGuessers bounds the addresses and names that are remembered; when it is
// reached, all of them start anew.
const maxGuessers = 100_000

// guesses counts sign-ins that failed, by the address that they came from and
// by the name that they were for.
type guesses struct {
	mu       sync.Mutex
	limiters map[string]*rate.Limiter
}

// begin takes one guess from the address and from the name. It reports false
// when either has none left; otherwise the caller says with forgive that the
// sign-in succeeded and costs nothing.
func (g *guesses) begin(addr netip.Addr, name string, now time.Time) (forgive func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	byAddress := g.limiter("address "+network(addr).String(), addressPause, addressGuesses).ReserveN(now, 1)
	digest := sha256.Sum256([]byte(name)) // which is as long as whoever guesses likes
	byName := g.limiter("name "+string(digest[:]), namePause, nameGuesses).ReserveN(now, 1)
	forgive = func() {
		byAddress.CancelAt(now)
		byName.CancelAt(now)
	}
	if byAddress.DelayFrom(now) > 0 || byName.DelayFrom(now) > 0 {
		forgive()
		return nil, false
	}
	return forgive, true
}

func (g *guesses) limiter(key string, pause time.Duration, burst int) *rate.Limiter {
	l, ok := g.limiters[key]
	if !ok {
		if g.limiters == nil || len(g.limiters) >= maxGuessers {
			g.limiters = make(map[string]*rate.Limiter)
		}
		l = rate.NewLimiter(rate.Every(pause), burst)
		g.limiters[key] = l
	}
	return l
}

// network is what one sender is known by: of IPv6 the /64 that there is to choose
// addresses from.
func network(addr netip.Addr) netip.Addr {
	if !addr.Is6() {
		return addr
	}
	p, err := addr.Prefix(64)
	if err != nil {
		return addr
	}
	return p.Addr()
}

// address is who sent the request.
func (p *People) address(r *http.Request) netip.Addr {
	if p.Address != nil {
		return p.Address(r)
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap()
}
