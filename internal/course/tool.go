package course

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// changeOver is how long a tool's old secret stays good beside the new one.
const changeOver = 30 * 24 * time.Hour

// maxKeys bounds the protection keys of one course.
const maxKeys = 100

// Credential is a key with its secret, to be shown once. Owner is the tool's id;
// "" for a protection key.
type Credential struct{ Owner, Key, Secret string }

func toolContext(of Edit, id string) string { return "tool/" + of.Course.String() + "/" + id }

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

// DeleteTool takes a tool of the course away, with its secrets; the version is
// its ToolVersion. One that links of the course open is ErrUsed.
func (e *Editor) DeleteTool(ctx context.Context, of Edit, id string) error {
	return e.edit(ctx, of, "course tool deleted", func(ch *change) error {
		t, err := ch.tool(id)
		if err != nil {
			return err
		}
		if ToolVersion(*t) != of.Version {
			return ErrStale
		}
		for _, link := range ch.course.AllLinks() {
			if link.Tool == id {
				return ErrUsed
			}
		}
		ch.detail = t.Name
		ch.course.Tools = slices.DeleteFunc(ch.course.Tools, func(t lti.Tool) bool { return t.ID == id })
		return nil
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
