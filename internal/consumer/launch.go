package consumer

import (
	"context"
	"errors"
	"time"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/store"
)

// LaunchRequest says who opens which link, and how. All but Course, Link and
// Username may be empty.
type LaunchRequest struct {
	Course   lti.CourseRef
	Link     string
	Username string

	// AsStudent opens the link as a student sees it, for somebody who edits the
	// course: the role is that of a student, and no score has a place to go to.
	AsStudent bool
	// Locale is the person's language; "en" without one.
	Locale string
	// Session is the id of the launch that the person came by; "" for a local
	// sign-in. A tool that sends the person back leads into that session.
	Session string
	// DocumentTarget is "iframe", "frame" or "window"; without one it follows
	// from the tool's configuration.
	DocumentTarget string
}

// Form is a signed launch, for a browser to POST. What it points to is shared
// and must not be changed.
type Form struct {
	URL string
	// Params are the fields of the form in their order, the signature last.
	Params oauth1.Params
	// Target is lti.TargetIframe, TargetWindow or TargetTab; Width and Height
	// are in pixels, 0 for as it comes.
	Target        string
	Width, Height int

	Tool       *lti.Tool
	Course     *lti.Course
	Folder     string
	Link       lti.ResourceLink
	User       lti.User
	Membership lti.Membership
	// RecordID is the id of the launch's record.
	RecordID string
}

// Launch makes one signed launch of a resource link for a member of its course
// (LTI 1.1 section 3), and keeps a record of it. Service ids go along for what
// the tool may use. A launch that may not be made is a *Refused, with the causes
// unknown_course, unknown_link, no_tool, no_account, no_role, not_open or
// disabled, and is on record, too.
func (c *Consumer) Launch(ctx context.Context, req LaunchRequest) (Form, error) {
	l := c.newOutbound(req)
	if err := l.make(ctx); err != nil {
		return Form{}, l.refuse(ctx, err)
	}
	return l.form(), nil
}

func (c *Consumer) newOutbound(req LaunchRequest) *outbound {
	return &outbound{Consumer: c, req: req, now: c.Now().UTC(), id: c.NewID()}
}

func (l *outbound) make(ctx context.Context) error {
	// Usually nothing but the record is to be written: then all is read and
	// signed outside the transaction, which only looks whether it still holds.
	err := l.Store.View(ctx, func(tx store.Tx) error { return l.compose(tx, false) })
	if err == nil {
		err = l.sign(launch.Build(l.launch))
	}
	prepared := err == nil
	if !prepared && !errors.Is(err, errRotate) {
		return err
	}
	return l.Store.Update(ctx, func(tx store.Tx) error {
		if prepared && l.stands(tx) {
			return store.Launches.PutNew(tx, l.record())
		}
		prepared = false // what is made here does not stand if this has to run again
		if err := l.compose(tx, true); err != nil {
			return err
		}
		if err := l.sign(launch.Build(l.launch)); err != nil {
			return err
		}
		return store.Launches.PutNew(tx, l.record())
	})
}

// outbound is one launch being made.
type outbound struct {
	*Consumer
	req LaunchRequest
	now time.Time
	id  string

	scene
	launch lti.Launch
	steps  []string
	signed oauth1.Params
}

// scene is what a launch is made from, as one transaction read it.
type scene struct {
	place
	user    lti.User
	member  lti.Membership
	setting *lti.ToolSetting
	// rings are those that the launch's service ids were sealed under.
	rings []*lti.ServiceRing
}

// stands reports whether everything that the launch was made from is still as
// it was.
func (l *outbound) stands(tx store.Tx) bool {
	var now scene
	if err := now.read(tx, l.req); err != nil {
		return false
	}
	if !now.same(l.place) || now.user != l.user || now.member != l.member || now.setting != l.setting {
		return false
	}
	for _, held := range l.rings {
		ring, err := store.Rings.Read(tx, held.Domain, held.Course, held.Link, held.Service)
		if err != nil || ring != held {
			return false
		}
	}
	return true
}

// read finds course, link, tool and person, and checks that this person may
// launch the link.
func (s *scene) read(tx store.Tx, req LaunchRequest) error {
	*s = scene{}
	if err := s.readMember(tx, req.Course, req.Username); err != nil {
		return err
	}
	var ok bool
	if s.link, s.folder, ok = s.course.Link(req.Link); !ok {
		return lti.Refuse(lti.CauseUnknownLink, "the course %s has no resource link %q", req.Course, req.Link)
	}
	if err := s.findTool(tx); err != nil {
		return missing(err, lti.CauseNoTool, "the tool %q of the link %q is not configured", s.link.Tool, s.link.ID)
	}
	if err := s.may(tx.Now()); err != nil {
		return err
	}
	if err := s.dress(req); err != nil {
		return err
	}
	var err error
	s.setting, err = s.readSetting(tx)
	return err
}

// readMember finds course and person, and what ties the two together.
func (s *scene) readMember(tx store.Tx, ref lti.CourseRef, username string) error {
	var err error
	if s.course, err = store.Courses.Read(tx, ref.Domain, ref.ID); err != nil {
		return missing(err, lti.CauseUnknownCourse, "there is no course %s", ref)
	}
	if s.user, err = store.Users.Get(tx, ref.Domain, username); err != nil {
		return missing(err, lti.CauseNoAccount, "there is no such account in the domain %s", ref.Domain)
	}
	s.member, err = store.Memberships.Get(tx, ref.Domain, ref.ID, username)
	if err != nil {
		return missing(err, lti.CauseNoRole, "the person is not in the course %s", ref)
	}
	return nil
}

// missing gives a refusal for store.ErrNotFound, and any other error as it is.
func missing(err error, cause lti.Cause, format string, args ...any) error {
	if errors.Is(err, store.ErrNotFound) {
		return lti.Refuse(cause, format, args...)
	}
	return err
}

func (s *scene) may(now time.Time) error {
	switch {
	case s.course.Disabled:
		return lti.Refuse(lti.CauseDisabled, "the course %s is closed", s.course.Ref())
	case s.tool.Disabled:
		return lti.Refuse(lti.CauseDisabled, "the tool %s is closed", s.toolName())
	case s.user.Disabled:
		return lti.Refuse(lti.CauseDisabled, "the account is closed")
	case !s.member.ActiveAt(now):
		return lti.Refuse(lti.CauseNotOpen, "the membership in %s is %s or outside its dates", s.course.Ref(), s.member.Status)
	case !s.member.Role.CanLaunch():
		return lti.Refuse(lti.CauseNoRole, "the role %q may not open links", s.member.Role)
	}
	if err := lti.CheckURL(s.url()); err != nil {
		r := lti.Refuse(lti.CauseNoTool, "the URL of the tool %s can't be used: %s", s.toolName(), err)
		r.Hint = "Correct the URL of the tool, or of the resource link."
		return r
	}
	return nil
}

// dress gives somebody who edits the course a student's role, for a launch that
// is to show what students see.
func (s *scene) dress(req LaunchRequest) error {
	if !req.AsStudent {
		return nil
	}
	if !s.member.Role.CanEdit() {
		return lti.Refuse(lti.CauseNoRole, "the role %q may not open links as a student", s.member.Role)
	}
	s.member.Role = lti.Student
	return nil
}

// readSetting reads what the tool keeps for the link; nil for nothing.
func (s *scene) readSetting(tx store.Tx) (*lti.ToolSetting, error) {
	if !s.tool.Setting.Enabled {
		return nil, nil
	}
	kept, err := store.Settings.Read(tx, s.course.Domain, s.course.ID, s.link.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return kept, err
}

// sign signs what the tool is sent with the tool's current secret.
func (l *outbound) sign(params oauth1.Params) error { return l.signFor(l.url(), params) }

func (l *outbound) signFor(target string, params oauth1.Params) error {
	secrets, err := l.secrets(l.place, l.now)
	if err != nil {
		return err
	}
	if len(secrets) == 0 {
		return lti.Refuse(lti.CauseNoTool, "the tool %s has no live secret", l.toolName())
	}
	signer := oauth1.Signer{
		Key: l.tool.Key, Secret: secrets[0], Method: l.tool.SignatureMethod,
		Now: func() time.Time { return l.now }, Nonce: l.NewID,
	}
	l.signed, err = signer.SignForm(target, params)
	return err
}

// record is the launch as the inspector shows it.
func (l *outbound) record() lti.LaunchRecord {
	r := lti.LaunchRecord{
		ID: l.id, At: l.now, Direction: lti.Outbound,
		Domain: l.course.Domain, Tool: l.tool.ID, Key: l.tool.Key,
		Course: l.course.ID, Folder: l.folder, Link: l.link.ID,
		Username: l.user.Username, Role: l.member.Role, Steps: l.steps,
	}
	r.Params = keptParams(l.signed)
	return r
}

// keptParams are the pairs that a record keeps: all but the signature, within
// bounds.
func keptParams(p oauth1.Params) [][2]string {
	var kept [][2]string
	for name, value := range p.All() {
		if len(kept) == maxKept {
			break
		}
		if name != "oauth_signature" {
			kept = append(kept, [2]string{clip(name), clip(value)})
		}
	}
	return kept
}

func (l *outbound) form() Form {
	target, width, height := l.link.Shown(*l.tool)
	return Form{
		URL: l.url(), Params: l.signed, Target: target, Width: width, Height: height,
		Tool: l.tool, Course: l.course, Folder: l.folder, Link: l.link,
		User: l.user, Membership: l.member, RecordID: l.id,
	}
}
