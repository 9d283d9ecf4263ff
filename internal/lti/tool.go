package lti

import "time"

// Where a tool is shown.
const (
	TargetIframe = "iframe"
	TargetWindow = "window"
	TargetTab    = "tab"
)

// What of a person a launch or roster releases to a tool, beyond the opaque
// user id that always goes.
const (
	SendName     = "name"
	SendEmail    = "email"
	SendUsername = "username"
	SendRoles    = "roles"
)

// Tool is a tool provider that we launch. Course is empty for a tool of the
// whole domain.
type Tool struct {
	Domain   string `json:"domain"`
	Course   string `json:"course,omitempty"`
	ID       string `json:"id"`
	Name     string `json:"name"`
	Disabled bool   `json:"disabled,omitempty"`

	URL      string `json:"url"`
	Key      string `json:"key"`
	Secret   Secret `json:"secret"`
	Previous Secret `json:"previous,omitzero"`
	// SignatureMethod signs our launches and is the one accepted from the
	// tool's service calls.
	SignatureMethod string        `json:"signature_method"`
	NonceLifetime   time.Duration `json:"nonce_lifetime"`
	// NotBefore is as a tool consumer's.
	NotBefore time.Time `json:"not_before,omitzero"`

	Passback Service `json:"passback"`
	Roster   Service `json:"roster"`
	Setting  Service `json:"setting"`

	Send   []string          `json:"send"`
	Custom map[string]string `json:"custom,omitempty"`
	// SendOriginalCase sends a custom parameter whose name the rule of
	// CustomName changes under its own name too, as LTI 2 does.
	SendOriginalCase bool `json:"send_original_case,omitempty"`

	Target string `json:"target"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`

	// ContentItems is how people choose content in the tool.
	ContentItems ContentItems `json:"content_items,omitzero"`
	// About is what its link file tells people of it.
	About ToolAbout `json:"about,omitzero"`
	// Placements are the places in Canvas where it wants to be offered. We go
	// by one of them, see SelectionURL, and pass on the rest.
	Placements []ToolPlacement `json:"placements,omitempty"`
	// Extensions are what it says to platforms beyond that.
	Extensions []ToolExtension `json:"extensions,omitempty"`

	// IDKey makes the opaque user ids of this tool: random, made once, never
	// changed, so that a tool meets the same person under the same id.
	IDKey []byte `json:"id_key"`
}

// Service is one of the services that a tool may be granted. ValidFor is how
// long the ids handed out for it are accepted at the least, and at most twice
// that.
type Service struct {
	Enabled  bool          `json:"enabled"`
	ValidFor time.Duration `json:"valid_for,omitempty"`
}

// ContentItems says whether content is chosen in a tool, and where. The zero
// value is yes, at the tool's launch URL.
type ContentItems struct {
	Off bool `json:"off,omitempty"`
	// URL takes the request instead of the tool's URL; empty for none.
	URL string `json:"url,omitempty"`
}

// What a tool is where nobody says otherwise.
const (
	DefaultSignatureMethod = "HMAC-SHA1"
	DefaultGradeValidity   = 30 * 24 * time.Hour
	DefaultRosterValidity  = 24 * time.Hour
	DefaultSettingValidity = 30 * 24 * time.Hour
)

// NewTool is a tool with all the defaults: it is shown in a frame, may give
// grades, and learns nothing about a person but an opaque id. URL, key, secret
// and id key are for the caller to set.
func NewTool(domain, course, id string) Tool {
	return Tool{
		Domain: domain, Course: course, ID: id, Name: id,
		SignatureMethod: DefaultSignatureMethod,
		NonceLifetime:   DefaultWindow,
		Passback:        Service{Enabled: true, ValidFor: DefaultGradeValidity},
		Roster:          Service{ValidFor: DefaultRosterValidity},
		Setting:         Service{ValidFor: DefaultSettingValidity},
		Target:          TargetIframe,
	}
}

// Filled is t with what NewTool says where t says nothing. A service that is off
// without a validity says nothing.
func (t Tool) Filled() Tool {
	d := NewTool(t.Domain, t.Course, t.ID)
	fill(&t.Name, d.Name)
	fill(&t.SignatureMethod, d.SignatureMethod)
	fill(&t.NonceLifetime, d.NonceLifetime)
	fill(&t.Passback, d.Passback)
	fill(&t.Roster, d.Roster)
	fill(&t.Roster.ValidFor, d.Roster.ValidFor)
	fill(&t.Setting, d.Setting)
	fill(&t.Setting.ValidFor, d.Setting.ValidFor)
	fill(&t.Passback.ValidFor, d.Passback.ValidFor)
	fill(&t.Target, d.Target)
	return t
}

func fill[V comparable](at *V, otherwise V) {
	var none V
	if *at == none {
		*at = otherwise
	}
}

// SelectionURL is where people choose content in the tool.
func (t Tool) SelectionURL() string {
	if t.ContentItems.URL != "" {
		return t.ContentItems.URL
	}
	return t.URL
}

// Unencrypted reports whether launches go over http, so that anybody on the way
// may read them.
func (t Tool) Unencrypted() bool { return Unencrypted(t.URL) }

// Sends reports whether what is released to the tool.
func (t Tool) Sends(what string) bool {
	for _, s := range t.Send {
		if s == what {
			return true
		}
	}
	return false
}
