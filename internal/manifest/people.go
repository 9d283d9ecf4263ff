package manifest

import "github.com/ltihub/ltihub/internal/lti"

type domainEntry struct {
	entry[lti.Domain]
	id string
}

func readDomain(v value) domainEntry {
	e := domainEntry{entry: entry[lti.Domain]{place: v.place}}
	present := v.mapping(keys{
		"id":       into(&e.id, checked(lti.CheckName)),
		"name":     put(&e.entry, func(d *lti.Domain) *string { return &d.Name }, value.title),
		"username": func(v value) { readUsernameRule(v, &e.entry) },
	})
	v.require(present, "id")
	return e
}

// readUsernameRule reads the rule for usernames that launches make.
func readUsernameRule(v value, d *entry[lti.Domain]) {
	v.mapping(keys{
		"pattern": put(d, func(d *lti.Domain) *string { return &d.Username.Pattern }, orEmpty(checked(checkPattern))),
		"from":    put(d, func(d *lti.Domain) *string { return &d.Username.From }, oneOf(lti.UsernameMatched, lti.UsernameEmailLocal)),
		"lower":   put(d, func(d *lti.Domain) *bool { return &d.Username.Lower }, value.boolean),
	})
}

func checkPattern(pattern string) error { return lti.UsernameRule{Pattern: pattern}.Check() }

type userEntry struct {
	entry[lti.User]
	domain, username string
	// password is the plain local password; empty leaves it as it is.
	password string
}

func readUser(v value) userEntry {
	e := userEntry{entry: entry[lti.User]{place: v.place}}
	present := v.mapping(keys{
		"domain":      into(&e.domain, checked(lti.CheckName)),
		"username":    into(&e.username, checked(lti.CheckUsername)),
		"given_name":  put(&e.entry, func(u *lti.User) *string { return &u.GivenName }, value.title),
		"family_name": put(&e.entry, func(u *lti.User) *string { return &u.FamilyName }, value.title),
		"full_name":   put(&e.entry, func(u *lti.User) *string { return &u.FullName }, value.title),
		"email":       put(&e.entry, func(u *lti.User) *string { return &u.Email }, value.title),
		"admin":       put(&e.entry, func(u *lti.User) *bool { return &u.Admin }, value.boolean),
		"disabled":    put(&e.entry, func(u *lti.User) *bool { return &u.Disabled }, value.boolean),
		"source":      put(&e.entry, func(u *lti.User) *string { return &u.Source }, checked(lti.CheckName)),
		"password":    into(&e.password, value.password),
	})
	v.require(present, "domain", "username")
	return e
}

// password reads a plain password; "" sets none. Its fault does not repeat it.
func (v value) password() string {
	s := v.text()
	if len(s) > maxSecret {
		v.fault("is longer than %d bytes", maxSecret)
	}
	return s
}

// newUser is an account as the manifest makes it.
func newUser(domain, username string) lti.User {
	return lti.User{Domain: domain, Username: username, Source: sourceManifest}
}

// sourceManifest is the source of records that a manifest made.
const sourceManifest = "manifest"
