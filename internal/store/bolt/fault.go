package bolt

import (
	"fmt"
	"runtime/debug"

	"github.com/ltihub/ltihub/internal/store"
)

// faultsPanic makes reading a part of the mapped file that is not there panic
// in this goroutine, where it would end the process. It returns what undoes
// it.
func faultsPanic() (restore func()) {
	old := debug.SetPanicOnFault(true)
	return func() { debug.SetPanicOnFault(old) }
}

// caught turns a panic of bbolt over damaged pages into ErrCorrupt. It is
// deferred around bbolt's calls only, never around a caller's function.
func caught(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%w: %v", store.ErrCorrupt, r)
	}
}
