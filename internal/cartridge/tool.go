package cartridge

import (
	"fmt"
	"maps"

	"github.com/ltihub/ltihub/internal/lti"
)

// FromTool writes down of a tool what another platform needs to launch it:
// name, URL, custom parameters, size, what it should be sent, and whether in a
// window of its own. Key and secret go another way.
func FromTool(t lti.Tool) Link {
	l := Link{Title: t.Name, Custom: maps.Clone(t.Custom)}
	l.SetURL(t.URL)
	l.Canvas = Canvas{
		ToolID:       t.ID,
		PrivacyLevel: privacy(t),
		Settings:     Settings{Width: t.Width, Height: t.Height, WindowTarget: "_self"},
	}
	if t.Target == lti.TargetWindow || t.Target == lti.TargetTab {
		l.Canvas.WindowTarget = "_blank"
	}
	return l
}

// ToTool gives what the link says of the tool: name, URL, custom parameters,
// what to send, target and size. Send is nil and Target empty when the link does
// not say. A link that names no URL of its own, such as one with a domain alone,
// is ErrURL. The rest, key and secret first, is for the caller to fill in.
func (l Link) ToTool() (lti.Tool, error) {
	if l.URL() == "" {
		return lti.Tool{}, fmt.Errorf("%w: the file leaves it to the platform", ErrURL)
	}
	return lti.Tool{
		Name:   l.Title,
		URL:    l.URL(),
		Send:   send(l.Canvas.PrivacyLevel),
		Custom: l.allCustom(),
		Target: l.target(),
		Width:  l.Canvas.Width,
		Height: l.Canvas.Height,
	}, nil
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
