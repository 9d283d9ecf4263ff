package lti

import "testing"

func TestLinkSaysHowItsToolIsShown(t *testing.T) {
	t.Parallel()
	tool := Tool{Target: TargetTab, Width: 800}
	tests := []struct {
		name          string
		link          ResourceLink
		tool          Tool
		target        string
		width, height int
	}{
		{"nobody says", ResourceLink{}, Tool{}, TargetIframe, 0, 0},
		{"the tool says", ResourceLink{}, tool, TargetTab, 800, 0},
		{"the link says more", ResourceLink{Height: 600}, tool, TargetTab, 800, 600},
		{"the link says otherwise", ResourceLink{Target: TargetWindow, Width: 400}, tool, TargetWindow, 400, 0},
	}
	for _, tt := range tests {
		if target, width, height := tt.link.Shown(tt.tool); target != tt.target || width != tt.width || height != tt.height {
			t.Errorf("%s: Shown = %s %d %d, want %s %d %d", tt.name, target, width, height, tt.target, tt.width, tt.height)
		}
	}
}
