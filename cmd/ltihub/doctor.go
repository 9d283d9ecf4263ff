package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/oauth1"
)

// maxRequest is how much of a request file is read, in bytes.
const maxRequest = 1 << 20

// Exit codes of doctor besides 0 for a request that holds.
const (
	exitNotValid = 1
	exitUnusable = 2
)

// consultation is what the doctor is told beside the request.
type consultation struct {
	secret, tokenSecret string
	at                  int64
	json                bool
}

func (p *program) doctor() *cobra.Command {
	var c consultation
	cmd := &cobra.Command{
		Use:   "doctor [flags] REQUEST_FILE",
		Short: "Explain why a signed request is not accepted",
		Long: `Judge the OAuth 1.0a signature, body hash and time of one signed request and
explain in plain words what is wrong: it tries the mistakes that bite people
(http for https, a port, a trailing slash, a query counted twice, blanks in the
secret, ...) and names the one under which the signature holds.

REQUEST_FILE is a raw HTTP/1.1 request, "-" for standard input: request line
with the whole URL, or with the path and a Host header; headers; an empty line;
the body. What LTI itself demands of a launch is not judged.

Without --at the time is not checked. The exit code is 0 for a valid request, 1
for one that is not, 2 for what could not be read.`,
		Example: `  ltihub doctor --secret s3cret launch.http
  ltihub doctor --secret s3cret --at $(date +%s) --json launch.http`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &exit{exitUnusable, fmt.Errorf("doctor: name one request file (- for standard input)")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.consult(c, args[0], cmd.Flags().Changed("at"))
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &exit{exitUnusable, err} })
	f := cmd.Flags()
	f.StringVar(&c.secret, "secret", "", "the shared `secret` of the consumer key")
	f.StringVar(&c.tokenSecret, "token-secret", "", "the token's `secret`; LTI has none")
	f.Int64Var(&c.at, "at", 0, "check the timestamp against this time, in `seconds` since 1970")
	f.BoolVar(&c.json, "json", false, "print the diagnosis as JSON")
	return cmd
}

func (p *program) consult(c consultation, file string, timed bool) error {
	data, err := p.read(file, maxRequest)
	if err != nil {
		return &exit{exitUnusable, fmt.Errorf("read the request: %w", err)}
	}
	req, err := oauth1.ReadRaw(data)
	if err != nil {
		return &exit{exitUnusable, fmt.Errorf("read the request: %w", err)}
	}
	var clues oauth1.Clues
	if timed {
		clues.At = time.Unix(c.at, 0).UTC()
	}
	d := oauth1.Explain(req, c.secret, c.tokenSecret, clues)
	if c.json {
		err = printJSON(p.out, d)
	} else {
		err = printDiagnosis(p.out, d)
	}
	if err != nil {
		return fmt.Errorf("print the diagnosis: %w", err)
	}
	if !d.Valid {
		return &exit{code: exitNotValid}
	}
	return nil
}

func printJSON[T any](out io.Writer, v T) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func printDiagnosis(out io.Writer, d oauth1.Diagnosis) error {
	var b strings.Builder
	verdict := "The request is valid."
	if !d.Valid {
		verdict = "The request is NOT valid: " + d.Cause + "."
	}
	b.WriteString(verdict + "\n")
	for _, row := range []struct{ title, text string }{
		{"", d.Detail}, {"What to do", d.Hint}, {"Signature given", d.Given}, {"Signature expected", d.Expected}, {"Base string", d.BaseString},
	} {
		if row.text == "" {
			continue
		}
		if row.title != "" {
			b.WriteString("\n" + row.title + ":\n")
		}
		b.WriteString(row.text + "\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}
