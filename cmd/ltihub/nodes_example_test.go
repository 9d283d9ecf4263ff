package main

import (
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/store/postgres/pgtest"
)

const nodesExample = "../../configs/nodes/"

// exampleLines are the lines of an example that say something.
func exampleLines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(nodesExample + name)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestTheExampleOfNodesIsRead(t *testing.T) {
	t.Parallel()
	variables := map[string]string{}
	for _, line := range exampleLines(t, "secrets.env") {
		name, value, _ := strings.Cut(line, "=")
		variables[name] = value
	}
	if _, ok := variables["LTIHUB_MASTER_KEY"]; !ok {
		t.Error("secrets.env does not ask for the master key")
	}
	cfg, err := config.Load(config.Options{
		File: nodesExample + "ltihub.yaml",
		Env:  func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
	})
	if err != nil {
		t.Fatal(err)
	}
	address, _, _ := strings.Cut(string(cfg.Store), "&sslmode") // the certificate is not on this machine
	dsn, err := pgx.ParseConfig(address + "&sslmode=require&sslrootcert=")
	if err != nil {
		t.Fatal(err)
	}
	if len(dsn.Fallbacks) != 1 || dsn.Host == dsn.Fallbacks[0].Host || dsn.ValidateConnect == nil {
		t.Errorf("the store's address leads to %s and %d others, want two servers and the one that takes writes", dsn.Host, len(dsn.Fallbacks))
	}
}

// TestTheExampleOfAPairStarts starts a database with the example's settings.
func TestTheExampleOfAPairStarts(t *testing.T) {
	t.Parallel()
	var settings []string
	for _, line := range exampleLines(t, "postgresql.conf") {
		if !strings.HasPrefix(line, "listen_addresses") { // not this machine's
			settings = append(settings, line)
		}
	}
	c, err := pgtest.Start(settings...)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Remove(); err != nil {
		t.Error(err)
	}
}
