package internal_test

import (
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const (
	maxFunc = 60  // lines from "func" to the closing brace
	maxFile = 400 // lines of a file that is no test
)

func TestTopLevel(t *testing.T) {
	t.Parallel()
	var faults []string
	allowed := strings.Fields("cmd internal web configs migrations go.mod go.sum Makefile README.md LICENSE")
	for _, name := range topLevel(t) {
		if !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) {
			faults = append(faults, name+": has no place at the top level")
		}
	}
	report(t, faults)
}

// topLevel returns what git tracks at the top level or, in a tree that came
// without git, what lies there.
func topLevel(t *testing.T) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "-c", "safe.directory=*", "ls-files")
	list.Dir = ".."
	out, err := list.Output()
	if err == nil && len(out) > 0 {
		var names []string
		for path := range strings.Lines(string(out)) {
			name, _, _ := strings.Cut(strings.TrimSpace(path), "/")
			names = append(names, name)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatalf("list top level: %v", err)
	}
	var names []string
	for _, e := range entries {
		if !slices.Contains([]string{"bin", "data"}, e.Name()) { // ignored by git: built and run here
			names = append(names, e.Name())
		}
	}
	return names
}

func TestFilesAndFunctionsStayShort(t *testing.T) {
	t.Parallel()
	report(t, tooLong(ourHouse(t)))
}

func TestNoPackageRunsInit(t *testing.T) {
	t.Parallel()
	report(t, inits(ourHouse(t)))
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	t.Parallel()
	report(t, undocumented(ourHouse(t)))
}

func TestLowerFloorsArePure(t *testing.T) {
	t.Parallel()
	report(t, impure(ourHouse(t)))
}

func tooLong(h house) []string {
	var faults []string
	for _, f := range h {
		if f.lines > maxFile {
			faults = append(faults, fmt.Sprintf("%s: %d lines, at most %d", f.path, f.lines, maxFile))
		}
		for _, fn := range f.funcs() {
			if n := f.line(fn.End()) - f.line(fn.Pos()) + 1; n > maxFunc {
				faults = append(faults, fmt.Sprintf("%s: func %s: %d lines, at most %d", f.path, fn.Name.Name, n, maxFunc))
			}
		}
	}
	return faults
}

func inits(h house) []string {
	var faults []string
	for _, f := range h {
		for _, fn := range f.funcs() {
			if fn.Recv == nil && fn.Name.Name == "init" {
				faults = append(faults, f.path+": func init: let the caller ask for it")
			}
		}
	}
	return faults
}

// undocumented wants one comment of two lines or more on each package.
func undocumented(h house) []string {
	docs := map[string][]string{}
	for _, f := range h {
		if f.ast.Doc != nil {
			docs[f.dir()] = append(docs[f.dir()], f.ast.Doc.Text())
		}
	}
	var faults []string
	for _, dir := range h.packages() {
		switch n := len(docs[dir]); {
		case n != 1:
			faults = append(faults, fmt.Sprintf("%s: %d package comments, want 1", dir, n))
		case strings.Count(docs[dir][0], "\n") < 2:
			faults = append(faults, dir+": package comment has one line, want what it owns and what it must not know")
		}
	}
	return faults
}

// impureNames are the imports, and the single names of an import, that bring a
// clock, chance, a disk, a network or a logger with them.
func impureNames() []string {
	return strings.Fields(`
		database/sql io/ioutil log log/slog math/rand math/rand/v2 net net/http os os/exec os/signal syscall
		time.After time.AfterFunc time.NewTicker time.NewTimer time.Now time.Since time.Sleep time.Tick time.Until
		net/http.Client net/http.DefaultClient net/http.DefaultTransport net/http.Get net/http.Head
		net/http.ListenAndServe net/http.ListenAndServeTLS net/http.Post net/http.PostForm net/http.Server net/http.Transport`)
}

// impureButAllowed returns which of impureNames a package of floor 1 or 2 needs for its work.
func impureButAllowed(dir string) []string {
	switch dir {
	case "internal/config": // reads its file and the environment, checks addresses, hides secrets from the log
		return []string{"os", "net", "log/slog"}
	case "internal/oauth1": // signs and verifies requests; one client, which only captures, stands under mrjones/oauth
		return []string{"net/http", "net/http.Client"}
	case "migrations": // goose takes the database as database/sql has it
		return []string{"database/sql"}
	case "web": // serves its static files
		return []string{"net/http"}
	case "internal/egress", "internal/simulator": // the outgoing client; a whole LMS and a whole tool
		return impureNames()
	}
	return nil
}

func impure(h house) []string {
	var faults []string
	table := floors()
	for _, f := range h {
		if table[f.dir()] > 2 {
			continue
		}
		allowed := impureButAllowed(f.dir())
		for _, name := range f.uses() {
			if slices.Contains(impureNames(), name) && !slices.Contains(allowed, name) {
				faults = append(faults, f.path+": uses "+name+": floors 1 and 2 are pure")
			}
		}
	}
	return faults
}

func TestHouseRulesFindFaults(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\n", maxFunc-1)
	h := houseOf(t, map[string]string{
		"internal/lti/doc.go":       "// Package lti is this\n// and not that.\npackage lti\n",
		"internal/lti/score.go":     "package lti\nimport clock \"time\"\nvar now = clock.Now\nfunc init() {}\n",
		"internal/lti/fits.go":      "package lti\ntype t struct{}\nfunc (t) init() {}\nfunc fits() {" + long + "}\n",
		"internal/lti/long.go":      "package lti\nfunc long() {\n" + long + "}\n",
		"internal/lti/long_test.go": "package lti\nfunc long() {\n" + long + "}\n",
		"internal/oauth1/sign.go":   "// Package oauth1 signs.\npackage oauth1\nimport \"net/http\"\nvar c = http.DefaultClient\n",
		"internal/server/server.go": "package server\nimport _ \"os\"\n" + strings.Repeat("\n", maxFile-1),
	})
	wantFaults(t, tooLong(h),
		"internal/lti/long.go: func long: 61 lines, at most 60",
		"internal/server/server.go: 401 lines, at most 400")
	wantFaults(t, inits(h), "internal/lti/score.go: func init: let the caller ask for it")
	wantFaults(t, undocumented(h),
		"internal/oauth1: package comment has one line, want what it owns and what it must not know",
		"internal/server: 0 package comments, want 1")
	wantFaults(t, impure(h),
		"internal/lti/score.go: uses time.Now: floors 1 and 2 are pure",
		"internal/oauth1/sign.go: uses net/http.DefaultClient: floors 1 and 2 are pure")
}

// funcs returns the functions and methods that f declares.
func (f source) funcs() []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, d := range f.ast.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			all = append(all, fn)
		}
	}
	return all
}
