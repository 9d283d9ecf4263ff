package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/directory"
)

// directoryReport says what a directory file changes.
type directoryReport struct {
	People  int  `json:"people"`
	Added   int  `json:"added"`
	Changed int  `json:"changed"`
	Removed int  `json:"removed"`
	InForce bool `json:"in_force"`
}

func (r directoryReport) String() string {
	text := fmt.Sprintf("%d people: %d added, %d changed, %d removed", r.People, r.Added, r.Changed, r.Removed)
	if !r.InForce {
		text += "; nothing was changed yet"
	}
	return text
}

func (p *program) directory() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "directory",
		Short: "Load or test where people's names come from",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.directoryLoad(), p.directoryTest())
	return cmd
}

func (p *program) directoryLoad() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use:   "load [flags] DOMAIN FILE",
		Short: "Replace the directory of a domain by a CSV file",
		Long: `Replace the directory of a domain by a CSV file in UTF-8. Its first line names the
columns: username must be among them; given_name, family_name, full_name, email
and sourcedid may be. All of it or nothing: every fault is listed with its line.

FILE is "-" for standard input.` + deskHelp,
		Example: "  ltihub directory load --dry-run uni people.csv",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			data, err := p.read(args[1], directory.MaxFile)
			if err != nil {
				return fmt.Errorf("read the directory file: %w", err)
			}
			d, err := p.openDesk(cmd.Context(), cmd.Flags(), false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			report, err := d.ReplaceDirectory(cmd.Context(), args[0], data, dry)
			if err != nil {
				return fmt.Errorf("load %s:\n%w", args[1], err)
			}
			_, err = fmt.Fprintln(p.out, report)
			return err
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "count what would change, and change nothing")
	deskFlags(cmd)
	return cmd
}

func (p *program) directoryTest() *cobra.Command {
	return &cobra.Command{
		Use:   "test DOMAIN VALUE",
		Short: "Look somebody up on the LDAP server of a domain",
		Long: `Look somebody up on the LDAP server that the configuration file has for a domain,
as a launch with the value would. The exit code is 1 when it can't be asked or
nobody is found. The store is not needed.`,
		Example: "  ltihub directory test --config ltihub.yaml uni ada",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.load(cmd.Flags())
			if err != nil {
				return err
			}
			h := &hub{cfg: cfg}
			for _, d := range cfg.Directories {
				if d.Domain != args[0] {
					continue
				}
				server, err := h.ldap(d)
				if err != nil {
					return err
				}
				return p.lookUp(cmd.Context(), server, args[1])
			}
			return fmt.Errorf("the configuration has no directory for the domain %q", args[0])
		},
	}
}

func (p *program) lookUp(ctx context.Context, server *directory.LDAP, value string) error {
	person, found, err := server.Ask(ctx, value)
	if err != nil {
		return err
	}
	if !found {
		return errors.New("nobody, or more than one person, is found by that")
	}
	_, err = fmt.Fprintf(p.out, "given_name:  %s\nfamily_name: %s\nfull_name:   %s\nemail:       %s\nsourcedid:   %s\n",
		person.GivenName, person.FamilyName, person.FullName, person.Email, person.SourcedID)
	return err
}

func (d *localDesk) ReplaceDirectory(ctx context.Context, domain string, data []byte, dry bool) (directoryReport, error) {
	load, err := d.listings.Stage(ctx, domain, bytes.NewReader(data), operator)
	if err != nil {
		return directoryReport{}, err
	}
	if !dry {
		if _, err := d.listings.Commit(ctx, domain, load.ID, operator); err != nil {
			return directoryReport{}, err
		}
	}
	return directoryReport{People: load.Rows, Added: load.Added, Changed: load.Changed, Removed: load.Removed, InForce: !dry}, nil
}

func (d *remoteDesk) ReplaceDirectory(ctx context.Context, domain string, data []byte, dry bool) (directoryReport, error) {
	path := "/domains/" + url.PathEscape(domain) + "/directory"
	if dry {
		path += "?dry_run=true"
	}
	var report directoryReport
	answer, err := d.fetch(ctx, http.MethodPut, path, "text/csv", data)
	if err != nil {
		return report, err
	}
	if err := json.Unmarshal(answer, &report); err != nil {
		return report, fmt.Errorf("read the server's answer: %w", err)
	}
	return report, nil
}
