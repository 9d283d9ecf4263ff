package config

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	masterKeyBytes = 32
	maxWorkers     = 256
)

// faults collects sentences, each about one option.
type faults []string

func (f *faults) add(key, format string, args ...any) {
	*f = append(*f, key+": "+fmt.Sprintf(format, args...))
}

// Check lists all faults of the configuration, one a line, or returns nil. No
// fault repeats a secret.
func (c Config) Check() error {
	var f faults
	f.addresses(c)
	f.publicURL(c.PublicURL)
	f.store(c)
	f.secrets(c)
	f.durations(c)
	f.numbers(c)
	f.choices(c.Log)
	f.directories(c.Directories)
	return joinFaults(f)
}

// addresses checks what is listened at, and that no address is given twice.
func (f *faults) addresses(c Config) {
	taken := map[string]string{}
	for _, a := range []struct {
		key, addr string
		used      bool
	}{
		{"listen", c.Listen, true},
		{"metrics.listen", c.Metrics.Listen, c.Metrics.Listen != ""},
		{"demo_lms_listen", c.DemoLMSListen, c.Demo},
		{"demo_tool_listen", c.DemoToolListen, c.Demo},
	} {
		if !a.used {
			continue
		}
		f.address(a.key, a.addr)
		if other := taken[a.addr]; other != "" && !strings.HasSuffix(a.addr, ":0") {
			f.add(a.key, "%s is taken by %s already", a.addr, other)
		}
		taken[a.addr] = a.key
	}
}

func (f *faults) address(key, addr string) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		f.add(key, "%q is no address such as 127.0.0.1:8080", addr)
		return
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		f.add(key, "port %q is no number from 0 to 65535", port)
	}
}

func (f *faults) publicURL(text string) {
	const key = "public_url"
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		f.add(key, "want an absolute http or https URL such as https://hub.example.edu")
		return
	}
	if u.User != nil {
		f.add(key, "a user name or password has no place in it")
	}
	if u.Path != "" && u.Path != "/" {
		f.add(key, "ltihub must have a host of its own; it can't live below the path %q", u.Path)
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		f.add(key, "leave out what follows \"?\" or \"#\"")
	}
}

func (f *faults) store(c Config) {
	if c.Data == "" {
		f.add("data", "name a directory")
	}
	store := string(c.Store)
	if store == StoreBolt {
		return
	}
	u, err := url.Parse(store)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		f.add("store", "want %q or a postgres:// URL", StoreBolt)
	}
}

func (f *faults) secrets(c Config) {
	visible := func(r rune) bool { return r > ' ' && r < 0x7f }
	if strings.ContainsFunc(string(c.APIToken), func(r rune) bool { return !visible(r) }) {
		f.add("api_token", "only visible ASCII characters can travel in a header")
	}
	if c.MasterKey == "" {
		return
	}
	key, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSpace(string(c.MasterKey)))
	if err != nil || len(key) != masterKeyBytes {
		f.add("master_key", "want the standard base64 of %d bytes (make one with: openssl rand -base64 %d)", masterKeyBytes, masterKeyBytes)
	}
}

func (f *faults) durations(c Config) {
	for _, d := range []struct {
		key   string
		value time.Duration
	}{
		{"egress.timeout", c.Egress.Timeout},
		{"delivery.retry_base", c.Delivery.RetryBase},
		{"delivery.retry_max", c.Delivery.RetryMax},
		{"delivery.give_up", c.Delivery.GiveUp},
		{"delivery.lease", c.Delivery.Lease},
		{"session.lifetime", c.Session.Lifetime},
		{"launches.keep", c.Launches.Keep},
		{"shutdown.timeout", c.Shutdown.Timeout},
	} {
		if d.value <= 0 {
			f.add(d.key, "%v is too short; it must be more than 0", d.value)
		}
	}
	if c.Shutdown.Drain < 0 {
		f.add("shutdown.drain", "%v is less than 0", c.Shutdown.Drain)
	}
	if c.Delivery.RetryMax < c.Delivery.RetryBase {
		f.add("delivery.retry_max", "%v is less than delivery.retry_base, %v", c.Delivery.RetryMax, c.Delivery.RetryBase)
	}
}

func (f *faults) numbers(c Config) {
	if c.Delivery.Workers < 1 || c.Delivery.Workers > maxWorkers {
		f.add("delivery.workers", "%d is not between 1 and %d", c.Delivery.Workers, maxWorkers)
	}
	if c.Limits.RefusalsPerMinute < 0 {
		f.add("limits.refusals_per_minute", "%d is less than 0, which means no limit", c.Limits.RefusalsPerMinute)
	}
}

func (f *faults) choices(l Log) {
	for _, choice := range []struct {
		key, value string
		of         []string
	}{
		{"log.level", l.Level, []string{"debug", "info", "warn", "error"}},
		{"log.format", l.Format, []string{"text", "json"}},
	} {
		if !slices.Contains(choice.of, choice.value) {
			f.add(choice.key, "%q is none of %s", choice.value, strings.Join(choice.of, ", "))
		}
	}
}
