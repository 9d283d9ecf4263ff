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
	if a.Directory == nil {
		a.listing.Step = "the institution has no directory: no names are known"
		return
	}
	person, found, err := a.Directory(ctx, a.holder.consumer, value)
	switch {
	case err != nil:
		a.listing.Step = "the directory could not be asked (" + err.Error() + "): names come with the next launch"
	case !found:
		a.listing.Step = "the directory does not list this person"
	default:
		a.listing = lti.Listing{Person: person, Found: true, Step: "the directory lists this person"}
	}
}
