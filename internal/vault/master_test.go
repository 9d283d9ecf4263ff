package vault_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/ltihub/ltihub/internal/vault"
)

func TestParseMasterKeyReadsWhatFormatWrites(t *testing.T) {
	t.Parallel()
	master := vault.NewMasterKey(rand.Reader)
	got, err := vault.ParseMasterKey(" " + vault.FormatMasterKey(master) + "\n")
	if err != nil || !bytes.Equal(got, master) {
		t.Errorf("ParseMasterKey = %x, %v, want %x", got, err, master)
	}
}

func TestParseMasterKeyRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text string }{
		{"empty", ""},
		{"16 bytes", "AAAAAAAAAAAAAAAAAAAAAA=="},
		{"33 bytes", vault.FormatMasterKey(make([]byte, 33))},
		{"base64url", strings.Repeat("-_", 21) + "A="},
		{"no padding", strings.TrimRight(vault.FormatMasterKey(make([]byte, 32)), "=")},
		{"plain words", "correct horse battery staple!!!!"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := vault.ParseMasterKey(tt.text)
			if !errors.Is(err, vault.ErrMasterKey) {
				t.Fatalf("ParseMasterKey(%q) error = %v, want ErrMasterKey", tt.text, err)
			}
			if tt.text != "" && strings.Contains(err.Error(), tt.text) {
				t.Errorf("error %q repeats the key", err)
			}
		})
	}
}

func TestGeneratedTextsAreUnreservedAndDiffer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		make func() string
		want int
	}{
		{"secret", func() string { return vault.NewSecret(rand.Reader) }, 52},
		{"key", func() string { return vault.NewKey(rand.Reader) }, 24},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seen := map[string]bool{}
			for range 1000 {
				s := tt.make()
				if len(s) != tt.want || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") != "" {
					t.Fatalf("%q: want %d letters and digits", s, tt.want)
				}
				if seen[s] {
					t.Fatalf("%q came twice", s)
				}
				seen[s] = true
			}
		})
	}
}

func TestGeneratorsPanicWithoutRandomness(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("NewSecret made a secret of too little randomness")
		}
	}()
	vault.NewSecret(strings.NewReader("short"))
}
