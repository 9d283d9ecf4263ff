package cartridge

import (
	"encoding/xml"
	"maps"
	"slices"
	"strconv"

	"github.com/ltihub/ltihub/internal/ltixml"
)

// The namespaces of a link file, which is also where its schemas are named
// after.
const (
	linkNamespace     = "http://www.imsglobal.org/xsd/imslticc_v1p0"
	bltiNamespace     = "http://www.imsglobal.org/xsd/imsbasiclti_v1p0"
	propertyNamespace = "http://www.imsglobal.org/xsd/imslticm_v1p0"
	vendorNamespace   = "http://www.imsglobal.org/xsd/imslticp_v1p0"
	schemaNamespace   = "http://www.w3.org/2001/XMLSchema-instance"

	schemas    = "http://www.imsglobal.org/xsd/lti/ltiv1p0/"
	schemaList = linkNamespace + " " + schemas + "imslticc_v1p0.xsd " +
		bltiNamespace + " " + schemas + "imsbasiclti_v1p0.xsd " +
		propertyNamespace + " " + schemas + "imslticm_v1p0.xsd " +
		vendorNamespace + " " + schemas + "imslticp_v1p0.xsd"
)

// Write writes a link as cartridge_basiclti_link, its elements in the order of
// the schema and properties in that of their names. What is empty is left out,
// and so is every property of an extension whose name stands for a key or
// secret. Characters that XML cannot hold become U+FFFD. Parse gives the link
// back.
func Write(l Link) []byte {
	root := element("cartridge_basiclti_link", "")
	for _, a := range [][2]string{
		{"xmlns", linkNamespace}, {"xmlns:blti", bltiNamespace}, {"xmlns:lticm", propertyNamespace},
		{"xmlns:lticp", vendorNamespace}, {"xmlns:xsi", schemaNamespace}, {"xsi:schemaLocation", schemaList},
	} {
		root.Attrs = append(root.Attrs, attribute(a[0], a[1]))
	}
	root.leaf("blti:title", l.Title)
	root.leaf("blti:description", l.Description)
	if len(l.Custom) > 0 {
		custom := element("blti:custom", "")
		custom.properties(l.Custom, true)
		root.add(custom)
	}
	if canvas := l.Canvas.options(); canvas.Properties != nil || canvas.Options != nil {
		root.add(extension(canvas))
	}
	for _, e := range l.Extensions {
		root.add(extension(e))
	}
	root.leaf("blti:launch_url", l.LaunchURL)
	root.leaf("blti:secure_launch_url", l.SecureLaunchURL)
	root.leaf("blti:icon", l.Icon)
	root.leaf("blti:secure_icon", l.SecureIcon)
	if l.Vendor != (Vendor{}) {
		root.add(l.Vendor.node())
	}
	// Names come from us and texts are escaped, so that there is nothing to fail.
	text, _ := xml.MarshalIndent(root, "", "  ")
	return append([]byte(ltixml.Declaration), append(text, '\n')...)
}

func (v Vendor) node() node {
	n := element("blti:vendor", "")
	n.leaf("lticp:code", v.Code)
	n.leaf("lticp:name", v.Name)
	n.leaf("lticp:description", v.Description)
	n.leaf("lticp:url", v.URL)
	if v.Contact != "" {
		contact := element("lticp:contact", "")
		contact.leaf("lticp:email", v.Contact)
		n.add(contact)
	}
	return n
}

// options puts the extension together again as it was read.
func (c Canvas) options() Options {
	o := c.Settings.options(canvasPlatform, c.texts())
	for _, p := range c.Placements {
		o.Options = append(o.Options, p.Settings.options(p.Name, p.Settings.texts()))
	}
	return o
}

func (s Settings) options(name string, texts []field) Options {
	o := Options{Name: name, Properties: maps.Clone(s.More)}
	put := func(name, value string) {
		if value == "" {
			return
		}
		if o.Properties == nil {
			o.Properties = make(map[string]string)
		}
		o.Properties[name] = value
	}
	for _, f := range texts {
		put(f.name, *f.at)
	}
	put("selection_width", pixels(s.Width))
	put("selection_height", pixels(s.Height))
	if len(s.Custom) > 0 {
		o.Options = append(o.Options, Options{Name: "custom_fields", Properties: s.Custom})
	}
	if len(s.Labels) > 0 {
		o.Options = append(o.Options, Options{Name: "labels", Properties: s.Labels})
	}
	o.Options = append(o.Options, s.MoreOptions...)
	return o
}

func pixels(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func extension(o Options) node {
	n := element("blti:extensions", "", attribute("platform", o.Name))
	n.fill(o)
	return n
}

// fill writes what o holds.
func (n *node) fill(o Options) {
	n.properties(o.Properties, ownValues(o.Name))
	for _, inner := range o.Options {
		below := element("lticm:options", "", attribute("name", inner.Name))
		below.fill(inner)
		n.add(below)
	}
}

func (n *node) properties(m map[string]string, own bool) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if own || !credential(name) {
			n.add(element("lticm:property", m[name], attribute("name", name)))
		}
	}
}

func (n *node) leaf(name, text string) {
	if text != "" {
		n.add(element(name, text))
	}
}

func (n *node) add(child node) { n.Children = append(n.Children, child) }

func element(name, text string, attrs ...xml.Attr) node {
	return node{XMLName: xml.Name{Local: name}, Text: text, Attrs: attrs}
}

func attribute(name, value string) xml.Attr {
	return xml.Attr{Name: xml.Name{Local: name}, Value: value}
}
