//go:build !unix || solaris || aix

package bolt

import "os"

// abandon closes a file that bbolt can't.
func abandon(f *os.File) error { return f.Close() }
