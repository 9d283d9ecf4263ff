package config

import (
	"net"
	"net/netip"
	"time"
)

// Config is every option of ltihub. The comments give bounds; what the options
// mean stands in configs/ltihub.example.yaml.
type Config struct {
	Listen         string         `mapstructure:"listen"`          // host:port, port 0 for any
	PublicURL      string         `mapstructure:"public_url"`      // no path, no trailing slash; empty only when Listen has port 0
	Data           string         `mapstructure:"data"`            // a directory
	Store          Secret         `mapstructure:"store"`           // StoreBolt, or a postgres:// URL, which may hold a password
	APIToken       Secret         `mapstructure:"api_token"`       // visible ASCII; empty: none
	MasterKey      Secret         `mapstructure:"master_key"`      // standard base64 of 32 bytes; empty: from a file in Data
	Apply          string         `mapstructure:"apply"`           // a manifest to apply at start; empty: none
	Demo           bool           `mapstructure:"demo"`            // start the simulated peers
	DemoLMSListen  string         `mapstructure:"demo_lms_listen"` // host:port
	DemoToolListen string         `mapstructure:"demo_tool_listen"`
	TrustedProxies []netip.Prefix `mapstructure:"trusted_proxies"` // masked
	Egress         Egress         `mapstructure:"egress"`
	Delivery       Delivery       `mapstructure:"delivery"`
	Session        Session        `mapstructure:"session"`
	Launches       Launches       `mapstructure:"launches"`
	Metrics        Metrics        `mapstructure:"metrics"`
	Log            Log            `mapstructure:"log"`
	Limits         Limits         `mapstructure:"limits"`
	Shutdown       Shutdown       `mapstructure:"shutdown"`
	Directories    []Directory    `mapstructure:"directories"` // LDAP servers, one a domain at the most
}

// Egress is about calls to LMSs and tools.
type Egress struct {
	AllowCIDRs []netip.Prefix `mapstructure:"allow_cidrs"` // masked
	Timeout    time.Duration  `mapstructure:"timeout"`     // more than 0
}

// Delivery is about carrying results upstream. All durations are more than 0.
type Delivery struct {
	RetryBase time.Duration `mapstructure:"retry_base"`
	RetryMax  time.Duration `mapstructure:"retry_max"` // at least RetryBase
	GiveUp    time.Duration `mapstructure:"give_up"`
	Workers   int           `mapstructure:"workers"` // 1 to 256
	Lease     time.Duration `mapstructure:"lease"`
}

// Session is about the sessions of people.
type Session struct {
	Lifetime time.Duration `mapstructure:"lifetime"` // more than 0
}

// Launches is about the inspector's records.
type Launches struct {
	Keep time.Duration `mapstructure:"keep"` // more than 0
}

// Metrics is about /metrics.
type Metrics struct {
	Listen string `mapstructure:"listen"` // host:port of its own; empty: served with the rest
}

// Log is about the log.
type Log struct {
	Level  string `mapstructure:"level"`  // debug, info, warn or error
	Format string `mapstructure:"format"` // text or json
}

// Limits are budgets of one address.
type Limits struct {
	RefusalsPerMinute int `mapstructure:"refusals_per_minute"` // 0: no budget
}

// Shutdown is about the end of the process.
type Shutdown struct {
	Drain   time.Duration `mapstructure:"drain"`   // 0 or more
	Timeout time.Duration `mapstructure:"timeout"` // more than 0
}

// StoreBolt is the Store option that keeps everything in Data.
const StoreBolt = "bolt"

// option is a key with its default. Every key is here exactly once.
type option struct {
	key   string
	value any
}

func options() []option {
	return []option{
		{"listen", "127.0.0.1:8080"},
		{"public_url", ""},
		{"data", "./data"},
		{"store", StoreBolt},
		{"api_token", ""},
		{"master_key", ""},
		{"apply", ""},
		{"demo", false},
		{"demo_lms_listen", "127.0.0.1:8081"},
		{"demo_tool_listen", "127.0.0.1:8082"},
		{"trusted_proxies", []string{}},
		{"egress.allow_cidrs", []string{}},
		{"egress.timeout", "10s"},
		{"delivery.retry_base", "5s"},
		{"delivery.retry_max", "1h"},
		{"delivery.give_up", "336h"},
		{"delivery.workers", 4},
		{"delivery.lease", "1m"},
		{"session.lifetime", "12h"},
		{"launches.keep", "336h"},
		{"metrics.listen", ""},
		{"log.level", "info"},
		{"log.format", "text"},
		{"limits.refusals_per_minute", 1200},
		{"shutdown.drain", "1s"},
		{"shutdown.timeout", "20s"},
		{"directories", []any{}},
	}
}

// Keys are the names of all options, as the file has them with dots between
// its levels.
func Keys() []string {
	all := options()
	keys := make([]string, len(all))
	for i, o := range all {
		keys[i] = o.key
	}
	return keys
}

// LocalURL is the URL of a server that listens at addr (host:port), for use
// without a public_url: an address that stands for all becomes 127.0.0.1.
func LocalURL(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
