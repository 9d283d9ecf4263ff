//go:build unix && !solaris && !aix

package bolt

import (
	"os"
	"syscall"
)

// abandon closes a file that bbolt can't. Closing alone would keep it locked,
// because the lock lasts as long as the mapping that bbolt leaves behind.
func abandon(f *os.File) error {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) // bbolt may have closed it already
	return f.Close()
}
