package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/simulator"
)

//go:embed demo.yaml
var demoManifest string

// demo is a simulated LMS and a simulated tool, each on an address of its own.
type demo struct {
	hub  *hub
	lms  *simulator.LMS
	tool *simulator.Tool

	lmsListener, toolListener net.Listener
}

// allowDemo lets a demo's deliveries reach its own LMS, and refuses to show
// well-known secrets to a network.
func allowDemo(cfg config.Config) (config.Config, error) {
	if !cfg.Demo {
		return cfg, nil
	}
	for _, addr := range []string{cfg.Listen, cfg.DemoLMSListen, cfg.DemoToolListen} {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return cfg, fmt.Errorf("read the address: %w", err)
		}
		ip, err := netip.ParseAddr(host)
		if host != "localhost" && (err != nil || !ip.IsLoopback()) {
			return cfg, fmt.Errorf("demo: its secrets are known to everybody, so it listens on loopback addresses only, not on %s", addr)
		}
	}
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	cfg.Egress.AllowCIDRs = append(cfg.Egress.AllowCIDRs, loopback...)
	cfg.Delivery.RetryMax = min(cfg.Delivery.RetryMax, 15*time.Second) // nobody watches a demo for an hour
	cfg.Delivery.RetryBase = min(cfg.Delivery.RetryBase, cfg.Delivery.RetryMax)
	return cfg, nil
}

// prepare applies the manifests that the configuration names and starts to
// listen for the demo's peers; without a demo it returns nil.
func (h *hub) prepare(ctx context.Context) (*demo, error) {
	if path := h.cfg.Apply; path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the manifest: %w", err)
		}
		report, err := h.applyManifest(ctx, data, "serve --apply")
		if err != nil {
			return nil, fmt.Errorf("apply %s: %w", path, err)
		}
		h.log.Info("manifest applied", "file", path, "report", report.String())
		for _, warning := range report.Warnings {
			h.log.Warn("the manifest is worth a second look", "file", path, "warning", warning)
		}
	}
	if !h.cfg.Demo {
		return nil, nil //nolint:nilnil // no demo is no error
	}
	return h.startDemo(ctx)
}

func (h *hub) startDemo(ctx context.Context) (_ *demo, err error) {
	d := &demo{hub: h}
	var lc net.ListenConfig
	if d.lmsListener, err = lc.Listen(ctx, "tcp", h.cfg.DemoLMSListen); err != nil {
		return nil, fmt.Errorf("listen for the simulated LMS: %w", err)
	}
	if d.toolListener, err = lc.Listen(ctx, "tcp", h.cfg.DemoToolListen); err != nil {
		return nil, errors.Join(fmt.Errorf("listen for the simulated tool: %w", err), d.lmsListener.Close())
	}
	lmsURL, toolURL := config.LocalURL(d.lmsListener.Addr().String()), config.LocalURL(d.toolListener.Addr().String())
	d.tool = simulator.NewTool(toolURL, "demo-tool-key", "demo-tool-secret")
	d.lms = simulator.NewLMS(lmsURL, h.consumer.PublicURL+"/lti/launch", "demo-lms-key", "demo-lms-secret")
	d.lms.Links = demoLinks()
	text := strings.ReplaceAll(demoManifest, "http://127.0.0.1:8082/lti", d.tool.LaunchURL())
	if _, err := h.applyManifest(ctx, []byte(text), "serve --demo"); err != nil {
		return nil, errors.Join(fmt.Errorf("apply the demo's manifest: %w", err), d.lmsListener.Close(), d.toolListener.Close())
	}
	return d, nil
}

// demoLinks are the placements of the simulated LMS: two graded links, a
// folder whose grade is the sum, and one without a grade.
func demoLinks() []simulator.Link {
	return []simulator.Link{
		{ID: "rl-quiz-1", Title: "Quiz 1: Motion", Description: "One link of Physics 101, graded", Tail: "/demo/phys101/l/quiz1", Points: 10, Gradable: true},
		{ID: "rl-lab-1", Title: "Lab 1: Pendulum", Description: "Opened by its short code, graded", Tail: "/tiny/demo/lab1", Points: 20, Gradable: true},
		{ID: "rl-week-1", Title: "Week 1", Description: "A folder: its grade is the sum of its links", Tail: "/demo/phys101/f/week1", Points: 30, Gradable: true},
		{ID: "rl-course", Title: "Course home", Description: "The whole course, not graded", Tail: "/demo/phys101"},
	}
}

// run serves both peers until ctx ends.
func (d *demo) run(ctx context.Context) error {
	errs := make(chan error, 2)
	go func() { errs <- d.hub.serveHTTP(ctx, d.lmsListener, d.lms) }()
	go func() { errs <- d.hub.serveHTTP(ctx, d.toolListener, d.tool) }()
	release := context.AfterFunc(ctx, func() { d.lms.SetFaults(simulator.Faults{}) }) // lets go of calls that hang on purpose
	defer release()
	return errors.Join(<-errs, <-errs)
}
