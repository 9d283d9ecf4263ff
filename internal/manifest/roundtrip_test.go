package manifest_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// content is a store's configuration as a manifest can tell it.
type content struct {
	Domains   []lti.Domain
	Users     []lti.User
	Consumers []lti.ToolConsumer
	Tools     []lti.Tool
	Courses   []lti.Course
	Members   []lti.Membership
}

// content reads the configuration with secrets opened and without what a
// manifest does not tell: random keys and when records were made.
func (h *hub) content(t *rapid.T) content {
	c := content{
		all(t, h, store.Domains), all(t, h, store.Users), all(t, h, store.ToolConsumers),
		all(t, h, store.Tools), all(t, h, store.Courses), all(t, h, store.Memberships),
	}
	open := func(context string, secrets ...*lti.Secret) {
		for _, s := range secrets {
			if s.Sealed == "" {
				continue
			}
			plain, err := h.vault.Open(s.Sealed, context)
			if err != nil {
				t.Fatal(err)
			}
			s.Sealed = plain
		}
	}
	for i := range c.Users {
		c.Users[i].Handle, c.Users[i].Created = "", time.Time{}
	}
	for i := range c.Consumers {
		open("tool_consumer/"+c.Consumers[i].Domain+"/"+c.Consumers[i].ID, &c.Consumers[i].Secret, &c.Consumers[i].Previous)
	}
	tools := func(tools []lti.Tool, at string) {
		for i := range tools {
			open("tool/"+at+tools[i].ID, &tools[i].Secret, &tools[i].Previous)
			tools[i].IDKey = nil
		}
	}
	tools(c.Tools, "uni/")
	for i := range c.Courses {
		at := c.Courses[i].Ref().String() + "/"
		tools(c.Courses[i].Tools, at)
		for j := range c.Courses[i].Protection {
			open("protection/"+at+c.Courses[i].Protection[j].Key, &c.Courses[i].Protection[j].Secret)
			c.Courses[i].Protection[j].NotBefore = time.Time{}
		}
		c.Courses[i].DigestKey, c.Courses[i].Created = nil, time.Time{}
	}
	for i := range c.Members {
		c.Members[i].Digest, c.Members[i].Created = "", time.Time{}
	}
	return c
}

// What records may hold.
func name() *rapid.Generator[string] { return rapid.StringMatching(`[a-z0-9][a-z0-9._~@+-]{0,6}`) }
func username() *rapid.Generator[string] {
	return rapid.StringMatching(`[a-zA-Z0-9][a-z0-9._@+-]{0,6}`)
}
func title() *rapid.Generator[string] {
	awkward := []string{"", "null", "~", "true", "0x1f", "1e3", "2026-01-01", "a: b", "# no", "- x", "*a", "&b", "!c", "%d", " led", "trail ", "é😀", `"q"`, "'s'", "{", "[", "<<", "=", "|", ">"}
	return rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[ -~\t\n]{0,20}`), rapid.StringMatching(`\pL{0,5}`))
}
func long() *rapid.Generator[string] {
	return rapid.OneOf(title(), rapid.StringMatching("[ \n\t\r:#a-z\u0085\u2028\ufeff\x07-]{0,12}"))
}
func secret() *rapid.Generator[string] { return rapid.StringMatching("[ -~\n\t]{1,12}") }
func date() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(0, 4e9), func(s int64) time.Time {
		if s%3 == 0 {
			return time.Time{}
		}
		return time.Unix(s, 0).UTC()
	})
}
func length() *rapid.Generator[time.Duration] {
	return rapid.Map(rapid.Int64Range(1e9, 24*3600e9), func(n int64) time.Duration { return time.Duration(n) })
}
func some(g *rapid.Generator[string]) *rapid.Generator[[]string] {
	return rapid.SliceOfNDistinct(g, 0, 3, rapid.ID[string])
}

// world draws configurations.
type world struct {
	t *rapid.T
	h *hub
	n int
}

func pick[V any](w *world, g *rapid.Generator[V]) V { return g.Draw(w.t, "v") }

// unique is a name that occurs nowhere else.
func (w *world) unique() string {
	w.n++
	return fmt.Sprintf("n%d%s", w.n, pick(w, name()))
}

func (w *world) seal(context string) lti.Secret {
	sealed, err := w.h.vault.Seal(pick(w, secret()), context)
	if err != nil {
		w.t.Fatal(err)
	}
	return lti.Secret{Sealed: sealed}
}

func (w *world) previous(context string) lti.Secret {
	if pick(w, rapid.Bool()) {
		return lti.Secret{}
	}
	s := w.seal(context)
	s.Until = pick(w, date())
	return s
}

func (w *world) custom() map[string]string {
	return pick(w, rapid.MapOfN(rapid.StringMatching(`[ -~]{1,8}|<<|null|1`), long(), 0, 3))
}

func (w *world) consumer() lti.ToolConsumer {
	flag, method := rapid.Bool(), rapid.SampledFrom([]string{"HMAC-SHA1", "HMAC-SHA256"})
	roles := some(rapid.SampledFrom([]string{"Learner", "Instructor", "urn:lti:role:ims/lis/Mentor", "x"}))
	c := lti.ToolConsumer{
		Domain: "uni", ID: w.unique(), Name: pick(w, title()), Disabled: pick(w, flag), Key: w.unique(),
		NonceLifetime: pick(w, length()), SignatureMethods: []string{pick(w, method)},
		UserIdentity: pick(w, flag), CourseIdentity: pick(w, flag),
		Enabled: w.period(), InstanceGUID: pick(w, rapid.OneOf(rapid.Just(""), name())),
		Users: lti.UserRules{Match: pick(w, rapid.SampledFrom([]string{"user_id", "custom_a", "ext_b"})), CreateFor: pick(w, roles),
			Create: pick(w, rapid.SampledFrom([]string{"auto", "ask", "existing"})), CreateBy: pick(w, rapid.MapOfN(rapid.SampledFrom([]string{"Learner", "null", "<<"}), rapid.SampledFrom([]string{"auto", "ask", "existing"}), 0, 2)), Info: "directory", BindExisting: pick(w, flag)},
		Courses:   lti.CourseRules{Match: "custom_c", StoreMapping: pick(w, flag), CreateFor: pick(w, roles), Types: pick(w, some(name())), TailOverMapping: pick(w, flag)},
		Roles:     pick(w, rapid.MapOfN(rapid.SampledFrom([]string{"Learner", "null", "<<"}), rapid.SampledFrom(lti.CourseRoles()), 0, 2)),
		SelfEnrol: pick(w, roles), Section: pick(w, title()),
		Roster: lti.RosterRules{
			Pull: pick(w, flag), OnInstructorLaunch: pick(w, flag), Keep: pick(w, flag), Every: time.Minute * time.Duration(pick(w, rapid.IntRange(0, 5000))),
			Brake: pick(w, rapid.SampledFrom([]float64{0, 0.01, 0.25, 1})),
		},
		Passback: lti.PassbackRules{Format: pick(w, rapid.SampledFrom([]string{"1.0", "1.1"})), Score: "ratio", Signature: pick(w, method), Rate: pick(w, rapid.IntRange(0, lti.MaxRate)), ReadFirst: pick(w, rapid.Bool())},
		Logout:   lti.LogoutRules{CallbackParam: pick(w, rapid.OneOf(rapid.Just(""), name()))},
		Menu:     lti.Menu{Header: pick(w, flag), Items: pick(w, some(name()))},
	}
	context := "tool_consumer/uni/" + c.ID
	c.Secret, c.Previous = w.seal(context), w.previous(context)
	return c
}

func (w *world) tool(course string) lti.Tool {
	service := func() lti.Service { return lti.Service{Enabled: pick(w, rapid.Bool()), ValidFor: pick(w, length())} }
	t := lti.Tool{
		Domain: "uni", Course: course, ID: w.unique(), Name: pick(w, title()), Disabled: pick(w, rapid.Bool()),
		URL: "https://tool.example/?q=" + w.unique(), Key: pick(w, rapid.StringMatching(`[ -~]{1,9}`)),
		SignatureMethod: "HMAC-SHA256", NonceLifetime: pick(w, length()),
		Passback: service(), Roster: service(), Setting: service(),
		Send: pick(w, some(rapid.SampledFrom([]string{"name", "email", "username", "roles"}))), Custom: w.custom(), SendOriginalCase: pick(w, rapid.Bool()),
		Target: pick(w, rapid.SampledFrom([]string{"iframe", "window", "tab"})),
		Width:  pick(w, rapid.IntRange(0, 900)), Height: pick(w, rapid.IntRange(0, 900)), IDKey: []byte("k"),
	}
	w.tellOf(&t)
	context := "tool/uni/" + t.ID
	if course != "" {
		context = "tool/uni/" + course + "/" + t.ID
	}
	t.Secret, t.Previous = w.seal(context), w.previous(context)
	return t
}

func (w *world) extensions(depth int) []lti.ToolExtension {
	var all []lti.ToolExtension
	for range pick(w, rapid.IntRange(0, depth)) {
		e := lti.ToolExtension{Name: w.unique(), Properties: w.custom(), Options: w.extensions(depth - 1)}
		all = append(all, e)
	}
	return all
}

// tellOf draws what a tool tells of itself.
func (w *world) tellOf(t *lti.Tool) {
	url := rapid.SampledFrom([]string{"", "http://t.example/i.png", "https://t.example/?a=1&b='2'"})
	t.ContentItems = lti.ContentItems{Off: pick(w, rapid.Bool()), URL: pick(w, url)}
	t.About = lti.ToolAbout{
		Description: pick(w, long()), Icon: pick(w, url), SecureIcon: pick(w, url),
		Vendor: lti.Vendor{Code: pick(w, title()), Name: pick(w, title()), Description: pick(w, long()), URL: pick(w, url), Contact: pick(w, title())},
	}
	t.Extensions = w.extensions(2)
	for range pick(w, rapid.IntRange(0, 2)) {
		t.Placements = append(t.Placements, lti.ToolPlacement{
			Name: w.unique(), URL: pick(w, url), Text: pick(w, title()), Icon: pick(w, url), MessageType: pick(w, title()),
			Enabled: pick(w, title()), Default: pick(w, title()), Visibility: pick(w, title()), WindowTarget: pick(w, title()),
			Width: pick(w, rapid.IntRange(0, 900)), Height: pick(w, rapid.IntRange(0, 900)), Custom: w.custom(), Labels: w.custom(),
		})
	}
}

func (w *world) period() lti.Period {
	p := lti.Period{Start: pick(w, date()), End: pick(w, date())}
	if !p.End.After(p.Start) {
		p.End = time.Time{}
	}
	return p
}

func (w *world) links(tools []lti.Tool) []lti.ResourceLink {
	var links []lti.ResourceLink
	for range pick(w, rapid.IntRange(0, 2)) {
		l := lti.ResourceLink{
			ID: w.unique(), Tool: pick(w, rapid.SampledFrom(tools)).ID, Title: pick(w, title()), Description: pick(w, long()),
			Points: pick(w, rapid.Float64Range(0, 1e6)), Custom: w.custom(),
			Protected: pick(w, rapid.Bool()), Policy: pick(w, rapid.SampledFrom([]string{"", "best", "first", "latest"})), Due: pick(w, date()), History: pick(w, some(rapid.StringMatching(`[ -~]{1,9}`))),
		}
		if pick(w, rapid.Bool()) {
			l.Tiny, l.URL = w.unique(), "http://x.example/"
		}
		links = append(links, l)
	}
	return links
}

func (w *world) course(tools []lti.Tool, users []lti.User) (lti.Course, []lti.Membership) {
	c := lti.Course{
		Domain: "uni", ID: w.unique(), Title: pick(w, title()), Label: pick(w, title()), Type: pick(w, rapid.OneOf(rapid.Just(""), name())),
		Owner: pick(w, rapid.SampledFrom(users)).Username, Disabled: pick(w, rapid.Bool()), Enrolment: w.period(),
		Sections: pick(w, some(rapid.StringMatching(`[ -~]{1,5}`))), Groups: pick(w, some(name())), History: pick(w, some(name())),
		DigestKey: []byte("key"), Source: pick(w, rapid.SampledFrom([]string{"manifest", "admin", "campus"})),
	}
	if pick(w, rapid.Bool()) {
		items := pick(w, rapid.SampledFrom([][]string{{}, {"results"}, {"grades", "roster"}}))
		c.Menu = lti.MenuChange{Header: new(bool), Items: &items}
	}
	for range pick(w, rapid.IntRange(0, 2)) {
		key := w.unique()
		c.Protection = append(c.Protection, lti.Protection{Key: key, Secret: w.seal("protection/uni/" + c.ID + "/" + key), Lifetime: pick(w, length())})
		c.Tools = append(c.Tools, w.tool(c.ID))
	}
	tools = append(append([]lti.Tool{}, tools...), c.Tools...)
	for range pick(w, rapid.IntRange(0, 2)) {
		c.Folders = append(c.Folders, lti.Folder{ID: w.unique(), Title: pick(w, title()), Protected: pick(w, rapid.Bool()), Links: w.links(tools)})
	}
	c.Links = w.links(tools)
	var members []lti.Membership
	for _, u := range users {
		m := lti.Membership{
			Domain: "uni", Course: c.ID, Username: u.Username, Role: pick(w, rapid.SampledFrom(lti.CourseRoles())), Section: pick(w, rapid.StringMatching(`[ -~]{0,5}`)),
			Status: pick(w, rapid.SampledFrom([]string{"active", "dropped"})), Period: c.Enrolment, Given: c.Enrolment, Source: pick(w, rapid.SampledFrom([]string{"manifest", "campus"})),
			Locked: pick(w, rapid.Bool()), Digest: u.Username,
		}
		if pick(w, rapid.Bool()) {
			m.Period = w.period()
		}
		members = append(members, m)
	}
	return c, members
}

// fill puts a drawn configuration into the store.
func (w *world) fill() {
	var users []lti.User
	for _, username := range pick(w, rapid.SliceOfNDistinct(username(), 1, 3, rapid.ID[string])) {
		users = append(users, lti.User{
			Domain: "uni", Username: username, GivenName: pick(w, title()), FamilyName: pick(w, title()), FullName: pick(w, title()),
			Email: pick(w, title()), Admin: pick(w, rapid.Bool()), Disabled: pick(w, rapid.Bool()), Handle: "h" + username,
			Source: pick(w, rapid.SampledFrom([]string{"manifest", "campus", "admin"})),
		})
	}
	consumer, tool := w.consumer(), w.tool("")
	course, members := w.course([]lti.Tool{tool}, users)
	err := w.h.store.Update(w.t.Context(), func(tx store.Tx) error {
		if err := store.Domains.Put(tx, lti.Domain{ID: "uni", Name: "University", Username: lti.UsernameRule{
			Pattern: pick(w, rapid.SampledFrom([]string{"", "^[a-z0-9._-]{2,32}$"})), From: pick(w, rapid.SampledFrom([]string{"", "matched", "email_local"})), Lower: pick(w, rapid.Bool()),
		}}); err != nil {
			return err
		}
		for _, u := range users {
			if err := store.Users.Put(tx, u); err != nil {
				return err
			}
		}
		for _, m := range members {
			if err := store.Memberships.Put(tx, m); err != nil {
				return err
			}
		}
		if err := store.ToolConsumers.Put(tx, consumer); err != nil {
			return err
		}
		if err := store.Tools.Put(tx, tool); err != nil {
			return err
		}
		return store.Courses.Put(tx, course)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestExportMakesTheSameConfigurationAgain holds that an export with secrets
// makes an empty store the same, and that no export changes the store that it
// came from.
func TestExportMakesTheSameConfigurationAgain(t *testing.T) {
	t.Parallel()
	first, second := newHub(t), newHub(t)
	rapid.Check(t, func(rt *rapid.T) {
		first.wipe(rt)
		second.wipe(rt)
		w := &world{t: rt, h: first}
		w.fill()
		exported := first.export(rt, true)
		second.apply(rt, exported)
		if diff := cmp.Diff(first.content(rt), second.content(rt), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("the copy differs (-first +second):\n%s\nexport:\n%s", diff, exported)
		}
		if again := second.export(rt, true); again != exported {
			rt.Fatalf("export of the copy:\n%s\nwant:\n%s", again, exported)
		}
		before := first.state(rt)
		for _, withSecrets := range []bool{true, false} {
			if report := first.apply(rt, first.export(rt, withSecrets)); report.Changed() {
				rt.Fatalf("its own export changed %v", report)
			}
		}
		if after := first.state(rt); after != before {
			rt.Fatal("its own export wrote to the store")
		}
	})
}

// wipe empties the store.
func (h *hub) wipe(t *rapid.T) {
	err := h.store.Update(t.Context(), func(tx store.Tx) error {
		return errors.Join(
			wipe(tx, store.Domains), wipe(tx, store.Users), wipe(tx, store.ToolConsumers), wipe(tx, store.Tools),
			wipe(tx, store.Courses), wipe(tx, store.Memberships), wipe(tx, store.Audit))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func wipe[T any](tx store.Tx, c *store.Collection[T]) error {
	return c.All(tx, "", func(v T) error { return c.Delete(tx, store.Split(c.Key(v))...) })
}
