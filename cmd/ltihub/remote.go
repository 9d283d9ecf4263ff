package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/api"
	"github.com/ltihub/ltihub/internal/manifest"
)

// remoteDesk asks a running server through its API.
type remoteDesk struct{ base, token string }

// maxAnswer bounds an answer that is kept in memory, in bytes.
const maxAnswer = 64 << 20

// call makes one request; the caller closes the answer's body.
func (d *remoteDesk) call(ctx context.Context, method, path, contentType string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(d.base, "/")+api.Prefix+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("ask the server: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the server: %w", err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		defer func() { _ = answer.Body.Close() }() // only read
		return nil, problem(answer)
	}
	return answer, nil
}

// problem reads why the server did not do it (RFC 9457).
func problem(answer *http.Response) error {
	var p struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	text := answer.Status
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&p); err == nil {
		if p.Detail != "" {
			text += ": " + p.Detail
		}
		for _, e := range p.Errors {
			text += "\n" + e.Message
		}
	}
	return errors.New("the server answered " + text)
}

// fetch reads a whole answer.
func (d *remoteDesk) fetch(ctx context.Context, method, path, contentType string, body []byte) ([]byte, error) {
	answer, err := d.call(ctx, method, path, contentType, body)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("read the server's answer: %w", err)
	}
	return data, nil
}

func (d *remoteDesk) Apply(ctx context.Context, data []byte) (string, error) {
	answer, err := d.fetch(ctx, http.MethodPut, "/manifest", "application/yaml", data)
	if err != nil {
		return "", err
	}
	var report manifest.Report
	if err := json.Unmarshal(answer, &report); err != nil {
		return "", fmt.Errorf("read the server's report: %w", err)
	}
	return report.Text(), nil
}

func (d *remoteDesk) Export(ctx context.Context, withSecrets bool) ([]byte, error) {
	path := "/manifest"
	if withSecrets {
		path += "?secrets=true"
	}
	return d.fetch(ctx, http.MethodGet, path, "", nil)
}

func (d *remoteDesk) Backup(ctx context.Context, w io.Writer) error {
	answer, err := d.call(ctx, http.MethodGet, "/backup", "", nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // only read
	if _, err := io.Copy(w, answer.Body); err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	return nil
}

func (d *remoteDesk) NewToken(ctx context.Context, name, role string) (string, error) {
	body, err := json.Marshal(map[string]string{"name": name, "role": role})
	if err != nil {
		return "", fmt.Errorf("write the request: %w", err)
	}
	answer, err := d.fetch(ctx, http.MethodPost, "/tokens", "application/json", body)
	if err != nil {
		return "", err
	}
	var created struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(answer, &created); err != nil {
		return "", fmt.Errorf("read the server's answer: %w", err)
	}
	return created.Token, nil
}

func (d *remoteDesk) Close() error { return nil }
