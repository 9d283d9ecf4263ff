package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ltihub/ltihub/internal/lti"
)

func (p *program) token() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Manage API tokens",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.tokenCreate())
	return cmd
}

func (p *program) tokenCreate() *cobra.Command {
	var role string
	cmd := &cobra.Command{
		Use:   "create NAME",
		Short: "Make an API token and print it, once",
		Long: `Make a token for the API and print it. It is kept as a digest only and can't be
shown again. A token of role read may read everything but secrets; one of role
admin may change the configuration and read backups.` + deskHelp,
		Example: "  ltihub token create gradebook-sync --role read",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if role != lti.TokenAdmin && role != lti.TokenRead {
				return fmt.Errorf("--role is %q; it must be admin or read", role)
			}
			if err := lti.CheckID(args[0]); err != nil {
				return fmt.Errorf("the token's name can't be used: %w", err)
			}
			d, err := p.openDesk(cmd.Context(), cmd.Flags(), true)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, d.Close()) }()
			text, err := d.NewToken(cmd.Context(), args[0], role)
			if err != nil {
				return fmt.Errorf("make the token: %w", err)
			}
			_, err = fmt.Fprintln(p.out, text)
			return err
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "what the token may do: `admin` or read")
	_ = cmd.MarkFlagRequired("role") // the flag was defined above
	deskFlags(cmd)
	return cmd
}
