package oauth1

import (
	"slices"
	"strings"
)

// trial is a request as its sender may have signed it. It starts as RFC 5849
// has it; a hypothesis changes it. Unlike Message it can make every mistake.
type trial struct {
	method              string
	target              target
	keepPort, keepCase  bool   // spell out the default port; leave the host's case
	inURI               string // kept at the end of the base string URI
	query, header, body Params
	secret, tokenSecret string
	bareSecret, bareKey bool // secrets not encoded; no & after the secret
	hash                string
	text                func(string) string // encodes a name or a value
	outer               func(string) string // encodes URI and parameters as a whole
	order               func([]signedPair)
}

// signedPair is an encoded pair.
type signedPair struct{ name, value string }

func (p signedPair) String() string { return p.name + "=" + p.value }

// newTrial is m as the standard has it signed.
func newTrial(m *Message, secret, tokenSecret string) trial {
	return trial{
		method:      m.method,
		target:      m.target,
		query:       m.params[:m.queries:m.queries],
		header:      m.params[m.queries : m.queries+m.headers : m.queries+m.headers],
		body:        m.params[m.queries+m.headers:],
		secret:      secret,
		tokenSecret: tokenSecret,
		hash:        m.signatureMethod,
		text:        encode,
		outer:       encode,
		order:       orderStandard,
	}
}

// orderStandard sorts by name, then value.
func orderStandard(pairs []signedPair) {
	slices.SortStableFunc(pairs, func(a, b signedPair) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
}

// orderJoined sorts the joined text, in which = comes after digits.
func orderJoined(pairs []signedPair) {
	slices.SortStableFunc(pairs, func(a, b signedPair) int { return strings.Compare(a.String(), b.String()) })
}

func orderSent([]signedPair) {}

func (t trial) uri() string {
	u := t.target
	uri := u.baseURI()
	if t.keepCase {
		uri = uri[:len(u.scheme)+3] + u.host + uri[len(u.scheme)+3+len(u.host):]
	}
	if port := u.defaultOr(); t.keepPort && u.defaultPort() {
		end := len(u.scheme) + 3 + len(u.host)
		uri = uri[:end] + ":" + port + uri[end:]
	}
	return uri + t.inURI
}

// defaultOr returns the port, the scheme's own when none is given.
func (t target) defaultOr() string {
	switch {
	case t.port != "":
		return t.port
	case t.scheme == "http":
		return "80"
	}
	return "443"
}

func (t trial) base() string {
	var pairs []signedPair
	for _, group := range []Params{t.query, t.header, t.body} {
		for _, p := range group {
			pairs = append(pairs, signedPair{t.text(p.Name), t.text(p.Value)})
		}
	}
	t.order(pairs)
	var joined strings.Builder
	for i, p := range pairs {
		if i > 0 {
			joined.WriteByte('&')
		}
		joined.WriteString(p.name + "=" + p.value)
	}
	return t.method + "&" + t.outer(t.uri()) + "&" + t.outer(joined.String())
}

func (t trial) signature() string {
	key := macKey(t.secret, t.tokenSecret)
	if t.bareSecret {
		key = []byte(t.secret + "&" + t.tokenSecret)
	}
	if t.bareKey {
		key = []byte(strings.TrimSuffix(string(key), "&"))
	}
	return string(appendMAC(nil, t.hash, key, []byte(t.base())))
}

// everyValue changes every value of every group by f and reports whether that
// made a difference. Groups are copied, never changed in place.
func (t *trial) everyValue(f func(string) string) bool {
	return t.everyGroup(func(p Params) Params {
		p = slices.Clone(p)
		for i := range p {
			p[i].Value = f(p[i].Value)
		}
		return p
	})
}

// everyGroup replaces query, header and body and reports whether any differs.
func (t *trial) everyGroup(f func(Params) Params) bool {
	changed := false
	for _, group := range []*Params{&t.query, &t.header, &t.body} {
		next := f(*group)
		changed = changed || !slices.Equal(next, *group)
		*group = next
	}
	return changed
}

// without drops the pairs that match.
func (t *trial) without(match func(Param) bool) bool {
	return t.everyGroup(func(p Params) Params {
		return slices.DeleteFunc(slices.Clone(p), match)
	})
}

// everyText changes how names and values are encoded and reports whether any
// text of this request is then encoded otherwise.
func (t *trial) everyText(f func(string) string) bool {
	before := t.text
	t.text = f
	for _, group := range []Params{t.query, t.header, t.body} {
		for _, p := range group {
			if before(p.Name) != f(p.Name) || before(p.Value) != f(p.Value) {
				return true
			}
		}
	}
	return false
}
