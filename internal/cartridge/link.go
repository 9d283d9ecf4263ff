package cartridge

import (
	"errors"
	"strings"
)

// MaxDocument is how many bytes a link file may have.
const MaxDocument = 256 << 10

// Why a link file is refused.
var (
	// ErrTooLarge is a file above MaxDocument.
	ErrTooLarge = errors.New("link file too large")
	// ErrXML is a file that is not the XML that we read.
	ErrXML = errors.New("unreadable XML")
	// ErrNotLink is XML with another root.
	ErrNotLink = errors.New("not an LTI link file")
	// ErrURL is a link without an acceptable URL to launch.
	ErrURL = errors.New("no acceptable launch URL")
)

// Link is one LTI link. Texts have no white space around them; what is empty
// was not said.
type Link struct {
	Title       string
	Description string

	// LaunchURL and SecureLaunchURL are the same place, the latter over https.
	// Either may be missing.
	LaunchURL       string
	SecureLaunchURL string
	Icon            string
	SecureIcon      string
	Vendor          Vendor

	// Custom are the custom parameters by their own names, not wire names.
	Custom map[string]string
	// Canvas is the extension of the platform canvas.instructure.com.
	Canvas Canvas
	// Extensions are those of all other platforms, such as moodle.org, by the
	// name of the platform; each platform occurs once.
	Extensions []Options

	// Warnings say what Parse left out or found odd. Write ignores them.
	Warnings []string
}

// Vendor is who makes the tool. Contact is an e-mail address.
type Vendor struct {
	Code        string
	Name        string
	Description string
	URL         string
	Contact     string
}

// Options are named values, with more of them below. At the top Name is the
// platform of an extension.
type Options struct {
	Name       string
	Properties map[string]string
	Options    []Options
}

// URL is where to launch, or "" when the link does not say: the secure launch
// URL before the plain one, and those before the one in the Canvas extension.
func (l Link) URL() string {
	for _, url := range []string{l.SecureLaunchURL, l.LaunchURL, l.Canvas.URL} {
		if url != "" {
			return url
		}
	}
	return ""
}

// SetURL sets where to launch. A URL over https becomes both launch URLs, since
// some readers know only the plain one.
func (l *Link) SetURL(url string) {
	l.LaunchURL, l.SecureLaunchURL = url, ""
	if secure(url) {
		l.SecureLaunchURL = url
	}
}

func secure(url string) bool { return strings.HasPrefix(strings.ToLower(url), "https://") }

// credential reports whether a property of that name holds a key or secret.
// Custom parameters are not asked: they are the tool's own.
func credential(name string) bool {
	plain := strings.Map(func(c rune) rune {
		if strings.ContainsRune("_-. :", c) {
			return -1
		}
		return c
	}, strings.ToLower(name))
	switch strings.TrimPrefix(plain, "oauth") {
	case "key", "consumerkey", "ltikey", "resourcekey", "sharedkey",
		"secret", "consumersecret", "ltisecret", "sharedsecret", "password":
		return true
	}
	return false
}
