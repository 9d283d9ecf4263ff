package manifest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"

	yaml "go.yaml.in/yaml/v3"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/vault"
)

// Exporter writes a store's configuration as a manifest.
type Exporter struct {
	Store store.Store
	// Vault is needed for exports with secrets only.
	Vault *vault.Vault
}

const (
	headWithout = "# Configuration of ltihub. Secrets and passwords are left out: applied to the\n" +
		"# server that it comes from it keeps those stored there.\n"
	headWith = "# Configuration of ltihub, WITH SECRETS in plain text. Passwords are left out.\n"
)

// Export writes the whole configuration in the order of the keys, so that two
// exports of one state are the same bytes. With secrets and applied to an
// empty store it makes the same configuration again, but for passwords, the
// random keys behind opaque ids, and what launches bring (bound identities,
// stored course mappings, results): a backup keeps those.
func (x *Exporter) Export(ctx context.Context, withSecrets bool) ([]byte, error) {
	var d document
	err := x.Store.View(ctx, func(tx store.Tx) error {
		w := &export{tx: tx, doc: document{Version: 1}}
		if withSecrets {
			w.vault = x.Vault
		}
		if err := w.run(); err != nil {
			return err
		}
		d = w.doc
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("export manifest: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(headWithout)
	if withSecrets {
		b.Reset()
		b.WriteString(headWith)
	}
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("export manifest: %w", err)
	}
	return b.Bytes(), nil
}

// export is one run over a snapshot. Without a vault secrets are left out.
type export struct {
	tx    store.Tx
	vault *vault.Vault
	doc   document
	// only is the key of the one record that is wanted, "" for all, or that
	// record itself. A course alone comes without its members.
	only  string
	fresh any
}

// alone reports whether one record is wanted, for a form or a comparison. It
// says some things that a manifest leaves out.
func (w *export) alone() bool { return w.only != "" || w.fresh != nil }

func (w *export) run() error {
	for _, walk := range []func() error{w.domains, w.users, w.consumers, w.tools, w.courses} {
		if err := walk(); err != nil {
			return err
		}
	}
	return nil
}

func (w *export) domains() error {
	return each(w, store.Domains, func(d lti.Domain) error {
		rule := usernameRuleDoc{exact(d.Username.Pattern), d.Username.From, d.Username.Lower}
		if w.alone() {
			rule.From = cmp.Or(rule.From, lti.UsernameMatched)
		}
		w.doc.Domains = append(w.doc.Domains, domainDoc{ID: d.ID, Name: exact(d.Name), Username: rule})
		return nil
	})
}

func (w *export) users() error {
	return each(w, store.Users, func(u lti.User) error {
		w.doc.Users = append(w.doc.Users, userDoc{
			Domain: u.Domain, Username: u.Username,
			GivenName: exact(u.GivenName), FamilyName: exact(u.FamilyName), FullName: exact(u.FullName), Email: exact(u.Email),
			Admin: u.Admin, Disabled: u.Disabled, Source: sourceOf(u.Source),
		})
		return nil
	})
}

// sourceOf leaves out the source that a manifest gives anyway.
func sourceOf(source string) string {
	if source == sourceManifest {
		return ""
	}
	return source
}

func (w *export) consumers() error {
	return each(w, store.ToolConsumers, func(c lti.ToolConsumer) error {
		secrets, err := w.secrets("tool_consumer/"+c.Domain+"/"+c.ID, c.Secret, c.Previous)
		if err != nil {
			return err
		}
		d := consumerDoc{
			Domain: c.Domain, ID: c.ID, Name: exact(c.Name), Disabled: c.Disabled, Key: exact(c.Key), secretDoc: secrets,
			Enabled: periodDocument(c.Enabled), InstanceGUID: exact(c.InstanceGUID), NonceLifetime: optionalDuration(c.NonceLifetime), SignatureMethods: c.SignatureMethods,
			UserIdentity: c.UserIdentity, CourseIdentity: c.CourseIdentity,
			Users: userRulesDocument(c.Users), Courses: courseRulesDoc(c.Courses),
			SelfEnrol: c.SelfEnrol, Section: exact(c.Section),
			Roster: newRosterRulesDoc(c.Roster), Passback: passbackRulesDoc(c.Passback),
			Logout: logoutRulesDoc(c.Logout), Menu: menuDoc(c.Menu),
		}
		d.Roles = make(map[exact]string, len(c.Roles))
		for from, to := range c.Roles {
			d.Roles[exact(from)] = string(to)
		}
		w.doc.ToolConsumers = append(w.doc.ToolConsumers, d)
		return nil
	})
}

func userRulesDocument(u lti.UserRules) userRulesDoc {
	d := userRulesDoc{Match: u.Match, Create: u.Create, CreateFor: u.CreateFor, Info: u.Info, BindExisting: u.BindExisting}
	if len(u.CreateBy) > 0 {
		d.CreateBy = make(map[exact]string, len(u.CreateBy))
	}
	for role, mode := range u.CreateBy {
		d.CreateBy[exact(role)] = mode
	}
	return d
}

// secrets opens a credential, if secrets are wanted.
func (w *export) secrets(context string, secret, previous lti.Secret) (secretDoc, error) {
	var d secretDoc
	var err error
	if d.Secret, err = w.open(context, secret.Sealed); err != nil {
		return secretDoc{}, err
	}
	if d.Previous, err = w.open(context, previous.Sealed); err != nil {
		return secretDoc{}, err
	}
	if d.Previous != "" || w.alone() && previous.Sealed != "" {
		d.PreviousUntil = formatDate(previous.Until)
	}
	return d, nil
}

func (w *export) open(context, sealed string) (exact, error) {
	if w.vault == nil || sealed == "" {
		return "", nil
	}
	plain, err := w.vault.Open(sealed, context)
	if err != nil {
		return "", fmt.Errorf("open the secret of %s: %w", context, err)
	}
	return exact(plain), nil
}

func (w *export) tools() error {
	return each(w, store.Tools, func(t lti.Tool) error {
		d, err := w.tool(t, "tool/"+t.Domain+"/"+t.ID)
		if err != nil {
			return err
		}
		d.Domain = t.Domain
		w.doc.Tools = append(w.doc.Tools, d)
		return nil
	})
}

func (w *export) tool(t lti.Tool, context string) (toolDoc, error) {
	secrets, err := w.secrets(context, t.Secret, t.Previous)
	if err != nil {
		return toolDoc{}, err
	}
	service := func(s lti.Service) serviceDoc {
		return serviceDoc{Enabled: s.Enabled, ValidFor: optionalDuration(s.ValidFor)}
	}
	return toolDoc{
		ID: t.ID, Name: exact(t.Name), Disabled: t.Disabled, URL: exact(t.URL), Key: exact(t.Key), secretDoc: secrets,
		SignatureMethod: t.SignatureMethod, NonceLifetime: optionalDuration(t.NonceLifetime),
		Passback: service(t.Passback), Roster: service(t.Roster), Setting: service(t.Setting),
		Send: t.Send, Custom: exactMap(t.Custom), OriginalCase: t.SendOriginalCase, Target: t.Target, Width: t.Width, Height: t.Height,
		ContentItems: contentItems(t.ContentItems), About: about(t.About), Placements: placements(t.Placements),
		Extensions: extensions(t.Extensions),
	}, nil
}
