package provider

import (
	"context"

	"github.com/ltihub/ltihub/internal/lti"
)

// lookUp asks the institution's directory about the person of the launch, where
// the tool consumer wants names from there. It comes after the signature held
// and before the transaction, which waits for nobody. A directory that can't be
// asked keeps nobody out: the names come with the next launch.
func (a *attempt) lookUp(ctx context.Context) {
	if !a.holder.consumer.UserIdentity || a.holder.consumer.Users.Info != lti.InfoDirectory {
		return
	}
	value := a.launch.Parameter(a.holder.consumer.Users.Match)
	if value == "" {
		return
	}
	a.listing = a.Listing(ctx, a.holder.consumer, value)
}

// Listing is what the institution's directory says of the person whom the tool
// consumer knows by value.
func (p *Provider) Listing(ctx context.Context, c *lti.ToolConsumer, value string) lti.Listing {
	if p.Directory == nil {
		return lti.Listing{Step: "the institution has no directory: no names are known"}
	}
	person, found, err := p.Directory(ctx, c, value)
	switch {
	case err != nil:
		return lti.Listing{Step: "the directory could not be asked (" + err.Error() + "): names come with the next launch"}
	case !found:
		return lti.Listing{Step: "the directory does not list this person"}
	}
	return lti.Listing{Person: person, Found: true, Step: "the directory lists this person"}
}
