package sourcedid

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

const (
	separator = ":::"
	// sealVersion stands first in the sealed text, so that another rule can
	// come later without an id passing under both.
	sealVersion = "ltihub service id 1"
	// maxID is the longest id that is read, in bytes. Seal makes longer ones
	// only of courses with names of a thousand characters.
	maxID = 4096
	// digestBytes is the length of a digest before it is written in hex.
	digestBytes = 16
)

// ID is a service id in its parts. A grade's reads
//
//	signature:::link-digest:::user-digest:::domain/course
//
// and that of any other service leaves the user's digest out.
type ID struct {
	Service   string // lti.ServiceGrade, ServiceRoster or ServiceSetting; not in the text, but sealed
	Link      string // LinkDigest of the resource link
	User      string // UserDigest of the user; only grades have one
	Domain    string
	Course    string
	Signature string // as presented; Seal passes it over
}

// LinkDigest stands for a resource link in the ids of its course: 128 bits in
// lower-case hex. courseKey is a secret of the course.
func LinkDigest(courseKey []byte, link string) string {
	return digest(courseKey, "ltihub link digest 1", link)
}

// UserDigest stands for a user in the ids of a course: 128 bits in lower-case
// hex, another for each course, and never a link's.
func UserDigest(courseKey []byte, username string) string {
	return digest(courseKey, "ltihub user digest 1", username)
}

func digest(key []byte, purpose, name string) string {
	return hex.EncodeToString(mac(key, purpose, name)[:digestBytes])
}

// Seal writes id under secret, in letters, digits, "-", ".", "_", "~", ":" and
// "/" only, whatever the names of domain and course hold.
func Seal(secret string, id ID) string {
	parts := []string{sign(secret, id), id.Link}
	if id.Service == lti.ServiceGrade {
		parts = append(parts, id.User)
	}
	parts = append(parts, escape(id.Domain)+"/"+escape(id.Course))
	return strings.Join(parts, separator)
}

// Parse takes the id of a service apart. It looks at the shape alone: whether
// the digests stand for anything is for the caller to find out, and whether
// the seal holds for Open. The error is a *Refusal that wraps ErrMalformed.
func Parse(text, service string) (ID, error) {
	missing, malformed := CauseRosterMissing, CauseRosterMalformed
	want := 3
	if service == lti.ServiceGrade {
		missing, malformed = CauseGradeMissing, CauseGradeMalformed
		want = 4
	}
	if text == "" {
		return ID{}, &Refusal{Cause: missing}
	}
	if len(text) > maxID {
		return ID{}, &Refusal{Cause: malformed}
	}
	parts := strings.Split(text, separator)
	if len(parts) != want || !plain(parts[:want-1]) {
		return ID{}, &Refusal{Cause: malformed}
	}
	id := ID{Service: service, Signature: parts[0], Link: parts[1]}
	if service == lti.ServiceGrade {
		id.User = parts[2]
	}
	var ok bool
	if id.Domain, id.Course, ok = splitCourse(parts[want-1]); !ok {
		return ID{}, &Refusal{Cause: CauseCourseShape}
	}
	return id, nil
}

// plain tells whether every part is there and of letters and digits. A part of
// the wrong length passes: it stands for nothing and is refused by that cause.
func plain(parts []string) bool {
	for _, p := range parts {
		if p == "" {
			return false
		}
		for i := range len(p) {
			if !alphanumeric(p[i]) {
				return false
			}
		}
	}
	return true
}

func splitCourse(part string) (domain, course string, ok bool) {
	before, after, found := strings.Cut(part, "/")
	if !found || before == "" || after == "" {
		return "", "", false
	}
	domain, okDomain := unescape(before)
	course, okCourse := unescape(after)
	return domain, course, okDomain && okCourse
}

// sign is HMAC-SHA256 in lower-case hex over version, service and parts, so
// that an id of one service never passes at another.
func sign(secret string, id ID) string {
	user := ""
	if id.Service == lti.ServiceGrade {
		user = id.User
	}
	sum := mac([]byte(secret), sealVersion, id.Service, id.Link, user, id.Domain, id.Course)
	return hex.EncodeToString(sum)
}

// mac puts each part's length before it: no two lists of parts share a text.
func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(p)))
		h.Write(length[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}
