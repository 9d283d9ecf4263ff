package lti

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// Bounds of what is kept about a tool, and of the size that it is shown in.
const (
	MaxPixels     = 10000 // width or height of a frame
	MaxAbout      = 4096  // bytes of a text
	MaxPlacements = 50
)

// ToolAbout is what the link file of a tool tells people of it, in the tool's
// own words. URLs are absolute; no page of ours fetches them.
type ToolAbout struct {
	Description string `json:"description,omitempty"`
	// Icon is a picture, SecureIcon the same over https.
	Icon       string `json:"icon,omitempty"`
	SecureIcon string `json:"secure_icon,omitempty"`
	Vendor     Vendor `json:"vendor,omitzero"`
}

// Vendor is who makes a tool. Contact is an e-mail address.
type Vendor struct {
	Code        string `json:"code,omitempty"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
	Contact     string `json:"contact,omitempty"`
}

// ToolPlacement is a place in Canvas where a tool wants to be offered, such as
// course_navigation, with what the tool says of it there. What is empty holds
// as for the tool as a whole.
type ToolPlacement struct {
	Name        string `json:"name"`
	URL         string `json:"url,omitempty"`
	Text        string `json:"text,omitempty"`
	Icon        string `json:"icon,omitempty"`
	MessageType string `json:"message_type,omitempty"`
	// Enabled, Default and Visibility are words of Canvas, kept as they are.
	Enabled      string `json:"enabled,omitempty"`
	Default      string `json:"default,omitempty"`
	Visibility   string `json:"visibility,omitempty"`
	WindowTarget string `json:"window_target,omitempty"`
	Width        int    `json:"width,omitempty"`
	Height       int    `json:"height,omitempty"`

	Custom map[string]string `json:"custom,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
}

// CheckTold says why name, custom parameters and what the tool tells of itself
// can't be kept.
func (t Tool) CheckTold() error {
	if err := checkTexts(t.Name); err != nil {
		return err
	}
	if err := checkCustom(t.Custom); err != nil {
		return err
	}
	if t.Width < 0 || t.Width > MaxPixels || t.Height < 0 || t.Height > MaxPixels {
		return fmt.Errorf("its size is not from 0 to %d pixels", MaxPixels)
	}
	if len(t.Placements) > MaxPlacements {
		return fmt.Errorf("there are more than %d placements", MaxPlacements)
	}
	for _, p := range t.Placements {
		if err := p.Check(); err != nil {
			return err
		}
	}
	if err := CheckExtensions(t.Extensions); err != nil {
		return err
	}
	return t.About.Check()
}

// checkCustom checks names and values of custom parameters.
func checkCustom(custom map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		if err := CheckID(name); err != nil {
			return fmt.Errorf("the custom parameter %.60q: %w", name, err)
		}
		if err := checkTexts(custom[name]); err != nil {
			return fmt.Errorf("the custom parameter %.60q: %w", name, err)
		}
	}
	return nil
}

// Check says why what is told about the tool can't be kept: a text that is too
// long or no UTF-8, or a URL that CheckURL refuses.
func (a ToolAbout) Check() error {
	for _, url := range []string{a.Icon, a.SecureIcon, a.Vendor.URL} {
		if url == "" {
			continue
		}
		if err := CheckURL(url); err != nil {
			return err
		}
	}
	return checkTexts(a.Description, a.Vendor.Code, a.Vendor.Name, a.Vendor.Description, a.Vendor.Contact)
}

// Check says the same of a placement.
func (p ToolPlacement) Check() error {
	if p.Name == "" {
		return errors.New("a placement has no name")
	}
	for _, url := range []string{p.URL, p.Icon} {
		if url == "" {
			continue
		}
		if err := CheckURL(url); err != nil {
			return fmt.Errorf("the placement %.60q: %w", p.Name, err)
		}
	}
	if p.Width < 0 || p.Width > MaxPixels || p.Height < 0 || p.Height > MaxPixels {
		return fmt.Errorf("the placement %.60q is no size from 0 to %d pixels", p.Name, MaxPixels)
	}
	for _, m := range []map[string]string{p.Custom, p.Labels} {
		if err := checkCustom(m); err != nil {
			return fmt.Errorf("the placement %.60q: %w", p.Name, err)
		}
	}
	return checkTexts(p.Name, p.Text, p.MessageType, p.Enabled, p.Default, p.Visibility, p.WindowTarget)
}

func checkTexts(texts ...string) error {
	for _, text := range texts {
		if len(text) > MaxAbout {
			return fmt.Errorf("a text is longer than %d bytes", MaxAbout)
		}
		if !utf8.ValidString(text) {
			return errors.New("a text is not valid UTF-8")
		}
	}
	return nil
}
