package lti

import "time"

// Services whose ids are sealed.
const (
	ServiceGrade   = "grade"
	ServiceRoster  = "roster"
	ServiceSetting = "setting"
)

// Services are all of them.
func Services() []string { return []string{ServiceGrade, ServiceRoster, ServiceSetting} }

// Grants reports whether the tool may use the service at all.
func (t Tool) Grants(service string) bool {
	switch service {
	case ServiceGrade:
		return t.Passback.Enabled
	case ServiceRoster:
		return t.Roster.Enabled
	case ServiceSetting:
		return t.Setting.Enabled
	}
	return false
}

// ServiceSecret seals the service ids of one resource link and service. It
// seals for the validity it was made with, opens for twice that, and is then
// gone.
type ServiceSecret struct {
	Sealed   string        `json:"sealed"`
	Made     time.Time     `json:"made"`
	ValidFor time.Duration `json:"valid_for"`
}

// ServiceRing is the ring of live secrets of one (resource link, service),
// newest first.
type ServiceRing struct {
	Domain  string          `json:"domain"`
	Course  string          `json:"course"`
	Link    string          `json:"link"`
	Service string          `json:"service"`
	Secrets []ServiceSecret `json:"secrets"`
}
