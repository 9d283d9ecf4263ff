package web

import (
	"html/template"
	"strings"
)

// The launch form is signed, so a browser must send each name and value, and
// the tool's URL, as they were when the signature was made. html/template keeps
// neither: it lets line ends through, of which an HTML parser makes LF, and it
// rewrites URLs. These two attributes are the only HTML that is not a
// template's.

// exact writes an attribute whose value reaches the page's DOM byte for byte,
// whatever is in it but NUL, which HTML cannot hold.
func exact(name, value string) template.HTMLAttr { //nolint:forbidigo // a template would not keep line ends
	escaped := template.HTMLEscapeString(value)
	escaped = strings.NewReplacer("\r", "&#13;", "\n", "&#10;", "\t", "&#9;").Replace(escaped)
	return template.HTMLAttr(name + `="` + escaped + `"`) //nolint:forbidigo,gosec // escaped just above; the template names the attribute
}

// formAction is the action of a form without the rewriting that html/template
// gives URLs. It is for URLs that LaunchForm has checked.
func formAction(u string) template.HTMLAttr { return exact("action", u) } //nolint:forbidigo // a template would rewrite the URL
