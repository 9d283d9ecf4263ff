package oauth1

import (
	"net/url"
	"strings"
)

func schemeHypotheses() []hypothesis {
	return []hypothesis{{
		cause: "scheme", family: "scheme",
		detail: "the sender signed the other of http and https",
		hint:   "The URL as the sender has it and the public URL must begin alike: usually a proxy ends TLS and the receiver believes it is http. Set the receiver's public URL, or correct the launch URL at the sender.",
		apply: func(t *trial) bool {
			if t.target.defaultPort() {
				t.target.port = ""
			}
			if t.target.scheme == "http" {
				t.target.scheme = "https"
			} else {
				t.target.scheme = "http"
			}
			return true
		},
	}}
}

func portHypotheses() []hypothesis {
	const hint = "Use the same port on both sides. The public URL holds the port that the browser uses, and neither :80 for http nor :443 for https is signed."
	list := []hypothesis{
		{
			cause: "port", family: "port", hint: hint,
			detail: "the sender signed the URL without its port",
			apply: func(t *trial) bool {
				changed := !t.target.defaultPort()
				t.target.port = ""
				return changed
			},
		},
		{
			cause: "port", family: "port", hint: hint,
			detail: "the sender spelled out the default port, which is left out of a signature",
			apply: func(t *trial) bool {
				t.keepPort = true
				return t.target.defaultPort()
			},
		},
	}
	for _, port := range []string{"80", "443", "8080", "8443"} {
		list = append(list, hypothesis{
			cause: "port", family: "port", hint: hint,
			detail: "the sender signed the URL with port " + port,
			apply: func(t *trial) bool {
				before := t.target.baseURI()
				t.target.port = port
				return t.target.baseURI() != before
			},
		})
	}
	return list
}

func hostHypotheses(clues Clues) []hypothesis {
	const hint = "Make the host in the URL configured at the sender that of the receiver's public URL."
	list := []hypothesis{
		{
			cause: "host", family: "host", hint: hint,
			detail: "one side writes the host with www., the other without",
			apply: func(t *trial) bool {
				if rest, ok := strings.CutPrefix(lower(t.target.host), "www."); ok {
					t.target.host = rest
				} else {
					t.target.host = "www." + t.target.host
				}
				return true
			},
		},
		{
			cause: "host_case", family: "host",
			detail: "the sender signed the host with capital letters",
			hint:   "The sender must put the host in lower case before it signs; or write the launch URL in lower case.",
			apply: func(t *trial) bool {
				t.keepCase = true
				return t.target.host != lower(t.target.host)
			},
		},
	}
	for _, alias := range append([]string{"localhost", "127.0.0.1"}, clues.URLs...) {
		list = append(list, hypothesis{
			cause: "host", family: "host", hint: hint,
			detail: "the sender signed for " + quote(alias),
			apply:  func(t *trial) bool { return t.moveTo(alias) },
		})
	}
	return list
}

// moveTo puts the trial at another host, host:port or URL; a host alone keeps
// scheme and port.
func (t *trial) moveTo(alias string) bool {
	before := t.target.baseURI()
	if u, err := parseTarget(alias); err == nil {
		t.target.scheme, t.target.host, t.target.port = u.scheme, u.host, u.port
		return t.target.baseURI() != before
	}
	u, err := parseTarget(t.target.scheme + "://" + alias)
	if err != nil {
		return false
	}
	t.target.host = u.host
	if u.port != "" {
		t.target.port = u.port
	}
	return t.target.baseURI() != before
}

func pathHypotheses(m *Message) []hypothesis {
	path := func(cause, detail, hint string, f func(string) string) hypothesis {
		return hypothesis{cause: cause, family: "path", detail: detail, hint: hint, apply: func(t *trial) bool {
			before := t.target.baseURI()
			t.target.path = f(t.target.path)
			return t.target.baseURI() != before
		}}
	}
	return []hypothesis{
		path("trailing_slash", "the sender signed the path with a slash more or less at its end",
			"Write the launch URL at the sender exactly as the receiver serves it; a redirect that adds or cuts the slash breaks the signature.",
			func(p string) string {
				if rest, ok := strings.CutSuffix(p, "/"); ok {
					return rest
				}
				return p + "/"
			}),
		path("path_escapes", "the sender decoded the path before it signed",
			"The sender must sign the path as it is sent, escapes included.",
			func(p string) string {
				if decoded, err := url.PathUnescape(p); err == nil {
					return decoded
				}
				return p
			}),
		path("path_escapes", "the sender escaped the path once more before it signed",
			"The sender must sign the path as it is sent, not escape it again.",
			func(p string) string { return strings.ReplaceAll(p, "%", "%25") }),
		path("path_slashes", "the path was signed with single slashes where it was sent with double ones",
			"Cut the double slash out of the launch URL at the sender.",
			func(p string) string {
				for strings.Contains(p, "//") {
					p = strings.ReplaceAll(p, "//", "/")
				}
				return p
			}),
		{
			cause: "fragment", family: "query",
			detail: "the sender signed the part of the URL after #",
			hint:   "Cut the # and what follows out of the launch URL at the sender.",
			apply: func(t *trial) bool {
				t.inURI = "#" + m.target.fragment
				return m.target.fragment != ""
			},
		},
	}
}

func queryHypotheses(m *Message) []hypothesis {
	query := func(cause, detail, hint string, apply func(*trial)) hypothesis {
		return hypothesis{cause: cause, family: "query", detail: detail, hint: hint, apply: func(t *trial) bool {
			apply(t)
			return m.target.query != ""
		}}
	}
	const all = "The sender must count the pairs of the URL's query among the parameters, each as often as it is sent."
	return []hypothesis{
		query("query_left_out", "the sender left the query of the URL out of the signature", all,
			func(t *trial) { t.query = nil }),
		query("query_twice", "the sender counted the query of the URL twice", all,
			func(t *trial) { t.query = append(t.query[:len(t.query):len(t.query)], t.query...) }),
		query("query_once", "pairs of the query stand in the body too and the sender counted the name once, with the value of the body",
			"The sender must not repeat the query in the body, or sign both.",
			func(t *trial) { t.query = withoutNames(t.query, t.body) }),
		query("query_once", "pairs of the query stand in the body too and the sender counted the name once, with the value of the query",
			"The sender must not repeat the query in the body, or sign both.",
			func(t *trial) { t.body = withoutNames(t.body, t.query) }),
		query("query_in_url", "the sender left the query at the end of the URL it signed",
			"The sender must cut the query off the URL and count its pairs among the parameters.",
			func(t *trial) { t.inURI, t.query = "?"+m.target.query, nil }),
		query("query_in_url", "the sender left the query at the end of the URL it signed, and counted it among the parameters too",
			"The sender must cut the query off the URL and count its pairs among the parameters.",
			func(t *trial) { t.inURI = "?" + m.target.query }),
	}
}

func withoutNames(params, others Params) Params {
	var kept Params
	for _, p := range params {
		if others.Count(p.Name) == 0 {
			kept = append(kept, p)
		}
	}
	return kept
}
