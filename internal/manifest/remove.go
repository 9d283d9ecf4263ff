package manifest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// ErrUsed means that a record may not be removed, because others hang on it.
var ErrUsed = errors.New("the record is used")

// Remove takes a tool consumer or tool of a domain away on behalf of by. A tool
// consumer that has ever sent a launch whose signature held, and a tool that a
// resource link names, are ErrUsed: they can be disabled. No manifest removes.
func (a *Applier) Remove(ctx context.Context, o Object, by string) error {
	now := a.Now().UTC().Truncate(time.Second)
	id := a.NewID()
	err := a.Store.Update(ctx, func(tx store.Tx) error {
		used, err := Used(tx, o)
		switch {
		case err != nil:
			return err
		case used:
			return ErrUsed
		}
		if err := remove(tx, o); err != nil {
			return err
		}
		return store.Audit.PutNew(tx, lti.AuditEntry{ID: id, At: now, By: by, Action: "removed", Object: o.String()})
	})
	if err != nil {
		return fmt.Errorf("remove %s: %w", o, err)
	}
	return nil
}

func remove(tx store.Tx, o Object) error {
	if o.Section == Tools {
		return store.Tools.Delete(tx, o.Domain, o.ID)
	}
	return store.ToolConsumers.Delete(tx, o.Domain, o.ID)
}

// Used reports whether anything hangs on a tool consumer or tool, so that it
// can't be removed. One that is not there is store.ErrNotFound.
func Used(tx store.Tx, o Object) (bool, error) {
	switch o.Section {
	case ToolConsumers:
		return consumerUsed(tx, o)
	case Tools:
		return toolUsed(tx, o)
	}
	return true, nil
}

func consumerUsed(tx store.Tx, o Object) (bool, error) {
	if _, err := store.ToolConsumers.Read(tx, o.Domain, o.ID); err != nil {
		return false, err
	}
	for _, trace := range []struct{ collection, prefix string }{
		{store.SecretUses.Name(), store.Prefix("tool_consumer/" + o.Domain + "/" + o.ID)},
		{store.Bindings.Name(), store.Prefix(o.Domain, o.ID)},
		{store.CourseMaps.Name(), store.Prefix(o.Domain, o.ID)},
	} {
		found, err := tx.Scan(trace.collection, trace.prefix, "", 1)
		if err != nil || len(found) > 0 {
			return len(found) > 0, err
		}
	}
	return false, nil
}

func toolUsed(tx store.Tx, o Object) (used bool, err error) {
	if _, err := store.Tools.Read(tx, o.Domain, o.ID); err != nil {
		return false, err
	}
	err = store.Courses.All(tx, store.Prefix(o.Domain), func(c lti.Course) error {
		_, own := c.CourseTool(o.ID)
		for _, link := range c.AllLinks() {
			used = used || !own && link.Tool == o.ID
		}
		return nil
	})
	return used, err
}
