package manifest

import (
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

type toolEntry struct {
	entry[lti.Tool]
	credential
	domain, id string
	// passport is the one that gave key and secret, if any did.
	passport lti.Passport
}

// readTool reads a tool of a domain, or without the key domain one of a
// course.
func readTool(v value, ofCourse bool) toolEntry {
	e := toolEntry{entry: entry[lti.Tool]{place: v.place}}
	t := &e.entry
	known := e.credential.keys(keys{
		"id":                 into(&e.id, checked(lti.CheckName)),
		"name":               put(t, func(t *lti.Tool) *string { return &t.Name }, value.title),
		"disabled":           put(t, func(t *lti.Tool) *bool { return &t.Disabled }, value.boolean),
		"url":                put(t, func(t *lti.Tool) *string { return &t.URL }, checked(lti.CheckURL)),
		"key":                put(t, func(t *lti.Tool) *string { return &t.Key }, checked(lti.CheckKey)),
		"signature_method":   put(t, func(t *lti.Tool) *string { return &t.SignatureMethod }, method),
		"nonce_lifetime":     put(t, func(t *lti.Tool) *time.Duration { return &t.NonceLifetime }, duration(maxWindow)),
		"passback":           service(t, func(t *lti.Tool) *lti.Service { return &t.Passback }),
		"roster":             service(t, func(t *lti.Tool) *lti.Service { return &t.Roster }),
		"setting":            service(t, func(t *lti.Tool) *lti.Service { return &t.Setting }),
		"passport":           func(v value) { e.readPassport(v) },
		"send_original_case": put(t, func(t *lti.Tool) *bool { return &t.SendOriginalCase }, value.boolean),
		"send": putList(t, func(t *lti.Tool) *[]string { return &t.Send },
			listOf(oneOf(lti.Releases()...))),
		"custom": putMap(t, func(t *lti.Tool) *map[string]string { return &t.Custom }, custom),
		"target": put(t, func(t *lti.Tool) *string { return &t.Target }, oneOf(lti.Targets()...)),
		"width":  put(t, func(t *lti.Tool) *int { return &t.Width }, value.pixels),
		"height": put(t, func(t *lti.Tool) *int { return &t.Height }, value.pixels),

		"content_items": func(v value) { readContentItems(t, v) },
		"about":         func(v value) { readAbout(t, v) },
		"placements":    func(v value) { readPlacements(t, v) },
		"extensions":    func(v value) { readExtensions(t, v) },
	})
	if !ofCourse {
		known["domain"] = into(&e.domain, checked(lti.CheckName))
	}
	present := v.mapping(known)
	if !ofCourse {
		v.require(present, "domain")
	}
	passport, ok := present["passport"]
	if !ok {
		v.require(present, "id")
		return e
	}
	if _, named := present["id"]; !named {
		e.id = e.passport.ID
	}
	for _, other := range []string{"key", "secret"} {
		if _, twice := present[other]; twice {
			passport.fault("gives the %s, which stands beside it as well", other)
		}
	}
	return e
}

// readPassport reads key and secret, and an id for a tool without one, as edX
// writes them: id:key:secret. Its fault does not repeat it.
func (e *toolEntry) readPassport(v value) {
	text := v.secret()
	if text == "" {
		return
	}
	var err error
	if e.passport, err = lti.ParsePassport(text); err != nil {
		v.fault("can't be read as an LTI passport: %v", err)
		return
	}
	p := e.passport
	e.secret = &p.Secret
	e.changes = append(e.changes, func(t *lti.Tool) { t.Key = p.Key })
}

func service(t *entry[lti.Tool], of func(*lti.Tool) *lti.Service) func(value) {
	return func(v value) {
		v.mapping(keys{
			"enabled":   put(t, func(t *lti.Tool) *bool { return &of(t).Enabled }, value.boolean),
			"valid_for": put(t, func(t *lti.Tool) *time.Duration { return &of(t).ValidFor }, duration(maxValidity)),
		})
	}
}

// custom reads custom parameters, as a mapping or as lines name=value; their
// names are kept as they are written, a launch changes them (lti.CustomName).
func custom(v value) map[string]string {
	if v.isText() {
		return customLines(v)
	}
	params := make(map[string]string)
	v.pairs(func(name string, item value) {
		if err := lti.CheckID(name); err != nil {
			item.fault("as a name: %v", err)
		}
		if item.node.ShortTag() == "!!null" {
			return
		}
		params[name] = item.title()
	})
	return params
}

func customLines(v value) map[string]string {
	params, faults := lti.CheckCustom(v.text())
	for _, err := range faults {
		v.fault("%v", err)
	}
	return params
}
