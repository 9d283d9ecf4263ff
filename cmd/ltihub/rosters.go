package main

import (
	"context"
	mathrand "math/rand/v2"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
)

// How rosters that fail are tried again, at the most.
const (
	maxRosterRetry    = time.Hour
	maxRosterFailures = 5
)

func (h *hub) wireRosters(enroller *enrol.Enroller) {
	d := h.cfg.Delivery
	h.rosters = roster.New(roster.Puller{
		Store: h.store, Fetch: h.provider.FetchRoster,
		Sighting: enroller.RosterSighting, Member: enroller.RosterMember, Leaver: enroller.RosterLeaver,
		Target: enroller.RosterTarget, Listing: h.listing,
		Log: h.log, NewID: newID, Float: mathrand.Float64,
		Slice: roster.DefaultSlice, MaxMembers: roster.DefaultMaxMembers, Lease: roster.DefaultLease,
		RetryBase: d.RetryBase, RetryMax: max(d.RetryBase, maxRosterRetry), MaxFailures: maxRosterFailures,
		Poll: min(time.Second, d.RetryBase), Workers: roster.DefaultWorkers,
	})
}

// listing looks a member of a roster up in the institution's directory.
func (h *hub) listing(ctx context.Context, c *lti.ToolConsumer, m lti.RosterMember) lti.Listing {
	return h.provider.Listing(ctx, c, m.Launch().Parameter(c.Users.Match))
}

// changeMember sets a membership by hand.
func (h *hub) changeMember(ctx context.Context, c enrol.MemberChange) error {
	return h.store.Update(ctx, func(tx store.Tx) error { return h.enroller.ChangeMember(tx, c) })
}

// rosterGauges tell, when they are asked, how the rosters of LMSs do.
type rosterGauges struct {
	count func(context.Context) (roster.Counts, error)
	desc  *prometheus.Desc
}

func newRosterGauges(count func(context.Context) (roster.Counts, error)) *rosterGauges {
	return &rosterGauges{
		count: count,
		desc:  prometheus.NewDesc("ltihub_rosters", "Rosters that are busy, failed at the last attempt, or are held for a person.", []string{"state"}, nil),
	}
}

// Describe names the gauge.
func (g *rosterGauges) Describe(out chan<- *prometheus.Desc) { out <- g.desc }

// Collect counts now.
func (g *rosterGauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countTime)
	defer cancel()
	counts, err := g.count(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(g.desc, err)
		return
	}
	for state, n := range map[string]int{"busy": counts.Busy, "failed": counts.Failed, "held": counts.Held} {
		out <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, float64(n), state)
	}
}
