package internal_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const modulePath = "github.com/ltihub/ltihub"

// house is every Go file that is no test, in the order of its path.
type house []source

// source is one parsed file; path is relative to the top level.
type source struct {
	path  string
	lines int
	ast   *ast.File
	set   *token.FileSet
}

func ourHouse(t *testing.T) house {
	t.Helper()
	return readHouse(t, os.DirFS(".."))
}

// houseOf makes a house of invented files, to show that a rule finds faults.
func houseOf(t *testing.T, files map[string]string) house {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return readHouse(t, tree)
}

func readHouse(t *testing.T, tree fs.FS) house {
	t.Helper()
	var h house
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && outside(name):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		f, err := readSource(tree, name)
		h = append(h, f)
		return err
	})
	if err != nil {
		t.Fatalf("read the house: %v", err)
	}
	return h
}

// outside reports whether go build passes over the folder, or git does.
func outside(dir string) bool {
	base := path.Base(dir)
	return base == "testdata" || dir == "bin" || dir == "data" || dir != "." && strings.HasPrefix(base, ".")
}

func readSource(tree fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return source{}, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{path: name, lines: bytes.Count(text, []byte("\n")), ast: file, set: set}, err
}

// packages returns the folders that hold Go files, each once.
func (h house) packages() []string {
	var dirs []string
	for _, f := range h {
		dirs = append(dirs, f.dir())
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

func (f source) dir() string { return path.Dir(f.path) }

func (f source) line(p token.Pos) int { return f.set.Position(p).Line }

// imports maps the name by which the file calls an import to the import's path.
// A blank import has its path for a name, so that two of them both count.
func (f source) imports() map[string]string {
	names := map[string]string{}
	for _, spec := range f.ast.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused such a file
		}
		name := path.Base(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "_" || name == "." || names[name] != "" {
			name = importPath
		}
		names[name] = importPath
	}
	return names
}

// uses returns the paths that the file imports and, as path.Name, what it takes
// from each; sorted, each once.
func (f source) uses() []string {
	imports := f.imports()
	var used []string
	for _, importPath := range imports {
		used = append(used, importPath)
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && imports[x.Name] != "" {
				used = append(used, imports[x.Name]+"."+sel.Sel.Name)
			}
		}
		return true
	})
	slices.Sort(used)
	return slices.Compact(used)
}

func report(t *testing.T, faults []string) {
	t.Helper()
	for _, fault := range faults {
		t.Error(fault)
	}
}

func wantFaults(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
