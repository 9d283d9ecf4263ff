package manifest

import "time"

// The documents below write what the read... functions read, key by key in
// the order of the format. A key whose default is not its type's zero is
// always written.

type document struct {
	Version       int           `yaml:"version"`
	Domains       []domainDoc   `yaml:"domains,omitempty"`
	Users         []userDoc     `yaml:"users,omitempty"`
	ToolConsumers []consumerDoc `yaml:"tool_consumers,omitempty"`
	Tools         []toolDoc     `yaml:"tools,omitempty"`
	Courses       []courseDoc   `yaml:"courses,omitempty"`
}

type domainDoc struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name,omitempty"`
}

type userDoc struct {
	Domain     string `yaml:"domain"`
	Username   string `yaml:"username"`
	GivenName  string `yaml:"given_name,omitempty"`
	FamilyName string `yaml:"family_name,omitempty"`
	FullName   string `yaml:"full_name,omitempty"`
	Email      string `yaml:"email,omitempty"`
	Admin      bool   `yaml:"admin,omitempty"`
	Disabled   bool   `yaml:"disabled,omitempty"`
	Source     string `yaml:"source,omitempty"`
}

// secretDoc is a credential in plain text, all empty unless asked for.
type secretDoc struct {
	Secret        string `yaml:"secret,omitempty"`
	Previous      string `yaml:"previous_secret,omitempty"`
	PreviousUntil string `yaml:"previous_until,omitempty"`
}

type consumerDoc struct {
	Domain           string `yaml:"domain"`
	ID               string `yaml:"id"`
	Name             string `yaml:"name"`
	Disabled         bool   `yaml:"disabled,omitempty"`
	Key              string `yaml:"key"`
	secretDoc        `yaml:",inline"`
	NonceLifetime    string            `yaml:"nonce_lifetime,omitempty"`
	SignatureMethods []string          `yaml:"signature_methods,flow,omitempty"`
	UserIdentity     bool              `yaml:"user_identity"`
	CourseIdentity   bool              `yaml:"course_identity"`
	Users            userRulesDoc      `yaml:"users"`
	Courses          courseRulesDoc    `yaml:"courses"`
	Roles            map[string]string `yaml:"roles,flow"`
	SelfEnrol        []string          `yaml:"self_enrol,flow"`
	Section          string            `yaml:"section,omitempty"`
	Roster           rosterRulesDoc    `yaml:"roster,flow"`
	Passback         passbackRulesDoc  `yaml:"passback,flow"`
	Logout           logoutRulesDoc    `yaml:"logout,flow,omitempty"`
	Menu             menuDoc           `yaml:"menu,flow"`
}

type userRulesDoc struct {
	Match        string   `yaml:"match,omitempty"`
	Create       string   `yaml:"create,omitempty"`
	CreateFor    []string `yaml:"create_for,flow"`
	Info         string   `yaml:"info,omitempty"`
	BindExisting bool     `yaml:"bind_existing"`
}

type courseRulesDoc struct {
	Match           string   `yaml:"match,omitempty"`
	StoreMapping    bool     `yaml:"store_mapping"`
	CreateFor       []string `yaml:"create_for,flow"`
	Types           []string `yaml:"types,flow"`
	TailOverMapping bool     `yaml:"tail_over_mapping"`
}

type rosterRulesDoc struct {
	Pull               bool `yaml:"pull"`
	OnInstructorLaunch bool `yaml:"on_instructor_launch"`
}

type passbackRulesDoc struct {
	Format    string `yaml:"format,omitempty"`
	Score     string `yaml:"score,omitempty"`
	Signature string `yaml:"signature,omitempty"`
}

type logoutRulesDoc struct {
	CallbackParam string `yaml:"callback_param,omitempty"`
}

type menuDoc struct {
	Header bool     `yaml:"header"`
	Items  []string `yaml:"items,flow"`
}

type toolDoc struct {
	Domain          string `yaml:"domain,omitempty"`
	ID              string `yaml:"id"`
	Name            string `yaml:"name"`
	Disabled        bool   `yaml:"disabled,omitempty"`
	URL             string `yaml:"url"`
	Key             string `yaml:"key"`
	secretDoc       `yaml:",inline"`
	SignatureMethod string            `yaml:"signature_method,omitempty"`
	NonceLifetime   string            `yaml:"nonce_lifetime,omitempty"`
	Passback        serviceDoc        `yaml:"passback,flow"`
	Roster          serviceDoc        `yaml:"roster,flow"`
	Setting         serviceDoc        `yaml:"setting,flow"`
	Send            []string          `yaml:"send,flow"`
	Custom          map[string]string `yaml:"custom,omitempty"`
	Target          string            `yaml:"target,omitempty"`
	Width           int               `yaml:"width,omitempty"`
	Height          int               `yaml:"height,omitempty"`
}

type serviceDoc struct {
	Enabled  bool   `yaml:"enabled"`
	ValidFor string `yaml:"valid_for,omitempty"`
}

type courseDoc struct {
	Domain     string          `yaml:"domain"`
	ID         string          `yaml:"id"`
	Title      string          `yaml:"title"`
	Label      string          `yaml:"label,omitempty"`
	Type       string          `yaml:"type"`
	Owner      string          `yaml:"owner,omitempty"`
	Disabled   bool            `yaml:"disabled,omitempty"`
	Source     string          `yaml:"source,omitempty"`
	Enrolment  *periodDoc      `yaml:"enrolment,flow,omitempty"`
	Sections   []string        `yaml:"sections,flow,omitempty"`
	Groups     []string        `yaml:"groups,flow,omitempty"`
	Protection []protectionDoc `yaml:"protection,omitempty"`
	Tools      []toolDoc       `yaml:"tools,omitempty"`
	Folders    []folderDoc     `yaml:"folders,omitempty"`
	Links      []linkDoc       `yaml:"links,omitempty"`
	Members    []memberDoc     `yaml:"members,omitempty"`
}

type periodDoc struct {
	Start string `yaml:"start"`
	End   string `yaml:"end"`
}

type protectionDoc struct {
	Key      string `yaml:"key"`
	Secret   string `yaml:"secret,omitempty"`
	Lifetime string `yaml:"lifetime,omitempty"`
}

type folderDoc struct {
	ID    string    `yaml:"id"`
	Title string    `yaml:"title"`
	Links []linkDoc `yaml:"links,omitempty"`
}

type linkDoc struct {
	ID          string            `yaml:"id"`
	Tool        string            `yaml:"tool"`
	Title       string            `yaml:"title"`
	Description string            `yaml:"description,omitempty"`
	Points      float64           `yaml:"points,omitempty"`
	Custom      map[string]string `yaml:"custom,omitempty"`
	Tiny        string            `yaml:"tiny,omitempty"`
	Policy      string            `yaml:"policy,omitempty"`
	Due         string            `yaml:"due,omitempty"`
	URL         string            `yaml:"url,omitempty"`
}

type memberDoc struct {
	Username string `yaml:"username"`
	Role     string `yaml:"role"`
	Section  string `yaml:"section,omitempty"`
	Status   string `yaml:"status,omitempty"`
	// Start and End are nil where the course's dates hold.
	Start  *string `yaml:"start,omitempty"`
	End    *string `yaml:"end,omitempty"`
	Locked bool    `yaml:"locked,omitempty"`
	Source string  `yaml:"source,omitempty"`
}

// formatDate writes a time as value.date reads it; none is "".
func formatDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// optionalDuration writes a duration; none is "", which leaves the key out.
func optionalDuration(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return formatDuration(d)
}
