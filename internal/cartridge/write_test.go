package cartridge_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/cartridge"
	"github.com/ltihub/ltihub/internal/ltixml"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestWriteGolden(t *testing.T) {
	t.Parallel()
	var plain cartridge.Link
	plain.Title = "Physics 101"
	plain.SetURL("https://hub.example/lti/launch/uni/phys101")
	for name, l := range map[string]cartridge.Link{"built_plain.xml": plain, "built_canvas.xml": graphPad()} {
		got := cartridge.Write(l)
		if *update {
			if err := os.WriteFile(filepath.Join("testdata", name), got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(fixed(t, name)), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWriteLeavesOutSecrets(t *testing.T) {
	t.Parallel()
	got := cartridge.Write(cartridge.Link{
		Canvas:     cartridge.Canvas{Settings: cartridge.Settings{More: map[string]string{"consumer_key": "hidden"}}},
		Extensions: []cartridge.Options{{Name: "p", Properties: map[string]string{"SharedSecret": "hidden", "a": "b"}}},
	})
	if bytes.Contains(got, []byte("hidden")) || !bytes.Contains(got, []byte(`<lticm:property name="a">b</lticm:property>`)) {
		t.Errorf("Write = %s", got)
	}
}

func TestWriteEscapes(t *testing.T) {
	t.Parallel()
	got := cartridge.Write(cartridge.Link{Title: "a\x00<b>\xff&", Custom: map[string]string{`"><x y="`: "]]>"}})
	if _, err := ltixml.Parse(got); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a\uFFFD&lt;b&gt;\uFFFD&amp;", `name="&#34;&gt;&lt;x y=&#34;"`, "]]&gt;"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("Write = %s\nwant %s in it", got, want)
		}
	}
}

// text is any text that XML can hold, not empty, without white space around it.
func text() *rapid.Generator[string] {
	return rapid.Map(rapid.StringN(0, 12, -1), func(s string) string {
		return "t" + strings.TrimRight(strings.Map(func(c rune) rune {
			if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xFFFE || c == 0xFFFF {
				return -1
			}
			return c
		}, s), " \t\r\n")
	})
}

func maybe(t *rapid.T, name string) string {
	return rapid.OneOf(rapid.Just(""), text()).Draw(t, name)
}

func maybeURL(t *rapid.T, name, scheme string) string {
	return rapid.SampledFrom([]string{"", scheme + "://t.example/l", scheme + "://t.example:8443/l?a=1&b='2'"}).Draw(t, name)
}

func values(t *rapid.T, name string) map[string]string {
	m := rapid.MapOfN(text(), rapid.OneOf(rapid.Just(""), text()), 0, 3).Draw(t, name)
	if len(m) == 0 {
		return nil
	}
	return m
}

func options(t *rapid.T, depth int) []cartridge.Options {
	var all []cartridge.Options
	for _, name := range rapid.SliceOfNDistinct(text(), 0, 2, rapid.ID[string]).Draw(t, "names") {
		o := cartridge.Options{Name: name, Properties: values(t, "properties")}
		if depth > 0 {
			o.Options = options(t, depth-1)
		}
		all = append(all, o)
	}
	return all
}

func settings(t *rapid.T) cartridge.Settings {
	return cartridge.Settings{
		URL: maybeURL(t, "url", "https"), Text: maybe(t, "text"), IconURL: maybeURL(t, "icon", "http"),
		MessageType: maybe(t, "message"), Enabled: maybe(t, "enabled"), Default: maybe(t, "default"),
		Visibility: maybe(t, "visibility"), WindowTarget: maybe(t, "window"),
		Width: rapid.IntRange(0, 4000).Draw(t, "width"), Height: rapid.IntRange(0, 4000).Draw(t, "height"),
		Custom: values(t, "custom fields"), Labels: values(t, "labels"), More: values(t, "more"),
	}
}

func links(t *rapid.T) cartridge.Link {
	l := cartridge.Link{
		Title: maybe(t, "title"), Description: maybe(t, "description"),
		LaunchURL: "http://t.example/l", SecureLaunchURL: maybeURL(t, "secure", "https"),
		Icon: maybeURL(t, "icon", "http"), SecureIcon: maybeURL(t, "secure icon", "https"),
		Vendor: cartridge.Vendor{Code: maybe(t, "code"), Name: maybe(t, "name"), Description: maybe(t, "words"),
			URL: maybeURL(t, "home", "https"), Contact: maybe(t, "contact")},
		Custom:     values(t, "custom"),
		Canvas:     cartridge.Canvas{ToolID: maybe(t, "tool"), PrivacyLevel: maybe(t, "level"), Settings: settings(t)},
		Extensions: options(t, 2),
	}
	for _, name := range rapid.SliceOfNDistinct(text(), 0, 3, rapid.ID[string]).Draw(t, "placements") {
		l.Canvas.Placements = append(l.Canvas.Placements, cartridge.Placement{Name: name, Settings: settings(t)})
	}
	return l
}

func TestLinkComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := links(t)
		got, err := cartridge.Parse(cartridge.Write(want))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("Parse of Write = %v (-want +got):\n%s", err, diff)
		}
	})
}

// What is read and written once does not change any more.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		f.Add(fixed(f, filepath.Base(name)))
	}
	f.Add([]byte(`<!DOCTYPE x><cartridge_basiclti_link/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := cartridge.Parse(data)
		if err != nil {
			return
		}
		first.Warnings = nil
		written := cartridge.Write(first)
		if len(written) > cartridge.MaxDocument {
			return // escapes made it longer than what it came from
		}
		second, err := cartridge.Parse(written)
		if diff := cmp.Diff(first, second); err != nil || diff != "" {
			t.Errorf("Parse of Write of %q = %v (-first +second):\n%s", data, err, diff)
		}
	})
}
