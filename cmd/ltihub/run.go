package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/admin"
	"github.com/ltihub/ltihub/internal/api"
	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/delivery"
	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/enrol"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/server"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
	"github.com/ltihub/ltihub/web"
)

// now is the clock of the whole server, in UTC and whole milliseconds, as the
// store keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// newID makes ids that lie in the order of time.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// hub is the wired server.
type hub struct {
	cfg    config.Config
	store  store.Store
	vault  *vault.Vault
	public *url.URL
	log    *slog.Logger

	calls    *egress.Client
	enroller *enrol.Enroller
	provider *provider.Provider
	consumer *consumer.Consumer
	carrier  *delivery.Carrier
	rosters  *roster.Puller
	sessions *session.Sessions
	keeper   *person.Keeper
	listings *directory.Directory
	applier  *manifest.Applier
	copier   *course.Copier
	editor   *course.Editor
	menus    *course.Menus
	exporter *manifest.Exporter
	tokens   *api.Tokens
	logouts  *logouts
	metrics  *server.Metrics
	server   *server.Server
	started  time.Time
}

// wire makes the parts and lets neighbours meet.
func wire(cfg config.Config, s store.Store, v *vault.Vault, public string, log *slog.Logger) (*hub, error) {
	u, err := url.Parse(public)
	if err != nil {
		return nil, fmt.Errorf("read the public URL: %w", err)
	}
	h := &hub{cfg: cfg, store: s, vault: v, public: u, log: log, started: now()}
	h.copier = &course.Copier{
		Store: s, Vault: v, ContextID: consumer.ContextID, LinkID: consumer.ResourceLinkID,
		Now: now, NewID: newID, Rand: rand.Reader,
	}
	h.menus = &course.Menus{Store: s, Now: now, NewID: newID}
	h.wireProvider()
	h.wireConsumer()
	if err := h.wirePeople(); err != nil {
		return nil, err
	}
	h.applier = &manifest.Applier{
		Store: s, Vault: v, Now: now, NewID: newID, Rand: rand.Reader,
		CredentialsChanged: h.carrier.CredentialsChanged, CourseChanged: h.carrier.CourseChanged,
	}
	h.editor = &course.Editor{
		Store: s, Vault: v, Copier: h.copier, Changed: h.carrier.CourseChanged, Now: now, NewID: newID, Rand: rand.Reader,
	}
	h.exporter = &manifest.Exporter{Store: s, Vault: v}
	h.tokens = &api.Tokens{Store: s, Now: now, NewID: newID, Rand: rand.Reader}
	h.sessions = session.New(session.Sessions{Store: s, Now: now, Rand: rand.Reader, Log: log, Secure: u.Scheme == "https"}, cfg.Session.Lifetime)
	return h, h.wireDoors()
}

func (h *hub) wireProvider() {
	h.calls = egress.New(egress.Options{
		AllowCIDRs: h.cfg.Egress.AllowCIDRs, Timeout: h.cfg.Egress.Timeout, UserAgent: "ltihub/" + version,
	})
	h.enroller = &enrol.Enroller{NewID: newID, Rand: rand.Reader, CopyContent: h.copier.Content}
	h.provider = &provider.Provider{
		Store: h.store, Vault: h.vault, PublicURL: h.publicURL(), Enrol: h.enroller.Launch, Send: h.calls.Do, Stream: h.calls.Stream, Status: server.Status,
		TakeBack: h.enroller.TakeBack,
		Now:      now, NewID: newID, Rand: rand.Reader, SessionLifetime: h.cfg.Session.Lifetime,
	}
	d := h.cfg.Delivery
	h.carrier = delivery.New(delivery.Carrier{
		Store: h.store, Send: h.provider.SendResult, Log: h.log, NewID: newID, Float: mathrand.Float64,
		RetryBase: d.RetryBase, RetryMax: d.RetryMax, GiveUp: d.GiveUp, Lease: d.Lease, Workers: d.Workers,
		Poll: min(time.Second, d.RetryBase),
	})
	h.logouts = newLogouts(h.provider.RegisterLogout, h.log)
	h.provider.TargetStored = h.carrier.TargetStored
	h.enroller.StoreTarget = h.provider.StoreTarget
	h.wireRosters(h.enroller)
}

// publicURL is the public URL without a slash at its end.
func (h *hub) publicURL() string { return strings.TrimSuffix(h.public.String(), "/") }

func (h *hub) wireConsumer() {
	h.consumer = &consumer.Consumer{
		Store: h.store, Vault: h.vault, PublicURL: h.publicURL(),
		Instance: lti.Instance{GUID: h.public.Hostname(), Version: version}, Status: server.Status,
		Queue: h.carrier.Enqueue, Wake: h.carrier.Wake,
		Now: now, NewID: newID, Rand: rand.Reader,
	}
}

func (h *hub) wireDoors() error {
	pages, err := web.New()
	if err != nil {
		return fmt.Errorf("read the pages: %w", err)
	}
	h.provider.Icon = pages.Icon()
	h.metrics = server.NewMetrics()
	h.metrics.Registry.MustRegister(newGauges(h.carrier.Count), newRosterGauges(h.rosters.Count))
	budget := &server.Budget{PerMinute: h.cfg.Limits.RefusalsPerMinute, Proxies: h.cfg.TrustedProxies, Now: now}
	people := &admin.People{
		Store: h.store, Sessions: h.sessions, Pages: pages, Consumer: h.consumer,
		Keeper: h.keeper, Directory: h.listings,
		Retry: h.carrier.Retry, RetryAnyway: h.carrier.RetryAnyway, Resend: h.resend,
		Rosters: h.rosters, ChangeMember: h.changeMember,
		Apply: h.applyManifest, Check: h.checkManifest, Export: h.exporter.Export,
		Record: h.exporter.Record, Edit: h.edit, Remove: h.applier.Remove, TryLaunch: h.provider.TryLaunch, Settings: h.settings,
		NewToken: h.newToken, RevokeToken: h.tokens.Revoke, NewSecret: h.newSecret, MapRole: h.provider.MapRole,
		Pending: h.provider.PendingLaunch, Resume: h.resumeLaunch, Settle: h.provider.Settle,
		Fetch: h.fetchCartridge, Editor: h.editor, SetMenu: h.menus.Set,
		Address: budget.Address, PublicURL: h.consumer.PublicURL, Version: version, Log: h.log, Now: now,
	}
	programs := &api.Server{
		Store: h.store, Token: string(h.cfg.APIToken), Version: version, Now: now, NewID: newID, Rand: rand.Reader, Log: h.log,
		Keeper: h.keeper, Directory: h.listings,
		Launch: h.launchForProgram, Copy: h.copier.Copy, CopyLink: h.copier.CopyLink, Rosters: h.rosters, Retry: h.carrier.Retry, Apply: h.applyManifest, Export: h.exporter.Export,
	}
	h.server = &server.Server{
		Provider: h.provider, Consumer: h.consumer, Sessions: h.sessions, Store: h.store, Pages: pages,
		People: people.Handler(), Programs: programs.Handler(),
		PublicURL: h.public, Metrics: h.metrics, OwnMetrics: h.cfg.Metrics.Listen == "",
		RegisterLogout: h.logouts.add,
		Budget:         budget, Log: h.log, Now: now,
	}
	return nil
}

// serve opens the store, wires the server and serves until ctx ends; then it
// finishes what it has begun.
func serve(ctx context.Context, cfg config.Config, io streams, log *slog.Logger) (err error) {
	if cfg, err = allowDemo(cfg); err != nil {
		return err
	}
	engine, err := openStore(ctx, cfg, now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	warnOfLoss(ctx, engine, log)
	v, err := openVault(ctx, cfg, engine)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // closed already unless something failed before
	public := cfg.PublicURL
	if public == "" {
		public = config.LocalURL(listener.Addr().String())
	}
	h, err := wire(cfg, engine, v, public, log)
	if err != nil {
		return err
	}
	demo, err := h.prepare(ctx)
	if err != nil {
		return err
	}
	return h.run(ctx, listener, demo, io)
}

func listen(ctx context.Context, cfg config.Config) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}

// run serves and works until ctx ends or something fails.
func (h *hub) run(ctx context.Context, listener net.Listener, demo *demo, io streams) error {
	ctx, cancel := h.drained(ctx)
	defer cancel(nil)
	var work sync.WaitGroup
	start := func(name string, fn func(context.Context) error) {
		work.Go(func() {
			if err := fn(ctx); err != nil {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	start("deliveries", h.carrier.Run)
	start("rosters", h.rosters.Run)
	start("clean-up", h.keepHouse)
	start("logout callbacks", h.logouts.run)
	start("server", func(ctx context.Context) error { return h.serveHTTP(ctx, listener, h.server.Handler()) })
	if h.cfg.Metrics.Listen != "" {
		start("metrics", h.serveMetrics)
	}
	if demo != nil {
		start("demo", demo.run)
	}
	h.announce(io, demo)
	<-ctx.Done()
	work.Wait()
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	h.log.Info("stopped")
	return nil
}

// drained is a context that ends the drain time after stop has ended, or when it
// is cancelled. Meanwhile the server says that it is not ready.
func (h *hub) drained(stop context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(stop))
	go func() {
		select {
		case <-ctx.Done():
			return
		case <-stop.Done():
		}
		h.server.Drain()
		timer := time.NewTimer(h.cfg.Shutdown.Drain)
		defer timer.Stop()
		select {
		case <-ctx.Done():
		case <-timer.C:
			cancel(nil)
		}
	}()
	return ctx, cancel
}

func (h *hub) announce(io streams, demo *demo) {
	line := "ltihub " + version + " is ready at " + h.consumer.PublicURL
	if demo != nil {
		line += " - start at the simulated LMS: " + demo.lms.PublicURL + " (admins sign in here as admin with the password demo-admin)"
	}
	_, _ = fmt.Fprintln(io.out, line) // nobody to tell
}

// serveHTTP serves handler until ctx ends, then lets requests finish.
func (h *hub) serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	srv := &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelDebug),
		ReadHeaderTimeout: server.ReadHeaderTimeout, ReadTimeout: server.ReadTimeout,
		WriteTimeout: server.WriteTimeout, IdleTimeout: server.IdleTimeout, MaxHeaderBytes: server.MaxHeaders,
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.cfg.Shutdown.Timeout)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		h.log.Warn("requests were cut off at the stop", "error", err)
		_ = srv.Close() // what is left is given up
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (h *hub) serveMetrics(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", h.cfg.Metrics.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", h.metrics.Handler())
	return h.serveHTTP(ctx, l, mux)
}
