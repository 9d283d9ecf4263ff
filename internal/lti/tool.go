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
