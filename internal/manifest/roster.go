package manifest

import (
	"cmp"
	"math"
	"strconv"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

// Bounds of the time between two scheduled fetches of a roster.
const (
	defaultEvery = 24 * time.Hour
	minEvery     = time.Minute
	maxEvery     = 366 * 24 * time.Hour
)

func readRosterRules(v value, c *entry[lti.ToolConsumer]) {
	v.mapping(keys{
		"pull":                 put(c, func(c *lti.ToolConsumer) *bool { return &c.Roster.Pull }, value.boolean),
		"on_instructor_launch": put(c, func(c *lti.ToolConsumer) *bool { return &c.Roster.OnInstructorLaunch }, value.boolean),
		"every":                put(c, func(c *lti.ToolConsumer) *time.Duration { return &c.Roster.Every }, rosterEvery),
		"drop":                 put(c, func(c *lti.ToolConsumer) *bool { return &c.Roster.Keep }, func(v value) bool { return !v.boolean() }),
		"brake":                put(c, func(c *lti.ToolConsumer) *float64 { return &c.Roster.Brake }, brake),
	})
}

// rosterEvery reads the time between two fetches; 0 is never.
func rosterEvery(v value) time.Duration {
	text := v.text()
	if text == "0" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if v.isText() && (err != nil || d != 0 && (d < minEvery || d > maxEvery)) {
		v.fault("must be 0 (never), or a time from 1m to 8784h, such as 24h")
	}
	return d
}

// brake reads the share of members that may leave by themselves, as
// lti.RosterRules keeps it.
func brake(v value) float64 {
	share, err := strconv.ParseFloat(v.text(), 64)
	if v.isText() && (err != nil || math.IsNaN(share) || share <= 0 || share > 1) {
		v.fault("must be a share above 0 and up to 1, such as 0.3")
	}
	if share == lti.DefaultBrake {
		return 0 // which stands for it
	}
	return share
}

func newRosterRulesDoc(r lti.RosterRules) rosterRulesDoc {
	every := "0"
	if r.Every > 0 {
		every = formatDuration(r.Every)
	}
	return rosterRulesDoc{
		Pull: r.Pull, OnInstructorLaunch: r.OnInstructorLaunch, Every: every, Drop: !r.Keep,
		Brake: cmp.Or(r.Brake, lti.DefaultBrake),
	}
}
