package migrations_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/migrations"
)

func TestPostgresStepsAreNumberedFromOneAndGoForward(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(migrations.PostgresSteps(), "*")
	if err != nil || len(names) == 0 {
		t.Fatalf("Glob() = %q, %v", names, err)
	}
	word := regexp.MustCompile(`^\d{4}_[a-z_]+\.sql$`)
	for i, name := range names {
		if !word.MatchString(name) || !strings.HasPrefix(name, fmt.Sprintf("%04d_", i+1)) {
			t.Errorf("step %d is named %q", i+1, name)
		}
		text, err := fs.ReadFile(migrations.PostgresSteps(), name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "-- +goose Up\n") || strings.Contains(string(text), "-- +goose Down") {
			t.Errorf("%s does not go forward only", name)
		}
	}
}
