package manifest

import (
	"github.com/ltihub/ltihub/internal/lti"
)

// readContentItems reads whether and where content is chosen in a tool.
func readContentItems(t *entry[lti.Tool], v value) {
	v.mapping(keys{
		"enabled": put(t, func(t *lti.Tool) *bool { return &t.ContentItems.Off }, func(v value) bool { return !v.boolean() }),
		"url":     put(t, func(t *lti.Tool) *string { return &t.ContentItems.URL }, orEmpty(checked(lti.CheckURL))),
	})
}

// readAbout reads what a tool tells people of itself.
func readAbout(t *entry[lti.Tool], v value) {
	url := orEmpty(checked(lti.CheckURL))
	v.mapping(keys{
		"description": put(t, func(t *lti.Tool) *string { return &t.About.Description }, value.about),
		"icon":        put(t, func(t *lti.Tool) *string { return &t.About.Icon }, url),
		"secure_icon": put(t, func(t *lti.Tool) *string { return &t.About.SecureIcon }, url),
		"vendor": func(v value) {
			v.mapping(keys{
				"code":        put(t, func(t *lti.Tool) *string { return &t.About.Vendor.Code }, value.about),
				"name":        put(t, func(t *lti.Tool) *string { return &t.About.Vendor.Name }, value.about),
				"description": put(t, func(t *lti.Tool) *string { return &t.About.Vendor.Description }, value.about),
				"url":         put(t, func(t *lti.Tool) *string { return &t.About.Vendor.URL }, url),
				"contact":     put(t, func(t *lti.Tool) *string { return &t.About.Vendor.Contact }, value.about),
			})
		},
	})
}

// about reads a text that is told about a tool.
func (v value) about() string {
	s := v.title()
	if len(s) > lti.MaxAbout {
		v.fault("is longer than %d bytes", lti.MaxAbout)
	}
	return s
}

// readPlacements reads the places in Canvas that a tool wants; the list is set
// as a whole.
func readPlacements(t *entry[lti.Tool], v value) {
	var all []lti.ToolPlacement
	seen := make(map[string]bool)
	v.each(func(item value) {
		p := readPlacement(item)
		if seen[p.Name] && p.Name != "" {
			item.fault("occurs twice in the list")
		}
		seen[p.Name] = true
		all = append(all, p)
	})
	if len(all) > lti.MaxPlacements {
		v.fault("has more than %d items", lti.MaxPlacements)
	}
	t.changes = append(t.changes, func(t *lti.Tool) { t.Placements = all })
}

func readPlacement(v value) lti.ToolPlacement {
	var p lti.ToolPlacement
	url := orEmpty(checked(lti.CheckURL))
	present := v.mapping(keys{
		"name":          into(&p.Name, value.about),
		"url":           into(&p.URL, url),
		"text":          into(&p.Text, value.about),
		"icon":          into(&p.Icon, url),
		"message_type":  into(&p.MessageType, value.about),
		"enabled":       into(&p.Enabled, value.about),
		"default":       into(&p.Default, value.about),
		"visibility":    into(&p.Visibility, value.about),
		"window_target": into(&p.WindowTarget, value.about),
		"width":         into(&p.Width, value.pixels),
		"height":        into(&p.Height, value.pixels),
		"custom":        into(&p.Custom, texts),
		"labels":        into(&p.Labels, texts),
	})
	v.require(present, "name")
	if name, ok := present["name"]; ok && p.Name == "" {
		name.fault("must not be empty")
	}
	return p
}

// texts reads a mapping of names to texts; nil when it is empty.
func texts(v value) map[string]string {
	read := custom(v)
	if len(read) == 0 {
		return nil
	}
	return read
}

// The documents that the functions above read.
type (
	contentItemsDoc struct {
		Enabled bool  `yaml:"enabled"`
		URL     exact `yaml:"url,omitempty"`
	}
	aboutDoc struct {
		Description exact      `yaml:"description,omitempty"`
		Icon        exact      `yaml:"icon,omitempty"`
		SecureIcon  exact      `yaml:"secure_icon,omitempty"`
		Vendor      *vendorDoc `yaml:"vendor,omitempty"`
	}
	vendorDoc struct {
		Code        exact `yaml:"code,omitempty"`
		Name        exact `yaml:"name,omitempty"`
		Description exact `yaml:"description,omitempty"`
		URL         exact `yaml:"url,omitempty"`
		Contact     exact `yaml:"contact,omitempty"`
	}
	placementDoc struct {
		Name         exact           `yaml:"name"`
		URL          exact           `yaml:"url,omitempty"`
		Text         exact           `yaml:"text,omitempty"`
		Icon         exact           `yaml:"icon,omitempty"`
		MessageType  exact           `yaml:"message_type,omitempty"`
		Enabled      exact           `yaml:"enabled,omitempty"`
		Default      exact           `yaml:"default,omitempty"`
		Visibility   exact           `yaml:"visibility,omitempty"`
		WindowTarget exact           `yaml:"window_target,omitempty"`
		Width        int             `yaml:"width,omitempty"`
		Height       int             `yaml:"height,omitempty"`
		Custom       map[exact]exact `yaml:"custom,omitempty"`
		Labels       map[exact]exact `yaml:"labels,omitempty"`
	}
)

func contentItems(c lti.ContentItems) contentItemsDoc {
	return contentItemsDoc{Enabled: !c.Off, URL: exact(c.URL)}
}

func about(a lti.ToolAbout) *aboutDoc {
	if a == (lti.ToolAbout{}) {
		return nil
	}
	d := &aboutDoc{Description: exact(a.Description), Icon: exact(a.Icon), SecureIcon: exact(a.SecureIcon)}
	if v := a.Vendor; v != (lti.Vendor{}) {
		d.Vendor = &vendorDoc{exact(v.Code), exact(v.Name), exact(v.Description), exact(v.URL), exact(v.Contact)}
	}
	return d
}

func placements(list []lti.ToolPlacement) []placementDoc {
	var docs []placementDoc
	for _, p := range list {
		docs = append(docs, placementDoc{
			Name: exact(p.Name), URL: exact(p.URL), Text: exact(p.Text), Icon: exact(p.Icon), MessageType: exact(p.MessageType),
			Enabled: exact(p.Enabled), Default: exact(p.Default), Visibility: exact(p.Visibility), WindowTarget: exact(p.WindowTarget),
			Width: p.Width, Height: p.Height, Custom: exactMap(p.Custom), Labels: exactMap(p.Labels),
		})
	}
	return docs
}
