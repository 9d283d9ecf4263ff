package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/store"
)

// part draws texts that hold what Join must escape, also bytes that are no
// UTF-8.
func part() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.Custom(func(r *rapid.T) string {
		return string(rapid.SliceOfN(rapid.SampledFrom([]byte("a/%0\x00\x1f\x7f\xff\xc3\xa4")), 0, 6).Draw(r, "bytes"))
	}))
}

func parts() *rapid.Generator[[]string] { return rapid.SliceOfN(part(), 1, 4) }

func TestSplitUndoesJoin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		want := parts().Draw(r, "parts")
		key := store.Join(want...)
		if got := store.Split(key); !slices.Equal(got, want) {
			r.Fatalf("Split(%q) = %q, want %q", key, got, want)
		}
		if err := store.CheckKey(key); err != nil && key != "" && len(key) <= store.MaxKey {
			r.Fatalf("CheckKey(%q) = %v", key, err)
		}
	})
}

func TestPrefixHoldsExactlyTheKeysBelow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		above, key := parts().Draw(r, "above"), parts().Draw(r, "key")
		if rapid.Bool().Draw(r, "below") {
			key = append(slices.Clone(above), key...)
		}
		below := len(key) > len(above) && slices.Equal(key[:len(above)], above)
		if got := strings.HasPrefix(store.Join(key...), store.Prefix(above...)); got != below {
			r.Fatalf("%q begins with %q: %v, want %v", store.Join(key...), store.Prefix(above...), got, below)
		}
	})
}

func TestTimeKeysLieInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		ms := rapid.Int64Range(0, 1e14)
		a, b := ms.Draw(r, "a"), ms.Draw(r, "b")
		ka, kb := store.TimeKey(time.UnixMilli(a)), store.TimeKey(time.UnixMilli(b))
		if (a < b) != (ka < kb) || len(ka) != len(kb) {
			r.Fatalf("TimeKey of %d and %d = %q and %q", a, b, ka, kb)
		}
	})
}

func TestCheckKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, key string
		want      error
	}{
		{"one letter", "a", nil},
		{"longest", strings.Repeat("a", store.MaxKey), nil},
		{"a path", "uni/phys101/ä", nil},
		{"control character", "\x01", nil},
		{"empty", "", store.ErrKey},
		{"too long", strings.Repeat("a", store.MaxKey+1), store.ErrKey},
		{"NUL", "a\x00", store.ErrKey},
		{"not UTF-8", "a\xff", store.ErrKey},
	}
	for _, tt := range tests {
		if err := store.CheckKey(tt.key); !errors.Is(err, tt.want) {
			t.Errorf("%s: CheckKey(%.9q) = %v, want %v", tt.name, tt.key, err, tt.want)
		}
	}
}

func TestNewNonceKeepsItsPartsApart(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_700_000_000, 0)
	rapid.Check(t, func(r *rapid.T) {
		draw := func(name string) [3]string {
			return [3]string{part().Draw(r, name+" side"), part().Draw(r, name+" key"), part().Draw(r, name+" nonce")}
		}
		a, b := draw("a"), draw("b")
		if rapid.Bool().Draw(r, "shifted") { // the same text, cut elsewhere
			b = [3]string{a[0] + a[1], a[2], ""}
		}
		na := store.NewNonce(a[0], a[1], a[2], at, time.Minute)
		nb := store.NewNonce(b[0], b[1], b[2], at, time.Hour)
		if (na.Tag == nb.Tag) != (a == b) {
			r.Fatalf("tags of %q and %q: equal %v", a, b, na.Tag == nb.Tag)
		}
		if !na.Expires.Equal(at.Add(time.Minute)) {
			r.Fatalf("Expires = %v", na.Expires)
		}
	})
}
