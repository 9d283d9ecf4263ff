package lti

// Domain is a tenant, an institution. Users and courses live in one domain;
// ids are unique only within theirs.
type Domain struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	// Username is the rule for usernames that launches make.
	Username UsernameRule `json:"username,omitzero"`
}
