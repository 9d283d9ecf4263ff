// Package internal_test keeps the rules of the house: who may import whom, what
// stays pure, where files lie and how long they grow. It reads source text only
// and knows nothing of what the packages do.
package internal_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// floorTable puts every package on a floor. A package imports only from lower
// floors, so two on one floor never meet.
const floorTable = `
floor 5  cmd/ltihub
floor 4  server admin api
floor 3  provider enrol person directory consumer course delivery roster manifest session store/bolt store/postgres store/postgres/pgtest store/storetest browsertest
floor 2  launch outcome memberships setting contentitem cartridge sourcedid store web
floor 1  lti ltixml oauth1 vault config egress migrations simulator
`

// floors reads floorTable into a map from a package's folder to its floor.
// cmd/ltihub, web and migrations stand at the top level, all others below internal.
func floors() map[string]int {
	table := map[string]int{}
	for line := range strings.Lines(floorTable) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		for _, name := range fields[2:] {
			table[folder(name)] = int(fields[1][0] - '0')
		}
	}
	return table
}

func folder(name string) string {
	switch name {
	case "cmd/ltihub", "web", "migrations":
		return name
	}
	return "internal/" + name
}

// wiring lists what only cmd/ltihub imports, so that no part depends on how it
// is configured or on which engine holds its data.
func wiring() []string {
	return []string{"internal/config", "internal/store/bolt", "internal/store/postgres"}
}

// forTests lists what only tests import.
func forTests() []string {
	return []string{"internal/store/storetest", "internal/store/postgres/pgtest", "internal/browsertest"}
}

func TestEveryPackageHasAFloor(t *testing.T) {
	t.Parallel()
	report(t, unlisted(ourHouse(t)))
}

func TestImportsComeFromLowerFloors(t *testing.T) {
	t.Parallel()
	report(t, wrongImports(ourHouse(t)))
}

func unlisted(h house) []string {
	var faults []string
	table := floors()
	for _, dir := range h.packages() {
		if _, ok := table[dir]; !ok {
			faults = append(faults, dir+": not in the floor table")
		}
	}
	return faults
}

func wrongImports(h house) []string {
	var faults []string
	for _, f := range h {
		for path := range maps.Values(f.imports()) {
			ours, ok := strings.CutPrefix(path, modulePath+"/")
			if !ok {
				continue
			}
			if why := wrongImport(f.dir(), ours); why != "" {
				faults = append(faults, fmt.Sprintf("%s: imports %s: %s", f.path, ours, why))
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// wrongImport says why package from must not import package to, or "".
func wrongImport(from, to string) string {
	table := floors()
	switch {
	case from == "internal/simulator":
		return "a fake peer made of our own code would agree with our faults"
	case slices.Contains(forTests(), to):
		return "only tests import it"
	case slices.Contains(wiring(), to) && from != "cmd/ltihub":
		return "only cmd/ltihub knows it"
	case table[to] == 0:
		return "not in the floor table"
	case table[from] <= table[to]:
		return fmt.Sprintf("floor %d imports only from below, that is floor %d", table[from], table[to])
	}
	return ""
}

func TestWrongImport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from, to string
		allowed  bool
	}{
		{"cmd/ltihub", "internal/config", true},
		{"cmd/ltihub", "internal/server", true},
		{"cmd/ltihub", "internal/store/bolt", true},
		{"internal/store/bolt", "internal/store", true},
		{"internal/store/storetest", "internal/store", true},
		{"internal/admin", "web", true},
		{"web", "internal/lti", true},
		{"internal/admin", "internal/server", false},
		{"internal/provider", "internal/enrol", false},
		{"internal/store/bolt", "internal/store/postgres", false},
		{"internal/launch", "internal/outcome", false},
		{"internal/lti", "internal/store", false},
		{"internal/server", "internal/config", false}, // lower, yet the wiring's alone
		{"internal/server", "internal/store/bolt", false},
		{"cmd/ltihub", "internal/store/storetest", false},
		{"internal/store/postgres", "internal/store/postgres/pgtest", false},
		{"internal/simulator", "internal/lti", false},
		{"internal/server", "internal/unheardof", false},
		{"internal/unheardof", "internal/lti", false},
	}
	for _, tt := range tests {
		if why := wrongImport(tt.from, tt.to); (why == "") != tt.allowed {
			t.Errorf("wrongImport(%q, %q) = %q, want allowed %t", tt.from, tt.to, why, tt.allowed)
		}
	}
}

func TestFloorRulesFindFaults(t *testing.T) {
	t.Parallel()
	h := houseOf(t, map[string]string{
		"internal/lti/lti.go":       "package lti\nimport _ \"" + modulePath + "/internal/store\"\n",
		"internal/lti/lti_test.go":  "package lti\nimport _ \"" + modulePath + "/internal/server\"\n",
		"internal/store/store.go":   "package store\nimport l \"" + modulePath + "/internal/lti\"\n",
		"internal/helpers/mixed.go": "package helpers\n",
	})
	wantFaults(t, unlisted(h), "internal/helpers: not in the floor table")
	wantFaults(t, wrongImports(h),
		"internal/lti/lti.go: imports internal/store: floor 1 imports only from below, that is floor 2")
}
