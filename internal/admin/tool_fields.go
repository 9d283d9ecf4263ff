package admin

import "github.com/ltihub/ltihub/web"

// toolGroups are the settings of a tool. The name of a field is its key in the
// manifest.
func toolGroups() []web.FieldGroup {
	return []web.FieldGroup{
		{Title: "Launch", Fields: []web.Field{
			text("name", "Name", "What instructors choose it by."),
			required(as(web.FieldURL, text("url", "Launch URL", "Where the tool takes launches. Use https: names and scores travel with it."))),
			text("key", "Consumer key", "From the tool\u2019s vendor."),
			as(web.FieldSecret, text("secret", "Shared secret", "Empty keeps the one that is set.")),
			choice("signature_method", "Signed with", "Nearly all tools take HMAC-SHA1 alone.", plain("HMAC-SHA1", "HMAC-SHA256")...),
		}},
		{Title: "What it is told", Fields: []web.Field{
			boxes("send", "About the person", "An id that no other tool sees always goes along.",
				option("name", "Name"), option("email", "E-mail address"), option("username", "User name"), option("roles", "Roles in the course")),
			as(web.FieldArea, text("custom", "Custom parameters", "One a line, name=value. Variables such as $Person.name.full are filled in.")),
			flag("send_original_case", "Send names of custom parameters as written, too", "For tools that want LTI 2 names beside custom_lower_case."),
		}},
		{Title: "Services it may use", Fields: []web.Field{
			flag("passback.enabled", "Give grades", "For links with points."),
			flag("roster.enabled", "Read the list of members", "With what it is told about a person, above."),
			flag("setting.enabled", "Keep a setting for each link", ""),
			text("passback.valid_for", "Ids for grades hold for", "How long after a launch it may send a grade, such as 720h; at most twice that."),
			text("roster.valid_for", "Ids for the list hold for", "Such as 24h."),
			text("setting.valid_for", "Ids for the setting hold for", "Such as 720h."),
		}},
		{Title: "How it is shown", Folded: true, Fields: []web.Field{
			choice("target", "Opens in", "Where a link says nothing else.", option("iframe", "A frame of our page"), option("tab", "This tab"), option("window", "A window of its own")),
			as(web.FieldNumber, text("width", "Width in pixels", "Empty: all there is.")),
			as(web.FieldNumber, text("height", "Height in pixels", "Empty: all there is.")),
		}},
		{Title: "Choosing content", Folded: true, Fields: []web.Field{
			flag("content_items.enabled", "Instructors may choose content in the tool", "Off: they make links by hand."),
			as(web.FieldURL, text("content_items.url", "Address for choosing", "Empty: the launch URL.")),
		}},
		{Title: "About it", Folded: true, Help: "What its link file tells people.", Fields: []web.Field{
			text("about.description", "Description", "A sentence or two."),
			text("about.vendor.name", "Vendor", "Who makes it."),
			text("about.vendor.code", "Vendor code", "Such as quizzer.example."),
			text("about.vendor.description", "About the vendor", ""),
			as(web.FieldURL, text("about.vendor.url", "Vendor\u2019s website", "")),
			text("about.vendor.contact", "Contact", "An e-mail address."),
			as(web.FieldURL, text("about.secure_icon", "Icon, by https", "Kept and passed on. No page here loads it.")),
			as(web.FieldURL, text("about.icon", "Icon, by http", "For LMSs without https.")),
		}},
		{Title: "Change of secret, and security", Folded: true, Fields: []web.Field{
			as(web.FieldSecret, text("previous_secret", "Previous secret", "Its service calls are taken with this one, too, while it changes over.")),
			text("previous_until", "The previous one ends", "A date such as 2026-12-31. Empty: never."),
			text("nonce_lifetime", "How far its clock may be off", "Such as 90s, 5m or 1h."),
		}},
	}
}

// newToolGroups are what a new tool needs; the rest has defaults and may be
// changed later.
func newToolGroups(domain web.Field) []web.FieldGroup {
	all := toolGroups()
	launch := all[0]
	launch.Fields[2].Help = "From the tool\u2019s vendor. Empty makes a new one."
	launch.Fields[3].Help = "Likewise. Empty makes a new one, which is shown once."
	passport := as(web.FieldSecret, text("passport", "Or an LTI passport", "id:key:secret in one, as edX writes it; instead of key and secret."))
	id := text("id", "Id", "Letters, digits and . _ ~ @ + -; it stands in addresses and does not change. Empty: made of the name.")
	first := []web.Field{domain, launch.Fields[0], id, launch.Fields[1], launch.Fields[2], launch.Fields[3], passport, launch.Fields[4]}
	services := all[2]
	services.Fields = services.Fields[:3]
	return []web.FieldGroup{{Title: launch.Title, Fields: first}, all[1], services, all[3]}
}
