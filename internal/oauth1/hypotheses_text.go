package oauth1

import (
	"net/url"
	"strings"
)

// textHypotheses are about how names and values were encoded and ordered.
func textHypotheses() []hypothesis {
	const hint = "The sender must encode as RFC 3986 has it: all but letters, digits and -._~ as %HH in capitals, a blank as %20."
	text := func(cause, detail string, f func(string) string) hypothesis {
		return hypothesis{cause: cause, family: "text", detail: detail, hint: hint,
			apply: func(t *trial) bool { return t.everyText(f) }}
	}
	return []hypothesis{
		text("space_as_plus", "the sender encoded blanks as + in the base string", url.QueryEscape),
		text("space_as_plus", "the sender encoded blanks as + in the base string",
			func(s string) string { return strings.ReplaceAll(encode(s), "%20", "+") }),
		text("tilde_escaped", "the sender encoded ~ as %7E",
			func(s string) string { return strings.ReplaceAll(encode(s), "~", "%7E") }),
		text("marks_unescaped", "the sender left ! * ' ( ) unencoded",
			bareMarks),
		text("double_encoded", "the sender encoded names and values once more than it should",
			func(s string) string { return encode(encode(s)) }),
		text("not_encoded", "the sender did not encode names and values before it joined them",
			func(s string) string { return s }),
		{
			cause: "lowercase_escapes", family: "text", hint: hint,
			detail: "the sender wrote its percent escapes in lower case",
			apply: func(t *trial) bool {
				t.text, t.outer = lowerEscapes, lowerEscapes
				return true
			},
		},
		{
			cause: "sort_order", family: "order",
			detail: "the sender sorted the joined name=value texts",
			hint:   "The sender must sort by name and then by value: key comes before key2.",
			apply:  func(t *trial) bool { t.order = orderJoined; return true },
		},
		{
			cause: "sort_order", family: "order",
			detail: "the sender did not sort the parameters",
			hint:   "The sender must sort by name and then by value.",
			apply:  func(t *trial) bool { t.order = orderSent; return true },
		},
	}
}

// lowerEscapes encodes with lower-case hex digits.
func lowerEscapes(s string) string {
	b := []byte(encode(s))
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], lower(string(b[i+1:i+3])))
			i += 2
		}
	}
	return string(b)
}

func methodHypotheses() []hypothesis {
	method := func(name string) hypothesis {
		return hypothesis{
			cause: "method", family: "method",
			detail: "the sender signed the method " + name,
			hint:   "The sender must sign the HTTP method that it uses, in capitals; a redirect may have changed it.",
			apply: func(t *trial) bool {
				changed := t.method != name
				t.method = name
				return changed
			},
		}
	}
	return []hypothesis{method("POST"), method("GET"), method("PUT"), method("post"), method("get")}
}

func secretHypotheses(m *Message) []hypothesis {
	const blanks = "Paste the secret anew on the side that has the stray character."
	secret := func(cause, detail, hint string, f func(string) string) hypothesis {
		return hypothesis{cause: cause, family: "secret", detail: detail, hint: hint, apply: func(t *trial) bool {
			before := t.secret
			t.secret = f(before)
			return t.secret != before
		}}
	}
	ending := func(end, name string) hypothesis {
		return secret("secret_blanks", "the sender's secret ends in "+name, blanks, func(s string) string { return s + end })
	}
	key := func(cause, detail, hint string, apply func(*trial) bool) hypothesis {
		return hypothesis{cause: cause, family: "key", detail: detail, hint: hint, apply: apply}
	}
	return []hypothesis{
		secret("secret_blanks", "the secret given here has blanks or a line break at its ends that the sender's has not", blanks, strings.TrimSpace),
		ending(" ", "a blank"), ending("\n", "a line break"), ending("\r\n", "a line break"), ending("\t", "a tab"),
		secret("secret_blanks", "the sender's secret begins with a blank", blanks, func(s string) string { return " " + s }),
		secret("key_as_secret", "the sender signed with its consumer key as the secret",
			"Enter the secret in the field for the secret at the sender.", func(string) string { return m.key }),
		secret("secret_empty", "the sender signed with an empty secret",
			"Enter the secret at the sender; many systems keep one for each domain or URL.", func(string) string { return "" }),
		key("secret_encoding", "the sender did not percent-encode the secret",
			"Choose a secret of letters and digits only, or have the sender encode it.",
			func(t *trial) bool {
				t.bareSecret = true
				return encode(t.secret) != t.secret || encode(t.tokenSecret) != t.tokenSecret
			}),
		key("ampersand", "the sender signed with the secret alone, without the & after it",
			"The sender's HMAC key is the encoded secret, then & also when there is no token.",
			func(t *trial) bool { t.bareKey = true; return t.tokenSecret == "" }),
		key("token_secret", "the sender signed without the token secret",
			"LTI has no tokens: leave the token secret out on both sides.",
			func(t *trial) bool { had := t.tokenSecret != ""; t.tokenSecret = ""; return had }),
		{
			cause: "hash_method", family: "hash",
			detail: "the signature was made with the other of SHA-1 and SHA-256 than oauth_signature_method says",
			hint:   "The sender must name the method that it uses.",
			apply: func(t *trial) bool {
				if t.hash == HMACSHA1 {
					t.hash = HMACSHA256
				} else {
					t.hash = HMACSHA1
				}
				return true
			},
		},
	}
}

// bareMarks encodes as encodeURIComponent does.
func bareMarks(s string) string {
	return strings.NewReplacer("%21", "!", "%2A", "*", "%27", "'", "%28", "(", "%29", ")").Replace(encode(s))
}
