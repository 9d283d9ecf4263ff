package cartridge

import (
	"strconv"
	"strings"
)

// maxPixels bounds a width or height.
const maxPixels = 1<<16 - 1

// extensions reads what the link says to each platform. Elements of one
// platform count as one.
func (r *reader) extensions(l *Link, elements []node) {
	var platforms []string
	parts := make(map[string][]node)
	for _, e := range elements {
		platform := e.attr("platform")
		if platform == "" {
			r.warn("extensions without a platform are left out")
			continue
		}
		if strings.EqualFold(platform, canvasPlatform) {
			platform = canvasPlatform
		}
		if _, ok := parts[platform]; !ok {
			platforms = append(platforms, platform)
		}
		parts[platform] = append(parts[platform], e.Children...)
	}
	for _, platform := range platforms {
		o := r.options(platform, parts[platform])
		if platform == canvasPlatform {
			r.canvas(&l.Canvas, o)
		} else {
			l.Extensions = append(l.Extensions, o)
		}
	}
}

// options reads named values with those below them, whose depth the document's
// bounds. Of options with one name the first counts.
func (r *reader) options(name string, children []node) Options {
	o := Options{Name: name, Properties: r.properties(name, children, ownValues(name))}
	seen := make(map[string]bool)
	for _, child := range children {
		if child.name() != "options" {
			continue
		}
		inner := child.attr("name", "key")
		switch {
		case inner == "":
			r.warn("options without a name in %.60s are left out", name)
		case seen[inner]:
			r.warn("another %.60q in %.60s is left out", inner, name)
		default:
			seen[inner] = true
			o.Options = append(o.Options, r.options(inner, child.Children))
		}
	}
	return o
}

// ownValues reports whether the values are the tool's own: custom parameters.
func ownValues(options string) bool { return options == "custom_fields" }

func (r *reader) canvas(c *Canvas, o Options) {
	var rest []Options
	for _, inner := range o.Options {
		if !placed(inner.Name) {
			rest = append(rest, inner)
			continue
		}
		p := Placement{Name: inner.Name}
		r.settings(&p.Settings, p.Settings.texts(), inner)
		c.Placements = append(c.Placements, p)
	}
	o.Options = rest
	r.settings(&c.Settings, c.texts(), o)
	if c.Domain != "" && strings.ContainsAny(c.Domain, "/ \t\r\n@#?\\") {
		r.warn("domain %.60q is left out: it is no host", c.Domain)
		c.Domain = ""
	}
}

// settings takes apart what is said of the tool or a placement; texts are the
// properties that are plain text.
func (r *reader) settings(s *Settings, texts []field, o Options) {
	more := o.Properties
	for _, f := range texts {
		*f.at = more[f.name]
		delete(more, f.name)
	}
	s.Width = r.pixels(o.Name, "selection_width", more)
	s.Height = r.pixels(o.Name, "selection_height", more)
	if len(more) > 0 {
		s.More = more
	}
	r.url("url of "+o.Name, &s.URL)
	r.url("icon_url of "+o.Name, &s.IconURL)
	for _, inner := range o.Options {
		switch {
		case inner.Name == "custom_fields" && len(inner.Options) == 0:
			s.Custom = inner.Properties
		case inner.Name == "labels" && len(inner.Options) == 0:
			s.Labels = inner.Properties
		default:
			s.MoreOptions = append(s.MoreOptions, inner)
		}
	}
}

// pixels takes a size out of the properties.
func (r *reader) pixels(where, name string, properties map[string]string) int {
	text, ok := properties[name]
	if !ok {
		return 0
	}
	delete(properties, name)
	n, err := strconv.Atoi(strings.TrimSuffix(text, "px"))
	if err != nil || n < 0 || n > maxPixels {
		r.warn("%s of %.60s is left out: %.20q is no number of pixels", name, where, text)
		return 0
	}
	return n
}
