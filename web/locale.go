package web

import "strings"

// maxLocale bounds a language tag, in bytes; BCP 47 wants 35 to be taken.
const maxLocale = 35

// AcceptedLocale is the language in which a page is to be written: that of the
// launch (launch_presentation_locale) if it names one, else the first of the
// browser's Accept-Language; "" if neither does. It is a tag such as "en-GB",
// well-formed (BCP 47, section 2.1) but not known to exist.
func AcceptedLocale(launch, accept string) string {
	if tag := languageTag(launch); tag != "" {
		return tag
	}
	first, _, _ := strings.Cut(accept, ",")
	first, _, _ = strings.Cut(first, ";")
	return languageTag(first)
}

// languageTag is a tag with hyphens between its parts; "" for what is none.
func languageTag(text string) string {
	tag := strings.ReplaceAll(strings.TrimSpace(text), "_", "-")
	if len(tag) > maxLocale {
		return ""
	}
	for i, part := range strings.Split(tag, "-") {
		if len(part) == 0 || len(part) > 8 || i == 0 && len(part) < 2 {
			return ""
		}
		for _, c := range part {
			letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return ""
			}
		}
	}
	return tag
}
