package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/ltihub/ltihub/internal/lti"
)

// declaredCauses reads the constants of lti.Cause from their source, so that a
// new one can't be forgotten.
func declaredCauses(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../internal/lti/refusal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var causes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Cause" {
			return true
		}
		for _, value := range spec.Values {
			word, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			causes = append(causes, word)
		}
		return true
	})
	return causes
}

func TestEveryCauseHasWords(t *testing.T) {
	t.Parallel()
	causes := declaredCauses(t)
	if len(causes) < 30 {
		t.Fatalf("found %d causes, want all of them", len(causes))
	}
	said := map[string]string{}
	for _, cause := range causes {
		text := or(new(speech).requestFault(lti.Cause(cause)), new(speech).meaningFault(lti.Cause(cause)))
		switch {
		case text == "":
			t.Errorf("the cause %q has no row in cause", cause)
		case !unicode.IsUpper(rune(text[0])) || strings.HasSuffix(text, ".") || strings.Contains(text, "_"):
			t.Errorf("the cause %q says %q, want a sentence without a full stop", cause, text)
		case said[text] != "":
			t.Errorf("the causes %q and %q both say %q", cause, said[text], text)
		}
		said[text] = cause
	}
}

func TestCauseText(t *testing.T) {
	t.Parallel()
	for cause, want := range map[string]string{
		"":          "No cause was recorded",
		"signature": "The signature does not hold",
		"moon_full": "Moon full",
	} {
		if got := new(speech).cause(cause); got != want {
			t.Errorf("cause(%q) = %q, want %q", cause, got, want)
		}
	}
}
