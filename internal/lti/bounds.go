package lti

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of what people configure, by manifest or on a page.
const (
	MaxText   = 16 << 10 // bytes of a title, name or description
	MaxSecret = 1024     // bytes of a secret or password
	MaxPoints = 1e6      // points possible

	// MaxWindow bounds how far an oauth_timestamp may be from now, both ways;
	// DefaultWindow is how far if nobody says otherwise.
	MaxWindow     = 24 * time.Hour
	DefaultWindow = 5 * time.Minute
)

// CheckText checks a text for people, empty or not: at most MaxText bytes, no
// NUL.
func CheckText(text string) error {
	switch {
	case len(text) > MaxText:
		return fmt.Errorf("it is longer than %d bytes", MaxText)
	case strings.ContainsRune(text, 0):
		return errors.New("it contains the character NUL")
	}
	return nil
}

// CheckSecret checks a shared secret: 1 to MaxSecret bytes, no NUL. Its error
// never repeats the secret.
func CheckSecret(secret string) error {
	switch {
	case secret == "":
		return errors.New("it is empty")
	case len(secret) > MaxSecret:
		return fmt.Errorf("it is longer than %d bytes", MaxSecret)
	case strings.ContainsRune(secret, 0):
		return errors.New("it contains the character NUL")
	}
	return nil
}

// ParsePoints reads points possible, 0 to MaxPoints.
func ParsePoints(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || f < 0 || f > MaxPoints {
		return 0, fmt.Errorf("must be a number from 0 to %d", int(MaxPoints))
	}
	return f, nil
}

// ParsePixels reads a width or height, 0 to MaxPixels; 0 leaves it to the page.
func ParsePixels(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > MaxPixels {
		return 0, fmt.Errorf("must be a whole number from 0 to %d", MaxPixels)
	}
	return n, nil
}

// ParseDate reads a time in RFC 3339 or a day, which begins at 00:00 UTC; "" is
// none. It is UTC, cut to seconds, from 1970 to 9999.
func ParseDate(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		t, err := time.Parse(layout, text)
		if err == nil && t.UTC().Year() >= 1970 && t.UTC().Year() <= 9999 {
			return t.UTC().Truncate(time.Second), nil
		}
	}
	return time.Time{}, errors.New("must be a date such as 2006-01-02 or 2006-01-02T15:04:05Z, from 1970 on")
}

// Check reports a period that ends before it starts, or as it starts.
func (p Period) Check() error {
	if !p.Start.IsZero() && !p.End.IsZero() && !p.Start.Before(p.End) {
		return errors.New("end must come after start")
	}
	return nil
}

// Policies are how one of several scores comes to count.
func Policies() []string { return []string{PolicyLatest, PolicyBest, PolicyFirst} }

// Targets are where a tool may be shown.
func Targets() []string { return []string{TargetIframe, TargetWindow, TargetTab} }

// Releases are what of a person may go to a tool.
func Releases() []string { return []string{SendName, SendEmail, SendUsername, SendRoles} }

// SignatureMethods are those that a credential may use.
func SignatureMethods() []string { return []string{"HMAC-SHA1", "HMAC-SHA256"} }

// CheckOneOf checks that a text is one of those allowed.
func CheckOneOf(text string, allowed []string) error {
	if slices.Contains(allowed, text) {
		return nil
	}
	return errors.New("must be one of " + strings.Join(allowed, ", "))
}

// CheckCustom reads custom parameters, one per line as name=value, and reports
// every line that can't be read and every name that can't be used.
func CheckCustom(text string) (custom map[string]string, faults []error) {
	if err := CheckText(text); err != nil {
		return nil, []error{err}
	}
	custom, skipped := ParseCustom(text)
	for _, line := range skipped {
		faults = append(faults, fmt.Errorf("could not read the custom parameter %.60q; it should be name=value", line))
	}
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		if err := CheckID(name); err != nil {
			faults = append(faults, fmt.Errorf("the name of a custom parameter: %w", err))
		}
	}
	return custom, faults
}
