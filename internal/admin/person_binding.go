package admin

import (
	"net/http"
	"strings"

	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// changeBinding does one act on a binding of a person: confirm, move, unlink,
// or take an unlinking back.
func (p *People) changeBinding(w http.ResponseWriter, r *http.Request, v visit) error {
	sent, err := readForm(r)
	if err != nil {
		return err
	}
	domain, username := param(r, "domain"), param(r, "username")
	ref := person.BindingRef{Domain: domain, Consumer: sent.text("consumer"), Value: sent.text("value")}
	if err := p.checkBinding(r, ref, username, sent.text("id")); err != nil {
		return err
	}
	page := web.UserPage{Consumer: ref.Consumer, Value: ref.Value}
	done := ""
	switch sent.text("do") {
	case "confirm":
		done, err = doneConfirmed, p.Keeper.Confirm(r.Context(), ref, v.name())
	case "unlink":
		_, err = p.Keeper.Unlink(r.Context(), ref, v.name())
		done = doneUnlinked
	case "move":
		page.Typed = strings.TrimSpace(sent.text("to"))
		done, err = doneTransfer, p.Keeper.Move(r.Context(), ref, page.Typed, v.name())
	case "relink":
		page.Consumer, page.Value = "", ""
		done, err = doneRelinked, p.Keeper.Relink(r.Context(), ref, sent.text("id"), v.name())
	default:
		return errForm
	}
	if page.Fault = refusedText(err); page.Fault != "" {
		return p.showUser(w, r, v, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	v.goTo(w, r, web.UserPath(domain, username), done)
	return nil
}

// checkBinding refuses a binding that is not, or was not, that of the person
// whose page the form stands on: it was moved since, or the form was made up.
func (p *People) checkBinding(r *http.Request, ref person.BindingRef, username, id string) error {
	return p.Store.View(r.Context(), func(tx store.Tx) error {
		if id != "" {
			u, err := store.Unlinked.Get(tx, ref.Domain, ref.Consumer, ref.Value, id)
			if err == nil && u.Binding.Username != username {
				err = store.ErrNotFound
			}
			return err
		}
		b, err := store.Bindings.Get(tx, ref.Domain, ref.Consumer, ref.Value)
		if err == nil && b.Username != username {
			err = store.ErrNotFound
		}
		return err
	})
}
