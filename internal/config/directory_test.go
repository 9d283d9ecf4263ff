package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDirectoriesAreReadFromTheFile(t *testing.T) {
	t.Parallel()
	load := func(text string) (Config, error) {
		path := filepath.Join(t.TempDir(), "ltihub.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return Load(Options{File: path})
	}
	c, err := load("directories:\n  - {domain: uni, url: 'ldaps://ldap.uni.example', bind_dn: cn=Hub, password: pw, base_dn: dc=uni, timeout: 2s, attributes: {email: mailAddress}}\n")
	want := []Directory{{Domain: "uni", URL: "ldaps://ldap.uni.example", BindDN: "cn=Hub", Password: "pw", BaseDN: "dc=uni", Timeout: 2 * time.Second, Attributes: map[string]string{"email": "mailAddress"}}}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, c.Directories, cmp.Comparer(func(a, b Secret) bool { return string(a) == string(b) })); diff != "" {
		t.Errorf("Directories (-want +got):\n%s", diff)
	}
	for text, want := range map[string]string{
		"{domain: uni, url: 'http://x', base_dn: d}":                            "ldaps://",
		"{domain: uni, url: 'ldaps://x'}":                                       "base_dn",
		"{url: 'ldaps://x', base_dn: d}":                                        "domain",
		"{domain: uni, url: 'ldaps://x', base_dn: d, filter: (uid=1)}":          "{value}",
		"{domain: uni, url: 'ldaps://x', base_dn: d, unencrypted: true}":        "unencrypted",
		"{domain: uni, url: 'ldaps://x', base_dn: d, attributes: {shoe: size}}": "shoe",
		"{domain: uni, url: 'ldaps://x', base_dn: d, pasword: x}":               "pasword",
	} {
		_, err := load("directories:\n  - " + text + "\n")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: Load() = %v, want an error with %q", text, err, want)
		}
	}
}
