package cartridge_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/cartridge"
	"github.com/ltihub/ltihub/internal/lti"
)

// What a link file says to platforms comes out of the tool's own link file again,
// and may be kept, whatever it is.
func TestExtensionsComeBackFromTheTool(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tool, err := links(t).ToTool()
		if err != nil {
			t.Fatal(err)
		}
		if err := lti.CheckExtensions(tool.Extensions); err != nil {
			t.Fatalf("what is kept can't be kept: %v", err)
		}
		link, err := cartridge.Parse(cartridge.Write(cartridge.FromTool(tool)))
		if err != nil {
			t.Fatal(err)
		}
		again, err := link.ToTool()
		if diff := cmp.Diff(tool.Extensions, again.Extensions); err != nil || diff != "" {
			t.Fatalf("ToTool = %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestExtensionsAreBounded(t *testing.T) {
	t.Parallel()
	many := map[string]string{}
	for i := range lti.MaxExtensionParts {
		many[fmt.Sprintf("p%03d", i)] = "x"
	}
	deep := cartridge.Options{Name: "bottom", Properties: map[string]string{"a": "b"}}
	for range lti.MaxExtensionDepth {
		deep = cartridge.Options{Name: "deeper", Properties: map[string]string{"p": "x"}, Options: []cartridge.Options{deep}}
	}
	long := map[string]string{"long": strings.Repeat("x", lti.MaxAbout+1)}
	for i := range 5 {
		long[fmt.Sprintf("l%d", i)] = strings.Repeat("x", lti.MaxAbout-2)
	}
	for name, tt := range map[string]struct {
		with cartridge.Options
		left int
	}{
		"many":    {cartridge.Options{Name: "p", Properties: many}, 1},
		"deep":    {deep, 1},
		"long":    {cartridge.Options{Name: "p", Properties: long}, 3},
		"a name":  {cartridge.Options{Name: "p", Properties: map[string]string{"a": "b", "a\tb": "", strings.Repeat("n", 4000): ""}}, 2},
		"nothing": {cartridge.Options{Name: "p", Properties: map[string]string{"a": "b"}}, 0},
	} {
		l := cartridge.Link{LaunchURL: "http://t.example/l", Extensions: []cartridge.Options{tt.with}}
		tool, err := l.ToTool()
		if err != nil || l.LeftOut() != tt.left {
			t.Errorf("%s: %d left out, %v, want %d", name, l.LeftOut(), err, tt.left)
		}
		if err := lti.CheckExtensions(tool.Extensions); err != nil || len(tool.Extensions) != 1 {
			t.Errorf("%s: %d extensions, %v", name, len(tool.Extensions), err)
		}
	}
}

// A tool's own size, privacy and placements win over what its extensions say of
// Canvas, and a secret in them goes nowhere.
func TestExtensionsDoNotReplaceTheTool(t *testing.T) {
	t.Parallel()
	tool := quizzer()
	tool.Extensions = []lti.ToolExtension{{Name: "canvas.instructure.com", Properties: map[string]string{
		"tool_id": "other", "privacy_level": "anonymous", "selection_width": "1", "windowTarget": "_self", "url": "https://evil.example", "shared_secret": "hidden",
	}, Options: []lti.ToolExtension{
		{Name: "account_navigation", Properties: map[string]string{"url": "https://evil.example"}},
		{Name: "course_navigation", Properties: map[string]string{"url": "https://evil.example"}},
		{Name: "custom_fields", Properties: map[string]string{"chapter": "evil"}},
	}}}
	text := string(cartridge.Write(cartridge.FromTool(tool)))
	if strings.Contains(text, "evil") || strings.Contains(text, "hidden") || !strings.Contains(text, `"selection_width">800<`) || !strings.Contains(text, `"privacy_level">public<`) {
		t.Errorf("the link file is\n%s", text)
	}
}

func TestCheckExtensionsRefuses(t *testing.T) {
	t.Parallel()
	one := lti.ToolExtension{Name: "p"}
	for name, all := range map[string][]lti.ToolExtension{
		"twice": {one, one}, "no name": {{}}, "no property name": {{Name: "p", Properties: map[string]string{"": ""}}},
		"no UTF-8": {{Name: "p", Properties: map[string]string{"a": "\xff"}}}, "below": {{Name: "p", Options: []lti.ToolExtension{{}}}},
	} {
		if lti.CheckExtensions(all) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
