package consumer

import (
	"context"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// Ids of what a test launch is about; no course and no person has them.
const (
	trialCourse = "ltihub-test"
	trialUser   = "test-person"
)

// TrialLaunch makes a signed launch of a domain's tool for a person, course and
// link that do not exist, so that an admin sees whether the tool takes it, and
// keeps a record. role is a role of ours. No service ids go along: there is
// nobody whose grade could be taken. A tool that can't be launched is a
// *lti.Refusal with the cause no_tool or disabled.
func (c *Consumer) TrialLaunch(ctx context.Context, domain, tool string, role lti.Role) (Form, error) {
	l := &outbound{Consumer: c, now: c.Now().UTC(), id: c.NewID()}
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		if err := l.composeTrial(tx, domain, tool, role); err != nil {
			return err
		}
		return store.Launches.PutNew(tx, l.record())
	})
	if err != nil {
		return Form{}, lti.Reason(err)
	}
	return l.form(), nil
}

// composeTrial writes and signs the launch.
func (l *outbound) composeTrial(tx store.Tx, domain, tool string, role lti.Role) error {
	t, err := store.Tools.Read(tx, domain, tool)
	if err != nil {
		return missing(err, lti.CauseNoTool, "there is no tool %s/%s", domain, tool)
	}
	l.scene = scene{
		place: place{
			course: &lti.Course{Domain: domain, ID: trialCourse, Title: "Test course", Label: "TEST"},
			link:   lti.ResourceLink{ID: "test", Tool: tool, Title: "Test launch"}, tool: t,
		},
		user: lti.User{
			Domain: domain, Username: trialUser, Handle: trialUser,
			GivenName: "Test", FamilyName: "Person", Email: "test.person@example.org",
		},
		member: lti.Membership{Domain: domain, Course: trialCourse, Username: trialUser, Role: role, Status: lti.MemberActive},
	}
	l.launch, l.signed = lti.Launch{}, nil
	l.steps = []string{"a test launch, asked for by an admin: person, course and link do not exist"}
	if err := l.may(tx.Now()); err != nil {
		return err
	}
	if err := l.addPerson(); err != nil {
		return err
	}
	l.addCourse()
	l.addLink()
	l.launch.Return = lti.Presentation{Locale: l.locale(), DocumentTarget: lti.TargetWindow}
	if err := l.addCustom(tx); err != nil {
		return err
	}
	return l.sign(launch.Build(l.launch))
}
