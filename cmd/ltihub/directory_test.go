package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDirectoryCommandLoadsAFile(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	run := func(args ...string) (int, string) {
		var out, errs strings.Builder
		code := command(t.Context(), args, streams{strings.NewReader(""), &out, &errs}, func(string) (string, bool) { return "", false })
		return code, out.String() + errs.String()
	}
	if code, text := run("apply", "--data", data, write("m.yaml", "version: 1\ndomains: [{id: uni}]\n")); code != 0 {
		t.Fatalf("apply = %d %s", code, text)
	}
	file := write("people.csv", "username,email\nada,ada@uni.example\n")
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"dry run", []string{"directory", "load", "--data", data, "--dry-run", "uni", file}, 0, "1 people: 1 added, 0 changed, 0 removed; nothing was changed yet"},
		{"load", []string{"directory", "load", "--data", data, "uni", file}, 0, "1 added"},
		{"again", []string{"directory", "load", "--data", data, "uni", file}, 0, "0 added"},
		{"faults", []string{"directory", "load", "--data", data, "uni", write("bad.csv", "username\na\na\n")}, 1, "line 3"},
		{"no domain", []string{"directory", "load", "--data", data, "none", file}, 1, "not found"},
		{"no server", []string{"directory", "test", "uni", "ada"}, 1, "no directory"},
	}
	for _, tt := range tests {
		if code, text := run(tt.args...); code != tt.code || !strings.Contains(text, tt.want) {
			t.Errorf("%s = %d %q, want %d with %q", tt.name, code, text, tt.code, tt.want)
		}
	}
}
