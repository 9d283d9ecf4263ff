package postgres_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/jackc/pgx/v5"

	"github.com/ltihub/ltihub/internal/store"
)

// operation is one unit of work on one record, whose state is a text, "" for
// none. It is what a nonce, a rotation and a lease are made of.
type operation struct {
	kind     string // "new", "swap", "claim", "release", "read"
	key      string
	old, new string
}

// outcome is what the unit answered.
type outcome struct {
	done  bool   // it changed the record
	value string // what "read" saw
	lost  bool   // nobody knows whether it was done
}

// do runs the operation as a unit of work.
func (o operation) do(ctx context.Context, s store.Store) (outcome, error) {
	var out outcome
	work := func(tx store.Tx) error {
		out = outcome{}
		if o.kind == "new" {
			err := tx.PutNew("settings", o.key, document(o.new))
			out.done = err == nil
			if errors.Is(err, store.ErrExists) {
				return nil
			}
			return err
		}
		raw, err := tx.Get("settings", o.key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &out.value); err != nil {
				return err
			}
		}
		next, ok := o.apply(out.value)
		if !ok || o.kind == "read" {
			return nil
		}
		out.done = true
		if next == "" {
			return tx.Delete("settings", o.key)
		}
		return tx.Put("settings", o.key, document(next))
	}
	run := s.Update
	if o.kind == "read" {
		run = s.View
	}
	err := run(ctx, work)
	if o.kind != "read" {
		out.value = ""
	}
	if errors.Is(err, store.ErrAmbiguous) {
		return outcome{lost: true}, nil
	}
	return out, err
}

func document(text string) []byte {
	raw, _ := json.Marshal(text) // a string always encodes
	return raw
}

// apply is the rule: what becomes of state, and whether the operation may.
func (o operation) apply(state string) (next string, ok bool) {
	switch o.kind {
	case "new", "claim":
		return o.new, state == ""
	case "swap":
		return o.new, state == o.old
	case "release":
		return "", state == o.old
	}
	return state, true
}

// register is the rule as porcupine wants it. A lost unit may have taken place
// at any time since, or not at all: its return is put at the end, where nobody
// looks any more, and it does what it may.
func register() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			byKey := map[string][]porcupine.Operation{}
			for _, op := range history {
				if o, ok := op.Input.(operation); ok {
					byKey[o.key] = append(byKey[o.key], op)
				}
			}
			return slices.Collect(maps.Values(byKey))
		},
		Init: func() any { return "" },
		Step: func(state, input, output any) (bool, any) {
			before, okState := state.(string)
			o, okInput := input.(operation)
			out, okOutput := output.(outcome)
			if !okState || !okInput || !okOutput {
				return false, state
			}
			next, ok := o.apply(before)
			if !ok {
				next = before
			}
			switch {
			case o.kind == "read":
				return out.value == before, before
			case out.lost:
				return true, next
			}
			return out.done == ok, next
		},
	}
}

// history records what workers did, and what they saw last.
type history struct {
	mu   sync.Mutex
	ops  []porcupine.Operation
	seen map[string]string
	lost int
}

// draw makes a random operation. What it expects is what was seen last.
func (h *history) draw(worker, n int) operation {
	h.mu.Lock()
	defer h.mu.Unlock()
	o := operation{
		kind: []string{"new", "claim", "release", "swap", "swap", "read"}[rand.IntN(6)],
		key:  fmt.Sprintf("k%d", rand.IntN(4)),
		new:  fmt.Sprintf("%d/%d", worker, n),
	}
	o.old = h.seen[o.key]
	if o.old == "" && o.kind != "read" {
		o.kind = "new"
	}
	return o
}

func (h *history) keep(worker int, o operation, out outcome, call, end int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case out.lost:
		h.lost++
		end = math.MaxInt64
	case o.kind == "read":
		h.seen[o.key] = out.value
	case out.done:
		h.seen[o.key], _ = o.apply(o.old)
	}
	h.ops = append(h.ops, porcupine.Operation{ClientId: worker, Input: o, Output: out, Call: call, Return: end})
}

// TestUnitsAreLinearizableWhileBackendsDie runs put-if-absent, compare-and-set
// and leases on two nodes while the server ends one connection after another.
func TestUnitsAreLinearizableWhileBackendsDie(t *testing.T) {
	t.Parallel()
	nodes := twoNodes(t)
	const workers, each = 8, 150
	h := &history{seen: map[string]string{}}
	done := make(chan struct{})
	var killer, wg sync.WaitGroup
	killed := 0
	killer.Go(func() { killed = killBackends(t, nodes[0].dsn, done) })
	begun := time.Now()
	for w := range workers {
		wg.Go(func() {
			for n := range each {
				o := h.draw(w, n)
				call := time.Since(begun).Nanoseconds()
				out, err := o.do(t.Context(), nodes[w%2])
				end := time.Since(begun).Nanoseconds()
				switch {
				case err == nil:
					h.keep(w, o, out, call, end)
				case !errors.Is(err, store.ErrUnavailable): // then nothing was changed
					t.Errorf("%v = %v", o, err)
					return
				}
			}
		})
	}
	wg.Wait()
	close(done)
	killer.Wait()
	t.Logf("%d units, %d of unknown outcome, %d connections ended", len(h.ops), h.lost, killed)
	if got := porcupine.CheckOperationsTimeout(register(), h.ops, time.Minute); got != porcupine.Ok {
		t.Errorf("CheckOperations() = %v, want %v", got, porcupine.Ok)
	}
	if killed == 0 || len(h.ops) < workers*each/2 {
		t.Errorf("%d connections were ended and %d units came through: that proves nothing", killed, len(h.ops))
	}
}

// killBackends ends a connection every few milliseconds until done.
func killBackends(t *testing.T, dsn string, done <-chan struct{}) (killed int) {
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Errorf("Connect() = %v", err)
		return 0
	}
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // the test is over
	tick := time.NewTicker(7 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return killed
		case <-tick.C:
		}
		tag, err := conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1`)
		if err != nil {
			t.Errorf("pg_terminate_backend = %v", err)
			return killed
		}
		killed += int(tag.RowsAffected())
	}
}

// TestTheCheckerSeesALostUpdate holds the checker itself to account.
func TestTheCheckerSeesALostUpdate(t *testing.T) {
	t.Parallel()
	won := outcome{done: true}
	ops := []porcupine.Operation{
		{Input: operation{kind: "new", key: "k", new: "a"}, Output: won, Call: 0, Return: 1},
		{Input: operation{kind: "new", key: "k", new: "b"}, Output: won, Call: 2, Return: 3},
	}
	if got := porcupine.CheckOperations(register(), ops); got {
		t.Error("two winners of one key pass")
	}
}
