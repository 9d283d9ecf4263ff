package oauth1

import (
	"bytes"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"
)

// maxRaw bounds the text of a recorded request, in bytes.
const maxRaw = 1 << 20

// ReadRaw reads the text of one recorded HTTP/1.1 request, with CRLF or LF line
// ends. The URL is the request target when that is absolute. Otherwise it is
// joined with Host and begins with "//": no such text says whether it was http
// or https, so Explain tries both and Parse refuses it. Without Content-Length
// the body is the rest, less one line break after a form.
func ReadRaw(data []byte) (Request, error) {
	req, err := readRaw(data)
	if err != nil {
		return Request{}, fmt.Errorf("read recorded request: %w", err)
	}
	return req, nil
}

func readRaw(data []byte) (Request, error) {
	if len(data) > maxRaw {
		return Request{}, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, maxRaw)
	}
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), "\r\n")
	line, rest := cutLine(data)
	method, uri, ok := requestLine(line)
	if !ok {
		return Request{}, fmt.Errorf("%w: it does not begin with a request line", ErrMalformed)
	}
	fields, body, err := headerFields(rest)
	if err != nil {
		return Request{}, err
	}
	req := Request{Method: method, Authorization: fields["authorization"]}
	if req.URL, err = recordedURL(uri, fields["host"]); err != nil {
		return Request{}, err
	}
	if len(fields["content-type"]) > 1 {
		return Request{}, fmt.Errorf("%w: Content-Type occurs twice", ErrContentType)
	}
	req.ContentType = strings.Join(fields["content-type"], "")
	req.Body, err = recordedBody(body, fields)
	return req, err
}

// requestLine takes "METHOD target [HTTP/1.1]" apart.
func requestLine(line string) (method, uri string, ok bool) {
	words := strings.Fields(line)
	if len(words) == 3 && strings.HasPrefix(words[2], "HTTP/") {
		words = words[:2]
	}
	if len(words) != 2 || strings.Trim(words[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", "", false
	}
	return words[0], words[1], strings.HasPrefix(words[1], "/") || strings.Contains(words[1], "://")
}

func recordedURL(uri string, hosts []string) (string, error) {
	if !strings.HasPrefix(uri, "/") {
		_, err := parseTarget(uri)
		return uri, err
	}
	if len(hosts) != 1 {
		return "", fmt.Errorf("%w: it wants one Host header or an absolute URL", ErrMalformed)
	}
	uri = "//" + hosts[0] + uri
	_, err := parseTarget("https:" + uri)
	return uri, err
}

// headerFields reads header lines up to an empty one; names in lower case.
func headerFields(data []byte) (fields map[string][]string, rest []byte, err error) {
	fields = map[string][]string{}
	last := ""
	for len(data) > 0 {
		var line string
		line, data = cutLine(data)
		if line == "" {
			break
		}
		if values := fields[last]; len(values) > 0 && strings.ContainsRune(" \t", rune(line[0])) {
			values[len(values)-1] += " " + trimSpace(line) // folded
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, nil, fmt.Errorf("%w: a header line without a name", ErrMalformed)
		}
		last = strings.ToLower(name)
		fields[last] = append(fields[last], trimSpace(value))
	}
	return fields, data, nil
}

// recordedBody cuts the body as the header says.
func recordedBody(data []byte, fields map[string][]string) ([]byte, error) {
	for _, encoding := range fields["content-encoding"] {
		if !strings.EqualFold(encoding, "identity") {
			return nil, ErrEncoding
		}
	}
	if codings := fields["transfer-encoding"]; len(codings) > 0 {
		if !strings.EqualFold(strings.Join(codings, ", "), "chunked") {
			return nil, fmt.Errorf("%w: Transfer-Encoding", ErrEncoding)
		}
		body, err := io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(data)))
		if err != nil {
			return nil, fmt.Errorf("%w: chunks of the body", ErrMalformed)
		}
		return body, nil
	}
	if length := fields["content-length"]; len(length) > 0 {
		n, err := strconv.ParseUint(length[0], 10, 31)
		if err != nil {
			return nil, fmt.Errorf("%w: Content-Length", ErrMalformed)
		}
		return data[:min(int(n), len(data))], nil
	}
	if strings.Contains(strings.Join(fields["content-type"], ""), "form-urlencoded") {
		data = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
	}
	return data, nil
}

// cutLine returns the first line of data without its end, and what follows.
func cutLine(data []byte) (line string, rest []byte) {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	return string(bytes.TrimSuffix(first, []byte("\r"))), rest
}
