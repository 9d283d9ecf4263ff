package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/ltihub/ltihub/internal/config"
)

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*config.Config)
		want   string
	}{
		{"listen without port", func(c *config.Config) { c.Listen = "localhost" }, "listen: "},
		{"listen with a big port", func(c *config.Config) { c.Listen = "127.0.0.1:70000" }, "listen: port"},
		{"relative URL", func(c *config.Config) { c.PublicURL = "hub.example" }, "public_url: want an absolute"},
		{"ftp", func(c *config.Config) { c.PublicURL = "ftp://hub.example" }, "public_url: want an absolute"},
		{"URL without host", func(c *config.Config) { c.PublicURL = "https:///x" }, "public_url: want an absolute"},
		{"URL with path", func(c *config.Config) { c.PublicURL = "https://hub.example/lti" }, `public_url: ltihub must have a host of its own; it can't live below the path "/lti"`},
		{"URL with query", func(c *config.Config) { c.PublicURL = "https://hub.example?a=b" }, "public_url: leave out"},
		{"URL with user", func(c *config.Config) { c.PublicURL = "https://u:p@hub.example" }, "public_url: a user name"},
		{"no data", func(c *config.Config) { c.Data = "" }, "data: "},
		{"mysql", func(c *config.Config) { c.Store = "mysql://u:hush@db/x" }, "store: "},
		{"token with blank", func(c *config.Config) { c.APIToken = "hush hush" }, "api_token: "},
		{"short master key", func(c *config.Config) { c.MasterKey = "aHVzaA==" }, "master_key: "},
		{"master key in hex", func(c *config.Config) { c.MasterKey = config.Secret(strings.Repeat("0f", 32)) }, "master_key: "},
		{"no time", func(c *config.Config) { c.Egress.Timeout = 0 }, "egress.timeout: "},
		{"negative pause", func(c *config.Config) { c.Delivery.RetryBase = -1 }, "delivery.retry_base: "},
		{"shrinking pause", func(c *config.Config) { c.Delivery.RetryMax = 1 }, "delivery.retry_max: 1ns is less than"},
		{"no workers", func(c *config.Config) { c.Delivery.Workers = 0 }, "delivery.workers: "},
		{"crowd", func(c *config.Config) { c.Delivery.Workers = 257 }, "delivery.workers: "},
		{"negative budget", func(c *config.Config) { c.Limits.RefusalsPerMinute = -1 }, "limits.refusals_per_minute: "},
		{"loud", func(c *config.Config) { c.Log.Level = "loud" }, `log.level: "loud" is none of debug, info, warn, error`},
		{"xml log", func(c *config.Config) { c.Log.Format = "xml" }, "log.format: "},
		{"metrics at the same place", func(c *config.Config) { c.Metrics.Listen = c.Listen }, "metrics.listen: 127.0.0.1:8080 is taken by listen"},
		{"demo at the same place", func(c *config.Config) { c.Demo, c.DemoLMSListen = true, c.DemoToolListen }, "demo_tool_listen: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := defaults()
			tt.change(&c)
			err := c.Check()
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("Check = %v, want one fault %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), string(c.MasterKey)) && c.MasterKey != "" {
				t.Errorf("Check = %v, repeats a secret", err)
			}
		})
	}
}

func TestCheckListsAllFaults(t *testing.T) {
	t.Parallel()
	c := defaults()
	c.Listen, c.Delivery.Workers, c.Log.Level = "x", 0, "loud"
	err := c.Check()
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("Check = %v, want three faults", err)
	}
}

func TestCheckAccepts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*config.Config)
	}{
		{"defaults", func(*config.Config) {}},
		{"any port", func(c *config.Config) { c.Listen, c.PublicURL, c.Metrics.Listen = "127.0.0.1:0", "", "127.0.0.1:0" }},
		{"slash at the end", func(c *config.Config) { c.PublicURL = "https://hub.example/" }},
		{"postgresql", func(c *config.Config) { c.Store = "postgresql://db/ltihub" }},
		{"demo's address without demo", func(c *config.Config) { c.DemoLMSListen = c.Listen }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := defaults()
			tt.change(&c)
			if err := c.Check(); err != nil {
				t.Errorf("Check = %v", err)
			}
		})
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	c := defaults()
	c.APIToken, c.MasterKey, c.Store = "hush", "hush", "postgres://u:hush@db/x"
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
		fmt.Fprintf(&out, verb+verb+"\n", c, c.APIToken)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("start", "config", c, "token", c.APIToken)
	}
	if err := json.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	if err := yaml.NewEncoder(&out).Encode(c); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "hush") || strings.Contains(text, "68757368") {
		t.Errorf("a secret is printed: %s", text)
	}
	if !strings.Contains(out.String(), config.Hidden) {
		t.Error("nothing shows that there is a secret")
	}
}

func TestEmptySecretShowsThatThereIsNone(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(config.Secret("")); got != "" {
		t.Errorf("Sprint = %q, want nothing", got)
	}
}

func TestLoadErrorsHideSecrets(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"api_token: [hush]\n", "master_key: {hush: hush}\n", "store: [hush]\n"} {
		_, err := config.Load(config.Options{File: file(t, text)})
		if err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: error = %v, want one without the secret", text, err)
		}
	}
}
