package cartridge

import (
	"fmt"
	"maps"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// FromTool writes down of a tool what another platform needs to launch it:
// name, URL, custom parameters, size, what it should be sent, whether in a
// window of its own, where content is chosen, and what the tool tells of itself.
// Key and secret go another way.
func FromTool(t lti.Tool) Link {
	l := Link{
		Title: t.Name, Custom: maps.Clone(t.Custom),
		Description: t.About.Description, Icon: t.About.Icon, SecureIcon: t.About.SecureIcon, Vendor: Vendor(t.About.Vendor),
	}
	l.SetURL(t.URL)
	l.Canvas = Canvas{
		ToolID:       t.ID,
		PrivacyLevel: privacy(t),
		Settings:     Settings{Width: t.Width, Height: t.Height, WindowTarget: "_self"},
	}
	if t.Target == lti.TargetWindow || t.Target == lti.TargetTab {
		l.Canvas.WindowTarget = "_blank"
	}
	l.Canvas.Placements = placements(t)
	l.extend(t.Extensions)
	return l
}

// placements are the tool's own and, if content is chosen at a URL of its own,
// the one that says so, unless there is one already.
func placements(t lti.Tool) []Placement {
	var all []Placement
	chosen := t.ContentItems.Off || t.ContentItems.URL == ""
	for _, p := range t.Placements {
		all = append(all, Placement{Name: p.Name, Settings: Settings{
			URL: p.URL, Text: p.Text, IconURL: p.Icon, MessageType: p.MessageType,
			Enabled: p.Enabled, Default: p.Default, Visibility: p.Visibility, WindowTarget: p.WindowTarget,
			Width: p.Width, Height: p.Height, Custom: maps.Clone(p.Custom), Labels: maps.Clone(p.Labels),
		}})
		chosen = chosen || p.Name == selectionPlacement || p.URL == t.ContentItems.URL
	}
	if !chosen {
		all = append(all, Placement{Name: selectionPlacement, Settings: Settings{URL: t.ContentItems.URL, MessageType: selectionRequest}})
	}
	return all
}

// ToTool gives what the link says of the tool: name, URL, custom parameters,
// what to send, target and size, where content is chosen, what the tool tells of
// itself, and what it says to platforms, in bounds (LeftOut). Send is nil and Target empty when the link does not say. A
// link that names no URL of its own, such as one with a domain alone, is ErrURL.
// The rest, key and secret first, is for the caller to fill in.
func (l Link) ToTool() (lti.Tool, error) {
	if l.URL() == "" {
		return lti.Tool{}, fmt.Errorf("%w: the file leaves it to the platform", ErrURL)
	}
	kept, _ := l.extensions()
	return lti.Tool{
		Name:   l.Title,
		URL:    l.URL(),
		Send:   send(l.Canvas.PrivacyLevel),
		Custom: l.allCustom(),
		Target: l.target(),
		Width:  min(l.Canvas.Width, lti.MaxPixels),
		Height: min(l.Canvas.Height, lti.MaxPixels),

		ContentItems: lti.ContentItems{URL: l.selectionURL()},
		About:        l.about(),
		Placements:   l.placements(),
		Extensions:   kept,
	}, nil
}

// The places and the message by which Canvas lets people choose content.
const (
	selectionPlacement = "link_selection"
	selectionRequest   = "ContentItemSelectionRequest"
)

// selectionURL is where content is chosen, if the link says so: the URL of the
// first placement for it. That of launches counts as not said.
func (l Link) selectionURL() string {
	for _, p := range l.Canvas.Placements {
		message := p.MessageType
		if message == "" {
			message = l.Canvas.MessageType
		}
		if !strings.EqualFold(message, selectionRequest) || strings.EqualFold(p.Enabled, "false") {
			continue
		}
		switch p.Name {
		case selectionPlacement, "resource_selection", "assignment_selection":
			if p.URL != "" && p.URL != l.URL() {
				return p.URL
			}
		}
	}
	return ""
}

// about cuts the texts to what is kept.
func (l Link) about() lti.ToolAbout {
	return lti.ToolAbout{
		Description: brief(l.Description), Icon: l.Icon, SecureIcon: l.SecureIcon,
		Vendor: lti.Vendor{
			Code: brief(l.Vendor.Code), Name: brief(l.Vendor.Name), Description: brief(l.Vendor.Description),
			URL: l.Vendor.URL, Contact: brief(l.Vendor.Contact),
		},
	}
}

func (l Link) placements() []lti.ToolPlacement {
	var all []lti.ToolPlacement
	for _, p := range l.Canvas.Placements {
		if len(all) == lti.MaxPlacements {
			break
		}
		all = append(all, lti.ToolPlacement{
			Name: brief(p.Name), URL: p.URL, Text: brief(p.Text), Icon: p.IconURL, MessageType: brief(p.MessageType),
			Enabled: brief(p.Enabled), Default: brief(p.Default), Visibility: brief(p.Visibility), WindowTarget: brief(p.WindowTarget),
			Width: min(p.Width, lti.MaxPixels), Height: min(p.Height, lti.MaxPixels), Custom: maps.Clone(p.Custom), Labels: maps.Clone(p.Labels),
		})
	}
	return all
}

// brief cuts a text to what is kept of it, and not inside a character.
func brief(s string) string {
	if len(s) <= lti.MaxAbout {
		return s
	}
	return strings.ToValidUTF8(s[:lti.MaxAbout], "")
}

// allCustom joins the link's custom parameters with those of its Canvas
// extension. The link's own come first, as we are not Canvas.
func (l Link) allCustom() map[string]string { return layer(l.Canvas.Custom, l.Custom) }

func layer(below, above map[string]string) map[string]string {
	if len(below)+len(above) == 0 {
		return nil
	}
	all := make(map[string]string, len(below)+len(above))
	maps.Copy(all, below)
	maps.Copy(all, above)
	return all
}

// target follows the extension or, where that says nothing, the first placement
// that does.
func (l Link) target() string {
	said := l.Canvas.WindowTarget
	for _, p := range l.Canvas.Placements {
		if said == "" {
			said = p.WindowTarget
		}
	}
	switch said {
	case "":
		return ""
	case "_blank":
		return lti.TargetTab
	}
	return lti.TargetIframe
}

// send is what a privacy level releases. Canvas sends roles at every level, and
// the login name only with everything else. An unknown level is the least.
func send(level string) []string {
	switch level {
	case "":
		return nil
	case PrivacyPublic:
		return []string{lti.SendName, lti.SendEmail, lti.SendUsername, lti.SendRoles}
	case PrivacyNameOnly:
		return []string{lti.SendName, lti.SendRoles}
	case PrivacyEmailOnly:
		return []string{lti.SendEmail, lti.SendRoles}
	}
	return []string{lti.SendRoles}
}

// privacy is the lowest level that releases the name and the e-mail address
// where the tool gets them.
func privacy(t lti.Tool) string {
	name, email := t.Sends(lti.SendName), t.Sends(lti.SendEmail)
	switch {
	case name && email:
		return PrivacyPublic
	case name:
		return PrivacyNameOnly
	case email:
		return PrivacyEmailOnly
	}
	return PrivacyAnonymous
}
