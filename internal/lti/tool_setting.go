package lti

// ToolSetting is the one text that a tool may keep for a resource link.
type ToolSetting struct {
	Domain string `json:"domain"`
	Course string `json:"course"`
	Link   string `json:"link"`
	Value  string `json:"value"`
}
