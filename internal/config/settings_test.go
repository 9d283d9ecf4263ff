package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/config"
)

func TestSettingsTellAllButSecrets(t *testing.T) {
	t.Parallel()
	c := defaults()
	c.APIToken, c.Store, c.Delivery.RetryBase = "hush", "postgres://u:hush@db/x", 7*time.Second
	got := map[string]config.Setting{}
	for _, s := range c.Settings() {
		got[s.Key] = s
		if strings.Contains(s.Value, "hush") {
			t.Errorf("%s tells a secret", s.Key)
		}
	}
	if len(got) != len(config.Keys()) {
		t.Errorf("%d settings, want %d", len(got), len(config.Keys()))
	}
	if s := got["delivery.retry_base"]; s.Value != "7s" || s.Default {
		t.Errorf("delivery.retry_base is %+v", s)
	}
	if s := got["log.level"]; s.Value != "info" || !s.Default {
		t.Errorf("log.level is %+v", s)
	}
	if s := got["api_token"]; s.Value != config.Hidden || s.Default {
		t.Errorf("api_token is %+v", s)
	}
}
