// Command ltihub is the LTI 1.1 hub: one file for each command, and run.go,
// which wires the parts. Only here is it known which configuration and which
// store engine the parts work with.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ltihub/ltihub/internal/config"
)

// Stamped by the build.
var (
	version = "dev"
	commit  = "unknown"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}, os.LookupEnv))
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// exit is an error that wants a certain exit code. A silent one has said what
// it had to say.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// command runs one command line and returns its exit code: 0, 1 for an error,
// or what the command documents.
func command(ctx context.Context, args []string, io streams, env func(string) (string, bool)) int {
	root, understood := newRoot(io, env)
	root.SetArgs(args)
	asked, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	code := 1
	var wanted *exit
	if errors.As(err, &wanted) {
		code = wanted.code
	}
	if text := strings.TrimSpace(err.Error()); text != "" {
		_, _ = fmt.Fprintln(io.err, "ltihub:", text) // nobody to tell
	}
	if !*understood {
		_, _ = fmt.Fprintf(io.err, "Run \"%s --help\" to see how it is used.\n", asked.CommandPath()) // likewise
	}
	return code
}

// program is what every command shares.
type program struct {
	streams
	env  func(string) (string, bool)
	file string
}

// newRoot makes the tree of commands. understood is set once a command line has
// turned out to be one.
func newRoot(io streams, env func(string) (string, bool)) (root *cobra.Command, understood *bool) {
	understood = new(bool)
	p := &program{streams: io, env: env}
	root = &cobra.Command{
		Use:   "ltihub",
		Short: "An LTI 1.1 hub between learning management systems and learning tools",
		Long: `ltihub stands between learning management systems (LMSs) and learning tools and
speaks LTI 1.1 in both directions. Toward an LMS it is the Tool Provider, toward
a tool the Tool Consumer; a tool's score reaches the LMS's gradebook however
long that LMS was down.

Every option may also be given as a variable, LTIHUB_LISTEN for --listen, or in
the file that --config names.`,
		PersistentPreRun: func(*cobra.Command, []string) { *understood = true },
		SilenceUsage:     true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetIn(io.in)
	root.SetOut(io.out)
	root.SetErr(io.err)
	root.PersistentFlags().StringVar(&p.file, "config", "", "read options from this YAML `file`")
	root.AddCommand(p.serve(), p.apply(), p.export(), p.doctor(), p.sign(), p.backup(), p.restore(), p.copy(), p.directory(), p.token(), p.version())
	return root, understood
}

// load reads the options that hold for a command: its flags, the variables,
// the file, the defaults.
func (p *program) load(flags *pflag.FlagSet) (config.Config, error) {
	file := p.file
	if file == "" {
		file, _ = p.env("LTIHUB_CONFIG")
	}
	return config.Load(config.Options{File: file, Env: p.env, Flags: flags})
}

// read reads a file that the command line names, "-" for standard input, up to
// limit bytes.
func (p *program) read(file string, limit int64) ([]byte, error) {
	in := p.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }() // only read
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("%s is longer than %d bytes", file, limit)
	}
	return data, err
}
