package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// Defaults of Options.
const (
	DefaultTimeout = 10 * time.Second
	DefaultMaxBody = 1 << 20
)

// maxHeader bounds the header of an answer, in bytes.
const maxHeader = 64 << 10

// What callers tell apart beside ErrForbiddenAddress.
var (
	// ErrURL: not an absolute http or https URL, or one with a user name.
	ErrURL = errors.New("not a URL to call")
	// ErrTooLarge: the answer is longer than it may be.
	ErrTooLarge = errors.New("answer too large")
	// ErrTimeout: the answer was not there whole in time. It comes with
	// context.DeadlineExceeded.
	ErrTimeout = errors.New("no answer in time")
)

// Options make a Client. The zero value refuses all special addresses and has
// the defaults above.
type Options struct {
	AllowCIDRs []netip.Prefix // ranges that are called though they are special
	Timeout    time.Duration  // for one call from look-up to the answer's last byte; 0: DefaultTimeout
	MaxBody    int64          // bytes of an answer; 0: DefaultMaxBody
	UserAgent  string         // sent unless the request has one, for example "ltihub/1.0"
	Resolver   *net.Resolver  // nil: the system's
	RootCAs    *x509.CertPool // nil: the system's
}

// Client makes outgoing calls. It uses no proxy, keeps no cookies and takes no
// compressed answers. It may be used concurrently.
type Client struct {
	http      *http.Client
	transport *http.Transport
	limits    Limits
	userAgent string
}

// Limits bound one call; 0 stands for the client's own.
type Limits struct {
	Timeout time.Duration
	MaxBody int64 // bytes
}

// Response is an answer of whatever status.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// New makes a Client. Negative limits count as the defaults.
func New(o Options) *Client {
	dialer := &net.Dialer{Resolver: o.Resolver, Control: newGuard(o.AllowCIDRs).control}
	transport := &http.Transport{
		Proxy:                  nil, // a proxy would choose the address for us
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        time.Minute,
	}
	return &Client{
		http:      &http.Client{Transport: transport, CheckRedirect: checkRedirect},
		transport: transport,
		limits:    Limits{o.Timeout, o.MaxBody}.or(Limits{DefaultTimeout, DefaultMaxBody}),
		userAgent: o.UserAgent,
	}
}

// Do sends req and reads the whole answer, within the client's limits and ctx;
// req's own context does not count. Any status is an answer. Errors name the
// host but never path, query, header or body; they wrap ErrURL,
// ErrForbiddenAddress, ErrRedirect, ErrTooLarge or ErrTimeout where that is
// what happened, and context.Canceled when ctx was.
func (c *Client) Do(ctx context.Context, req *http.Request) (Response, error) {
	var whole Response
	err := c.Stream(ctx, req, Limits{}, func(answer Response, body io.Reader) error {
		whole = answer
		var err error
		whole.Body, err = io.ReadAll(body)
		return err
	})
	if err != nil {
		return Response{}, err
	}
	return whole, nil
}

// Stream is Do for long answers: read gets the answer without its Body, and
// reads that itself. Reading past the limits gives read ErrTooLarge or a
// timeout, which it passes on. Stream returns read's error with the host
// before it, and as ErrTimeout when the time ran out meanwhile. What read
// leaves is dropped.
func (c *Client) Stream(ctx context.Context, req *http.Request, limits Limits, read func(answer Response, body io.Reader) error) error {
	if err := checkURL(req.URL); err != nil {
		return err
	}
	limits = limits.or(c.limits)
	ctx, cancel := context.WithTimeout(ctx, limits.Timeout)
	defer cancel()
	answer, err := c.http.Do(c.prepare(ctx, req)) //nolint:gosec // G704: checkURL has judged the URL, guard.control judges the address
	if err != nil {
		return explain(ctx, req, err)
	}
	defer answer.Body.Close()
	if err := unfollowed(answer); err != nil {
		return explain(ctx, req, err)
	}
	if answer.ContentLength > limits.MaxBody {
		return explain(ctx, req, ErrTooLarge)
	}
	err = read(Response{Status: answer.StatusCode, Header: answer.Header}, &bounded{answer.Body, limits.MaxBody})
	return explain(ctx, req, err)
}

// CloseIdle closes the connections that wait for another call.
func (c *Client) CloseIdle() {
	c.transport.CloseIdleConnections()
}

func (c *Client) prepare(ctx context.Context, req *http.Request) *http.Request {
	req = req.Clone(ctx)
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if c.userAgent != "" && req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", c.userAgent)
	}
	return req
}

func (l Limits) or(other Limits) Limits {
	if l.Timeout <= 0 {
		l.Timeout = other.Timeout
	}
	if l.MaxBody <= 0 {
		l.MaxBody = other.MaxBody
	}
	return l
}

func checkURL(u *url.URL) error {
	switch {
	case u == nil || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: need http or https", ErrURL)
	case u.Hostname() == "":
		return fmt.Errorf("%w: no host", ErrURL)
	case u.User != nil:
		return fmt.Errorf("%w: holds a user name", ErrURL)
	case numeric(u.Hostname()):
		return fmt.Errorf("%w: host %q is a number", ErrForbiddenAddress, u.Hostname())
	}
	return nil
}

// explain puts the host before an error and takes the URL out of it, which may
// hold what no log should.
func explain(ctx context.Context, req *http.Request, err error) error {
	if err == nil {
		return nil
	}
	var inURL *url.Error
	if errors.As(err, &inURL) {
		err = inURL.Err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("call %s: %w: %w", req.URL.Host, ErrTimeout, context.DeadlineExceeded)
	}
	return fmt.Errorf("call %s: %w", req.URL.Host, err)
}

// bounded reads up to left bytes, and gives ErrTooLarge when there are more.
type bounded struct {
	body io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if int64(n) <= b.left {
		b.left -= int64(n)
		return n, err
	}
	n, b.left = int(b.left), 0
	return n, ErrTooLarge
}
