package oauth1

import (
	"html"
	"net/url"
	"strings"
	"unicode/utf8"
)

func valueHypotheses(m *Message) []hypothesis {
	value := func(cause, detail, hint string, f func(string) string) hypothesis {
		return hypothesis{cause: cause, family: "value", detail: detail, hint: hint,
			apply: func(t *trial) bool { return t.everyValue(f) }}
	}
	lines := func(end, name string) hypothesis {
		return value("line_breaks", "the sender signed its line breaks as "+name+", and other ones arrived",
			"Browsers send every line break of a form as CRLF: the sender must make them CRLF before it signs, or cut them out.",
			func(s string) string {
				return strings.ReplaceAll(strings.ReplaceAll(formLines(s), "\r\n", "\n"), "\n", end)
			})
	}
	return []hypothesis{
		{
			cause: "plus_as_space", family: "value",
			detail: "the sender signed a + where an unescaped + arrived, which stands for a blank",
			hint:   "The sender must send a plus sign as %2B.",
			apply:  func(t *trial) bool { return t.rereadPlus(m) },
		},
		value("trimmed", "one side cut blanks at the ends of values",
			"The sender must trim values before it signs and send the same; a receiver must not trim before it verifies.", strings.TrimSpace),
		lines("\n", "LF"),
		lines("\r\n", "CRLF"),
		lines("\r", "CR"),
		value("line_breaks", "the sender signed its values without their line breaks",
			"The sender must send the values that it signed.",
			strings.NewReplacer("\r", "", "\n", "").Replace),
		value("sent_double_encoded", "the sender encoded its values once more after it had signed them",
			"The sender must hand plain values to the form; the browser encodes them.",
			func(s string) string {
				if decoded, err := url.QueryUnescape(s); err == nil {
					return decoded
				}
				return s
			}),
		value("html_escaped", "values arrived with HTML escapes such as &amp; that were not there when they were signed",
			"The sender escapes its form values twice; once is right.", html.UnescapeString),
		value("html_escaped", "the sender signed its values with HTML escapes such as &amp; which the browser undid",
			"The sender must sign plain values and escape them only in the page.", html.EscapeString),
		value("latin1", "the sender signed its values as Latin-1 and sent them as UTF-8",
			"The sender must turn its values into UTF-8 before it signs.", toLatin1),
		value("latin1", "the sender took its UTF-8 values for Latin-1 when it signed, or sent Latin-1",
			"The sender must use UTF-8 for both, in the page (accept-charset) and in the signature.", fromLatin1),
	}
}

// rereadPlus takes query and form anew, with every raw + left as it is.
func (t *trial) rereadPlus(m *Message) bool {
	if !strings.Contains(m.target.query, "+") && !(m.form && strings.Contains(string(m.body), "+")) {
		return false
	}
	query, body := reader{lenient: true, plus: true}, reader{lenient: true, plus: true}
	if query.form("query", m.target.query) != nil || m.form && body.form("body", string(m.body)) != nil {
		return false
	}
	t.query, t.body = query.params, body.params
	t.without(func(p Param) bool { return p.Name == "oauth_signature" })
	return true
}

// toLatin1 returns s in Latin-1, or s when that cannot be.
func toLatin1(s string) string {
	latin := make([]byte, 0, len(s))
	for _, c := range s {
		if c > 0xff {
			return s
		}
		latin = append(latin, byte(c))
	}
	if !utf8.ValidString(s) {
		return s
	}
	return string(latin)
}

// fromLatin1 returns the UTF-8 of s read as Latin-1.
func fromLatin1(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteRune(rune(s[i]))
	}
	return b.String()
}

// pairHypotheses are about which pairs were signed at all.
func pairHypotheses(m *Message) []hypothesis {
	pairs := func(cause, detail, hint string, apply func(*trial) bool) hypothesis {
		return hypothesis{cause: cause, family: "pairs", detail: detail, hint: hint, apply: apply}
	}
	callback := func(value string) hypothesis {
		return pairs("callback", "the sender signed oauth_callback="+quote(value)+" and did not send it",
			"The sender must send what it signs: oauth_callback=about:blank, or none in both.",
			func(t *trial) bool {
				t.header = append(t.header[:len(t.header):len(t.header)], Param{"oauth_callback", value})
				return m.params.Count("oauth_callback") == 0
			})
	}
	without := func(cause, detail, hint string, match func(Param) bool) hypothesis {
		return pairs(cause, detail, hint, func(t *trial) bool { return t.without(match) })
	}
	named := func(name string) func(Param) bool {
		return func(p Param) bool { return p.Name == name }
	}
	return []hypothesis{
		without("empty_dropped", "the sender left empty parameters out of the signature but sent them",
			"The sender must sign empty values too (name=), or not send them.",
			func(p Param) bool { return p.Value == "" }),
		without("callback", "oauth_callback was sent but not signed",
			"The sender must sign oauth_callback, or not send it.", named("oauth_callback")),
		callback("about:blank"), callback(""),
		without("version", "oauth_version was sent but not signed",
			"The sender must sign oauth_version, or not send it.", named("oauth_version")),
		pairs("repeats_merged", "the sender signed only the last value of a repeated name",
			"The sender must sign every pair it sends.", func(t *trial) bool { return t.mergeRepeats(true) }),
		pairs("repeats_merged", "the sender signed only the first value of a repeated name",
			"The sender must sign every pair it sends.", func(t *trial) bool { return t.mergeRepeats(false) }),
		pairs("body_left_out", "the sender did not count the form body among the parameters",
			"A form body belongs to the signature; any other body needs its own content type and oauth_body_hash.",
			func(t *trial) bool { t.body = nil; return m.form && m.headers > 0 }),
	}
}

// mergeRepeats keeps one pair of each name within each place.
func (t *trial) mergeRepeats(last bool) bool {
	return t.everyGroup(func(p Params) Params {
		var kept Params
		at := map[string]int{}
		for _, pair := range p {
			i, seen := at[pair.Name]
			switch {
			case !seen:
				at[pair.Name] = len(kept)
				kept = append(kept, pair)
			case last:
				kept[i] = pair
			}
		}
		return kept
	})
}
