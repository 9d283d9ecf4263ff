package oauth1

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"sort"
	"strings"
)

// specSender signs by the letter of RFC 5849, and shares no code with the
// package. Tests change its parts to make the mistakes of real senders.
type specSender struct {
	method, uri string
	pairs       [][2]string
	key         string // the whole HMAC key
	sha256      bool
	text        func(string) string // encodes names and values
	whole       func(string) string // encodes URI and parameter string
	sort        func([]string)      // sorts name=value texts
}

func specEncode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// specSort orders by name and then value: = must sort before every other byte.
func specSort(pairs []string) {
	for i := range pairs {
		pairs[i] = strings.Replace(pairs[i], "=", "\x00", 1)
	}
	sort.Strings(pairs)
	for i := range pairs {
		pairs[i] = strings.Replace(pairs[i], "\x00", "=", 1)
	}
}

func newSpecSender(method, uri, secret string, pairs [][2]string) *specSender {
	return &specSender{
		method: method, uri: uri, pairs: pairs, key: specEncode(secret) + "&",
		text: specEncode, whole: specEncode, sort: specSort,
	}
}

func (s *specSender) base() string {
	var list []string
	for _, p := range s.pairs {
		list = append(list, s.text(p[0])+"="+s.text(p[1]))
	}
	s.sort(list)
	return s.method + "&" + s.whole(s.uri) + "&" + s.whole(strings.Join(list, "&"))
}

func (s *specSender) sign() string {
	algorithm := sha1.New
	if s.sha256 {
		algorithm = sha256.New
	}
	mac := hmac.New(algorithm, []byte(s.key))
	mac.Write([]byte(s.base()))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// specForm encodes pairs as a form body.
func specForm(pairs [][2]string) string {
	var list []string
	for _, p := range pairs {
		list = append(list, url.QueryEscape(p[0])+"="+url.QueryEscape(p[1]))
	}
	return strings.Join(list, "&")
}
