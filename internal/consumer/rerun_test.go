package consumer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/store"
)

// contended is a store on which others are quicker: each unit of work finds
// something changed since, and has to run once more.
type contended struct {
	store.Store
	change func(tx store.Tx) error
}

func (c contended) Update(ctx context.Context, fn func(tx store.Tx) error) error {
	if err := c.Store.Update(ctx, c.change); err != nil {
		return err
	}
	undo := errors.New("undo")
	err := c.Store.Update(ctx, func(tx store.Tx) error { return errors.Join(fn(tx), undo) })
	if !errors.Is(err, undo) {
		return err
	}
	return c.Store.Update(ctx, fn)
}

func TestALaunchThatRunsAgainCarriesAnIDThatOpens(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	req := consumer.LaunchRequest{Course: courseRef, Link: "quiz1", Username: "bob"}
	if _, err := h.Launch(t.Context(), req); err != nil { // makes the first secrets
		t.Fatal(err)
	}
	whole := h.Store
	h.Store = contended{whole, func(tx store.Tx) error {
		tool, err := store.Tools.Get(tx, "uni", "quizzer")
		if err != nil {
			return err
		}
		tool.Passback.ValidFor += time.Hour
		return store.Tools.Put(tx, tool)
	}}
	form, err := h.Launch(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	h.Store = whole
	a := h.TakeResult(t.Context(), h.pox(h.signer("quizzer"), replace(form.Params.Value("lis_result_sourcedid"), "0.5")))
	if a.Cause != "" {
		t.Errorf("the result of the launch is refused: %s %s", a.Cause, a.Detail)
	}
}
