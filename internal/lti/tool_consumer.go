package lti

import (
	"errors"
	"time"
)

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
	// Enabled is when launches are taken; a zero end is open.
	Enabled Period `json:"enabled,omitzero"`
	// InstanceGUID pins the key to one LMS: launches must state it as
	// tool_consumer_instance_guid. Empty takes any.
	InstanceGUID string `json:"instance_guid,omitempty"`

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

// OpenAt reports whether launches are taken, and sessions go on, at t.
func (c ToolConsumer) OpenAt(t time.Time) bool { return !c.Disabled && c.Enabled.Contains(t) }

// Pulls reports whether a roster is fetched at t that a launch has named whose
// tool_consumer_instance_guid was instance: while launches are taken, and
// believed about people and courses.
func (c ToolConsumer) Pulls(instance string, t time.Time) bool {
	believed := c.UserIdentity && c.CourseIdentity && (c.InstanceGUID == "" || c.InstanceGUID == instance)
	return c.Roster.Pull && believed && c.OpenAt(t)
}

// Ids that no tool consumer may have: as the source of a record they mean
// something else.
const (
	SourceManifest = "manifest"
	SourceAdmin    = "admin"
)

// CheckConsumerID checks the id of a tool consumer, by the rule of CheckName
// and against those that name other sources.
func CheckConsumerID(id string) error {
	if id == SourceManifest || id == SourceAdmin {
		return errors.New("it is reserved: as the source of a record it means the " + id)
	}
	return CheckName(id)
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
	// CreateBy is Create for launches with an LTI role; of several the most
	// careful counts.
	CreateBy map[string]string `json:"create_by,omitempty"`
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
	// Every is the time from one fetch to the next; 0 fetches by launch and
	// button alone.
	Every time.Duration `json:"every,omitempty"`
	// Keep leaves those members in who are not listed any more.
	Keep bool `json:"keep,omitempty"`
	// Brake is the share of this LMS's members, above 0 up to 1, that may leave
	// without a person's word; 0 stands for DefaultBrake. Five may always.
	Brake float64 `json:"brake,omitempty"`
}

// DefaultBrake is the share of members that may leave by themselves.
const DefaultBrake = 0.3

// alwaysLeave is how many may leave whatever the share.
const alwaysLeave = 5

// Holds reports whether so many of active members may not leave without a
// person's word.
func (r RosterRules) Holds(leaving, active int) bool {
	share := r.Brake
	if share == 0 {
		share = DefaultBrake
	}
	return leaving > alwaysLeave && float64(leaving) > share*float64(active)
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

// CourseMap is a stored mapping from an LMS's context to our course.
type CourseMap struct {
	Domain    string    `json:"domain"`
	Consumer  string    `json:"consumer"`
	ContextID string    `json:"context_id"`
	Course    CourseRef `json:"course"`
	// From is the course of the context that this one was copied from, if
	// another was chosen for the copy: launch URLs that were copied along
	// still name it, and mean Course.
	From    CourseRef `json:"from,omitzero"`
	Created time.Time `json:"created,omitzero"`
}
