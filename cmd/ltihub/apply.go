package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

// maxManifest is how much of a manifest is read, in bytes.
const maxManifest = 5 << 20

func (p *program) apply() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "apply [flags] MANIFEST",
		Short: "Load a manifest into the store",
		Long: `Bring the store to what a manifest says: domains, users, tool consumers, tools,
courses with their folders, links and members. All of it or nothing: every fault
is listed with its line. Applied twice it changes nothing the second time, and
what it does not name stays.

MANIFEST is a YAML file, "-" for standard input.` + deskHelp,
		Example: "  ltihub apply manifest.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			data, err := p.read(args[0], maxManifest)
			if err != nil {
				return fmt.Errorf("read the manifest: %w", err)
			}
			d, err := p.openDesk(cmd.Context(), cmd.Flags(), true)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			report, err := d.Apply(cmd.Context(), data)
			if err != nil {
				return fmt.Errorf("apply %s:\n%w", args[0], err)
			}
			_, err = fmt.Fprintln(p.out, report)
			return err
		},
	}
	deskFlags(cmd)
	return cmd
}
