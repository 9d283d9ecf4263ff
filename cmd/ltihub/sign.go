package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/oauth1"
)

// signing is one request to be signed, as the command line has it.
type signing struct {
	url, key, secret, method string
	request                  string
	file, contentType        string
	at                       int64
	nonce                    string

	form, raw, json bool

	params oauth1.Params
	body   []byte
}

func (p *program) sign() *cobra.Command {
	var s signing
	cmd := &cobra.Command{
		Use:   "sign --url URL --key KEY --secret SECRET [flags] [name=value ...]",
		Short: "Sign a launch or a service request",
		Long: `Sign a request with OAuth 1.0a, as an LMS signs a launch and a tool its service
calls, and print it. Nothing is sent.

A form is signed unless --body or --request says otherwise: its fields are the
name=value arguments, the first "=" divides; the signature goes into the form.
Nothing is added but the oauth_ parameters, so a launch wants lti_message_type,
lti_version and resource_link_id among its fields. The query of the URL is
signed too and stays in the URL. Line breaks are signed as browsers send them.

With --body FILE ("-" for standard input) the content of the file is signed by
its hash, as for a POX message; with --request GET a request without a body. The
signature then goes into the Authorization header.

Printed are the fields one by one as name=value, or the Authorization header;
with --form the whole form in one line, encoded, for "curl --data"; with --json
{"url", "params"} or {"url", "headers"}; with --raw the whole HTTP request, which
"ltihub doctor" reads.

The secret is visible to who may list the processes of this machine. The exit
code is 2 for what can't be signed.`,
		Example: `  ltihub sign --url https://tool.example/lti --key k --secret s \
    lti_message_type=basic-lti-launch-request lti_version=LTI-1p0 resource_link_id=1 user_id=u1 roles=Learner
  ltihub sign --url https://hub.example/service/passback --key k --secret s --body score.xml --raw | ltihub doctor --secret s -
  ltihub sign --url https://hub.example/service/roster --key k --secret s --json lti_version=LTI-1p0 \
    lti_message_type=basic-lis-readmembershipsforcontext id=ID`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.printSigned(&s, args, cmd.Flags().Changed("at")); err != nil {
				return &exit{exitUnusable, fmt.Errorf("sign: %w", err)}
			}
			return nil
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &exit{exitUnusable, err} })
	s.flags(cmd)
	return cmd
}

func (s *signing) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&s.url, "url", "", "the `URL` that the request goes to")
	f.StringVar(&s.key, "key", "", "the consumer `key`")
	f.StringVar(&s.secret, "secret", "", "the shared `secret` of the key")
	f.StringVar(&s.method, "method", oauth1.HMACSHA1, "signature `method`: HMAC-SHA1 or HMAC-SHA256")
	f.StringVar(&s.request, "request", http.MethodPost, "HTTP `method` of the request; a form is always POST")
	f.StringVar(&s.file, "body", "", "sign the content of this `file` instead of a form, - for standard input")
	f.StringVar(&s.contentType, "content-type", "application/xml", "content `type` of --body")
	f.Int64Var(&s.at, "at", 0, "the timestamp, in `seconds` since 1970 (default now)")
	f.StringVar(&s.nonce, "nonce", "", "the `nonce` (default a random one)")
	f.BoolVar(&s.form, "form", false, "print the encoded form")
	f.BoolVar(&s.raw, "raw", false, "print the raw HTTP request")
	f.BoolVar(&s.json, "json", false, "print JSON")
}

func (p *program) printSigned(s *signing, args []string, timed bool) error {
	if err := s.check(args); err != nil {
		return err
	}
	if s.file != "" {
		var err error
		if s.body, err = p.read(s.file, maxRequest); err != nil {
			return fmt.Errorf("read the body: %w", err)
		}
	}
	signer := oauth1.Signer{Key: s.key, Secret: s.secret, Method: s.method, Now: now}
	if timed {
		signer.Now = func() time.Time { return time.Unix(s.at, 0) }
	}
	if s.nonce != "" {
		signer.Nonce = func() string { return s.nonce }
	}
	if !s.isForm() {
		header, err := signer.SignBody(s.request, s.url, s.body)
		if err != nil {
			return err
		}
		return s.printHeader(p.out, header)
	}
	fields, err := signer.SignForm(s.url, s.params)
	if err != nil {
		return err
	}
	return s.printForm(p.out, fields)
}

// isForm reports whether the signature goes into a form.
func (s *signing) isForm() bool { return s.file == "" && s.request == http.MethodPost }

// check finds what the command line lacks or has too much.
func (s *signing) check(args []string) error {
	s.request = strings.ToUpper(s.request)
	switch {
	case s.url == "" || s.key == "" || s.secret == "":
		return errors.New("--url, --key and --secret are needed")
	case s.form && s.raw || s.form && s.json || s.raw && s.json:
		return errors.New("choose one of --form, --raw and --json")
	case s.at < 0:
		return errors.New("--at must not be negative")
	case s.isForm():
		return s.checkFields(args)
	case len(args) > 0:
		return errors.New("name=value belongs to a form, not to --body or --request")
	case s.form:
		return errors.New("--form prints a form, not --body or --request")
	case s.request == http.MethodGet && s.file != "":
		return errors.New("a GET has no body")
	case strings.ContainsAny(s.request+s.contentType, "\r\n") || strings.Contains(s.request, " ") || s.request == "":
		return errors.New("--request and --content-type are one line each")
	}
	return nil
}

func (s *signing) checkFields(args []string) error {
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			return fmt.Errorf("%q is not name=value", arg)
		}
		s.params = append(s.params, oauth1.Param{Name: name, Value: value})
	}
	return nil
}
