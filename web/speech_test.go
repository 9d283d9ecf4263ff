package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"text/template/parse"

	"golang.org/x/net/html"
)

func newSpeeches(t testing.TB) *speeches {
	t.Helper()
	s, err := readSpeeches(files, "locales")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLocaleChoosesTheLanguage(t *testing.T) {
	t.Parallel()
	spoken := newSpeeches(t)
	for locale, want := range map[string]string{
		"": "en", "en_GB": "en-GB", "EN-us": "en-US", "de": "de", "de-CH": "de-CH", "de_AT": "de-AT",
		"fr": "en", "nds": "en", "de;q=0.9, en;q=0.8": "de", "fr, de;q=0.5": "de", `en-"x`: "en", "en-US__": "en", "*": "en", "\x00": "en",
	} {
		if got := spoken.all[spoken.index(locale)].lang(locale); got != want {
			t.Errorf("the page for %q is in %q, want %q", locale, got, want)
		}
	}
}

func TestSpeechGoesByNumber(t *testing.T) {
	t.Parallel()
	spoken, err := readSpeeches(fstest.MapFS{
		"l/en.yaml": {Data: []byte("\"%d scores of %s\": {one: \"%d score of %s\", other: \"%d scores of %s\"}\n")},
		"l/de.yaml": {Data: []byte("\"%d scores of %s\": {one: \"%d Punktzahl von %s\", other: \"%d Punktzahlen von %s\"}\nDone.: Fertig.\n")},
	}, "l")
	if err != nil {
		t.Fatal(err)
	}
	en, de := spoken.all[0], spoken.all[1]
	for _, tt := range []struct{ got, want string }{
		{en.say("%d scores of %s", 1, "Ada"), "1 score of Ada"},
		{en.say("%d scores of %s", 1234, "Ada"), "1,234 scores of Ada"},
		{de.say("%d scores of %s", 1, "Ada"), "1 Punktzahl von Ada"},
		{de.say("%d scores of %s", 1234, "100 %"), "1.234 Punktzahlen von 100 %"},
		{de.say("%d new", 2), "2 new"},
		{de.echo("Done."), "Fertig."},
		{de.echo("50 % of it: %d"), "50 % of it: %d"},
	} {
		if tt.got != tt.want {
			t.Errorf("said %q, want %q", tt.got, tt.want)
		}
	}
}

func TestEveryTextHasAWording(t *testing.T) {
	t.Parallel()
	used := textsOfTemplates(t)
	maps.Copy(used, textsOfCode(t))
	echoed := literals(t, ".", "../internal/*")
	for _, s := range newSpeeches(t).all[1:] {
		for _, text := range slices.Sorted(maps.Keys(used)) {
			if !s.known[text] {
				t.Errorf("locales/%s.yaml lacks %q, which %s says", s.tag, text, used[text])
			}
		}
		for _, text := range slices.Sorted(maps.Keys(s.known)) {
			if used[text] == "" && !echoed[text] {
				t.Errorf("locales/%s.yaml has %q, which nobody says", s.tag, text)
			}
		}
	}
}

func TestWordingsTakeWhatTheTextGives(t *testing.T) {
	t.Parallel()
	for _, s := range newSpeeches(t).all {
		for text := range s.known {
			args := sampleArgs(text)
			for _, wrong := range []string{"%!", "EXTRA", "MISSING"} {
				if got := s.say(text, args...); strings.Contains(got, wrong) {
					t.Errorf("%s: %q says %q", s.tag, text, got)
				}
			}
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d\])?[sdvq%]`)

func sampleArgs(text string) []any {
	var args []any
	for _, v := range verb.FindAllString(text, -1) {
		switch v[len(v)-1] {
		case 'd':
			args = append(args, 2)
		case 's', 'v', 'q':
			args = append(args, "x")
		}
	}
	return args
}

// textsOfTemplates are the texts that templates say, with the file.
func textsOfTemplates(t testing.TB) map[string]string {
	t.Helper()
	used := map[string]string{}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		tree := parse.New(name)
		tree.Mode = parse.SkipFuncCheck
		set := map[string]*parse.Tree{}
		if _, err := tree.Parse(string(text), "{{", "}}", set); err != nil {
			t.Fatal(err)
		}
		for _, one := range set {
			commands(one.Root, func(c *parse.CommandNode) {
				if len(c.Args) < 2 || c.Args[0].String() != "t" {
					return
				}
				if said, ok := c.Args[1].(*parse.StringNode); ok {
					used[said.Text] = name
				}
			})
		}
	}
	return used
}

// commands visits every command below a node.
func commands(node parse.Node, visit func(*parse.CommandNode)) {
	pipe := func(p *parse.PipeNode) {
		if p == nil {
			return
		}
		for _, c := range p.Cmds {
			visit(c)
			for _, arg := range c.Args {
				commands(arg, visit)
			}
		}
	}
	branch := func(b *parse.BranchNode) {
		pipe(b.Pipe)
		commands(b.List, visit)
		commands(b.ElseList, visit)
	}
	switch n := node.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, one := range n.Nodes {
				commands(one, visit)
			}
		}
	case *parse.ActionNode:
		pipe(n.Pipe)
	case *parse.PipeNode:
		pipe(n)
	case *parse.TemplateNode:
		pipe(n.Pipe)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	}
}

// textsOfCode are the texts that the package's own code says, with the file.
func textsOfCode(t testing.TB) map[string]string {
	t.Helper()
	used := map[string]string{}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			fn, ok := call.Fun.(*ast.SelectorExpr)
			text, isText := call.Args[0].(*ast.BasicLit)
			if ok && isText && fn.Sel.Name == "say" {
				said, err := strconv.Unquote(text.Value)
				if err != nil {
					t.Fatal(err)
				}
				used[said] = name
			}
			return true
		})
	}
	return used
}

// literals are the string literals of packages: what others finish, and pages
// echo.
func literals(t testing.TB, dirs ...string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, dir := range dirs {
		names, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(names) == 0 {
			t.Fatalf("no code in %s: %v", dir, err)
		}
		for _, name := range names {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
					if said, err := strconv.Unquote(text.Value); err == nil {
						all[said] = true
					}
				}
				return true
			})
		}
	}
	return all
}

// stillEnglish are the templates that have texts outside of t. The list only
// gets shorter.
func stillEnglish() []string {
	return strings.Fields(``)
}

func TestTemplatesSpeakThroughT(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		found := plainWords(string(text))
		listed := slices.Contains(stillEnglish(), strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html"))
		if len(found) > 0 && !listed {
			t.Errorf("%s says without t: %q", name, found)
		}
		if len(found) == 0 && listed {
			t.Errorf("%s is done: take it off the list", name)
		}
	}
}

var (
	action = regexp.MustCompile(`(?s)\{\{define "(?:kind|marks|field-marks)"\}\}[^\n]*|\{\{.*?\}\}|</?noscript>`) // a class, and attributes
	word   = regexp.MustCompile(`\p{L}{2,}`)
)

// plainWords are what a template says to people in letters of its own.
func plainWords(text string) []string {
	var found []string
	add := func(s string) {
		if s = strings.TrimSpace(s); word.MatchString(s) && s != "ltihub" {
			found = append(found, s)
		}
	}
	z := html.NewTokenizer(strings.NewReader(action.ReplaceAllString(text, "")))
	raw := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data == "code" || token.Data == "pre" {
				raw = token.Data
			}
			for _, a := range token.Attr {
				if a.Key == "title" || a.Key == "alt" || a.Key == "aria-label" || a.Key == "placeholder" {
					add(a.Val)
				}
			}
		case html.EndTagToken:
			if token := z.Token(); token.Data == raw {
				raw = ""
			}
		case html.TextToken:
			if raw == "" {
				add(string(z.Text()))
			}
		}
	}
}
