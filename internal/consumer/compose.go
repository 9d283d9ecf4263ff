package consumer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// contextType is what a course of ours is in LTI's words.
const contextType = "CourseOffering"

// maxSent is how long a setting may be to go along with a launch, in bytes;
// tools load a longer one themselves.
const maxSent = 4096

// compose reads what the launch is made from and writes it, up to the
// signature. With write it makes the service secrets that are due; without, it
// returns errRotate.
func (l *outbound) compose(tx store.Tx, write bool) error {
	l.launch, l.steps, l.signed = lti.Launch{}, nil, nil
	if err := l.read(tx, l.req); err != nil {
		return err
	}
	if err := l.addPerson(); err != nil {
		return err
	}
	l.addCourse()
	l.addLink()
	if err := l.addPresentation(); err != nil {
		return err
	}
	if l.req.AsStudent {
		l.steps = append(l.steps, "opened as a student by somebody who edits the course; no score is taken")
	}
	if err := l.addServices(tx, write); err != nil {
		return err
	}
	return l.addCustom(tx)
}

// addPerson tells of the person what the tool's configuration releases.
func (l *outbound) addPerson() error {
	id, err := userID(l.tool, l.user)
	if err != nil {
		return err
	}
	l.launch.UserID = id
	l.launch.Person = released(l.tool, l.user)
	l.launch.Roles = releasedRoles(l.tool, l.member)
	if l.tool.Sends(lti.SendUsername) {
		l.addExt("ext_user_username", l.user.Username)
	}
	return nil
}

// released is what the tool may know of a person beyond the opaque id.
func released(t *lti.Tool, u lti.User) lti.Person {
	var p lti.Person
	if t.Sends(lti.SendName) {
		p.GivenName, p.FamilyName, p.FullName = u.GivenName, u.FamilyName, u.Name()
	}
	if t.Sends(lti.SendEmail) {
		p.Email = u.Email
	}
	if t.Sends(lti.SendUsername) {
		p.SourcedID = u.Username
	}
	return p
}

func releasedRoles(t *lti.Tool, m lti.Membership) []lti.LTIRole {
	if !t.Sends(lti.SendRoles) {
		return nil
	}
	return lti.ParseRoles(lti.LTIRoles(m.Role))
}

func (l *outbound) addLink() {
	l.launch.ResourceLinkID = l.resourceLinkID()
	l.launch.ResourceLinkTitle = l.link.Title
	l.launch.ResourceLinkDescription = l.link.Description
}

func (l *outbound) addCourse() {
	l.launch.ContextID = l.contextID()
	l.launch.ContextType = []string{contextType}
	l.launch.ContextTitle = l.course.Title
	l.launch.ContextLabel = l.course.Label
	l.launch.Instance = l.instance()
}

func (l *outbound) addPresentation() error {
	l.launch.Return = l.presentation()
	var err error
	l.launch.Return.ReturnURL, err = l.returnURL()
	return err
}

func (l *outbound) presentation() lti.Presentation {
	target, width, height := l.link.Shown(*l.tool)
	p := lti.Presentation{Locale: l.locale(), DocumentTarget: l.req.DocumentTarget, Width: width, Height: height}
	if p.DocumentTarget == "" {
		p.DocumentTarget = "iframe"
		if target == lti.TargetWindow || target == lti.TargetTab {
			p.DocumentTarget = "window"
		}
	}
	return p
}

func (l *outbound) locale() string {
	if l.req.Locale == "" {
		return "en"
	}
	return l.req.Locale
}

// addServices hands out the ids of the services that the tool may use.
func (l *outbound) addServices(tx store.Tx, write bool) error {
	if l.enabled(lti.ServiceGrade) {
		l.launch.Outcome = l.outcomeService()
		if l.member.Role == lti.Student && !l.req.AsStudent {
			id, err := l.serviceID(tx, lti.ServiceGrade, write)
			if err != nil {
				return err
			}
			l.launch.Outcome.SourcedID = id
		}
	}
	if l.enabled(lti.ServiceRoster) {
		id, err := l.serviceID(tx, lti.ServiceRoster, write)
		if err != nil {
			return err
		}
		l.launch.Roster = lti.ServiceEndpoint{URL: l.PublicURL + rosterPath, ID: id}
	}
	if !l.enabled(lti.ServiceSetting) {
		return nil
	}
	id, err := l.serviceID(tx, lti.ServiceSetting, write)
	if err != nil {
		return err
	}
	l.launch.Setting = lti.ServiceEndpoint{URL: l.PublicURL + settingPath, ID: id}
	if l.setting != nil && len(l.setting.Value) <= maxSent {
		l.addExt("ext_ims_lti_tool_setting", l.setting.Value)
	}
	return nil
}

// outcomeService is the same for every launch of the link; the sourcedid comes
// on top for students.
func (l *outbound) outcomeService() lti.OutcomeService {
	return lti.OutcomeService{
		URL: l.PublicURL + passbackPath, FormURL: l.PublicURL + passbackPath,
		Values: []string{
			lti.ScoreDecimal, lti.ScorePercentage, lti.ScoreRatio,
			lti.ScorePassFail, lti.ScoreLetter, lti.ScoreLetterPlus,
		},
		DataValues: []string{"text", "url", "ltiLaunchUrl"},
		TotalScore: true,
		Submitted:  true,
		Review:     true,
		Prioritize: true, // an override stands until it is lifted, whatever a message says
	}
}

func (l *outbound) serviceID(tx store.Tx, service string, write bool) (string, error) {
	s, err := l.sealing(tx, l.place, service, write)
	if err != nil {
		return "", err
	}
	if s.made {
		l.steps = append(l.steps, "a new "+service+" service secret was made")
	} else {
		l.rings = append(l.rings, s.record)
	}
	return s.seal(l.place, service, l.member.Digest), nil
}

// addCustom comes last: variables stand for values of the rest.
func (l *outbound) addCustom(tx store.Tx) error {
	merged, warnings := lti.MergeCustom(l.tool.Custom, l.link.Custom)
	l.steps = append(l.steps, warnings...)
	if len(merged) == 0 {
		return nil
	}
	source := lti.VariableSource{
		Launch: l.launch, Tool: *l.tool, User: l.user, Course: *l.course, Link: l.link, Member: l.member,
	}
	if id := l.launch.Roster.ID; id != "" {
		source.ContextMembershipsURL = l.membersURL(id)
		source.LinkMembershipsURL = l.membersURL(id) + "?rlid=" + l.resourceLinkID()
	}
	if l.launch.Outcome.SourcedID != "" && lti.AsksForResult(merged) {
		result, err := readResult(tx, l.ref(l.user.Username))
		if err != nil {
			return err
		}
		source.Result = &result
	}
	l.substitute(merged, source.Variables())
	if l.tool.SendOriginalCase {
		maps.Copy(merged, lti.OriginalNames(merged, l.tool.Custom, l.link.Custom))
	}
	l.launch.Custom = merged
	return nil
}

// substitute puts values in place of variables, and notes which ones the tool is
// not told.
func (l *outbound) substitute(custom map[string]string, vars lti.Variables) {
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		value := lti.Substitute(custom[name], vars)
		if value == custom[name] && strings.HasPrefix(value, "$") {
			l.steps = append(l.steps, fmt.Sprintf("%s goes as it stands: %.80s is no variable that this tool is told", name, value))
		}
		custom[name] = value
	}
}

func (l *outbound) addExt(name, value string) {
	if l.launch.Ext == nil {
		l.launch.Ext = make(map[string]string, 2)
	}
	l.launch.Ext[name] = value
}
