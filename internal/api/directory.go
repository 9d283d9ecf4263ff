package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/store"
)

type domainPath struct {
	Domain string `path:"domain"`
}

type listing struct {
	People int        `json:"people"`
	At     *time.Time `json:"at" doc:"When the file was put in force; null without one."`
	LDAP   bool       `json:"ldap" doc:"An LDAP server is asked instead of the file."`
}

func (s *Server) directory(ctx context.Context, in *domainPath) (*found[listing], error) {
	var out listing
	err := s.Store.View(ctx, func(tx store.Tx) error {
		if _, err := store.Domains.Read(tx, in.Domain); err != nil {
			return err
		}
		dir, err := store.Directories.Read(tx, in.Domain)
		if errors.Is(err, store.ErrNotFound) {
			out = listing{}
			return nil
		}
		if err == nil {
			out = listing{People: dir.Rows, At: moment(dir.At)}
		}
		return err
	})
	_, out.LDAP = s.Directory.Servers[in.Domain]
	return &found[listing]{out}, err
}

type replaceInput struct {
	Domain  string `path:"domain"`
	DryRun  bool   `query:"dry_run" doc:"Count what would change, and leave the directory in force as it is."`
	RawBody []byte `contentType:"text/csv"`
}

type replaced struct {
	People  int  `json:"people"`
	Added   int  `json:"added"`
	Changed int  `json:"changed"`
	Removed int  `json:"removed"`
	InForce bool `json:"in_force"`
}

// replaceDirectory reads the file whole before any of it counts.
func (s *Server) replaceDirectory(ctx context.Context, in *replaceInput) (*found[replaced], error) {
	by := operatorOf(ctx).name
	load, err := s.Directory.Stage(ctx, in.Domain, bytes.NewReader(in.RawBody), by)
	if err != nil {
		return nil, err
	}
	if !in.DryRun {
		if _, err := s.Directory.Commit(ctx, in.Domain, load.ID, by); err != nil {
			return nil, err
		}
	}
	return &found[replaced]{replaced{People: load.Rows, Added: load.Added, Changed: load.Changed, Removed: load.Removed, InForce: !in.DryRun}}, nil
}

// csvBody lets an operation take a directory file.
func csvBody(op huma.Operation) huma.Operation {
	op.MaxBodyBytes, op.BodyReadTimeout = directory.MaxFile, 2*time.Minute
	return op
}

// listingProblem is the problem of a file with faults, each with its line.
func listingProblem(faults directory.Faults) error {
	p := &huma.ErrorModel{
		Status: http.StatusUnprocessableEntity, Title: http.StatusText(http.StatusUnprocessableEntity),
		Detail: "the file has faults; nothing was changed",
	}
	for _, f := range faults {
		p.Errors = append(p.Errors, &huma.ErrorDetail{Message: fmt.Sprintf("line %d: %s", f.Line, f.Text), Location: "body"})
	}
	return p
}
