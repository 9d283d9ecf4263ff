package course

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// changeOver is how long a tool's old secret stays good beside the new one.
const changeOver = 30 * 24 * time.Hour

// maxTools bounds the tools of one course, maxKeys its protection keys.
const (
	maxTools = 100
	maxKeys  = 100
)

// Credential is a key with its secret, to be shown once. Owner is the tool's id;
// "" for a protection key.
type Credential struct{ Owner, Key, Secret string }

func toolContext(of Edit, id string) string { return "tool/" + of.Course.String() + "/" + id }

// AddTool adds a tool that this course alone has. What is wrong with the form is
// a Faults; no secret is ever part of it.
func (e *Editor) AddTool(ctx context.Context, of Edit, form ToolForm) (Credential, error) {
	faults := Faults{}
	form.takePassport(faults)
	form.fill(e.Rand)
	faults.add("id", lti.CheckName(form.ID))
	faults.add("secret", lti.CheckSecret(form.Secret))
	tool := lti.NewTool(of.Course.Domain, of.Course.ID, form.ID)
	form.apply(&tool, faults)
	if err := faults.err(); err != nil {
		return Credential{}, err
	}
	sealed, err := e.Vault.Seal(form.Secret, toolContext(of, tool.ID))
	if err != nil {
		return Credential{}, fmt.Errorf("seal the tool's secret: %w", err)
	}
	tool.Secret, tool.IDKey = lti.Secret{Sealed: sealed}, make([]byte, 32)
	if _, err := io.ReadFull(e.Rand, tool.IDKey); err != nil {
		return Credential{}, fmt.Errorf("draw the tool's id key: %w", err)
	}
	err = e.edit(ctx, of, "course tool added", func(ch *change) error {
		ch.object = " tool " + tool.ID
		if err := ch.freeToolID(tool.ID); err != nil {
			return err
		}
		ch.course.Tools = append(ch.course.Tools, tool)
		return nil
	})
	return Credential{tool.ID, tool.Key, form.Secret}, err
}

// fill makes what a new tool may leave open.
func (f *ToolForm) fill(rand io.Reader) {
	f.ID, f.Key = strings.TrimSpace(f.ID), strings.TrimSpace(f.Key)
	if f.ID == "" {
		f.ID = lti.Slug(f.Name, maxSlug)
	}
	if f.ID == "" {
		f.ID = "tool"
	}
	if f.Key == "" {
		f.Key = vault.NewKey(rand)
	}
	if f.Secret == "" {
		f.Secret = vault.NewSecret(rand)
	}
}

// freeToolID wants an id that neither the course nor its domain has: links that
// name the one would suddenly open the other.
func (ch *change) freeToolID(id string) error {
	if len(ch.course.Tools) >= maxTools {
		return Faults{"name": errFull.Error()}
	}
	if _, taken := ch.course.CourseTool(id); taken {
		return Faults{"id": "it is that of another tool of this course: choose another"}
	}
	_, err := store.Tools.Read(ch.tx, ch.course.Domain, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return Faults{"id": "it is that of a tool of the whole institution: choose another"}
}

// EditTool makes a tool of the course what the form says, but for id and secret;
// the version is its ToolVersion.
func (e *Editor) EditTool(ctx context.Context, of Edit, id string, form ToolForm) error {
	return e.edit(ctx, of, "course tool changed", func(ch *change) error {
		t, err := ch.tool(id)
		if err != nil {
			return err
		}
		if ToolVersion(*t) != of.Version {
			return ErrStale
		}
		faults := Faults{}
		form.apply(t, faults)
		return faults.err()
	})
}

// NewToolSecret gives a tool of the course the secret, or a new one without it,
// and returns it. The old one is taken from the tool for thirty days more.
func (e *Editor) NewToolSecret(ctx context.Context, of Edit, id, secret string) (Credential, error) {
	made := Credential{Owner: id, Secret: secret}
	if secret == "" {
		made.Secret = vault.NewSecret(e.Rand)
	}
	if err := lti.CheckSecret(made.Secret); err != nil {
		return Credential{}, Faults{"secret": err.Error()}
	}
	sealed, err := e.Vault.Seal(made.Secret, toolContext(of, id))
	if err != nil {
		return Credential{}, fmt.Errorf("seal the tool's new secret: %w", err)
	}
	until := e.Now().UTC().Truncate(time.Second).Add(changeOver)
	err = e.edit(ctx, of, "course tool new secret", func(ch *change) error {
		t, err := ch.tool(id)
		if err != nil {
			return err
		}
		t.Previous, t.Secret = t.Secret, lti.Secret{Sealed: sealed}
		t.Previous.Until = until
		made.Key = t.Key
		ch.detail = "the old one is good until " + until.Format(time.DateOnly)
		return nil
	})
	return made, err
}

// tool finds a tool of the course, and names it for the audit.
func (ch *change) tool(id string) (*lti.Tool, error) {
	i := slices.IndexFunc(ch.course.Tools, func(t lti.Tool) bool { return t.ID == id })
	if i < 0 {
		return nil, store.ErrNotFound
	}
	ch.object = " tool " + id
	return &ch.course.Tools[i], nil
}
