package main

import (
	"os"
	"testing"
)

// asCommand makes the test binary be ltihub, so that tests start, kill and ask
// a real process without building another binary.
const asCommand = "RUN_AS_LTIHUB"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}
