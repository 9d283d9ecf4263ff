package lti

import "time"

// Secret is a shared secret as it is stored: sealed, with an optional end.
type Secret struct {
	Sealed string `json:"sealed,omitempty"`
	// Until is when the secret stops being accepted; zero means never.
	Until time.Time `json:"until,omitzero"`
}

// ToolConsumer is an LMS that launches us, and how much of what it says we
// believe.
type ToolConsumer struct {
	Domain   string `json:"domain"`
	ID       string `json:"id"`
	Name     string `json:"name"`
	Disabled bool   `json:"disabled,omitempty"`

	// Key is the oauth_consumer_key, unique on the whole server.
	Key      string `json:"key"`
	Secret   Secret `json:"secret"`
	Previous Secret `json:"previous,omitzero"`
	// NonceLifetime is how far oauth_timestamp may be from now, both ways.
	NonceLifetime time.Duration `json:"nonce_lifetime"`
	// NotBefore refuses older timestamps: when the lifetime grew, the nonces
	// that had expired under the old one were forgotten.
	NotBefore        time.Time `json:"not_before,omitzero"`
	SignatureMethods []string  `json:"signature_methods"`

	// UserIdentity false means link protection only: no session is made.
	UserIdentity bool `json:"user_identity"`
	// CourseIdentity false means that the user chooses a role.
	CourseIdentity bool `json:"course_identity"`

	Users     UserRules       `json:"users"`
	Courses   CourseRules     `json:"courses"`
	Roles     map[string]Role `json:"roles"`
	SelfEnrol []string        `json:"self_enrol"`
	Section   string          `json:"section,omitempty"`
	Roster    RosterRules     `json:"roster"`
	Passback  PassbackRules   `json:"passback"`
	Logout    LogoutRules     `json:"logout"`
	Menu      Menu            `json:"menu"`
}

// How a tool consumer's accounts are made.
const (
	CreateAuto     = "auto"     // at the first launch
	CreateAsk      = "ask"      // the user says whether an account exists
	CreateExisting = "existing" // never
)

// UserRules say how a launch is matched to an account.
type UserRules struct {
	// Match names the launch parameter that identifies the user: user_id,
	// lis_person_sourcedid, lis_person_contact_email_primary, custom_... or
	// ext_....
	Match     string   `json:"match"`
	Create    string   `json:"create"`
	CreateFor []string `json:"create_for"`
	// Info is where names come from: "lti" or "directory".
	Info string `json:"info"`
	// BindExisting lets this LMS claim an account that stands already under
	// the matched name, though never an admin's.
	BindExisting bool `json:"bind_existing,omitempty"`
}

// CourseRules say how a launch's context is matched to a course.
type CourseRules struct {
	Match        string `json:"match"`
	StoreMapping bool   `json:"store_mapping"`
	// CreateFor lists the LTI roles whose launch may create the course.
	CreateFor []string `json:"create_for"`
	Types     []string `json:"types"`
	// TailOverMapping lets the launch URL's tail win over a stored mapping
	// that names another course; otherwise such a launch is refused.
	TailOverMapping bool `json:"tail_over_mapping,omitempty"`
}

// RosterRules say when the LMS is asked for its roster.
type RosterRules struct {
	Pull               bool `json:"pull"`
	OnInstructorLaunch bool `json:"on_instructor_launch"`
}

// Score formats for messages to an LMS.
const (
	ScoreDecimal    = "decimal"
	ScorePercentage = "percentage"
	ScoreRatio      = "ratio"
)

// PassbackRules say how results go to the LMS.
type PassbackRules struct {
	// Format is "1.1" (POX, LTI 1.1 section 6) or "1.0" (the
	// basic-lis-updateresult form).
	Format string `json:"format"`
	// Score is the form of a score in a 1.0 message; POX is always decimal.
	Score     string `json:"score"`
	Signature string `json:"signature"`
	// Rate bounds the deliveries a second, over all nodes, 0 for no bound.
	Rate int `json:"rate,omitempty"`
	// ReadFirst reads the LMS's grade before it is written, and leaves alone
	// one that was changed there.
	ReadFirst bool `json:"read_first,omitempty"`
}

// MaxRate is the greatest bound of deliveries a second.
const MaxRate = 1000

// LogoutRules name the launch parameter that carries the LMS's logout service
// URL; empty means that no callback is registered.
type LogoutRules struct {
	CallbackParam string `json:"callback_param,omitempty"`
}

// Menu says what the pages of a launched session show around the content.
type Menu struct {
	Header bool     `json:"header"`
	Items  []string `json:"items"`
}

// CourseMap is a stored mapping from an LMS's context to our course.
type CourseMap struct {
	Domain    string    `json:"domain"`
	Consumer  string    `json:"consumer"`
	ContextID string    `json:"context_id"`
	Course    CourseRef `json:"course"`
	Created   time.Time `json:"created,omitzero"`
}
