package vault_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/vault"
)

func create(t testing.TB, master []byte) (*vault.Vault, []byte) {
	t.Helper()
	v, stored, err := vault.Create(master)
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	return v, stored
}

func open(t testing.TB, master, stored []byte) *vault.Vault {
	t.Helper()
	v, err := vault.Open(master, stored)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return v
}

func seal(t testing.TB, v *vault.Vault, plain, context string) string {
	t.Helper()
	sealed, err := v.Seal(plain, context)
	if err != nil {
		t.Fatalf("Seal: %v", err)
	}
	return sealed
}

func TestOpenGivesBackWhatWasSealed(t *testing.T) {
	t.Parallel()
	master := vault.NewMasterKey(rand.Reader)
	first, stored := create(t, master)
	again := open(t, master, stored)
	rapid.Check(t, func(rt *rapid.T) {
		plain, context := rapid.String().Draw(rt, "plain"), rapid.String().Draw(rt, "context")
		got, err := again.Open(seal(t, first, plain, context), context)
		if err != nil || got != plain {
			rt.Fatalf("Open = %q, %v, want %q", got, err, plain)
		}
	})
}

func TestSealHidesAndVaries(t *testing.T) {
	t.Parallel()
	v, stored := create(t, vault.NewMasterKey(rand.Reader))
	one, two := seal(t, v, "lms-secret", "c"), seal(t, v, "lms-secret", "c")
	if one == two {
		t.Error("Seal gave the same text twice")
	}
	if strings.Contains(one, "lms-secret") || bytes.Contains(stored, []byte("lms-secret")) {
		t.Error("the secret stands in clear")
	}
	if strings.Trim(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("Seal = %q, want base64url only", one)
	}
}

func TestOpenRefusesSealed(t *testing.T) {
	t.Parallel()
	v, _ := create(t, vault.NewMasterKey(rand.Reader))
	other, _ := create(t, vault.NewMasterKey(rand.Reader))
	good := seal(t, v, "s", "tool/uni/quizzer")
	tests := []struct{ name, sealed, context string }{
		{"empty", "", "tool/uni/quizzer"},
		{"another place", good, "tool/uni/other"},
		{"another vault's", seal(t, other, "s", "tool/uni/quizzer"), "tool/uni/quizzer"},
		{"not base64", "***", "tool/uni/quizzer"},
		{"padded", good + "=", "tool/uni/quizzer"},
		{"cut", good[:len(good)-4], "tool/uni/quizzer"},
		{"short", "AQ", "tool/uni/quizzer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := v.Open(tt.sealed, tt.context); !errors.Is(err, vault.ErrSealed) || got != "" {
				t.Errorf("Open(%q) = %q, %v, want ErrSealed", tt.sealed, got, err)
			}
		})
	}
}

func TestOpenRefusesEachFlippedBit(t *testing.T) {
	t.Parallel()
	v, _ := create(t, vault.NewMasterKey(rand.Reader))
	raw, err := base64.RawURLEncoding.DecodeString(seal(t, v, "secret", "c"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for bit := range 8 {
			bad := bytes.Clone(raw)
			bad[i] ^= 1 << bit
			if _, err := v.Open(base64.RawURLEncoding.EncodeToString(bad), "c"); !errors.Is(err, vault.ErrSealed) {
				t.Fatalf("byte %d bit %d: error = %v, want ErrSealed", i, bit, err)
			}
		}
	}
}

func TestOpenRefusesMasterKey(t *testing.T) {
	t.Parallel()
	master := vault.NewMasterKey(rand.Reader)
	_, stored := create(t, master)
	tests := []struct {
		name           string
		master, stored []byte
	}{
		{"another key", vault.NewMasterKey(rand.Reader), stored},
		{"short key", master[:16], stored}, // AES-128 would take it
		{"no key", nil, stored},
		{"no keyset", master, nil},
		{"cut keyset", master, stored[:len(stored)-1]},
		{"no keyset at all", master, []byte("garbage")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := vault.Open(tt.master, tt.stored); !errors.Is(err, vault.ErrMasterKey) {
				t.Errorf("Open error = %v, want ErrMasterKey", err)
			}
		})
	}
	if _, _, err := vault.Create(master[:31]); !errors.Is(err, vault.ErrMasterKey) {
		t.Errorf("Create error = %v, want ErrMasterKey", err)
	}
}

func TestRotateKeepsOlderTextsOpen(t *testing.T) {
	t.Parallel()
	master := vault.NewMasterKey(rand.Reader)
	old, _ := create(t, master)
	before := seal(t, old, "one", "c")
	stored, err := old.Rotate(master)
	if err != nil {
		t.Fatalf("Rotate: %v", err)
	}
	next := open(t, master, stored)
	if got, err := next.Open(before, "c"); err != nil || got != "one" {
		t.Errorf("Open(older) = %q, %v, want one", got, err)
	}
	after := seal(t, next, "two", "c")
	if _, err := old.Open(after, "c"); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("the older keyset opens the newer text: %v", err)
	}
	if before[:6] == after[:6] { // one type byte and four of the key's id
		t.Error("the newer text names the older key")
	}
}

func TestRewrapChangesOnlyTheMasterKey(t *testing.T) {
	t.Parallel()
	master, newMaster := vault.NewMasterKey(rand.Reader), vault.NewMasterKey(rand.Reader)
	v, _ := create(t, master)
	sealed := seal(t, v, "s", "c")
	stored, err := v.Rewrap(newMaster)
	if err != nil {
		t.Fatalf("Rewrap: %v", err)
	}
	if got, err := open(t, newMaster, stored).Open(sealed, "c"); err != nil || got != "s" {
		t.Errorf("Open = %q, %v, want s", got, err)
	}
	if _, err := vault.Open(master, stored); !errors.Is(err, vault.ErrMasterKey) {
		t.Errorf("the old master key opens the new keyset: %v", err)
	}
	if _, err := v.Rewrap(newMaster[:5]); !errors.Is(err, vault.ErrMasterKey) {
		t.Errorf("Rewrap error = %v, want ErrMasterKey", err)
	}
}

func FuzzOpen(f *testing.F) {
	v, _ := create(f, vault.NewMasterKey(rand.Reader))
	f.Add(seal(f, v, "s", "c"), "c")
	f.Add("AQAAAAA", "")
	f.Fuzz(func(t *testing.T, sealed, context string) {
		if plain, err := v.Open(sealed, context); err != nil && plain != "" {
			t.Errorf("Open(%q) gives text beside its error", sealed)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	v, _ := create(b, vault.NewMasterKey(rand.Reader))
	sealed := seal(b, v, "0123456789012345678901234567890123456789", "tool_consumer/uni/campus")
	for b.Loop() {
		if _, err := v.Open(sealed, "tool_consumer/uni/campus"); err != nil {
			b.Fatal(err)
		}
	}
}
