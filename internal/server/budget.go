package server

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Budget counts refusals by the address they were sent from. What is accepted
// costs nothing, so a whole school behind one address is not slowed down.
type Budget struct {
	// PerMinute is how many refusals an address may cause in a minute, also
	// all at once; 0 is without limit.
	PerMinute int
	// Proxies are the peers whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	Now     func() time.Time

	mu      sync.Mutex
	buckets map[netip.Addr]*rate.Limiter
}

// maxBuckets bounds the addresses that are remembered; when it is reached, all
// of them get a new budget.
const maxBuckets = 100_000

// Spend counts one refusal.
func (b *Budget) Spend(addr netip.Addr) {
	if b.PerMinute == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.buckets[addr]
	if !ok {
		if b.buckets == nil || len(b.buckets) >= maxBuckets {
			b.buckets = make(map[netip.Addr]*rate.Limiter)
		}
		l = rate.NewLimiter(rate.Limit(float64(b.PerMinute)/60), b.PerMinute)
		b.buckets[addr] = l
	}
	l.AllowN(b.Now(), 1)
}

// Spent reports whether the address has no refusal left.
func (b *Budget) Spent(addr netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.buckets[addr]
	return ok && l.TokensAt(b.Now()) < 1
}

// Address is who sent the request: the peer, or what a listed proxy says of
// its own peer. The last entry of X-Forwarded-For that no listed proxy made is
// believed; those before it are the sender's own words.
func (b *Budget) Address(r *http.Request) netip.Addr {
	addr := parseAddr(r.RemoteAddr)
	hops := forwarded(r.Header)
	for i := len(hops) - 1; i >= 0 && b.listed(addr) && hops[i].IsValid(); i-- {
		addr = hops[i]
	}
	return addr
}

func (b *Budget) listed(addr netip.Addr) bool {
	for _, p := range b.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
