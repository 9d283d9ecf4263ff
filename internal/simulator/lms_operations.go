package simulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	rosterPrefix  = "roster:"
	settingPrefix = "setting:"
)

var errUnsupported = errors.New("operation is not supported")

// performPOX does replaceResult, readResult and deleteResult (LTI 1.1, 6.1).
func (l *LMS) performPOX(req serviceRequest, answer *serviceAnswer) error {
	switch req.pox.Kind {
	case "replaceResult":
		if !req.pox.hasResult {
			return errors.New("replaceResult holds no result")
		}
		score, err := readScore(req.pox.Score)
		if err != nil {
			return err
		}
		answer.description = "score is now " + req.pox.Score
		return l.replaceGrade(req.pox.SourcedID, req.pox.Score, score, req.at)
	case "readResult":
		var err error
		answer.score, err = l.readGrade(req.pox.SourcedID)
		return err
	case "deleteResult":
		return l.deleteGrade(req.pox.SourcedID)
	}
	return errUnsupported
}

// performForm does the same for the 1.0 extension's forms.
func (l *LMS) performForm(req serviceRequest, params url.Values, answer *serviceAnswer) error {
	answer.sourcedID = params.Get("sourcedid")
	switch answer.kind {
	case "basic-lis-updateresult", "basic-lis-replaceresult", "basic-lis-createresult":
		text := params.Get("result_resultscore_textstring")
		score, err := readScore10(text, params.Get("result_resultvaluesourcedid"))
		if err != nil {
			return err
		}
		return l.replaceGrade(answer.sourcedID, text, score, req.at)
	case "basic-lis-readresult":
		if grade, ok := l.gradeAt(answer.sourcedID); ok {
			answer.date = grade.ChangedAt.UTC().Format(time.RFC3339)
		}
		var err error
		answer.score, err = l.readGrade(answer.sourcedID)
		return err
	case "basic-lis-deleteresult":
		return l.deleteGrade(answer.sourcedID)
	}
	return errUnsupported
}

func (l *LMS) gradeAt(sourcedID string) (Grade, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	grade, ok := l.grades[sourcedID]
	return grade, ok
}

// performRoster lists the course's members. The id may come under either name tools
// use for it; sourcedids go along when the link takes grades.
func (l *LMS) performRoster(params url.Values, answer *serviceAnswer) error {
	withGroups := answer.kind == "basic-lis-readmembershipsforcontextwithgroups"
	if !withGroups && answer.kind != "basic-lis-readmembershipsforcontext" || withGroups && l.NoGroups {
		return errUnsupported
	}
	link, err := l.linkOf(params, rosterPrefix, "id", "ext_ims_lis_memberships_id")
	if err != nil {
		return err
	}
	answer.members = []Member{}
	for _, user := range l.listed() {
		member := Member{
			UserID: user.ID, Roles: user.Roles, PersonSourcedID: user.Login,
			GivenName: user.Given, FamilyName: user.Family, FullName: user.Name(), Email: user.Email,
		}
		if link.Gradable && user.Learner() {
			member.ResultSourcedID = l.Course.sourcedID(user, link)
		}
		if withGroups {
			member.Groups = user.Groups
		}
		answer.members = append(answer.members, member)
	}
	return nil
}

// performSetting loads, saves or deletes the one text value a link keeps for its tool.
func (l *LMS) performSetting(params url.Values, answer *serviceAnswer) error {
	link, err := l.linkOf(params, settingPrefix, "id", "ext_ims_lti_tool_setting_id")
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch answer.kind {
	case "basic-lti-loadsetting":
		value := l.settings[link.ID]
		answer.setting = &value
	case "basic-lti-savesetting":
		if !params.Has("setting") {
			return errors.New("no setting to save")
		}
		l.settings[link.ID] = params.Get("setting")
	case "basic-lti-deletesetting":
		delete(l.settings, link.ID)
	default:
		return errUnsupported
	}
	return nil
}

func (l *LMS) setting(linkID string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	value, ok := l.settings[linkID]
	return value, ok
}

// linkOf finds the link a service id was issued for, under the first name that is there.
func (l *LMS) linkOf(params url.Values, prefix string, names ...string) (Link, error) {
	_, links := l.people()
	for _, name := range names {
		for _, link := range links {
			if params.Get(name) == prefix+link.ID {
				return link, nil
			}
		}
	}
	return Link{}, fmt.Errorf("no link of this course has the given %s", strings.Join(names, " or "))
}

// keepCallback takes the URL to request when the launch's user leaves the LMS.
func (l *LMS) keepCallback(params url.Values) error {
	callback, err := url.Parse(params.Get("callback"))
	if err != nil || callback.Host == "" || (callback.Scheme != "http" && callback.Scheme != "https") {
		return errors.New("callback is not an absolute URL")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	user, ok := l.sessions[params.Get("session")]
	if !ok {
		return errors.New("session is unknown")
	}
	l.callbacks[user] = append(l.callbacks[user], callback.String())
	return nil
}

// LogOut logs the user out of the LMS: every callback kept for that user is
// requested once, and the answers' statuses are returned.
func (l *LMS) LogOut(ctx context.Context, userID string) ([]int, error) {
	l.mu.Lock()
	callbacks := l.callbacks[userID]
	delete(l.callbacks, userID)
	l.mu.Unlock()
	defer l.changes.tell()
	var statuses []int
	for _, callback := range callbacks {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, callback, nil)
		if err != nil {
			return statuses, fmt.Errorf("request logout callback: %w", err)
		}
		resp, err := l.Client.Do(req)
		if err != nil {
			return statuses, fmt.Errorf("request logout callback: %w", err)
		}
		_ = resp.Body.Close() // nothing is read from it
		statuses = append(statuses, resp.StatusCode)
	}
	return statuses, nil
}

// Callbacks returns the logout URLs kept for a user.
func (l *LMS) Callbacks(userID string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.callbacks[userID]...)
}
