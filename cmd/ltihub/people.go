package main

import (
	"crypto/x509"
	"fmt"
	"os"

	"github.com/ltihub/ltihub/internal/config"
	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/egress"
	"github.com/ltihub/ltihub/internal/person"
)

// wirePeople makes what keeps people and what knows their names.
func (h *hub) wirePeople() error {
	h.keeper = &person.Keeper{Store: h.store, NewID: newID, Requeue: h.carrier.TargetStored, Wake: h.carrier.Wake}
	h.listings = &directory.Directory{Store: h.store, NewID: newID, Servers: map[string]*directory.LDAP{}}
	for _, d := range h.cfg.Directories {
		server, err := h.ldap(d)
		if err != nil {
			return fmt.Errorf("the directory of %s: %w", d.Domain, err)
		}
		h.listings.Servers[d.Domain] = server
	}
	h.provider.Directory = h.listings.Find
	return nil
}

// ldap is the LDAP server of a domain, reached through the guard on outgoing
// calls.
func (h *hub) ldap(d config.Directory) (*directory.LDAP, error) {
	if d.Filter != "" {
		if err := directory.CheckFilter(d.Filter); err != nil {
			return nil, fmt.Errorf("the filter can't be used: %w", err)
		}
	}
	server := &directory.LDAP{
		URL: d.URL, Insecure: d.Unencrypted, BindDN: d.BindDN, Password: string(d.Password), BaseDN: d.BaseDN,
		Filter: d.Filter, Attributes: d.Attributes, Timeout: d.Timeout, Now: now,
		Dialer: egress.NewDialer(h.cfg.Egress.AllowCIDRs, d.Timeout),
	}
	if d.CAFile == "" {
		return server, nil
	}
	pem, err := os.ReadFile(d.CAFile)
	if err != nil {
		return nil, fmt.Errorf("read its certificates: %w", err)
	}
	server.RootCAs = x509.NewCertPool()
	if !server.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", d.CAFile)
	}
	return server, nil
}
