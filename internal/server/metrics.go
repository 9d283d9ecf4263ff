package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are counted in a registry of their own. No label names a person.
type Metrics struct {
	Registry *prometheus.Registry

	launches *prometheus.CounterVec
	services *prometheus.CounterVec
	requests *prometheus.HistogramVec
	panics   prometheus.Counter
}

// NewMetrics makes the counters of this package beside the runtime's own.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		launches: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ltihub_launches_total", Help: "Launches from LMSs by outcome: accepted, the cause of the refusal, or over_budget.",
		}, []string{"outcome"}),
		services: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ltihub_service_calls_total", Help: "Calls of tools by service and outcome: accepted, or the cause of the refusal.",
		}, []string{"service", "outcome"}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ltihub_request_seconds", Help: "Time to answer by route and status.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 2, 16),
		}, []string{"route", "status"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ltihub_panics_total", Help: "Requests that ended in a panic.",
		}),
	}
	m.Registry.MustRegister(m.launches, m.services, m.requests, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the metrics in the Prometheus text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{})
}

func (m *Metrics) launch(outcome string) { m.launches.WithLabelValues(outcome).Inc() }

func (m *Metrics) service(name, outcome string) {
	m.services.WithLabelValues(name, outcome).Inc()
}

// request counts by the route's pattern, never the path, which anyone chooses.
func (m *Metrics) request(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}
