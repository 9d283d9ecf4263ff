package provider

import (
	"context"

	"github.com/ltihub/ltihub/internal/oauth1"
)

// Holds reports whether the launch's signature holds now, and writes nothing:
// no record, no nonce. It is for a sender whose launches are no longer worth a
// record each; what holds still has to go through AcceptLaunch. An unknown key
// takes as long as a known one.
func (p *Provider) Holds(ctx context.Context, req oauth1.Request) bool {
	a := &attempt{Provider: p, req: req, now: p.Now().UTC()}
	var err error
	if a.message, err = oauth1.Parse(req); err != nil {
		return false
	}
	found, err := a.findHolder(ctx)
	if err != nil {
		return false
	}
	return a.verify(found) == nil
}
