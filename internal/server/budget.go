package server

import (
	"maps"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Budget counts refusals by the address they were sent from; of IPv6 by the
// network, as one sender has a /64 to choose from. What is accepted costs
// nothing, so a whole school behind one address is not slowed down.
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

// maxBuckets bounds the addresses that are remembered.
const maxBuckets = 100_000

// Spend counts one refusal.
func (b *Budget) Spend(addr netip.Addr) {
	if b.PerMinute == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now, from := b.Now(), network(addr)
	l, ok := b.buckets[from]
	if !ok {
		b.makeRoom(now)
		l = rate.NewLimiter(rate.Limit(float64(b.PerMinute)/60), b.PerMinute)
		b.buckets[from] = l
	}
	l.AllowN(now, 1)
}

// makeRoom forgets the addresses whose budget is whole again, once there are
// too many. If that does not help, all of them get a new budget.
func (b *Budget) makeRoom(now time.Time) {
	if b.buckets == nil {
		b.buckets = make(map[netip.Addr]*rate.Limiter)
	}
	if len(b.buckets) < maxBuckets {
		return
	}
	maps.DeleteFunc(b.buckets, func(_ netip.Addr, l *rate.Limiter) bool {
		return l.TokensAt(now) >= float64(b.PerMinute)
	})
	if len(b.buckets) > maxBuckets/2 { // or the next ones would look through all of them again
		clear(b.buckets)
	}
}

// Spent reports whether the address has no refusal left.
func (b *Budget) Spent(addr netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.buckets[network(addr)]
	return ok && l.TokensAt(b.Now()) < 1
}

// network is what one sender is known by.
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
