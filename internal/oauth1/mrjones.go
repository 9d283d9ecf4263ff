package oauth1

import (
	"bytes"
	"crypto"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/mrjones/oauth"
)

// confirm has the oauth library compute the signature once more and returns
// ErrDisagree unless it comes to the same: no signature leaves that only our own
// code believes in. The library chooses clock and nonce itself when it signs,
// so it is asked in the role in which it takes both from the request.
func (s Signer) confirm(d draft, t target, query Params, signature Param) error {
	request, sound := s.libraryRequest(d, t, query, signature)
	if !sound {
		return nil
	}
	hash := crypto.SHA1
	if s.method() == HMACSHA256 {
		hash = crypto.SHA256
	}
	provider := oauth.NewProvider(func(string, map[string]string) (*oauth.Consumer, error) {
		service := oauth.ServiceProvider{BodyHash: true, IgnoreTimestamp: true}
		return oauth.NewCustomConsumer(s.Key, s.Secret, hash, service, nil), nil
	})
	if _, err := provider.IsAuthorized(request); err != nil {
		return fmt.Errorf("%w: %w", ErrDisagree, err)
	}
	return nil
}

// libraryRequest is d as the library understands it: scheme and host in lower
// case, no default port, the escaped path as Path, the query merged into the
// form and names encoded beforehand, because it encodes them once too few. It
// looks at one value of a name only, so repeated names are not sound.
func (s Signer) libraryRequest(d draft, t target, query Params, signature Param) (request *http.Request, sound bool) {
	path := t.path
	if path == "" {
		path = "/"
	}
	host := strings.ToLower(t.host)
	if !t.defaultPort() {
		host += ":" + t.port
	}
	request = &http.Request{
		Method: d.method,
		URL:    &url.URL{Scheme: t.scheme, Host: host, Path: path},
		Header: http.Header{},
	}
	if d.header != nil {
		pairs, sound := libraryValues(query)
		request.URL.RawQuery = pairs.Encode()
		request.Header.Set("Authorization", authorization(append(d.header, signature)))
		request.Body = io.NopCloser(bytes.NewReader(d.body))
		return request, sound
	}
	pairs, sound := libraryValues(query, d.form, Params{signature})
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Body = io.NopCloser(strings.NewReader(pairs.Encode()))
	return request, sound
}

// libraryValues merges params under encoded names; sound is false when a name
// repeats.
func libraryValues(groups ...Params) (values url.Values, sound bool) {
	values, sound = url.Values{}, true
	for _, group := range groups {
		for _, p := range group {
			name := encode(p.Name)
			sound = sound && !values.Has(name)
			values.Add(name, p.Value)
		}
	}
	return values, sound
}
