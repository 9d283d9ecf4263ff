package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/ltihub/ltihub/internal/cartridge"
	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
)

// applyManifest reads and applies a manifest on behalf of by.
func (h *hub) applyManifest(ctx context.Context, data []byte, by string) (manifest.Report, error) {
	m, err := manifest.Parse(data)
	if err != nil {
		return manifest.Report{}, err
	}
	report, err := h.applier.Apply(ctx, m, by)
	h.carrier.Wake()
	return report, err
}

// checkManifest reports what applyManifest would change, and changes nothing.
func (h *hub) checkManifest(ctx context.Context, data []byte) (manifest.Report, error) {
	m, err := manifest.Parse(data)
	if err != nil {
		return manifest.Report{}, err
	}
	return h.applier.Check(ctx, m)
}

// edit changes one record by a draft on behalf of by.
func (h *hub) edit(ctx context.Context, d *manifest.Draft, by string) (manifest.Change, error) {
	change, err := h.applier.Edit(ctx, d, by)
	h.carrier.Wake() // new credentials send again what was refused
	return change, err
}

// newSecret gives a tool consumer a new secret on behalf of by and sends again
// what its LMS refused.
func (h *hub) newSecret(ctx context.Context, domain, id, by string) (string, error) {
	secret, err := h.provider.NewSecret(ctx, domain, id, by)
	if err != nil {
		return "", err
	}
	_, err = h.carrier.RetryAll(ctx, func(d lti.Delivery) bool {
		return d.State == lti.Refused && d.Domain == domain && d.Consumer == id
	})
	if err != nil {
		h.log.Warn("send again what the LMS refused", "consumer", id, "error", err)
	}
	return secret, nil
}

// resend sends many deliveries again. It goes on when the browser that asked for
// it has gone: the batch is followed on a page of its own.
func (h *hub) resend(ctx context.Context, by string, f lti.DeliveryFilter) (lti.Batch, error) {
	return h.carrier.Resend(context.WithoutCancel(ctx), by, f)
}

// newToken makes an API token on behalf of by and returns its text, which is
// kept nowhere.
func (h *hub) newToken(ctx context.Context, name, role, by string) (string, error) {
	text, _, err := h.tokens.Create(ctx, name, role, by)
	return text, err
}

// fetchCartridge reads a link file from elsewhere, through the guard.
func (h *hub) fetchCartridge(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch cartridge: %w", err)
	}
	var text []byte
	limits := egress.Limits{MaxBody: cartridge.MaxDocument}
	err = h.calls.Stream(ctx, req, limits, func(answer egress.Response, body io.Reader) error {
		if answer.Status != http.StatusOK {
			return fmt.Errorf("status %d", answer.Status)
		}
		var err error
		text, err = io.ReadAll(body)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("fetch cartridge: %w", err)
	}
	return text, nil
}
