package provider

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/ltihub/ltihub/internal/cartridge"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// ourName is what we call ourselves to an LMS where no course gives a title.
const ourName = "ltihub"

// Cartridge describes the launch URL with the tail for an LMS that is set up
// from a link file (LTI 1.1 section 4). It holds neither key nor secret, so that
// anybody may read it. A tail that leads nowhere is a *lti.Refusal with the
// causes unknown_course, unknown_folder or unknown_link; so is a course that is
// closed.
func (p *Provider) Cartridge(ctx context.Context, tail lti.Tail) (cartridge.Link, error) {
	link := cartridge.Link{Title: ourName, Description: "Activities and grades, through " + ourName}
	if tail != (lti.Tail{}) {
		err := p.Store.View(ctx, func(tx store.Tx) (err error) {
			link, err = placement(tx, tail)
			return err
		})
		if err != nil {
			return cartridge.Link{}, lti.Reason(err)
		}
	}
	link.SetURL(p.launchURL(tail))
	p.introduce(&link)
	link.Canvas = cartridge.Canvas{ToolID: ourName, PrivacyLevel: cartridge.PrivacyPublic, Domain: p.domain()}
	return link, nil
}

// introduce says who we are. The icon goes to both places, as the launch URL does.
func (p *Provider) introduce(link *cartridge.Link) {
	link.Vendor = cartridge.Vendor{Code: p.domain(), Name: ourName, URL: p.PublicURL}
	if p.Icon == "" {
		return
	}
	link.Icon = p.PublicURL + p.Icon
	if strings.HasPrefix(p.PublicURL, "https://") {
		link.SecureIcon = link.Icon
	}
}

// placement is title and description of what the tail names.
func placement(tx store.Tx, tail lti.Tail) (cartridge.Link, error) {
	course, err := tailCourse(tx, tail)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrKey) || err == nil && course.Disabled {
		return cartridge.Link{}, lti.Refuse(lti.CauseUnknownCourse, "the launch URL's tail names no open course")
	}
	if err != nil {
		return cartridge.Link{}, err
	}
	named := cartridge.Link{Title: titleOr(course.Title, course.ID)}
	switch {
	case tail.Folder != "":
		folder, ok := course.Folder(tail.Folder)
		if !ok {
			return named, lti.Refuse(lti.CauseUnknownFolder, "the course %s has no folder %q", course.Ref(), tail.Folder)
		}
		named.Description, named.Title = named.Title, titleOr(folder.Title, folder.ID)
	case tail.Link != "" || tail.Tiny != "":
		link, ok := tailLink(course, tail)
		if !ok {
			return named, lti.Refuse(lti.CauseUnknownLink, "the course %s has no such link", course.Ref())
		}
		named.Title, named.Description = titleOr(link.Title, link.ID), link.Description
	}
	return named, nil
}

func tailCourse(tx store.Tx, tail lti.Tail) (*lti.Course, error) {
	if tail.Tiny != "" {
		return store.Courses.FindRead(tx, "tiny", store.Join(tail.Domain, tail.Tiny))
	}
	return store.Courses.Read(tx, tail.Domain, tail.Course)
}

func tailLink(course *lti.Course, tail lti.Tail) (lti.ResourceLink, bool) {
	if tail.Tiny == "" {
		link, _, ok := course.Link(tail.Link)
		return link, ok
	}
	for _, link := range course.AllLinks() {
		if link.Tiny == tail.Tiny {
			return link, true
		}
	}
	return lti.ResourceLink{}, false
}

func titleOr(title, id string) string {
	if title == "" {
		return id
	}
	return title
}

// launchURL is where an LMS launches what the tail names.
func (p *Provider) launchURL(tail lti.Tail) string {
	parts := []string{"lti", "launch"}
	switch {
	case tail.Tiny != "":
		parts = append(parts, "tiny", tail.Domain, tail.Tiny)
	case tail.Course != "":
		parts = append(parts, tail.Domain, tail.Course)
	}
	switch {
	case tail.Folder != "":
		parts = append(parts, "f", tail.Folder)
	case tail.Link != "":
		parts = append(parts, "l", tail.Link)
	}
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return p.PublicURL + "/" + strings.Join(parts, "/")
}

// domain is the host by which an LMS knows launch URLs as ours.
func (p *Provider) domain() string {
	u, err := url.Parse(p.PublicURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
