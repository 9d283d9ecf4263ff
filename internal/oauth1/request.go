package oauth1

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// MaxBody is the largest body a launch or a service call needs, in bytes.
const MaxBody = 256 << 10

// Request is what was signed: raw, nothing parsed.
type Request struct {
	Method        string
	URL           string // absolute public URL: scheme, host, raw path, raw query
	ContentType   string
	Authorization []string // every Authorization header
	Body          []byte
	// Origin is the Origin header: the page that posted the form, as the
	// browser says. No signature covers it.
	Origin string
}

// Read takes the raw request off r, with at most maxBody bytes of body
// (ErrTooLarge). Scheme, host and port are those of base, which comes from
// configuration: Host and X-Forwarded-* are the sender's to choose. Path and
// query are as sent; a path prefix of base that a proxy cut off is put back. A
// content encoding is refused (ErrEncoding).
func Read(r *http.Request, base *url.URL, maxBody int64) (Request, error) {
	for _, encoding := range r.Header.Values("Content-Encoding") {
		if encoding != "" && !strings.EqualFold(encoding, "identity") {
			return Request{}, fmt.Errorf("read request: %w", ErrEncoding)
		}
	}
	contentType := r.Header.Values("Content-Type")
	if len(contentType) > 1 {
		return Request{}, fmt.Errorf("read request: %w: Content-Type occurs twice", ErrContentType)
	}
	body, err := readBody(r, maxBody)
	if err != nil {
		return Request{}, fmt.Errorf("read request: %w", err)
	}
	return Request{
		Method:        r.Method,
		URL:           publicURL(r, base),
		ContentType:   strings.Join(contentType, ""),
		Authorization: r.Header.Values("Authorization"),
		Body:          body,
		Origin:        strings.Join(r.Header.Values("Origin"), " "),
	}, nil
}

func readBody(r *http.Request, maxBody int64) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, fmt.Errorf("%w: body of more than %d bytes", ErrTooLarge, maxBody)
	}
	if r.Body == nil {
		return nil, nil
	}
	body, err := readAll(io.LimitReader(r.Body, maxBody+1), r.ContentLength)
	var limit *http.MaxBytesError
	if errors.As(err, &limit) || int64(len(body)) > maxBody {
		return nil, fmt.Errorf("%w: body of more than %d bytes", ErrTooLarge, maxBody)
	}
	return body, err
}

// readAll reads r to its end; size, when positive, is how much to expect.
func readAll(r io.Reader, size int64) ([]byte, error) {
	if size <= 0 {
		return io.ReadAll(r)
	}
	body := make([]byte, size)
	n, err := io.ReadFull(r, body)
	if err != nil {
		return nil, err
	}
	return body[:n], nil
}

// publicURL joins the configured scheme and host with path and query as sent.
func publicURL(r *http.Request, base *url.URL) string {
	path, query, asked := strings.Cut(sentURI(r), "?")
	if prefix := strings.TrimSuffix(base.EscapedPath(), "/"); prefix != "" && path != prefix && !strings.HasPrefix(path, prefix+"/") {
		path = prefix + path
	}
	if asked {
		path += "?" + query
	}
	return base.Scheme + "://" + base.Host + path
}

// sentURI returns path and query as they stood in the request line.
func sentURI(r *http.Request) string {
	uri := r.RequestURI
	if uri == "" {
		return r.URL.RequestURI()
	}
	if _, rest, absolute := strings.Cut(uri, "://"); absolute && !strings.HasPrefix(uri, "/") {
		if start := strings.IndexAny(rest, "/?"); start >= 0 {
			return rest[start:]
		}
		return "/"
	}
	return uri
}
