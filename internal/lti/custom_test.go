package lti_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestCustomName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Review:Chapter": "custom_review_chapter",
		"chapter3":       "custom_chapter3",
		"A B.c-d":        "custom_a_b_c_d",
		"Größe":          "custom_gr__e",    // one underscore for each character
		"\u212Aelvin":    "custom__elvin",   // the sign for kelvin is no k
		"custom_x":       "custom_custom_x", // by the letter of the rule
	} {
		if got := lti.CustomName(name); got != want {
			t.Errorf("CustomName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestParseCustom(t *testing.T) {
	t.Parallel()
	got, skipped := lti.ParseCustom("a=1\r\n b = x=y \n\nnonsense\n=3\nempty=\na=2")
	want := map[string]string{"a": "2", "b": "x=y", "empty": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ParseCustom (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"nonsense", "=3"}, skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestMergeCustom(t *testing.T) {
	t.Parallel()
	tool := map[string]string{"chapter": "3", "who": "$Person.name.full", " ": "lost"}
	link := map[string]string{"chapter": "4", "Quiz": "1"}
	got, warnings := lti.MergeCustom(tool, link)
	want := map[string]string{"custom_chapter": "4", "custom_who": "$Person.name.full", "custom_quiz": "1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("MergeCustom (-want +got):\n%s", diff)
	}
	if len(warnings) != 0 {
		t.Errorf("a link that overrides its tool gives warnings %q", warnings)
	}
	got, warnings = lti.MergeCustom(map[string]string{"a.b": "1", "a:b": "2"})
	if got["custom_a_b"] != "2" || len(warnings) != 1 {
		t.Errorf("MergeCustom of colliding names = %v, %q", got, warnings)
	}
}

func TestOriginalNames(t *testing.T) {
	t.Parallel()
	tool := map[string]string{"Level": "tool", "Who Am-I": "x", "plain": "y"}
	link := map[string]string{"LEVEL": "link", " ": "nameless"}
	merged, _ := lti.MergeCustom(tool, link)
	got := lti.OriginalNames(merged, tool, link)
	want := map[string]string{"custom_LEVEL": "link", "custom_Who Am-I": "x"}
	if !maps.Equal(got, want) {
		t.Errorf("OriginalNames() = %v, want %v", got, want)
	}
}
