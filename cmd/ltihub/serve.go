package main

import (
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/config"
)

func (p *program) serve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server",
		Long: `Run the server until it is told to stop (SIGTERM or SIGINT); it then finishes
what it has begun and exits with 0. When it takes requests it prints one line
with its URL.

On the first start it makes a master key in the data directory (master.key),
under which all secrets are sealed: keep a copy of it apart from the backups, or
give the key yourself as LTIHUB_MASTER_KEY.

With --demo it also loads a sample domain and starts a small LMS and a small
tool on ports of their own; it then listens on loopback addresses only.`,
		Example: `  ltihub serve --demo
  ltihub serve --config /etc/ltihub/ltihub.yaml --apply /etc/ltihub/manifest.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.load(cmd.Flags())
			if err != nil {
				return err
			}
			return serve(cmd.Context(), cfg, p.streams, p.logger(cfg.Log))
		},
	}
	f := cmd.Flags()
	f.String("listen", "", "`address` to listen on (default 127.0.0.1:8080)")
	f.String("public-url", "", "`URL` by which browsers, LMSs and tools reach us (default http:// and the address)")
	f.String("data", "", "`directory` of the store and the master key (default ./data)")
	f.String("store", "", "store engine: bolt, or a postgres:// `URL` (default bolt)")
	f.String("apply", "", "apply this `manifest` before serving")
	f.Bool("demo", false, "load a sample domain and start a simulated LMS and tool")
	f.String("demo-lms-listen", "", "`address` of the simulated LMS (default 127.0.0.1:8081)")
	f.String("demo-tool-listen", "", "`address` of the simulated tool (default 127.0.0.1:8082)")
	return cmd
}

func (p *program) logger(l config.Log) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.Level)) // the configuration was checked
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(p.err, options))
	}
	return slog.New(slog.NewTextHandler(p.err, options))
}
