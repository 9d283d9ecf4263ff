package cartridge

// canvasPlatform names the extension that Canvas reads.
const canvasPlatform = "canvas.instructure.com"

// What of a person the tool gets, in the words of Canvas.
const (
	PrivacyPublic    = "public"
	PrivacyNameOnly  = "name_only"
	PrivacyEmailOnly = "email_only"
	PrivacyAnonymous = "anonymous"
)

// Canvas is the extension that Canvas reads. Its own Settings hold for every
// placement that does not say otherwise.
type Canvas struct {
	ToolID       string
	PrivacyLevel string
	// Domain is where the tool lives; Canvas takes it instead of a launch URL.
	Domain string
	Settings
	Placements []Placement
}

// Placement is a place in Canvas where the tool is offered, such as
// course_navigation. Each name occurs once.
type Placement struct {
	Name string
	Settings
}

// Settings is what may be said of the tool as a whole and of each placement.
type Settings struct {
	URL         string
	Text        string
	IconURL     string
	MessageType string
	// Enabled and Default are "true" or "false", and "enabled" or "disabled":
	// whether the place is used at all, and shown without being chosen.
	Enabled string
	Default string
	// Visibility is who sees it: "public", "members" or "admins".
	Visibility string
	// WindowTarget is "_blank" for a new tab, or "_self".
	WindowTarget string
	// Width and Height are pixels, 0 when they are not said.
	Width  int
	Height int
	// Custom are custom parameters, Labels the text by language.
	Custom map[string]string
	Labels map[string]string
	// More and MoreOptions are what we do not know by name.
	More        map[string]string
	MoreOptions []Options
}

// placed tells placements from other options. Canvas keeps adding placements,
// so that every option not known as something else is one.
func placed(option string) bool {
	switch option {
	case "custom_fields", "labels", "environments", "vendor_extensions":
		return false
	}
	return true
}

// field ties the name of a property to the place of its text.
type field struct {
	name string
	at   *string
}

// texts lists the properties of the settings that are plain text.
func (s *Settings) texts() []field {
	return []field{
		{"url", &s.URL},
		{"text", &s.Text},
		{"icon_url", &s.IconURL},
		{"message_type", &s.MessageType},
		{"enabled", &s.Enabled},
		{"default", &s.Default},
		{"visibility", &s.Visibility},
		{"windowTarget", &s.WindowTarget},
	}
}

// texts lists the properties of the extension that are plain text.
func (c *Canvas) texts() []field {
	return append([]field{
		{"tool_id", &c.ToolID},
		{"privacy_level", &c.PrivacyLevel},
		{"domain", &c.Domain},
	}, c.Settings.texts()...)
}
