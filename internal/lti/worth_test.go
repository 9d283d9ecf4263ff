package lti

import (
	"slices"
	"testing"
)

func TestWorthTellsWhatTotalsChange(t *testing.T) {
	t.Parallel()
	quiz, essay := ResourceLink{ID: "quiz", Points: 10}, ResourceLink{ID: "essay", Points: 5}
	before := Course{Folders: []Folder{{ID: "week1", Links: []ResourceLink{quiz, {ID: "read"}}}}, Links: []ResourceLink{essay}}
	inWeek, whole := Scope{Kind: ScopeFolder, ID: "week1"}, Scope{Kind: ScopeCourse}
	ofQuiz, ofEssay := Scope{Kind: ScopeLink, ID: "quiz"}, Scope{Kind: ScopeLink, ID: "essay"}
	more := quiz
	more.Points = 20
	tests := []struct {
		name  string
		after Course
		want  []Scope
	}{
		{"nothing", before, nil},
		{"titles and ungraded links", Course{Folders: []Folder{{ID: "week1", Title: "New", Links: []ResourceLink{{ID: "quiz", Points: 10, Title: "New"}}}}, Links: []ResourceLink{essay}}, nil},
		{"more points", Course{Folders: []Folder{{ID: "week1", Links: []ResourceLink{more}}}, Links: []ResourceLink{essay}}, []Scope{ofQuiz, whole, inWeek}},
		{"no points any more", Course{Folders: []Folder{{ID: "week1", Links: []ResourceLink{{ID: "quiz"}}}}, Links: []ResourceLink{essay}}, []Scope{ofQuiz, whole, inWeek}},
		{"into the folder", Course{Folders: []Folder{{ID: "week1", Links: []ResourceLink{quiz, essay}}}}, []Scope{ofEssay, whole, inWeek}},
		{"gone", Course{Folders: before.Folders}, []Scope{ofEssay, whole}},
	}
	for _, tt := range tests {
		if got := before.Worth().Changed(tt.after.Worth()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: Changed() = %v, want %v", tt.name, got, tt.want)
		}
	}
}
