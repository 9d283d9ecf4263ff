package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/ltihub/ltihub/internal/oauth1"
)

// signedForm is a signed form as data; signedRequest a request that carries
// its signature in a header.
type (
	signedForm struct {
		URL    string            `json:"url"`
		Params map[string]string `json:"params"`
	}
	signedRequest struct {
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers"`
	}
)

func (s *signing) printForm(out io.Writer, fields oauth1.Params) error {
	switch {
	case s.raw:
		return s.printRequest(out, "Content-Type: application/x-www-form-urlencoded", encodeForm(fields))
	case s.json:
		params := make(map[string]string, len(fields))
		for name, value := range fields.All() {
			if _, twice := params[name]; twice {
				return fmt.Errorf("%q occurs twice, which --json can't show", name)
			}
			params[name] = value
		}
		return printJSON(out, signedForm{s.url, params})
	}
	text := encodeForm(fields) + "\n"
	if !s.form {
		var b strings.Builder
		for name, value := range fields.All() {
			b.WriteString(name + "=" + value + "\n")
		}
		text = b.String()
	}
	_, err := io.WriteString(out, text)
	return err
}

// encodeForm writes fields as a browser posts them.
func encodeForm(fields oauth1.Params) string {
	pairs := make([]string, 0, len(fields))
	for name, value := range fields.All() {
		pairs = append(pairs, url.QueryEscape(name)+"="+url.QueryEscape(value))
	}
	return strings.Join(pairs, "&")
}

func (s *signing) printHeader(out io.Writer, header string) error {
	switch {
	case s.raw:
		text := "Authorization: " + header
		if s.file != "" {
			text = "Content-Type: " + s.contentType + "\r\n" + text
		}
		return s.printRequest(out, text, string(s.body))
	case s.json:
		headers := map[string]string{"Authorization": header}
		if s.file != "" {
			headers["Content-Type"] = s.contentType
		}
		return printJSON(out, signedRequest{s.url, headers})
	}
	_, err := io.WriteString(out, "Authorization: "+header+"\n")
	return err
}

// printRequest writes an HTTP/1.1 request with the whole URL in its first
// line (RFC 9112, 3.2.2), since doctor must know whether it is http or https.
func (s *signing) printRequest(out io.Writer, headers, body string) error {
	u, err := url.Parse(s.url)
	if err != nil {
		return errors.New("the URL can't be read") // it was signed, so this does not happen
	}
	u.Fragment, u.RawFragment = "", ""
	_, err = io.WriteString(out, s.request+" "+u.String()+" HTTP/1.1\r\nHost: "+u.Host+"\r\n"+headers+
		"\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
	return err
}
