package lti

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestReferenceLeadsBackToTheRecord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var raw [16]byte
		copy(raw[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
		raw[6], raw[8] = raw[6]&0x0f|0x70, raw[8]&0x3f|0x80
		id := uuid.UUID(raw).String()
		ref := Reference(id)
		for _, spelt := range []string{ref, strings.ToLower(ref), strings.ReplaceAll(ref, "-", ""), strings.ReplaceAll(ref, "0", "o")} {
			prefix, err := ParseReference(spelt)
			if err != nil || !strings.HasPrefix(id, prefix) {
				t.Fatalf("ParseReference(%q) = %q, %v, want a prefix of %s", spelt, prefix, err, id)
			}
		}
	})
}

func TestParseReferenceRefuses(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"", "0192", "0192-ABCD-EFGU", "0192-ABCD-EFGHJ", "0192-ABCD-EFG!"} {
		if prefix, err := ParseReference(ref); err == nil {
			t.Errorf("ParseReference(%q) = %q, want an error", ref, prefix)
		}
	}
	if ref := Reference("no-uuid"); ref != "" {
		t.Errorf("Reference of no UUID = %q, want none", ref)
	}
}
