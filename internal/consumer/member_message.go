package consumer

import (
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/memberships"
	"github.com/ltihub/ltihub/internal/store"
)

// tellLaunch gives a member what a launch of the link would tell of this person
// beside the standard's parameters: the custom parameters with their variables
// filled in, and the ext parameters (Context Memberships 1.0, message). Their
// names stand without prefix there. What only a launch has, such as a return
// URL, is empty.
func (r *Roster) tellLaunch(tx store.Tx, m *memberships.Member, who lti.Membership, u lti.User) error {
	k := r.call
	l := outbound{
		Consumer: k.Consumer, now: k.now, scene: scene{place: k.place, user: u, member: who},
		launch: lti.Launch{UserID: m.UserID, Person: m.Person, Roles: m.Roles},
	}
	l.addCourse()
	l.addLink()
	l.launch.Return = l.presentation()
	if k.enabled(lti.ServiceGrade) {
		l.launch.Outcome = l.outcomeService()
		l.launch.Outcome.SourcedID = m.ResultSourcedID
	}
	l.launch.Roster = lti.ServiceEndpoint{URL: k.PublicURL + rosterPath, ID: r.id}
	if err := l.addCustom(tx); err != nil {
		return err
	}
	m.Custom = withoutPrefix(l.launch.Custom, lti.CustomPrefix)
	if k.tool.Sends(lti.SendUsername) {
		m.Ext = map[string]string{"user_username": u.Username}
	}
	return nil
}

func withoutPrefix(params map[string]string, prefix string) map[string]string {
	short := make(map[string]string, len(params))
	for name, value := range params {
		short[strings.TrimPrefix(name, prefix)] = value
	}
	return short
}
