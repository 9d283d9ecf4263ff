package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/ltihub/ltihub/internal/delivery"
)

// gauges tell, when they are asked, how many deliveries want work or a person.
type gauges struct {
	count  func(context.Context) (delivery.Counts, error)
	states *prometheus.Desc
	oldest *prometheus.Desc
}

func newGauges(count func(context.Context) (delivery.Counts, error)) *gauges {
	return &gauges{
		count:  count,
		states: prometheus.NewDesc("ltihub_deliveries", "Deliveries that wait, are being sent, were refused or are dead.", []string{"state"}, nil),
		oldest: prometheus.NewDesc("ltihub_delivery_oldest_seconds", "Age of the oldest delivery that is still to be sent.", nil, nil),
	}
}

// Describe names the gauges.
func (g *gauges) Describe(out chan<- *prometheus.Desc) {
	out <- g.states
	out <- g.oldest
}

// countTime is how long counting may take.
const countTime = 5 * time.Second

// Collect counts now.
func (g *gauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), countTime)
	defer cancel()
	counts, err := g.count(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(g.states, err)
		return
	}
	for state, n := range counts.States {
		out <- prometheus.MustNewConstMetric(g.states, prometheus.GaugeValue, float64(n), string(state))
	}
	out <- prometheus.MustNewConstMetric(g.oldest, prometheus.GaugeValue, counts.Oldest.Seconds())
}
