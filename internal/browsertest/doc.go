// Package browsertest starts a headless Chromium for tests. It knows no pages:
// those who test pages say what they want to see.
package browsertest
