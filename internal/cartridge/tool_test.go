package cartridge_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/cartridge"
	"github.com/ltihub/ltihub/internal/lti"
)

func TestToTool(t *testing.T) {
	t.Parallel()
	got, err := graphPad().ToTool()
	want := lti.Tool{
		Name: "Graph pad", URL: "https://tool.example.org/l?a=1&b=2", Send: []string{lti.SendName, lti.SendRoles},
		Custom: map[string]string{"mode": "exam", "key": "chapter 3", "sis": "$Canvas.course.sisSourceId"},
		Target: lti.TargetTab, Width: 800, Height: 600,
		About: lti.ToolAbout{
			Description: "Draw & share <graphs>", Icon: "http://tool.example.org/i.png", SecureIcon: "https://tool.example.org/i.png",
			Vendor: lti.Vendor{Code: "example.org", Name: "Example", Description: "Makes graphs", URL: "https://example.org", Contact: "help@example.org"},
		},
		Placements: []lti.ToolPlacement{
			{
				Name: "course_navigation", URL: "https://tool.example.org/nav", Enabled: "true", Default: "disabled", Visibility: "admins",
				WindowTarget: "_blank", Custom: map[string]string{"k": "v"}, Labels: map[string]string{"es": "Gráficos"},
			},
			{Name: "editor_button", MessageType: "ContentItemSelectionRequest"},
		},
		Extensions: graphPadExtensions(),
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ToTool = %v (-want +got):\n%s", err, diff)
	}
}

func TestToToolWithoutURL(t *testing.T) {
	t.Parallel()
	l := cartridge.Link{Canvas: cartridge.Canvas{Domain: "t.example"}}
	if got, err := l.ToTool(); !errors.Is(err, cartridge.ErrURL) {
		t.Errorf("ToTool = %+v, %v, want ErrURL", got, err)
	}
}

func TestToToolSaysOnlyWhatTheLinkSays(t *testing.T) {
	t.Parallel()
	got, err := cartridge.Link{Title: "x", LaunchURL: "http://t.example/l"}.ToTool()
	if diff := cmp.Diff(lti.Tool{Name: "x", URL: "http://t.example/l"}, got); err != nil || diff != "" {
		t.Errorf("ToTool = %v (-want +got):\n%s", err, diff)
	}
}

func TestPrivacyLevels(t *testing.T) {
	t.Parallel()
	tests := []struct {
		level string
		send  []string
		back  string
	}{
		{"public", []string{"name", "email", "username", "roles"}, "public"},
		{"name_only", []string{"name", "roles"}, "name_only"},
		{"email_only", []string{"email", "roles"}, "email_only"},
		{"anonymous", []string{"roles"}, "anonymous"},
		{"everything", []string{"roles"}, "anonymous"}, // unknown: the least
		{"", nil, "anonymous"},
	}
	for _, tt := range tests {
		l := cartridge.Link{LaunchURL: "http://t.example/l", Canvas: cartridge.Canvas{PrivacyLevel: tt.level}}
		tool, err := l.ToTool()
		if diff := cmp.Diff(tt.send, tool.Send); err != nil || diff != "" {
			t.Errorf("%q: Send = %v (-want +got):\n%s", tt.level, err, diff)
		}
		if back := cartridge.FromTool(tool).Canvas.PrivacyLevel; back != tt.back {
			t.Errorf("%q comes back as %q, want %q", tt.level, back, tt.back)
		}
	}
}

func quizzer() lti.Tool {
	return lti.Tool{
		ID: "quizzer", Name: "Quizzer", URL: "https://t.example/l", Key: "k", Secret: lti.Secret{},
		Send: []string{lti.SendName, lti.SendEmail, lti.SendUsername, lti.SendRoles}, Custom: map[string]string{"chapter": "3"},
		Target: lti.TargetTab, Width: 800,
		About: lti.ToolAbout{Description: "Quizzes", SecureIcon: "https://t.example/i.png", Vendor: lti.Vendor{Name: "Quiz Ltd"}},
		Placements: []lti.ToolPlacement{
			{Name: "course_navigation", URL: "https://t.example/nav", Text: "Quizzes", Icon: "https://t.example/n.png", Visibility: "members", Width: 9, Labels: map[string]string{"de": "Fragen"}},
			{Name: "link_selection", URL: "https://t.example/choose", MessageType: "ContentItemSelectionRequest"},
		},
		ContentItems: lti.ContentItems{URL: "https://t.example/choose"},
		Extensions: []lti.ToolExtension{
			{Name: "canvas.instructure.com", Properties: map[string]string{"domain": "t.example", "oddity": "1"}, Options: []lti.ToolExtension{
				{Name: "vendor_extensions", Options: []lti.ToolExtension{{Name: "deep", Properties: map[string]string{"a": ""}}}},
				{Name: "course_navigation", Properties: map[string]string{"canvas_icon_class": "icon-lti"}},
			}},
			{Name: "moodle.org", Properties: map[string]string{"icon_url": "https://t.example/m.png"}},
		},
	}
}

func TestSelectionURLComesAndGoes(t *testing.T) {
	t.Parallel()
	tool := quizzer()
	tool.Placements = nil
	link := cartridge.FromTool(tool)
	if got, err := link.ToTool(); err != nil || got.ContentItems != tool.ContentItems {
		t.Errorf("content items = %+v, %v, want %+v", got.ContentItems, err, tool.ContentItems)
	}
	tests := []struct {
		name string
		p    cartridge.Placement
	}{
		{"no message", cartridge.Placement{Name: "link_selection", Settings: cartridge.Settings{URL: "https://t.example/c"}}},
		{"off", cartridge.Placement{Name: "link_selection", Settings: cartridge.Settings{URL: "https://t.example/c", MessageType: "ContentItemSelectionRequest", Enabled: "false"}}},
		{"another place", cartridge.Placement{Name: "homework_submission", Settings: cartridge.Settings{URL: "https://t.example/c", MessageType: "ContentItemSelectionRequest"}}},
		{"the launch URL", cartridge.Placement{Name: "link_selection", Settings: cartridge.Settings{URL: "https://t.example/l", MessageType: "ContentItemSelectionRequest"}}},
	}
	for _, tt := range tests {
		l := cartridge.Link{LaunchURL: "https://t.example/l", Canvas: cartridge.Canvas{Placements: []cartridge.Placement{tt.p}}}
		if got, err := l.ToTool(); err != nil || got.ContentItems != (lti.ContentItems{}) {
			t.Errorf("%s: content items = %+v, %v, want none", tt.name, got.ContentItems, err)
		}
	}
	tool.ContentItems.Off = true
	if got := cartridge.FromTool(tool).Canvas.Placements; len(got) != 0 {
		t.Errorf("placements = %+v of a tool in which nothing is chosen", got)
	}
}

func TestToolComesBackFromItsFile(t *testing.T) {
	t.Parallel()
	link, err := cartridge.Parse(cartridge.Write(cartridge.FromTool(quizzer())))
	if err != nil {
		t.Fatal(err)
	}
	if link.LaunchURL != link.SecureLaunchURL || len(link.Warnings) > 0 {
		t.Errorf("link = %+v, want both launch URLs and no warning", link)
	}
	got, err := link.ToTool()
	want := quizzer()
	want.ID, want.Key = "", ""
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ToTool = %v (-want +got):\n%s", err, diff)
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		c    cartridge.Canvas
		want string
	}{
		{"nothing", cartridge.Canvas{}, ""},
		{"new tab", cartridge.Canvas{Settings: cartridge.Settings{WindowTarget: "_blank"}}, lti.TargetTab},
		{"here", cartridge.Canvas{Settings: cartridge.Settings{WindowTarget: "_self"}}, lti.TargetIframe},
		{"a placement says", cartridge.Canvas{Placements: []cartridge.Placement{{}, {Settings: cartridge.Settings{WindowTarget: "_blank"}}}}, lti.TargetTab},
		{"the first counts", cartridge.Canvas{Settings: cartridge.Settings{WindowTarget: "_self"},
			Placements: []cartridge.Placement{{Settings: cartridge.Settings{WindowTarget: "_blank"}}}}, lti.TargetIframe},
	}
	for _, tt := range tests {
		got, err := cartridge.Link{LaunchURL: "http://t.example/l", Canvas: tt.c}.ToTool()
		if err != nil || got.Target != tt.want {
			t.Errorf("%s: Target = %q, %v, want %q", tt.name, got.Target, err, tt.want)
		}
	}
}

// graphPadExtensions is what graphPad says to platforms and no tool has a place
// for.
func graphPadExtensions() []lti.ToolExtension {
	return []lti.ToolExtension{{
		Name: "canvas.instructure.com",
		Properties: map[string]string{
			"domain": "tool.example.org", "icon_url": "https://tool.example.org/c.png", "prefer_sis_email": "true", "text": "Graphs",
		},
		Options: []lti.ToolExtension{
			{Name: "environments", Properties: map[string]string{"launch_url": "https://test.example.org/l"}},
			{Name: "editor_button", Properties: map[string]string{"canvas_icon_class": "icon-lti"}},
		},
	}}
}
