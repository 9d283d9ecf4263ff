package cartridge

import (
	"fmt"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// maxWarnings is how many warnings a link keeps.
const maxWarnings = 50

// Parse reads a link file, by local names in any namespace or none. It refuses
// what is over MaxDocument bytes, is not XML of one root without DOCTYPE and at
// most 32 deep, has another root, or leads nowhere: it needs a launch URL that
// lti.CheckURL accepts or, as Canvas has it, a domain or the URL of a placement.
// Errors wrap one of the sentinels of this package.
//
// Other URLs that are not acceptable, keys and secrets, unknown elements and
// all but the first of what may occur once are left out with a warning. Sizes
// that are no number of pixels count as not said.
func Parse(data []byte) (Link, error) {
	if len(data) > MaxDocument {
		return Link{}, fmt.Errorf("%w: over %d bytes", ErrTooLarge, MaxDocument)
	}
	root, err := parseNode(data)
	if err != nil {
		return Link{}, fmt.Errorf("%w: %w", ErrXML, err)
	}
	switch root.name() {
	case "cartridge_basiclti_link", "basic_lti_link":
	default:
		return Link{}, fmt.Errorf("%w: the root is %.60q", ErrNotLink, root.name())
	}
	var r reader
	link := r.link(root)
	if err := checkURLs(link); err != nil {
		return Link{}, err
	}
	link.Warnings = r.warnings
	return link, nil
}

// checkURLs wants one place to launch, and none that is not acceptable: to pass
// over one of two would launch a place the file does not prefer.
func checkURLs(l Link) error {
	named := l.Canvas.Domain != ""
	for _, f := range []field{{"launch_url", &l.LaunchURL}, {"secure_launch_url", &l.SecureLaunchURL}} {
		if *f.at == "" {
			continue
		}
		if err := lti.CheckURL(*f.at); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrURL, f.name, err)
		}
		named = true
	}
	for _, p := range l.Canvas.Placements {
		named = named || p.URL != ""
	}
	if !named && l.Canvas.URL == "" {
		return fmt.Errorf("%w: neither launch_url nor secure_launch_url", ErrURL)
	}
	return nil
}

// reader gathers the warnings of one file.
type reader struct{ warnings []string }

func (r *reader) warn(format string, args ...any) {
	if len(r.warnings) < maxWarnings {
		r.warnings = append(r.warnings, fmt.Sprintf(format, args...))
	}
}

func (r *reader) link(root node) Link {
	var l Link
	var custom, extensions, vendor []node
	leaves := leafTable(&l)
	for _, child := range root.Children {
		name := child.name()
		switch at, ok := leaves[name]; {
		case ok:
			r.once(at, name, child)
		case name == "custom":
			custom = append(custom, child.Children...)
		case name == "extensions":
			extensions = append(extensions, child)
		case name == "vendor":
			vendor = append(vendor, child.Children...)
		case name == "cartridge_bundle", name == "cartridge_icon":
			// They point into a cartridge that we do not have.
		case credential(name):
			r.warn("%.60q is left out: a link file must not carry keys or secrets", name)
		default:
			r.warn("unknown element %.60q is left out", name)
		}
	}
	r.url("icon", &l.Icon)
	r.url("secure_icon", &l.SecureIcon)
	r.secureLaunchURL(&l)
	l.Vendor = r.vendor(vendor)
	l.Custom = r.properties("custom", custom, true)
	r.extensions(&l, extensions)
	return l
}

// secureLaunchURL passes over a secure launch URL over plain http, unless it is
// the only one, so that it does not win over a better one.
func (r *reader) secureLaunchURL(l *Link) {
	if !strings.HasPrefix(strings.ToLower(l.SecureLaunchURL), "http://") {
		return
	}
	r.warn("secure_launch_url does not start with https://")
	if l.LaunchURL == "" {
		l.LaunchURL = l.SecureLaunchURL
	}
	l.SecureLaunchURL = ""
}

// leafTable says where the text of an element goes. The names with x- are of
// the old form.
func leafTable(l *Link) map[string]*string {
	return map[string]*string{
		"title":               &l.Title,
		"description":         &l.Description,
		"launch_url":          &l.LaunchURL,
		"secure_launch_url":   &l.SecureLaunchURL,
		"x-secure_launch_url": &l.SecureLaunchURL,
		"icon":                &l.Icon,
		"secure_icon":         &l.SecureIcon,
		"x-secure_icon":       &l.SecureIcon,
	}
}

// once keeps the first text of those that go to one place.
func (r *reader) once(at *string, name string, n node) {
	if *at != "" {
		r.warn("another %s is left out", name)
		return
	}
	*at = n.value()
}

// url drops a URL that is not acceptable.
func (r *reader) url(name string, at *string) {
	if *at == "" {
		return
	}
	if err := lti.CheckURL(*at); err != nil {
		r.warn("%s is left out: %v", name, err)
		*at = ""
	}
}

func (r *reader) vendor(children []node) Vendor {
	var v Vendor
	places := map[string]*string{
		"code": &v.Code, "name": &v.Name, "description": &v.Description, "url": &v.URL, "contact": &v.Contact,
	}
	for _, child := range children {
		at, ok := places[child.name()]
		if !ok {
			r.warn("unknown element %.60q of the vendor is left out", child.name())
			continue
		}
		for _, inner := range child.Children {
			if child.name() == "contact" && inner.name() == "email" {
				child = inner
				break
			}
		}
		r.once(at, "vendor "+child.name(), child)
	}
	r.url("the vendor's url", &v.URL)
	return v
}

// properties reads names and values; the old form calls them parameters, by
// key. Keys and secrets are kept only among the tool's own, custom parameters.
func (r *reader) properties(where string, children []node, own bool) map[string]string {
	var m map[string]string
	for _, child := range children {
		name := child.attr("name", "key")
		_, twice := m[name]
		switch {
		case child.name() != "property" && child.name() != "parameter":
			if child.name() != "options" {
				r.warn("unknown element %.60q in %.60s is left out", child.name(), where)
			}
		case name == "":
			r.warn("a property without a name in %.60s is left out", where)
		case twice:
			r.warn("another property %.60q in %.60s is left out", name, where)
		case !own && credential(name):
			r.warn("property %.60q in %.60s is left out: a link file must not carry keys or secrets", name, where)
		default:
			if m == nil {
				m = make(map[string]string)
			}
			m[name] = child.value()
		}
	}
	return m
}
