package api

import (
	"context"

	"github.com/ltihub/ltihub/internal/manifest"
)

const yamlType = "application/yaml"

type readManifestInput struct {
	Secrets bool `query:"secrets" doc:"With the secrets in plain text; needs an admin token."`
}

type yamlOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte `contentType:"application/yaml"`
}

func (s *Server) readManifest(ctx context.Context, in *readManifestInput) (*yamlOutput, error) {
	if in.Secrets && !operatorOf(ctx).admin() {
		return nil, errForbidden
	}
	data, err := s.Export(ctx, in.Secrets)
	if err != nil {
		return nil, err
	}
	return &yamlOutput{ContentType: yamlType, Body: data}, nil
}

type applyManifestInput struct {
	RawBody []byte `contentType:"application/yaml"`
}

func (s *Server) applyManifest(ctx context.Context, in *applyManifestInput) (*found[manifest.Report], error) {
	report, err := s.Apply(ctx, in.RawBody, operatorOf(ctx).name)
	if err != nil {
		return nil, err
	}
	return &found[manifest.Report]{report}, nil
}
