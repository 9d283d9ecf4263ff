package main

import (
	"context"
	"os"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/web"
)

// settings tells admins how the server is set up, without secrets.
func (h *hub) settings(context.Context) web.SettingsPage {
	page := web.SettingsPage{Engine: "PostgreSQL", NodeTime: now(), Started: h.started}
	if string(h.cfg.Store) == config.StoreBolt {
		page.Engine, page.File = "", h.cfg.Data
	}
	page.Node, _ = os.Hostname() // a node may have no name
	for _, s := range h.cfg.Settings() {
		row := web.OptionRow{Key: s.Key, Value: s.Value}
		if !s.Default {
			row.Variable = config.EnvName(s.Key)
		}
		page.Options = append(page.Options, row)
	}
	return page
}
