package config_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/ltihub/ltihub/internal/config"
)

const example = "../../configs/ltihub.example.yaml"

func load(t testing.TB, o config.Options) config.Config {
	t.Helper()
	c, err := config.Load(o)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return c
}

func file(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ltihub.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func env(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		text, ok := vars[name]
		return text, ok
	}
}

func defaults() config.Config {
	return config.Config{
		Listen: "127.0.0.1:8080", PublicURL: "http://127.0.0.1:8080", Data: "./data", Store: "bolt",
		DemoLMSListen: "127.0.0.1:8081", DemoToolListen: "127.0.0.1:8082",
		Egress: config.Egress{Timeout: 10 * time.Second},
		Delivery: config.Delivery{
			RetryBase: 5 * time.Second, RetryMax: time.Hour, GiveUp: 14 * 24 * time.Hour, Workers: 4, Lease: time.Minute,
		},
		Session: config.Session{Lifetime: 12 * time.Hour}, Launches: config.Launches{Keep: 14 * 24 * time.Hour},
		Log: config.Log{Level: "info", Format: "text"}, Limits: config.Limits{RefusalsPerMinute: 1200},
		Shutdown: config.Shutdown{Drain: time.Second, Timeout: 20 * time.Second},
	}
}

func TestLoadGivesDefaults(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"nothing": "", "empty file": file(t, ""), "comment": file(t, "# none\n"), "no values": file(t, "apply:\negress:\n"), "example": example} {
		if got := load(t, config.Options{File: path}); !reflect.DeepEqual(got, defaults()) {
			t.Errorf("%s: Load = %#v, want %#v", name, got, defaults())
		}
	}
}

func TestExampleHasEveryOptionWithOneComment(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var walk func(mapping *yaml.Node, prefix string)
	walk = func(mapping *yaml.Node, prefix string) {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			name, value := mapping.Content[i], mapping.Content[i+1]
			if value.Kind == yaml.MappingNode {
				walk(value, prefix+name.Value+".")
				continue
			}
			seen[prefix+name.Value] = true
			if !strings.HasPrefix(name.HeadComment, "# ") {
				t.Errorf("%s has no comment", prefix+name.Value)
			}
		}
	}
	walk(document.Content[0], "")
	for _, key := range config.Keys() {
		if !seen[key] {
			t.Errorf("%s is not in the example", key)
		}
	}
}

func TestKeysAreTheFieldsOfConfig(t *testing.T) {
	t.Parallel()
	var fields []string
	var walk func(of reflect.Type, prefix string)
	walk = func(of reflect.Type, prefix string) {
		for f := range of.Fields() {
			key := prefix + f.Tag.Get("mapstructure")
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type, key+".")
				continue
			}
			fields = append(fields, key)
		}
	}
	walk(reflect.TypeFor[config.Config](), "")
	if !reflect.DeepEqual(fields, config.Keys()) {
		t.Errorf("fields are %q, keys are %q", fields, config.Keys())
	}
}

func TestLoadTakesFlagsOverVariablesOverFile(t *testing.T) {
	t.Parallel()
	path := file(t, "listen: 127.0.0.1:1\ndata: /file\nlog: {level: debug}\ndelivery: {workers: 9}\n")
	flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	for _, name := range []string{"config", "listen", "public-url", "data"} {
		flags.String(name, "unset", "")
	}
	flags.Bool("demo", false, "")
	if err := flags.Parse([]string{"--config=" + path, "--listen=127.0.0.1:3", "--demo"}); err != nil {
		t.Fatal(err)
	}
	got := load(t, config.Options{File: path, Flags: flags, Env: env(map[string]string{
		"LTIHUB_LISTEN": "127.0.0.1:2", "LTIHUB_DATA": "/env", "LTIHUB_LOG_FORMAT": "json", "LTIHUB_LOG_LEVEL": "",
	})})
	want := defaults()
	want.Listen, want.PublicURL, want.Data, want.Demo = "127.0.0.1:3", "http://127.0.0.1:3", "/env", true
	want.Log, want.Delivery.Workers = config.Log{Level: "debug", Format: "json"}, 9
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Load = %#v, want %#v", got, want)
	}
}

func TestLoadReadsEveryVariable(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("A", 43) + "="
	got := load(t, config.Options{Env: env(map[string]string{
		"LTIHUB_LISTEN": "[::1]:9000", "LTIHUB_PUBLIC_URL": "HTTPS://Hub.Example.edu/", "LTIHUB_DATA": "/var/lib/ltihub",
		"LTIHUB_STORE": "postgres://u:p@db/ltihub", "LTIHUB_API_TOKEN": "token-1", "LTIHUB_MASTER_KEY": key,
		"LTIHUB_APPLY": "m.yaml", "LTIHUB_DEMO": "true", "LTIHUB_DEMO_LMS_LISTEN": "127.0.0.1:9001",
		"LTIHUB_DEMO_TOOL_LISTEN": "127.0.0.1:9002", "LTIHUB_TRUSTED_PROXIES": "192.0.2.1, 2001:db8::/32",
		"LTIHUB_EGRESS_ALLOW_CIDRS": "127.0.0.0/8,10.1.2.3/8", "LTIHUB_EGRESS_TIMEOUT": "3s",
		"LTIHUB_DELIVERY_RETRY_BASE": "200ms", "LTIHUB_DELIVERY_RETRY_MAX": "1s", "LTIHUB_DELIVERY_GIVE_UP": "1h",
		"LTIHUB_DELIVERY_WORKERS": "8", "LTIHUB_DELIVERY_LEASE": "2s", "LTIHUB_SESSION_LIFETIME": "1h",
		"LTIHUB_LAUNCHES_KEEP": "24h", "LTIHUB_METRICS_LISTEN": ":9100", "LTIHUB_LOG_LEVEL": "warn",
		"LTIHUB_LOG_FORMAT": "json", "LTIHUB_LIMITS_REFUSALS_PER_MINUTE": "0", "LTIHUB_SHUTDOWN_TIMEOUT": "5s", "LTIHUB_SHUTDOWN_DRAIN": "3s",
	})})
	want := config.Config{
		Listen: "[::1]:9000", PublicURL: "https://hub.example.edu", Data: "/var/lib/ltihub",
		Store: "postgres://u:p@db/ltihub", APIToken: "token-1", MasterKey: config.Secret(key),
		Apply: "m.yaml", Demo: true, DemoLMSListen: "127.0.0.1:9001", DemoToolListen: "127.0.0.1:9002",
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/32")},
		Egress: config.Egress{
			AllowCIDRs: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")},
			Timeout:    3 * time.Second,
		},
		Delivery: config.Delivery{
			RetryBase: 200 * time.Millisecond, RetryMax: time.Second, GiveUp: time.Hour, Workers: 8, Lease: 2 * time.Second,
		},
		Session: config.Session{Lifetime: time.Hour}, Launches: config.Launches{Keep: 24 * time.Hour},
		Metrics: config.Metrics{Listen: ":9100"}, Log: config.Log{Level: "warn", Format: "json"},
		Shutdown: config.Shutdown{Drain: 3 * time.Second, Timeout: 5 * time.Second},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Load = %#v, want %#v", got, want)
	}
}

func TestLoadReadsListsOfTheFile(t *testing.T) {
	t.Parallel()
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, text := range []string{"allow_cidrs: [10.0.0.0/8, '::1']", "allow_cidrs: ' 10.0.0.0/8, ::1 '"} {
		got := load(t, config.Options{File: file(t, "egress:\n  "+text+"\n")})
		if !reflect.DeepEqual(got.Egress.AllowCIDRs, want) {
			t.Errorf("%s: %v, want %v", text, got.Egress.AllowCIDRs, want)
		}
	}
}

func TestPublicURLFollowsListen(t *testing.T) {
	t.Parallel()
	tests := []struct{ listen, want string }{
		{"127.0.0.1:8090", "http://127.0.0.1:8090"},
		{"hub.example:80", "http://hub.example:80"},
		{":8080", "http://127.0.0.1:8080"},
		{"0.0.0.0:8080", "http://127.0.0.1:8080"},
		{"[::]:8080", "http://127.0.0.1:8080"},
		{"[::1]:8080", "http://[::1]:8080"},
		{"127.0.0.1:0", ""}, // known only once it listens
	}
	for _, tt := range tests {
		got := load(t, config.Options{Env: env(map[string]string{"LTIHUB_LISTEN": tt.listen})})
		if got.PublicURL != tt.want {
			t.Errorf("listen %s: PublicURL = %q, want %q", tt.listen, got.PublicURL, tt.want)
		}
	}
}

func TestLoadRefusesFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"unknown", "listen: 127.0.0.1:1\nlisten_adress: x\n", []string{`line 2: unknown option "listen_adress"`}},
		{"unknown below a group", "delivery:\n  retry_bse: 5s\n", []string{`line 2: unknown option "delivery.retry_bse"`}},
		{"several", "a: 1\nlog:\n  b: 2\n", []string{`line 1: unknown option "a"`, `line 3: unknown option "log.b"`}},
		{"other case", "Listen: x\n", []string{`line 1: unknown option "Listen"`}},
		{"group as option", "\negress: 10s\n", []string{`line 2: "egress" is a group`}},
		{"list", "- a\n", []string{"line 1"}},
		{"not YAML", "listen: [\n", []string{"line 1"}},
		{"twice", "data: a\ndata: b\n", []string{"data"}},
		{"duration without unit", "egress: {timeout: 5}\n", []string{"egress.timeout", "unit"}},
		{"several values", "egress: {timeout: soon}\ndelivery: {workers: many}\n", []string{"egress.timeout: \"soon\" is no duration", "\ndelivery.workers: many is no whole number"}},
		{"no range", "trusted_proxies: [proxy]\n", []string{"trusted_proxies", `"proxy"`}},
		{"number as text", "data: 5\n", []string{"data", "quotes"}},
		{"neither true nor false", "demo: maybe\n", []string{"demo", "maybe"}},
		{"half a worker", "delivery: {workers: 1.5}\n", []string{"delivery.workers", "whole number"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Load(config.Options{File: file(t, tt.text)})
			if err == nil {
				t.Fatal("Load took it")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
	if _, err := config.Load(config.Options{File: "/nowhere/ltihub.yaml"}); err == nil {
		t.Error("Load took a file that is not there")
	}
}

func FuzzLoadFile(f *testing.F) {
	for _, seed := range []string{"", "listen: 127.0.0.1:1\n", "log: {level: info}\n", "? [a]\n: b\n", "a: &a [*a]\n", "<<: {b: 1}\n"} {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "ltihub.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if c, err := config.Load(config.Options{File: path}); err == nil && c.Check() != nil {
			t.Errorf("Load(%q) gives what Check refuses", text)
		}
	})
}
