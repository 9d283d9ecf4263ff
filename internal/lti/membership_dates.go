package lti

// Same reports whether two periods begin and end at the same moments; an open
// end is the same as an open one only.
func (p Period) Same(q Period) bool { return p.Start.Equal(q.Start) && p.End.Equal(q.End) }

// Follow gives the membership the default dates of its course, if it still has
// those that it was given and these have changed. Dates that were set by hand
// differ from them and stay, and so does all of a locked membership.
func (m Membership) Follow(defaults Period) (Membership, bool) {
	if m.Locked || !m.Period.Same(m.Given) || m.Given.Same(defaults) {
		return m, false
	}
	m.Period, m.Given = defaults, defaults
	return m, true
}
