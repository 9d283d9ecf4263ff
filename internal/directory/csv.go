package directory

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ltihub/ltihub/internal/lti"
)

// Bounds of a file.
const (
	// MaxFile is how long a file may be, in bytes.
	MaxFile = 32 << 20
	// maxRows is how many people it may have.
	maxRows = 1_000_000
	// maxFaults is how many faults are listed.
	maxFaults = 1000
)

// Fault is what is wrong with one line of a file, counted from 1.
type Fault struct {
	Line int
	Text string
}

// Faults are all that is wrong with a file; nothing was changed then.
type Faults []Fault

// Error lists the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fmt.Sprintf("line %d: %s", fault.Line, fault.Text)
	}
	return strings.Join(lines, "\n")
}

// columns are those that a file may have. username must be there; others than
// these are passed over.
func columns() []string {
	return []string{"username", "sourcedid", "given_name", "family_name", "full_name", "email"}
}

// file is a CSV file being read: UTF-8, with a header that names its columns,
// divided by commas or, if the header has none, by semicolons.
type file struct {
	csv    *csv.Reader
	where  map[string]int
	width  int
	seen   map[string]int
	faults Faults
	more   int
}

// readFile goes through a file and calls fn for each sound row until that fails.
// Its error is Faults if anything is wrong with the file, or fn's, or the
// reader's.
func readFile(r io.Reader, fn func(lti.DirectoryPerson) error) error {
	f := &file{seen: map[string]int{}}
	if err := f.header(bufio.NewReader(r)); err != nil {
		return err
	}
	for rows := 0; len(f.where) > 0; rows++ {
		fields, err := f.csv.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return f.verdict(rows)
		case errors.As(err, &wrong):
			f.fault(wrong.Line, "it is no CSV: %v", wrong.Err)
			continue
		case err != nil:
			return fmt.Errorf("read the directory file: %w", err)
		case rows >= maxRows:
			f.fault(0, "the file has more than %d people", maxRows)
			return f.verdict(rows)
		}
		if p, ok := f.row(fields); ok {
			if err := fn(p); err != nil {
				return err
			}
		}
	}
	return f.verdict(1)
}

// header reads the first line. A mark of the byte order before it is passed
// over, as spreadsheets write one.
func (f *file) header(r *bufio.Reader) error {
	if mark, _ := r.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = r.Discard(3) // it was just seen
	}
	f.csv = csv.NewReader(r)
	f.csv.FieldsPerRecord, f.csv.ReuseRecord = -1, true
	if line, _ := r.Peek(256); !bytes.Contains(firstLine(line), []byte(",")) && bytes.Contains(firstLine(line), []byte(";")) {
		f.csv.Comma = ';'
	}
	names, err := f.csv.Read()
	var wrong *csv.ParseError
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &wrong) {
		return fmt.Errorf("read the directory file: %w", err)
	}
	f.where, f.width = map[string]int{}, len(names)
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := f.where[name]; twice {
			f.fault(1, "the column %q stands twice", name)
		}
		if slices.Contains(columns(), name) {
			f.where[name] = i
		}
	}
	if _, ok := f.where["username"]; !ok {
		f.fault(1, "the first line must name the columns, and one of them must be username; others are %s", strings.Join(columns()[1:], ", "))
		f.where = nil
	}
	return nil
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return line
}

func (f *file) row(fields []string) (lti.DirectoryPerson, bool) {
	line, _ := f.csv.FieldPos(0)
	before := len(f.faults) + f.more
	if len(fields) != f.width {
		f.fault(line, "it has %d fields, the first line has %d", len(fields), f.width)
		return lti.DirectoryPerson{}, false
	}
	value := func(name string) string {
		i, ok := f.where[name]
		if !ok {
			return ""
		}
		text := strings.Clone(strings.TrimSpace(fields[i]))
		if text == "" && name != "username" {
			return ""
		}
		if err := lti.CheckID(text); err != nil {
			f.fault(line, "%s: %v", name, err)
		}
		return text
	}
	p := lti.DirectoryPerson{
		Username: value("username"), SourcedID: value("sourcedid"), GivenName: value("given_name"),
		FamilyName: value("family_name"), FullName: value("full_name"), Email: value("email"),
	}
	if p.Email != "" && !strings.Contains(p.Email, "@") {
		f.fault(line, "email: it has no @")
	}
	if first, twice := f.seen[p.Username]; twice && p.Username != "" {
		f.fault(line, "the username stands in line %d already", first)
	}
	f.seen[p.Username] = line
	return p, len(f.faults)+f.more == before
}

func (f *file) fault(line int, format string, args ...any) {
	if len(f.faults) == maxFaults {
		f.more++
		return
	}
	f.faults = append(f.faults, Fault{line, fmt.Sprintf(format, args...)})
}

func (f *file) verdict(rows int) error {
	if rows == 0 {
		f.fault(1, "the file has no people")
	}
	if f.more > 0 {
		f.faults = append(f.faults, Fault{0, fmt.Sprintf("and %d more faults", f.more)})
	}
	if len(f.faults) > 0 {
		return f.faults
	}
	return nil
}
