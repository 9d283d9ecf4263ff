package oauth1

import (
	"fmt"
	"strings"
)

// authorization appends the parameters of the one OAuth Authorization header
// among values, without realm (RFC 5849, 3.5.1). Other schemes are left alone.
func (r *reader) authorization(values []string) error {
	found := false
	for _, value := range values {
		scheme, rest, _ := strings.Cut(trimSpace(value), " ")
		if !strings.EqualFold(scheme, "OAuth") {
			continue
		}
		if found {
			return fmt.Errorf("%w: Authorization: OAuth occurs twice", ErrRepeated)
		}
		found = true
		if err := r.credentials(rest); err != nil {
			return err
		}
	}
	return nil
}

// credentials reads name="value" pairs between commas. Values are
// percent-encoded; + stands for itself.
func (r *reader) credentials(s string) error {
	for {
		s = strings.TrimLeft(s, " \t\r\n,")
		if s == "" {
			return nil
		}
		name, rest, found := strings.Cut(s, "=")
		name = strings.TrimRight(name, " \t")
		if !found || name == "" || strings.ContainsAny(name, " \t,\"") {
			return fmt.Errorf("%w: Authorization header: a name without a value", ErrMalformed)
		}
		value, rest, ok := headerValue(strings.TrimLeft(rest, " \t"))
		if !ok {
			return fmt.Errorf("%w: Authorization header: value of %q does not end", ErrMalformed, name)
		}
		if !strings.EqualFold(name, "realm") {
			if err := r.add("Authorization header", name, value, false); err != nil {
				return err
			}
		}
		s = rest
	}
}

// headerValue takes one value, quoted or bare, off the front of s. It reports
// false when the quotes do not close or something but a comma follows.
func headerValue(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		value, rest, _ = strings.Cut(s, ",")
		value = strings.TrimRight(value, " \t")
		return value, rest, !strings.ContainsAny(value, "\" \t")
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			rest = strings.TrimLeft(s[i+1:], " \t")
			return s[1:i], rest, rest == "" || rest[0] == ','
		}
	}
	return "", "", false
}
