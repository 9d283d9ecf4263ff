package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func (p *program) export() *cobra.Command {
	var secrets bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the store's configuration as a manifest",
		Long: `Write the whole configuration as a manifest to standard output. Without
--with-secrets it may be shown and kept under version control: applied to the
same server it keeps the secrets stored there. Passwords are never exported.` + deskHelp,
		Example: "  ltihub export > manifest.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			d, err := p.openDesk(cmd.Context(), cmd.Flags(), false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			data, err := d.Export(cmd.Context(), secrets)
			if err != nil {
				return err
			}
			_, err = p.out.Write(data)
			return err
		},
	}
	cmd.Flags().BoolVar(&secrets, "with-secrets", false, "write secrets in plain text")
	deskFlags(cmd)
	return cmd
}
