package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Begin starts the server and waits until it answers.
func (c *Cluster) Begin() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the server has its own
	// The server outlives ctx, which bounds only the wait.
	cmd := c.command(context.Background(), "postgres", "-D", c.data())
	cmd.Stdout, cmd.Stderr = log, log
	// The server dies with the process that tests.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		close(exited)
	}()
	c.mu.Lock()
	c.server, c.exited = cmd, exited
	c.mu.Unlock()
	return c.await(ctx, exited)
}

// await returns when the server answers.
func (c *Cluster) await(ctx context.Context, exited <-chan struct{}) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, c.DSN("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-tick.C:
		case <-exited:
			log, _ := os.ReadFile(filepath.Join(c.dir, "log")) // what there is of it
			return fmt.Errorf("postgres ended:\n%s", log)
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// Halt stops the server as an operator does (fast shutdown) and waits.
func (c *Cluster) Halt() error { return c.end(syscall.SIGINT) }

// Kill ends the server and all that it started at once, as a power cut does.
func (c *Cluster) Kill() error { return c.end(syscall.SIGKILL) }

func (c *Cluster) end(sig syscall.Signal) error {
	c.mu.Lock()
	cmd, exited := c.server, c.exited
	c.server = nil
	c.mu.Unlock()
	if cmd == nil {
		return nil
	}
	pids := []int{cmd.Process.Pid}
	if sig == syscall.SIGKILL {
		pids = append(pids, children(cmd.Process.Pid)...) // a killed postmaster leaves them
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop postgres: %w", err)
		}
	}
	select {
	case <-exited:
		return nil
	case <-time.After(startTimeout):
		return errors.New("stop postgres: it does not end")
	}
}

// children lists the processes that pid started, where the system tells.
func children(pid int) []int {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil
	}
	var pids []int
	for _, field := range strings.Fields(string(raw)) {
		if child, err := strconv.Atoi(field); err == nil {
			pids = append(pids, child)
		}
	}
	return pids
}

// Remove stops the server and removes its data.
func (c *Cluster) Remove() error {
	return errors.Join(c.end(syscall.SIGQUIT), os.RemoveAll(c.dir))
}

// Database makes an empty database and returns its DSN. It stays until the
// cluster goes.
func (c *Cluster) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test%d", c.next.Add(1))
	if err := c.Exec(t.Context(), "postgres", "CREATE DATABASE "+name); err != nil {
		t.Fatalf("create database: %v", err)
	}
	return c.DSN(name)
}
