//go:build unix

package bolt_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// Some tests run this binary again as a child, to be killed or to meet what
// would end a process. childVar names the part that the child plays.
const childVar = "LTIHUB_BOLT_TEST_CHILD"

func TestMain(m *testing.M) {
	children := map[string]func(dir string) error{
		"write":  childWrite,
		"full":   childFull,
		"damage": childDamage,
		"shrink": childShrink,
		"hold":   childHold,
	}
	if play, ok := children[os.Getenv(childVar)]; ok {
		if err := play(os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child prepares this binary to play a part over a file or folder.
func child(t testing.TB, part, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, path)
	cmd.Env = append(os.Environ(), childVar+"="+part)
	return cmd
}
