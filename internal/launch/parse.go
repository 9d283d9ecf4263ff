package launch

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/oauth1"
)

// CheckShape checks that p is a launch of a version we speak: what may be said
// before the key is looked up. Each of the two parameters must be there exactly
// once. Errors are *FieldError with ErrMissing, ErrRepeated, ErrMessageType or
// ErrVersion.
func CheckShape(p oauth1.Params) error {
	if err := checkOnly(p, messageTypeParam, messageType, ErrMessageType); err != nil {
		return err
	}
	return checkOnly(p, versionParam, version, ErrVersion)
}

func checkOnly(p oauth1.Params, name, want string, fault error) error {
	got := p.Value(name)
	switch {
	case p.Count(name) > 1:
		return &FieldError{name, ErrRepeated}
	case got == "":
		return &FieldError{name, ErrMissing}
	case got != want:
		return &FieldError{name, fmt.Errorf("%w: it says %.60q", fault, got)}
	}
	return nil
}

// Parse reads a launch from the parameters of a verified request. It refuses,
// with a *FieldError: another message type or version; an LTI, custom_ or ext_
// parameter given more than once; an absent or empty resource_link_id; ids over
// 255 bytes, service ids over 2048, other values over 4096; a control character
// in an id, and NUL or invalid UTF-8 in any value. Unknown parameters are
// passed over. Sizes in pixels that are not whole numbers count as absent.
//
// An ext_ parameter that has its own field in the launch is not in Ext.
func Parse(p oauth1.Params) (lti.Launch, error) {
	if err := CheckShape(p); err != nil {
		return lti.Launch{}, err
	}
	values, err := index(p)
	if err != nil {
		return lti.Launch{}, err
	}
	if values[resourceLinkIDParam] == "" {
		return lti.Launch{}, &FieldError{resourceLinkIDParam, ErrMissing}
	}
	var l lti.Launch
	for _, f := range texts(&l) {
		*f.at = values[f.name]
	}
	parseLists(&l, values)
	l.Return.Width = pixels(values[widthParam])
	l.Return.Height = pixels(values[heightParam])
	for name, value := range values {
		switch {
		case strings.HasPrefix(name, lti.CustomPrefix):
			l.Custom = put(l.Custom, name, value)
		case strings.HasPrefix(name, lti.ExtPrefix) && !ownExt(name):
			l.Ext = put(l.Ext, name, value)
		}
	}
	return l, nil
}

// index checks the LTI parameters one by one and gives them by name.
func index(p oauth1.Params) (map[string]string, error) {
	values := make(map[string]string, len(p))
	for _, q := range p {
		if !known(q.Name) {
			continue
		}
		if _, ok := values[q.Name]; ok {
			return nil, &FieldError{q.Name, ErrRepeated}
		}
		if err := checkValue(q.Name, q.Value); err != nil {
			return nil, err
		}
		values[q.Name] = q.Value
	}
	return values, nil
}

// known reports whether name belongs to LTI, by which it has one value only.
func known(name string) bool {
	switch name {
	case "user_id", "user_image", rolesParam, mentorParam:
		return true
	}
	for _, prefix := range []string{"lti_", "lis_", "resource_link_", "context_",
		"launch_presentation_", "tool_consumer_", lti.CustomPrefix, lti.ExtPrefix} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func checkValue(name, value string) error {
	if len(name) > maxID {
		return &FieldError{strings.ToValidUTF8(name[:40], "") + "...", ErrTooLong}
	}
	most, id := limit(name)
	switch {
	case len(value) > most:
		return &FieldError{name, fmt.Errorf("%w: over %d bytes", ErrTooLong, most)}
	case !utf8.ValidString(name), !utf8.ValidString(value):
		return &FieldError{strings.ToValidUTF8(name, "?"), fmt.Errorf("%w: invalid UTF-8", ErrCharacter)}
	case strings.ContainsRune(name, 0), strings.ContainsRune(value, 0):
		return &FieldError{name, fmt.Errorf("%w: NUL", ErrCharacter)}
	case id && strings.ContainsFunc(value, unicode.IsControl):
		return &FieldError{name, fmt.Errorf("%w: a control character in an id", ErrCharacter)}
	}
	return nil
}

func parseLists(l *lti.Launch, values map[string]string) {
	l.Roles = lti.ParseRoles(values[rolesParam])
	l.RoleScopeMentor = split(values[mentorParam])
	for i, id := range l.RoleScopeMentor {
		// The ids are URL-encoded so that they may hold a comma; one that is
		// not, or hides a control character so, is taken as it stands.
		plain, err := url.PathUnescape(id)
		if err == nil && utf8.ValidString(plain) && !strings.ContainsFunc(plain, unicode.IsControl) {
			l.RoleScopeMentor[i] = plain
		}
	}
	l.ContextType = split(values[contextTypeParam])
	l.Outcome.Values = split(values[scoreTypesParam])
	l.Outcome.DataValues = split(values[dataValuesParam])
	l.Outcome.TotalScore = strings.EqualFold(values[totalScoreParam], "true")
	l.Outcome.Submitted = strings.EqualFold(values[submittedAtParam], "true")
	l.Outcome.Review = strings.EqualFold(values[reviewParam], "true")
	l.Outcome.Prioritize = strings.EqualFold(values[prioritizeParam], "true")
}

func split(list string) []string {
	var items []string
	for item := range strings.SplitSeq(list, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

func pixels(text string) int {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

func put(m map[string]string, name, value string) map[string]string {
	if m == nil {
		m = make(map[string]string)
	}
	m[name] = value
	return m
}
