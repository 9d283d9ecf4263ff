package main

import (
	"context"

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

// newToken makes an API token on behalf of by and returns its text, which is
// kept nowhere.
func (h *hub) newToken(ctx context.Context, name, role, by string) (string, error) {
	text, _, err := h.tokens.Create(ctx, name, role, by)
	return text, err
}
