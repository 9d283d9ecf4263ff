package manifest

import (
	"strings"
	"time"
	"unicode"

	yaml "go.yaml.in/yaml/v3"
)

// The documents below write what the read... functions read, key by key in
// the order of the format. A key whose default is not its type's zero is
// always written.

// exact is a text that anybody may have made. It is put in quotes when it has
// unusual characters, because not every plain or block text that the encoder
// makes of them reads back as it was.
type exact string

// MarshalYAML implements yaml.Marshaler.
func (e exact) MarshalYAML() (any, error) {
	s := string(e)
	if strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) || strings.TrimSpace(s) != s {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}, nil
	}
	return s, nil
}

func exactList(list []string) []exact {
	out := make([]exact, len(list))
	for i, s := range list {
		out[i] = exact(s)
	}
	return out
}

func exactMap(m map[string]string) map[exact]exact {
	out := make(map[exact]exact, len(m))
	for k, v := range m {
		out[exact(k)] = exact(v)
	}
	return out
}

type document struct {
	Version       int           `yaml:"version"`
	Domains       []domainDoc   `yaml:"domains,omitempty"`
	Users         []userDoc     `yaml:"users,omitempty"`
	ToolConsumers []consumerDoc `yaml:"tool_consumers,omitempty"`
	Tools         []toolDoc     `yaml:"tools,omitempty"`
	Courses       []courseDoc   `yaml:"courses,omitempty"`
}

type domainDoc struct {
	ID       string          `yaml:"id"`
	Name     exact           `yaml:"name,omitempty"`
	Username usernameRuleDoc `yaml:"username,flow,omitempty"`
}

type usernameRuleDoc struct {
	Pattern exact  `yaml:"pattern,omitempty"`
	From    string `yaml:"from,omitempty"`
	Lower   bool   `yaml:"lower,omitempty"`
}

type userDoc struct {
	Domain     string `yaml:"domain"`
	Username   string `yaml:"username"`
	GivenName  exact  `yaml:"given_name,omitempty"`
	FamilyName exact  `yaml:"family_name,omitempty"`
	FullName   exact  `yaml:"full_name,omitempty"`
	Email      exact  `yaml:"email,omitempty"`
	Admin      bool   `yaml:"admin,omitempty"`
	Disabled   bool   `yaml:"disabled,omitempty"`
	Source     string `yaml:"source,omitempty"`
}

// secretDoc is a credential in plain text, all empty unless asked for.
type secretDoc struct {
	Secret        exact  `yaml:"secret,omitempty"`
	Previous      exact  `yaml:"previous_secret,omitempty"`
	PreviousUntil string `yaml:"previous_until,omitempty"`
}

type consumerDoc struct {
	Domain           string     `yaml:"domain"`
	ID               string     `yaml:"id"`
	Name             exact      `yaml:"name"`
	Disabled         bool       `yaml:"disabled,omitempty"`
	Enabled          *periodDoc `yaml:"enabled,flow,omitempty"`
	InstanceGUID     exact      `yaml:"instance_guid,omitempty"`
	Key              exact      `yaml:"key"`
	secretDoc        `yaml:",inline"`
	NonceLifetime    string           `yaml:"nonce_lifetime,omitempty"`
	SignatureMethods []string         `yaml:"signature_methods,flow,omitempty"`
	UserIdentity     bool             `yaml:"user_identity"`
	CourseIdentity   bool             `yaml:"course_identity"`
	Users            userRulesDoc     `yaml:"users"`
	Courses          courseRulesDoc   `yaml:"courses"`
	Roles            map[exact]string `yaml:"roles,flow"`
	SelfEnrol        []string         `yaml:"self_enrol,flow"`
	Section          exact            `yaml:"section,omitempty"`
	Roster           rosterRulesDoc   `yaml:"roster,flow"`
	Passback         passbackRulesDoc `yaml:"passback,flow"`
	Logout           logoutRulesDoc   `yaml:"logout,flow,omitempty"`
	Menu             menuDoc          `yaml:"menu,flow"`
}

type userRulesDoc struct {
	Match        string           `yaml:"match,omitempty"`
	Create       string           `yaml:"create,omitempty"`
	CreateFor    []string         `yaml:"create_for,flow"`
	CreateBy     map[exact]string `yaml:"create_by,flow,omitempty"`
	Info         string           `yaml:"info,omitempty"`
	BindExisting bool             `yaml:"bind_existing"`
}

type courseRulesDoc struct {
	Match           string   `yaml:"match,omitempty"`
	StoreMapping    bool     `yaml:"store_mapping"`
	CreateFor       []string `yaml:"create_for,flow"`
	Types           []string `yaml:"types,flow"`
	TailOverMapping bool     `yaml:"tail_over_mapping"`
}

type rosterRulesDoc struct {
	Pull               bool    `yaml:"pull"`
	OnInstructorLaunch bool    `yaml:"on_instructor_launch"`
	Every              string  `yaml:"every"`
	Drop               bool    `yaml:"drop"`
	Brake              float64 `yaml:"brake"`
}

type passbackRulesDoc struct {
	Format    string `yaml:"format,omitempty"`
	Score     string `yaml:"score,omitempty"`
	Signature string `yaml:"signature,omitempty"`
	Rate      int    `yaml:"rate,omitempty"`
	ReadFirst bool   `yaml:"read_first,omitempty"`
}

type logoutRulesDoc struct {
	CallbackParam string `yaml:"callback_param,omitempty"`
}

type menuDoc struct {
	Header bool     `yaml:"header"`
	Items  []string `yaml:"items,flow"`
	Inline bool     `yaml:"inline,omitempty"`
	Locked bool     `yaml:"locked,omitempty"`
}

// menuChangeDoc has only what the course has of its own.
type menuChangeDoc struct {
	Header *bool     `yaml:"header,omitempty"`
	Inline *bool     `yaml:"inline,omitempty"`
	Items  *[]string `yaml:"items,flow,omitempty"`
}

type toolDoc struct {
	Domain          string `yaml:"domain,omitempty"`
	ID              string `yaml:"id"`
	Name            exact  `yaml:"name"`
	Disabled        bool   `yaml:"disabled,omitempty"`
	URL             exact  `yaml:"url"`
	Key             exact  `yaml:"key"`
	secretDoc       `yaml:",inline"`
	SignatureMethod string          `yaml:"signature_method,omitempty"`
	NonceLifetime   string          `yaml:"nonce_lifetime,omitempty"`
	Passback        serviceDoc      `yaml:"passback,flow"`
	Roster          serviceDoc      `yaml:"roster,flow"`
	Setting         serviceDoc      `yaml:"setting,flow"`
	Send            []string        `yaml:"send,flow"`
	Custom          map[exact]exact `yaml:"custom,omitempty"`
	OriginalCase    bool            `yaml:"send_original_case,omitempty"`
	Target          string          `yaml:"target,omitempty"`
	Width           int             `yaml:"width,omitempty"`
	Height          int             `yaml:"height,omitempty"`

	ContentItems contentItemsDoc `yaml:"content_items,flow"`
	About        *aboutDoc       `yaml:"about,omitempty"`
	Placements   []placementDoc  `yaml:"placements,omitempty"`
	Extensions   []extensionDoc  `yaml:"extensions,omitempty"`
}

type serviceDoc struct {
	Enabled  bool   `yaml:"enabled"`
	ValidFor string `yaml:"valid_for,omitempty"`
}

type courseDoc struct {
	Domain     string          `yaml:"domain"`
	ID         string          `yaml:"id"`
	Title      exact           `yaml:"title"`
	Label      exact           `yaml:"label,omitempty"`
	Type       string          `yaml:"type"`
	Owner      string          `yaml:"owner,omitempty"`
	Disabled   bool            `yaml:"disabled,omitempty"`
	Source     string          `yaml:"source,omitempty"`
	Enrolment  *periodDoc      `yaml:"enrolment,flow,omitempty"`
	Sections   []exact         `yaml:"sections,flow,omitempty"`
	Groups     []exact         `yaml:"groups,flow,omitempty"`
	History    []exact         `yaml:"history,flow,omitempty"`
	Menu       *menuChangeDoc  `yaml:"menu,flow,omitempty"`
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
	Key      exact  `yaml:"key"`
	Secret   exact  `yaml:"secret,omitempty"`
	Lifetime string `yaml:"lifetime,omitempty"`
}

type folderDoc struct {
	ID        string    `yaml:"id"`
	Title     exact     `yaml:"title"`
	Protected bool      `yaml:"protected,omitempty"`
	Links     []linkDoc `yaml:"links,omitempty"`
}

type linkDoc struct {
	ID          string          `yaml:"id"`
	Tool        string          `yaml:"tool"`
	Title       exact           `yaml:"title"`
	Description exact           `yaml:"description,omitempty"`
	Points      float64         `yaml:"points,omitempty"`
	Custom      map[exact]exact `yaml:"custom,omitempty"`
	Tiny        string          `yaml:"tiny,omitempty"`
	Policy      string          `yaml:"policy,omitempty"`
	Due         string          `yaml:"due,omitempty"`
	URL         exact           `yaml:"url,omitempty"`
	Protected   bool            `yaml:"protected,omitempty"`
	Target      string          `yaml:"target,omitempty"`
	Width       int             `yaml:"width,omitempty"`
	Height      int             `yaml:"height,omitempty"`
	History     []exact         `yaml:"history,flow,omitempty"`
}

type memberDoc struct {
	Username string `yaml:"username"`
	Role     string `yaml:"role"`
	Section  exact  `yaml:"section,omitempty"`
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
