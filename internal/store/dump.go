package store

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// A dump is text, one JSON object a line:
//
//	{"ltihub_dump":1}                                   the format's number
//	{"c":"users","k":"uni/ada","v":{"username":"ada"}}  a record; no v: it is empty
//	{"end":{"records":1,"sha256":"..."}}                of all lines before
//
// Records of one collection stand together, in the order of their keys.

const dumpFormat = 1

// maxDumpLine bounds a line, and so a record, in bytes.
const maxDumpLine = 64 << 20

type dumpLine struct {
	Format     int             `json:"ltihub_dump,omitempty"`
	Collection string          `json:"c,omitempty"`
	Key        string          `json:"k,omitempty"`
	Value      json.RawMessage `json:"v,omitempty"`
	End        *dumpEnd        `json:"end,omitempty"`
}

type dumpEnd struct {
	Records int64  `json:"records"`
	SHA256  string `json:"sha256"`
}

// ErrDump says that what is read is no whole dump of a store.
var ErrDump error = &fault{"not a whole dump", "malformed"}

// Dump writes the named collections as the transaction sees them. Nonces are
// no part of it: whoever reads it back refuses those of the time before.
func Dump(ctx context.Context, tx Tx, names []string, w io.Writer) error {
	d := dumper{w: bufio.NewWriter(w), sum: sha256.New()}
	if err := d.line(dumpLine{Format: dumpFormat}); err != nil {
		return err
	}
	for _, name := range names {
		if err := d.collection(ctx, tx, name); err != nil {
			return fmt.Errorf("dump %s: %w", name, err)
		}
	}
	end := dumpEnd{Records: d.records, SHA256: hex.EncodeToString(d.sum.Sum(nil))}
	if err := d.line(dumpLine{End: &end}); err != nil {
		return err
	}
	return d.w.Flush()
}

type dumper struct {
	w       *bufio.Writer
	sum     hash.Hash
	records int64
}

func (d *dumper) collection(ctx context.Context, tx Tx, name string) error {
	for after := ""; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		items, err := tx.Scan(name, "", after, MaxScan)
		if err != nil {
			return err
		}
		for _, it := range items {
			if err := d.line(dumpLine{Collection: name, Key: it.Key, Value: it.Value}); err != nil {
				return err
			}
			d.records++
		}
		if after = lastOfPage(items); after == "" {
			return nil
		}
	}
}

func (d *dumper) line(l dumpLine) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	d.sum.Write(text)
	_, err = d.w.Write(text)
	return err
}

// CheckDump reads a whole dump and returns what it holds, or ErrDump.
func CheckDump(r io.Reader) (Count, error) {
	return readDump(r, func([]dumpLine) error { return nil })
}

// LoadDump puts the records of a dump into a store, a slice at a time, and
// returns what it has counted. It does not look whether the store is empty, and
// it finds a cut or changed dump only at its end, so CheckDump comes first. Until
// all is there the store says CopyUnfinished; then, as after a Copy, it refuses
// for twice NonceWindow the nonces that may have been used since the dump.
func LoadDump(ctx context.Context, r io.Reader, to Store) (Count, error) {
	if err := to.Update(ctx, mark); err != nil {
		return nil, fmt.Errorf("load dump: %w", err)
	}
	count, err := readDump(r, func(lines []dumpLine) error {
		return to.Update(ctx, func(tx Tx) error {
			for _, l := range lines {
				if err := tx.Put(l.Collection, l.Key, l.Value); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	if err := to.Update(ctx, release); err != nil {
		return nil, fmt.Errorf("load dump: %w", err)
	}
	return count, nil
}

// readDump gives each run of records to take, and checks the whole.
func readDump(r io.Reader, take func([]dumpLine) error) (Count, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxDumpLine)
	d := dumpReader{sum: sha256.New(), count: Count{}, take: take}
	for lines.Scan() {
		if err := d.line(lines.Bytes()); err != nil {
			return nil, err
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return nil, fmt.Errorf("%w: a line is too long", ErrDump)
		}
		return nil, err
	}
	if !d.ended {
		return nil, fmt.Errorf("%w: its end is missing", ErrDump)
	}
	return d.count, nil
}

type dumpReader struct {
	sum          hash.Hash
	count        Count
	run          []dumpLine
	take         func([]dumpLine) error
	begun, ended bool
}

func (d *dumpReader) line(text []byte) error {
	var l dumpLine
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&l); err != nil {
		return fmt.Errorf("%w: %w", ErrDump, err)
	}
	switch {
	case d.ended:
		return fmt.Errorf("%w: more comes after its end", ErrDump)
	case !d.begun:
		d.begun = true
		if l.Format != dumpFormat {
			return fmt.Errorf("%w: its format is %d, this program reads %d", ErrDump, l.Format, dumpFormat)
		}
	case l.End != nil:
		return d.end(*l.End)
	default:
		if err := d.record(l); err != nil {
			return err
		}
	}
	d.sum.Write(text)
	d.sum.Write([]byte{'\n'})
	return nil
}

func (d *dumpReader) record(l dumpLine) error {
	if l.Collection == "" {
		return fmt.Errorf("%w: a record names no collection", ErrDump)
	}
	if err := CheckKey(l.Key); err != nil {
		return fmt.Errorf("%w: %w", ErrDump, err)
	}
	d.count[l.Collection]++
	if d.run = append(d.run, l); len(d.run) < MaxScan {
		return nil
	}
	return d.flush()
}

func (d *dumpReader) flush() error {
	err := d.take(d.run)
	d.run = nil
	return err
}

func (d *dumpReader) end(e dumpEnd) error {
	d.ended = true
	if e.Records != d.count.Total() || e.SHA256 != hex.EncodeToString(d.sum.Sum(nil)) {
		return fmt.Errorf("%w: it was cut or changed", ErrDump)
	}
	if len(d.run) == 0 {
		return nil
	}
	return d.flush()
}
