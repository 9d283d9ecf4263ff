package web

import (
	"net/http"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// SettingFields are those of a course's settings, as they are typed.
type SettingFields struct{ Title, Label, Start, End, Sections, Groups string }

// CopyFields are those of the form that copies a course.
type CopyFields struct{ ID, Title string }

// KeyFields are those of the form that adds a protection key.
type KeyFields struct{ Key, Minutes string }

// EditSettingsPage has the settings of a course in sections. Its forms post to
// EditSettingsPath, and to /keys, /keys/change, /keys/remove and /copy below EditPath.
type EditSettingsPage struct {
	Frame
	Fields  SettingFields
	Faults  map[string]string
	Version string
	Stale   bool

	Tools []lti.Tool
	// Menu says that the course may have a menu of its own.
	Menu bool

	Keys      []ProtectionRow
	Key       KeyFields
	KeyFaults map[string]string
	// Changed is what was typed to change a key, ChangedFault what is wrong with
	// it.
	Changed      KeyFields
	ChangedFault string
	// NewKey and NewSecret are shown this once.
	NewKey, NewSecret string

	Copy       CopyFields
	CopyFaults map[string]string
}

// ProtectionRow is a protection key without its secret.
type ProtectionRow struct {
	Key      string
	Lifetime time.Duration
}

// Minutes is the lifetime as the form has it.
func (p ProtectionRow) Minutes() int { return int(p.Lifetime / time.Minute) }

// EditSettings writes the page.
func (p *Pages) EditSettings(w http.ResponseWriter, status int, page EditSettingsPage) error {
	page.Title = or(page.Title, "Course settings")
	return p.render(w, status, "edit_settings", page)
}

// ToolFields are those of a course tool's form, as they are typed. Secrets are
// never sent back.
type ToolFields struct {
	ID, Name, URL             string
	Key, Secret, Passport     string
	Method                    string
	Send                      []string
	Custom                    string
	Target                    string
	Width, Height             string
	Passback, Roster, Setting bool
	Disabled                  bool
}

// Sends reports whether what goes to the tool.
func (f ToolFields) Sends(what string) bool { return lti.Tool{Send: f.Send}.Sends(what) }

// EditToolPage is a new tool of a course, or one that is there. Its forms post
// to EditToolsPath, or to the tool's path, and /secret and /delete below it; the one that
// reads a link file posts url or xml to EditPath + "/read-tool".
type EditToolPage struct {
	Frame
	// ID is empty for a new tool.
	ID, Name string
	Fields   ToolFields
	Faults   map[string]string
	Version  string
	Stale    bool

	// Fetches says that a link file can be fetched by its URL. FileURL and
	// FileText are what was typed, FileFault what is wrong with it; FileRead
	// says that the fields are those of the file, with Warnings. File is its text,
	// which the form keeps: it says more than the fields.
	Fetches             bool
	FileURL, FileText   string
	FileFault           string
	File                string
	FileRead            bool
	Warnings            []string
	Links               int
	NewKey, NewSecret   string
	SecretFault         string
	PreviousUntil       time.Time
	OutcomeURL          string
	SignatureMethodList []string
}

// EditTool writes the page.
func (p *Pages) EditTool(w http.ResponseWriter, status int, page EditToolPage) error {
	page.Title = or(page.Title, or(page.Name, "Add a tool"))
	page.SignatureMethodList = lti.SignatureMethods()
	return p.render(w, status, "edit_tool", page)
}
