package manifest

import (
	"fmt"
	"strings"
)

// Fault is one thing that is wrong with a manifest.
type Fault struct {
	// Line counts from 1; 0 concerns the whole file.
	Line int `json:"line"`
	// Path is where in the file: "tool_consumers[0].secret". Empty at the top.
	Path string `json:"path,omitempty"`
	Text string `json:"text"`
}

// Error writes the fault as "line 12: tool_consumers[0].secret: must not be
// empty". It never repeats a secret.
func (f Fault) Error() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	b.WriteString(f.Text)
	return b.String()
}

// maxFaults bounds the list; one more says that there are others.
const maxFaults = 1000

// Faults are all faults of a manifest in the order of their lines, as the
// error of Parse and Apply.
type Faults []Fault

// Error writes one fault per line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// place is where something stands in the file.
type place struct {
	line int
	path string
}

// key is the place of a key below p.
func (p place) key(name string) place {
	if p.path == "" {
		return place{p.line, name}
	}
	return place{p.line, p.path + "." + name}
}

// ledger collects faults.
type ledger struct{ faults Faults }

func (l *ledger) add(at place, format string, args ...any) {
	if len(l.faults) > maxFaults {
		return
	}
	if len(l.faults) == maxFaults {
		at, format, args = place{line: at.line}, "and more faults", nil
	}
	l.faults = append(l.faults, Fault{Line: at.line, Path: at.path, Text: fmt.Sprintf(format, args...)})
}

// err is nil without faults, else all of them.
func (l *ledger) err() error {
	if len(l.faults) == 0 {
		return nil
	}
	sortByLine(l.faults)
	return l.faults
}
