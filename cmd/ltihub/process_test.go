package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen. It is generous: the
// tests wait for events and only a fault uses it up.
const patience = time.Minute

// process is ltihub running as a process of its own.
type process struct {
	t   testing.TB
	cmd *exec.Cmd
	log *transcript
	// ready is the line that is printed when the server takes requests.
	ready string

	over chan struct{}
	err  error
}

// transcript keeps what a process writes.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// ltihub prepares a command line with only the variables that are given.
func ltihub(env []string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append([]string{asCommand + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir()}, env...)
	return cmd
}

// begin starts a server and waits until it is ready. When the test ends the
// process is killed, and its log is shown if the test failed.
func begin(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: ltihub(env, args...), log: &transcript{}, over: make(chan struct{})}
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.end)
	lines := make(chan string, 1)
	go p.follow(out, lines)
	select {
	case p.ready = <-lines:
	case <-p.over:
		t.Fatalf("ltihub %s ended before it was ready: %v\n%s", strings.Join(args, " "), p.err, p.log)
	case <-time.After(patience):
		t.Fatalf("ltihub %s is not ready", strings.Join(args, " "))
	}
	return p
}

// follow hands on the first line of the output, keeps the rest and waits for
// the end of the process.
func (p *process) follow(out io.Reader, lines chan<- string) {
	r := bufio.NewReader(out)
	if line, err := r.ReadString('\n'); err == nil {
		lines <- strings.TrimSpace(line)
	}
	_, _ = io.Copy(p.log, r) // ends with the process
	p.err = p.cmd.Wait()
	close(p.over)
}

// end clears up after a test, and fails it for what no process may ever write.
func (p *process) end() {
	p.kill()
	for _, bad := range []string{"DATA RACE", "panic:", `msg=panic`} {
		if strings.Contains(p.log.String(), bad) {
			p.t.Errorf("the log holds %q", bad)
		}
	}
	if p.t.Failed() {
		p.t.Logf("log of %s:\n%s", p.cmd, p.log)
	}
}

// kill is kill -9: nothing is finished, nothing is closed.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be over already
	<-p.over
}

// terminate asks the process to stop and returns its exit code.
func (p *process) terminate() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatalf("SIGTERM: %v", err)
	}
	select {
	case <-p.over:
	case <-time.After(patience):
		p.t.Fatal("the server does not stop on SIGTERM")
	}
	return p.cmd.ProcessState.ExitCode()
}

// said is what one command line came to.
type said struct {
	code     int
	out, err string
}

// ask runs a command line to its end, with input as its standard input.
func ask(t testing.TB, env []string, input string, args ...string) said {
	t.Helper()
	cmd := ltihub(env, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	err := cmd.Run()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) {
		t.Fatalf("ltihub %s: %v", strings.Join(args, " "), err)
	}
	if strings.Contains(errs.String(), "DATA RACE") || strings.Contains(errs.String(), "panic:") {
		t.Errorf("ltihub %s broke:\n%s", strings.Join(args, " "), errs.String())
	}
	return said{code: cmd.ProcessState.ExitCode(), out: out.String(), err: errs.String()}
}
