package config

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// Directory is the LDAP server of a domain. It stands in the file alone: it has
// no variable and no flag.
type Directory struct {
	Domain      string            `mapstructure:"domain"`
	URL         string            `mapstructure:"url"`         // ldaps://, or ldap:// and StartTLS
	Unencrypted bool              `mapstructure:"unencrypted"` // ldap:// without StartTLS
	BindDN      string            `mapstructure:"bind_dn"`     // empty: no name is given
	Password    Secret            `mapstructure:"password"`
	BaseDN      string            `mapstructure:"base_dn"`
	Filter      string            `mapstructure:"filter"`     // holds {value}; empty: (uid={value})
	Attributes  map[string]string `mapstructure:"attributes"` // of given_name, family_name, full_name, email, sourcedid
	CAFile      string            `mapstructure:"ca_file"`    // PEM; empty: the system's
	Timeout     time.Duration     `mapstructure:"timeout"`    // 0: 3s
}

func (f *faults) directories(all []Directory) {
	const key = "directories"
	seen := map[string]bool{}
	for i, d := range all {
		if d.Domain == "" || seen[d.Domain] {
			f.add(key, "entry %d: name a domain that no other entry has", i+1)
		}
		seen[d.Domain] = true
		u, err := url.Parse(d.URL)
		switch {
		case err != nil || u.Scheme != "ldaps" && u.Scheme != "ldap" || u.Hostname() == "" || u.User != nil:
			f.add(key, "entry %d: want a url such as ldaps://ldap.uni.example", i+1)
		case d.Unencrypted && u.Scheme == "ldaps":
			f.add(key, "entry %d: ldaps is encrypted; leave unencrypted out", i+1)
		}
		if d.BaseDN == "" {
			f.add(key, "entry %d: name the base_dn below which people are", i+1)
		}
		if d.Filter != "" && !strings.Contains(d.Filter, "{value}") {
			f.add(key, "entry %d: the filter has no {value}", i+1)
		}
		if d.Timeout < 0 {
			f.add(key, "entry %d: the timeout %v is too short", i+1, d.Timeout)
		}
		for field := range d.Attributes {
			if !slices.Contains([]string{"given_name", "family_name", "full_name", "email", "sourcedid"}, field) {
				f.add(key, "entry %d: attributes has no %q", i+1, field)
			}
		}
	}
}
