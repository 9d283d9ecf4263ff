package manifest

import (
	"time"

	"github.com/ltihub/ltihub/internal/lti"
)

type toolEntry struct {
	entry[lti.Tool]
	credential
	domain, id string
	hasURL     bool
	hasKey     bool
}

// readTool reads a tool of a domain, or without the key domain one of a
// course.
func readTool(v value, ofCourse bool) toolEntry {
	e := toolEntry{entry: entry[lti.Tool]{place: v.place}}
	t := &e.entry
	known := e.credential.keys(keys{
		"id":               into(&e.id, checked(lti.CheckName)),
		"name":             put(t, func(t *lti.Tool) *string { return &t.Name }, value.title),
		"disabled":         put(t, func(t *lti.Tool) *bool { return &t.Disabled }, value.boolean),
		"url":              put(t, func(t *lti.Tool) *string { return &t.URL }, checked(lti.CheckURL)),
		"key":              put(t, func(t *lti.Tool) *string { return &t.Key }, checked(lti.CheckKey)),
		"signature_method": put(t, func(t *lti.Tool) *string { return &t.SignatureMethod }, method),
		"nonce_lifetime":   put(t, func(t *lti.Tool) *time.Duration { return &t.NonceLifetime }, duration(maxWindow)),
		"passback":         service(t, func(t *lti.Tool) *lti.Service { return &t.Passback }),
		"roster":           service(t, func(t *lti.Tool) *lti.Service { return &t.Roster }),
		"setting":          service(t, func(t *lti.Tool) *lti.Service { return &t.Setting }),
		"send": putList(t, func(t *lti.Tool) *[]string { return &t.Send },
			listOf(oneOf(lti.SendName, lti.SendEmail, lti.SendUsername, lti.SendRoles))),
		"custom": putMap(t, func(t *lti.Tool) *map[string]string { return &t.Custom }, custom),
		"target": put(t, func(t *lti.Tool) *string { return &t.Target }, oneOf(lti.TargetIframe, lti.TargetWindow, lti.TargetTab)),
		"width":  put(t, func(t *lti.Tool) *int { return &t.Width }, value.pixels),
		"height": put(t, func(t *lti.Tool) *int { return &t.Height }, value.pixels),
	})
	if !ofCourse {
		known["domain"] = into(&e.domain, checked(lti.CheckName))
	}
	present := v.mapping(known)
	v.require(present, "id")
	if !ofCourse {
		v.require(present, "domain")
	}
	_, e.hasURL = present["url"]
	_, e.hasKey = present["key"]
	return e
}

func service(t *entry[lti.Tool], of func(*lti.Tool) *lti.Service) func(value) {
	return func(v value) {
		v.mapping(keys{
			"enabled":   put(t, func(t *lti.Tool) *bool { return &of(t).Enabled }, value.boolean),
			"valid_for": put(t, func(t *lti.Tool) *time.Duration { return &of(t).ValidFor }, duration(maxValidity)),
		})
	}
}

// custom reads custom parameters; their names are written as a launch changes
// them only when it is made (lti.CustomName).
func custom(v value) map[string]string {
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

// newTool is a tool with the defaults of the format: it learns nothing about
// a person but an opaque id.
func newTool(domain, course, id string) lti.Tool {
	return lti.Tool{
		Domain: domain, Course: course, ID: id, Name: id,
		SignatureMethod: "HMAC-SHA1",
		NonceLifetime:   defaultWindow,
		Passback:        lti.Service{Enabled: true, ValidFor: 720 * time.Hour},
		Roster:          lti.Service{ValidFor: 24 * time.Hour},
		Setting:         lti.Service{ValidFor: 720 * time.Hour},
		Target:          lti.TargetIframe,
	}
}
