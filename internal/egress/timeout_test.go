package egress

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"
)

// peer answers one request over a pipe, in the bubble's time.
type peer func(conn net.Conn)

// call sends one request to p, and tells how long that took.
func call(t *testing.T, o Options, limits Limits, p peer) (took time.Duration, err error) {
	t.Helper()
	c := New(o)
	ended := make(chan struct{})
	c.transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer close(ended)
			defer func() { _ = theirs.Close() }() // in memory
			if _, err := http.ReadRequest(bufio.NewReader(theirs)); err == nil {
				p(theirs)
			}
		}()
		return ours, nil
	}
	start := time.Now()
	req := &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: "lms.example", Path: "/"}}
	err = c.Stream(t.Context(), req, limits, func(_ Response, body io.Reader) error {
		_, err := io.Copy(io.Discard, body)
		return err
	})
	took = time.Since(start)
	c.CloseIdle()
	<-ended
	return took, err
}

// drip writes text, then a byte a minute for as long as somebody listens.
func drip(text string) peer {
	return func(conn net.Conn) {
		_, err := io.WriteString(conn, text)
		for err == nil {
			<-time.After(time.Minute)
			_, err = conn.Write([]byte("x"))
		}
	}
}

func TestCallEndsInTime(t *testing.T) {
	t.Parallel()
	silent := func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
	tests := []struct {
		name   string
		o      Options
		limits Limits
		peer   peer
		want   time.Duration
	}{
		{"no answer", Options{}, Limits{}, silent, DefaultTimeout},
		{"slow header", Options{Timeout: time.Hour}, Limits{}, drip("HTTP/1.1 200 OK\r\nX: "), time.Hour},
		{"slow body", Options{Timeout: time.Hour}, Limits{}, drip("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"), time.Hour},
		{"slow body without end", Options{}, Limits{Timeout: 5 * time.Minute}, drip("HTTP/1.1 200 OK\r\n\r\n"), 5 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				took, err := call(t, tt.o, tt.limits, tt.peer)
				if !errors.Is(err, ErrTimeout) || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("Stream error = %v, want ErrTimeout", err)
				}
				if took != tt.want {
					t.Errorf("Stream took %v, want %v", took, tt.want)
				}
			})
		})
	}
}

func TestSlowAnswerInTimeIsTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, err := call(t, Options{Timeout: 4 * time.Minute}, Limits{}, drip("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"))
		if err != nil {
			t.Errorf("Stream: %v", err)
		}
	})
}

func TestCutAnswerIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, err := call(t, Options{}, Limits{}, func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
		})
		if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrTimeout) {
			t.Errorf("Stream error = %v, want an unexpected end", err)
		}
	})
}
