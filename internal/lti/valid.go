package lti

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of ids and names, in characters.
const (
	MaxID       = 255
	MaxUsername = 100
)

// maxURL is how many bytes a URL may have.
const maxURL = 4096

// CheckID checks an id that someone else made, such as a user_id, a context_id
// or an oauth_consumer_key: not empty, at most MaxID characters of valid UTF-8,
// no control character. Such ids are compared byte by byte.
func CheckID(id string) error {
	switch {
	case id == "":
		return errors.New("it is empty")
	case !utf8.ValidString(id):
		return errors.New("it is not valid UTF-8")
	case utf8.RuneCountInString(id) > MaxID:
		return fmt.Errorf("it is longer than %d characters", MaxID)
	case strings.ContainsFunc(id, unicode.IsControl):
		return errors.New("it contains a control character")
	}
	return nil
}

// CheckKey checks an oauth_consumer_key, by the rule of CheckID.
func CheckKey(key string) error { return CheckID(key) }

// CheckName checks an id of ours that stands in URLs: of a domain, course,
// folder, resource link, tool consumer or tool, and a tiny code. It starts with
// an ASCII letter or digit, followed by those and . _ ~ @ + - up to MaxID.
// Neither ":" nor "/" is among them, which divide ids in service ids and in
// username:domain.
func CheckName(id string) error {
	if err := CheckID(id); err != nil {
		return err
	}
	return checkCharacters(id, "._~@+-")
}

// CheckUsername checks a username: 1 to MaxUsername ASCII letters, digits and
// . _ - @ +, the first a letter or digit. A value matched from a launch that
// passes may become a username as it is.
func CheckUsername(name string) error {
	if len(name) > MaxUsername {
		return fmt.Errorf("it is longer than %d characters", MaxUsername)
	}
	if err := CheckID(name); err != nil {
		return err
	}
	return checkCharacters(name, "._-@+")
}

func checkCharacters(s, marks string) error {
	for i, c := range s {
		letter := c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c))
		switch {
		case letter:
		case i == 0:
			return errors.New("it does not start with a letter or digit")
		case !strings.ContainsRune(marks, c):
			return fmt.Errorf("it contains %q; allowed are letters, digits and %s", c, marks)
		}
	}
	return nil
}

// CheckURL checks the URL of a tool or service: absolute, http or https, with a
// host, without user or fragment, at most 4096 bytes.
func CheckURL(raw string) error {
	if len(raw) > maxURL {
		return fmt.Errorf("it is longer than %d bytes", maxURL)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return errors.New("it is no URL") // the parser's error repeats the text
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("it does not start with http:// or https://")
	case u.Hostname() == "":
		return errors.New("it has no host")
	case u.User != nil:
		return errors.New("it contains a user name")
	case strings.Contains(raw, "#"):
		return errors.New("it contains a fragment")
	case strings.ContainsAny(raw, " \\") || !utf8.ValidString(raw):
		return errors.New("it contains a character that must be escaped")
	}
	return checkPort(u.Port())
}

// Unencrypted reports whether the URL is http, not https.
func Unencrypted(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Scheme == "http"
}

func checkPort(port string) error {
	if port == "" {
		return nil
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return errors.New("its port is not between 1 and 65535")
	}
	return nil
}
