package cartridge_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/cartridge"
)

func fixed(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// graphPad is what testdata/canvas.xml says.
func graphPad() cartridge.Link {
	return cartridge.Link{
		Title: "Graph pad", Description: "Draw & share <graphs>",
		LaunchURL:       "http://tool.example.org/l?a=1&b=2",
		SecureLaunchURL: "https://tool.example.org/l?a=1&b=2",
		Icon:            "http://tool.example.org/i.png", SecureIcon: "https://tool.example.org/i.png",
		Vendor: cartridge.Vendor{Code: "example.org", Name: "Example", Description: "Makes graphs",
			URL: "https://example.org", Contact: "help@example.org"},
		Custom: map[string]string{"mode": "exam", "key": "chapter 3"},
		Canvas: cartridge.Canvas{
			ToolID: "graph_pad", PrivacyLevel: cartridge.PrivacyNameOnly, Domain: "tool.example.org",
			Settings: cartridge.Settings{
				Text: "Graphs", IconURL: "https://tool.example.org/c.png", Width: 800, Height: 600,
				Custom: map[string]string{"mode": "canvas", "sis": "$Canvas.course.sisSourceId"},
				More:   map[string]string{"prefer_sis_email": "true"},
				MoreOptions: []cartridge.Options{{Name: "environments",
					Properties: map[string]string{"launch_url": "https://test.example.org/l"}}},
			},
			Placements: []cartridge.Placement{
				{Name: "course_navigation", Settings: cartridge.Settings{
					URL: "https://tool.example.org/nav", Enabled: "true", Default: "disabled", Visibility: "admins",
					WindowTarget: "_blank", Custom: map[string]string{"k": "v"}, Labels: map[string]string{"es": "Gráficos"}}},
				{Name: "editor_button", Settings: cartridge.Settings{
					MessageType: "ContentItemSelectionRequest", More: map[string]string{"canvas_icon_class": "icon-lti"}}},
			},
		},
	}
}

func TestParseReadsFixedTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file string
		want cartridge.Link
	}{
		{"canvas.xml", graphPad()},
		{"old.xml", cartridge.Link{
			Title: "Old pad", LaunchURL: "http://old.example.org/l", SecureLaunchURL: "https://old.example.org/l",
			Icon: "http://old.example.org/i.gif", SecureIcon: "https://old.example.org/i.gif",
			Vendor:     cartridge.Vendor{Code: "old.example.org", Name: "Old", Contact: "old@example.org"},
			Custom:     map[string]string{"mode": "drill"},
			Extensions: []cartridge.Options{{Name: "www.lms.example", Properties: map[string]string{"colour": "green"}}},
			Warnings:   []string{`property "shared_secret" in www.lms.example is left out: a link file must not carry keys or secrets`},
		}},
		{"moodle.xml", cartridge.Link{
			Title: "Lesson", LaunchURL: "https://moodle.example.org/enrol/lti/tool.php?id=4",
			Extensions: []cartridge.Options{
				{Name: "moodle.example.org",
					Properties: map[string]string{"icon_url": "https://moodle.example.org/i", "secure_icon_url": "https://moodle.example.org/s"},
					Options: []cartridge.Options{{Name: "places", Properties: map[string]string{"course": "1"},
						Options: []cartridge.Options{{Name: "deeper"}}}}},
				{Name: "other.example.org"},
			},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			got, err := cartridge.Parse(fixed(t, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Parse (-want +got):\n%s", diff)
			}
		})
	}
}

// file wraps elements into a link file.
func file(inside string) string {
	return "<cartridge_basiclti_link>" + inside + "</cartridge_basiclti_link>"
}

const launch = "<launch_url>https://t.example/l</launch_url>"

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     error
	}{
		{"nothing", "", cartridge.ErrXML},
		{"no XML", "https://t.example/l", cartridge.ErrXML},
		{"cut", file(launch)[:60], cartridge.ErrXML},
		{"two roots", file(launch) + file(launch), cartridge.ErrXML},
		{"DOCTYPE", "<!DOCTYPE x>" + file(launch), cartridge.ErrXML},
		{"external entity", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + file("<title>&e;</title>"+launch), cartridge.ErrXML},
		{"billion laughs", `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>` + file("<title>&b;</title>"), cartridge.ErrXML},
		{"instruction", file("<?php echo 1?>" + launch), cartridge.ErrXML},
		{"too deep", file(launch + strings.Repeat("<a>", 32) + strings.Repeat("</a>", 32)), cartridge.ErrXML},
		{"much too deep", strings.Repeat("<a>", 60_000), cartridge.ErrXML},
		{"another encoding", `<?xml version="1.0" encoding="UTF-16"?>` + file(launch), cartridge.ErrXML},
		{"too large", file(launch + strings.Repeat(" ", cartridge.MaxDocument)), cartridge.ErrTooLarge},
		{"a web page", "<html><body/></html>", cartridge.ErrNotLink},
		{"a manifest", "<manifest><cartridge_basiclti_link/></manifest>", cartridge.ErrNotLink},
		{"no URL", file("<title>x</title>"), cartridge.ErrURL},
		{"empty URLs", file("<launch_url/><secure_launch_url> </secure_launch_url>"), cartridge.ErrURL},
		{"relative", file("<launch_url>/l</launch_url>"), cartridge.ErrURL},
		{"script", file("<launch_url>javascript:alert(1)</launch_url>"), cartridge.ErrURL},
		{"with a password", file("<launch_url>https://u:p@t.example/l</launch_url>"), cartridge.ErrURL},
		{"one good and one bad", file(launch + "<secure_launch_url>file:///etc/passwd</secure_launch_url>"), cartridge.ErrURL},
		{"a bad placement alone", file(`<extensions platform="canvas.instructure.com"><options name="course_navigation"><property name="url">data:x</property></options></extensions>`), cartridge.ErrURL},
		{"a domain that is a URL", file(`<extensions platform="canvas.instructure.com"><property name="domain">https://t.example</property></extensions>`), cartridge.ErrURL},
		{"a domain for another", file(`<extensions platform="x"><property name="domain">t.example</property></extensions>`), cartridge.ErrURL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, err := cartridge.Parse([]byte(tt.in)); !errors.Is(err, tt.want) || got.URL() != "" {
				t.Errorf("Parse = %+v, %v, want nothing and %v", got, err, tt.want)
			}
		})
	}
}

func TestParseFindsTheURL(t *testing.T) {
	t.Parallel()
	const canvas = `<extensions platform="Canvas.Instructure.com">`
	tests := []struct{ name, in, want string }{
		{"plain", "<launch_url>http://t.example/l</launch_url>", "http://t.example/l"},
		{"secure", "<secure_launch_url>https://t.example/s</secure_launch_url>", "https://t.example/s"},
		{"secure wins", "<launch_url>http://t.example/l</launch_url><secure_launch_url>https://t.example/s</secure_launch_url>", "https://t.example/s"},
		{"not so secure", launch + "<secure_launch_url>http://t.example/s</secure_launch_url>", "https://t.example/l"},
		{"not so secure alone", "<secure_launch_url>http://t.example/s</secure_launch_url>", "http://t.example/s"},
		{"of Canvas", canvas + `<property name="url">https://t.example/c</property></extensions>`, "https://t.example/c"},
		{"domain", canvas + `<property name="domain">t.example</property></extensions>`, ""},
		{"placement", canvas + `<options name="course_navigation"><property name="url">https://t.example/n</property></options></extensions>`, ""},
		{"byte order mark", "", ""},
	}
	for _, tt := range tests {
		in := file(tt.in)
		if tt.name == "byte order mark" {
			in, tt.want = "\xef\xbb\xbf<?xml version='1.0' encoding='utf8'?>\n"+file(launch), "https://t.example/l"
		}
		got, err := cartridge.Parse([]byte(in))
		if err != nil || got.URL() != tt.want {
			t.Errorf("%s: Parse = %q, %v, want %q", tt.name, got.URL(), err, tt.want)
		}
	}
}

func TestParseWarns(t *testing.T) {
	t.Parallel()
	const leaveOut = " is left out: a link file must not carry keys or secrets"
	tests := []struct {
		name, in string
		want     []string
	}{
		{"key", "<key>k</key>", []string{`"key"` + leaveOut}},
		{"secret", "<shared_secret>s</shared_secret>", []string{`"shared_secret"` + leaveOut}},
		{"a key for Canvas", `<extensions platform="canvas.instructure.com"><property name="oauth_consumer_key">k</property></extensions>`,
			[]string{`property "oauth_consumer_key" in canvas.instructure.com` + leaveOut}},
		{"a secret in a placement", `<extensions platform="canvas.instructure.com"><options name="tool"><property name="Shared Secret">k</property></options></extensions>`,
			[]string{`property "Shared Secret" in tool` + leaveOut}},
		{"unknown", "<surprise/>", []string{`unknown element "surprise" is left out`}},
		{"two titles", "<title>a</title><title>b</title>", []string{"another title is left out"}},
		{"two values", `<custom><property name="a">1</property><property name="a">2</property></custom>`,
			[]string{`another property "a" in custom is left out`}},
		{"nameless", `<custom><property>1</property><x/></custom>`,
			[]string{"a property without a name in custom is left out", `unknown element "x" in custom is left out`}},
		{"no platform", `<extensions><property name="a">1</property></extensions>`, []string{"extensions without a platform are left out"}},
		{"nameless options", `<extensions platform="p"><options/></extensions>`, []string{"options without a name in p are left out"}},
		{"two placements", `<extensions platform="p"><options name="o"/><options name="o"/></extensions>`, []string{`another "o" in p is left out`}},
		{"icon", "<icon>javascript:x</icon>", []string{"icon is left out: it does not start with http:// or https://"}},
		{"vendor", "<vendor><phone/><url>x</url></vendor>", []string{`unknown element "phone" of the vendor is left out`,
			"the vendor's url is left out: it does not start with http:// or https://"}},
		{"size", `<extensions platform="canvas.instructure.com"><property name="selection_width">99999999999999999999</property></extensions>`,
			[]string{`selection_width of canvas.instructure.com is left out: "99999999999999999999" is no number of pixels`}},
		{"insecure", "<secure_launch_url>http://t.example/l</secure_launch_url>", []string{"secure_launch_url does not start with https://"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := cartridge.Parse([]byte(file(launch + tt.in)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Warnings); diff != "" {
				t.Errorf("Warnings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseKeepsTheFirst(t *testing.T) {
	t.Parallel()
	got, err := cartridge.Parse([]byte(file(launch + `<title>a</title><title>b</title>` +
		`<custom><property name="n">1</property></custom><custom><property name="n">2</property><property name="m"/></custom>`)))
	if want := map[string]string{"n": "1", "m": ""}; err != nil || got.Title != "a" || cmp.Diff(want, got.Custom) != "" {
		t.Errorf("Parse = %+v, %v", got, err)
	}
}

func TestWarningsAreBounded(t *testing.T) {
	t.Parallel()
	got, err := cartridge.Parse([]byte(file(launch + strings.Repeat("<x/>", 5000))))
	if err != nil || len(got.Warnings) != 50 {
		t.Errorf("Parse gave %d warnings, %v, want 50", len(got.Warnings), err)
	}
}
