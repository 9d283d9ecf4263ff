package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// SettingsPage is how the server is set up, to be read. It posts sure ("yes")
// to BackupPath, which answers with a copy of the store.
type SettingsPage struct {
	Frame
	Version   string
	PublicURL string
	// Engine names the store's engine, or File is the directory of its one
	// file. Node is this machine.
	Engine string
	File   string
	Node   string
	// NodeTime is this node's clock, StoreTime the store's.
	NodeTime  time.Time
	StoreTime time.Time
	Started   time.Time
	Options   []OptionRow
	Sizes     []Size
	Backs     bool
}

// OptionRow is an option of the configuration. Variable is that of the
// environment that may have set it; "" is for an option with its default.
type OptionRow struct{ Key, Value, Variable string }

// Size is how many records of a kind there are; More says that there are more.
type Size struct {
	Name  string
	Count int
	More  bool
}

// ClockOff reports whether the node's clock and the store's are apart by more
// than two seconds.
func (s SettingsPage) ClockOff() bool {
	return !s.NodeTime.IsZero() && !s.StoreTime.IsZero() && s.NodeTime.Sub(s.StoreTime).Abs() > 2*time.Second
}

// Insecure reports whether people and LMSs reach us over http from elsewhere.
func (s SettingsPage) Insecure() bool {
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() != "localhost" && (err != nil || !ip.IsLoopback())
}

// Settings writes the page.
func (p *Pages) Settings(w http.ResponseWriter, status int, page SettingsPage) error {
	page.Title = or(page.Title, "Settings")
	return p.render(w, status, "settings", page)
}
