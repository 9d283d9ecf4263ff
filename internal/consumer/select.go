package consumer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/contentitem"
	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// TicketLifetime is how long a person may choose in a tool.
const TicketLifetime = 2 * time.Hour

// SelectRequest says who goes to which tool to choose content for a course.
// Folder, Session, Locale and DocumentTarget may be empty; they are as in
// LaunchRequest, and Folder is where links are to be put.
type SelectRequest struct {
	Course   lti.CourseRef
	Folder   string
	Tool     string
	Username string
	Session  string

	Locale         string
	DocumentTarget string
}

// Select makes one signed ContentItemSelectionRequest (Content-Item Message
// 1.0) for a member who may edit the course, with a ticket for the answer and a
// record of both. An admin who signed in here, and so comes without a session,
// may edit any course of the own domain, and comes as an instructor. A request
// that may not be made is a *Refused, with the causes unknown_course,
// unknown_folder, no_tool, no_account, no_role, not_open, disabled or
// service_off, and is on record, too.
func (c *Consumer) Select(ctx context.Context, req SelectRequest) (Form, error) {
	s := c.newSelecting(req)
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		if err := s.compose(tx); err != nil {
			return err
		}
		if err := store.Tickets.PutNew(tx, s.kept()); err != nil {
			return err
		}
		return store.Launches.PutNew(tx, s.record())
	})
	if err != nil {
		s.link.Tool, s.place.folder = clip(req.Tool), clip(req.Folder) // for the record
		return Form{}, s.refuse(ctx, err)
	}
	form := s.form()
	form.URL = s.tool.SelectionURL()
	return form, nil
}

// MaySelect looks whether Select would be let, as MayLaunch does for Launch.
func (c *Consumer) MaySelect(ctx context.Context, req SelectRequest) error {
	if err := c.Store.View(ctx, c.newSelecting(req).read); err != nil {
		return lti.Reason(err)
	}
	return nil
}

func (c *Consumer) newSelecting(req SelectRequest) *selecting {
	return &selecting{
		outbound: *c.newOutbound(LaunchRequest{
			Course: req.Course, Username: req.Username, Session: req.Session, Locale: req.Locale, DocumentTarget: req.DocumentTarget,
		}),
		folder: req.Folder, toolID: req.Tool,
		ticket: vault.NewSecret(c.Rand), data: vault.NewSecret(c.Rand),
	}
}

// selecting is one request being made.
type selecting struct {
	outbound
	folder, toolID string
	ticket, data   string
}

// compose writes and signs the request: who comes from which course, without
// any resource link, service or return URL (section 3.2).
func (s *selecting) compose(tx store.Tx) error {
	s.scene, s.launch, s.steps, s.signed = scene{}, lti.Launch{}, []string{"asked for content items"}, nil
	if err := s.read(tx); err != nil {
		return err
	}
	if err := s.addPerson(); err != nil {
		return err
	}
	s.addCourse()
	s.launch.Return = lti.Presentation{Locale: s.locale(), DocumentTarget: s.req.DocumentTarget}
	if err := s.addCustom(tx); err != nil {
		return err
	}
	params := launch.BuildMessage(contentitem.RequestType, s.launch)
	return s.signFor(s.tool.SelectionURL(), append(params, contentitem.Request{
		ReturnURL: s.PublicURL + itemsPath + s.ticket,
		Multiple:  true, AutoCreate: true, Data: s.data,
	}.Params()...))
}

// read finds course, person and tool, and checks that this person may add
// links.
func (s *selecting) read(tx store.Tx) error {
	if err := s.readEditor(tx, s.req.Course, s.req.Username, s.req.Session == ""); err != nil {
		return err
	}
	s.link.Tool, s.place.folder = s.toolID, s.folder
	if err := s.findTool(tx); err != nil {
		return missing(err, lti.CauseNoTool, "there is no tool %q for the course %s", s.toolID, s.req.Course)
	}
	return s.mayAdd(tx.Now(), s.folder)
}

// readEditor is readMember for somebody who edits. An admin who signed in here
// has the place of an instructor, unless the course gives one as good.
func (s *scene) readEditor(tx store.Tx, ref lti.CourseRef, username string, signedIn bool) error {
	err := s.readMember(tx, ref, username)
	if !signedIn || !s.user.Admin || err == nil && s.member.ActiveAt(tx.Now()) && s.member.Role.CanEdit() {
		return err
	}
	if err != nil && lti.Reason(err).Cause != lti.CauseNoRole {
		return err
	}
	s.member = lti.Membership{
		Domain: ref.Domain, Course: ref.ID, Username: username, Role: lti.Instructor, Status: lti.MemberActive, Source: "admin",
	}
	return nil
}

// mayAdd checks that the person may add links of the tool to the folder.
func (s *scene) mayAdd(now time.Time, folder string) error {
	if err := s.may(now); err != nil {
		return err
	}
	if s.tool.ContentItems.Off {
		return lti.Refuse(lti.CauseServiceOff, "choosing content in the tool %s is switched off", s.toolName())
	}
	if err := lti.CheckURL(s.tool.SelectionURL()); err != nil {
		return lti.Refuse(lti.CauseNoTool, "the URL to choose content in the tool %s can't be used: %s", s.toolName(), err)
	}
	if !s.member.Role.CanEdit() {
		return lti.Refuse(lti.CauseNoRole, "the role %q may not add links", s.member.Role)
	}
	if folder == "" {
		return nil
	}
	if _, ok := s.course.Folder(folder); !ok {
		return lti.Refuse(lti.CauseUnknownFolder, "the course %s has no folder %q", s.course.Ref(), folder)
	}
	return nil
}

// record is that of the request, without what lets an answer in.
func (s *selecting) record() lti.LaunchRecord {
	r := s.outbound.record()
	r.Params = slices.DeleteFunc(r.Params, func(p [2]string) bool {
		return strings.Contains(p[1], s.ticket) || p[1] == s.data
	})
	return r
}

// kept is the ticket as the store has it.
func (s *selecting) kept() lti.Ticket {
	return lti.Ticket{
		Hash: digest(s.ticket), Data: digest(s.data),
		Domain: s.course.Domain, Course: s.course.ID, Folder: s.folder, Tool: s.tool.ID, Username: s.user.Username,
		Session: s.req.Session, Record: s.id, Expires: s.now.Add(TicketLifetime).Truncate(time.Second),
	}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
