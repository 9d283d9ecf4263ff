package lti

import (
	"slices"
	"testing"
)

func TestCourseChangesTheMenu(t *testing.T) {
	t.Parallel()
	yes, no, none, own := true, false, []string{}, []string{MenuResults}
	lms := Menu{Header: true, Items: []string{MenuGrades, MenuRoster}}
	locked := lms
	locked.Locked = true
	tests := []struct {
		name   string
		menu   Menu
		change MenuChange
		want   Menu
	}{
		{"nothing of its own", lms, MenuChange{}, lms},
		{"no header", lms, MenuChange{Header: &no, Inline: &yes}, Menu{Items: lms.Items, Inline: true}},
		{"no items", lms, MenuChange{Items: &none}, Menu{Header: true}},
		{"other items", lms, MenuChange{Items: &own}, Menu{Header: true, Items: own}},
		{"locked", locked, MenuChange{Header: &no, Items: &none}, locked},
	}
	for _, tt := range tests {
		got := tt.menu.With(tt.change)
		if got.Header != tt.want.Header || got.Inline != tt.want.Inline || !slices.Equal(got.Items, tt.want.Items) {
			t.Errorf("%s: With() = %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestGradesOfferOnesOwnResults(t *testing.T) {
	t.Parallel()
	for item, want := range map[string][]string{
		MenuGrades: {MenuGrades, MenuResults}, MenuResults: {MenuResults}, MenuRoster: {MenuRoster}, "other": nil,
	} {
		for _, asked := range MenuItems() {
			if got := (Menu{Items: []string{item}}).Offers(asked); got != slices.Contains(want, asked) {
				t.Errorf("a menu of %s offers %s: %v", item, asked, got)
			}
		}
	}
}
