package consumer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/consumer"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/outcome"
	"github.com/ltihub/ltihub/internal/setting"
	"github.com/ltihub/ltihub/internal/store"
)

// granted is a service id with what it was issued for.
type granted struct {
	service, id, tool string
	at                time.Time
	dead              bool
}

// grants is a link in which grants come and go.
type grants struct {
	*hub
	link string
	ids  []granted
}

// end marks what was issued for the services, of all without any.
func (g *grants) end(services ...string) {
	for i, id := range g.ids {
		for _, service := range services {
			g.ids[i].dead = g.ids[i].dead || id.service == service
		}
	}
}

func (g *grants) service(tool *lti.Tool, service string) *lti.Service {
	switch service {
	case lti.ServiceGrade:
		return &tool.Passback
	case lti.ServiceRoster:
		return &tool.Roster
	}
	return &tool.Setting
}

// toggle switches a service of a tool over, of the domain's or the course's own.
func (g *grants) toggle(tool, service string) {
	change := func(t *lti.Tool) {
		s := g.service(t, service)
		s.Enabled = !s.Enabled
	}
	if tool == "own" {
		g.changeCourse(func(c *lti.Course) { change(&c.Tools[0]) })
	} else {
		g.changeTool(tool, change)
	}
	if g.of() == tool {
		g.end(service)
	}
}

// of is the tool of the link now; "" if the link is gone.
func (g *grants) of() string { return g.get().Tool }

func (g *grants) get() (link lti.ResourceLink) {
	g.view(func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, "uni", "phys101")
		link, _, _ = c.Link(g.link)
		return err
	})
	return link
}

// put makes the link what it is given, or removes it.
func (g *grants) put(links ...lti.ResourceLink) {
	g.changeCourse(func(c *lti.Course) { c.Links = links })
}

func (g *grants) launchIt() {
	link := g.get()
	if link.ID == "" {
		return
	}
	p := g.launch("bob", g.link).Params
	for service, name := range map[string]string{
		lti.ServiceGrade: "lis_result_sourcedid", lti.ServiceRoster: "ext_ims_lis_memberships_id", lti.ServiceSetting: "ext_ims_lti_tool_setting_id",
	} {
		if id := p.Value(name); id != "" {
			g.ids = append(g.ids, granted{service: service, id: id, tool: link.Tool, at: g.clock.now()})
		}
	}
}

// taken reports whether the id is accepted now of the tool that it was for.
func (g *grants) taken(id granted) bool {
	ctx, s := context.Background(), g.signer(id.tool)
	switch id.service {
	case lti.ServiceGrade:
		_, r := g.answer(g.pox(s, outcome.Request{Operation: outcome.Read, SourcedID: id.id}))
		return r.CodeMajor == outcome.Success
	case lti.ServiceRoster:
		r, _ := g.ServeRoster(ctx, g.rosterRequest(id.tool, id.id, false))
		return r != nil
	}
	load := g.form(s, settingURL, setting.BuildRequest(setting.Request{Operation: setting.Load, ID: id.id}))
	return strings.Contains(string(g.Setting(ctx, load).Body), "<codemajor>Success<")
}

// TestGrantsEndForGood holds that a service id is accepted, within its time, for
// as long as link and switch stand that it was issued under, and never again
// once one of them was taken away, though it comes back.
func TestGrantsEndForGood(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	const validFor = 24 * time.Hour // of rosters, the shortest
	rapid.Check(t, func(rt *rapid.T) {
		g := &grants{hub: h, link: "changing"}
		whole := lti.ResourceLink{ID: g.link, Tool: "quizzer", Points: 10}
		g.put()
		g.put(whole)
		for _, id := range []string{"quizzer", "own"} {
			for _, service := range lti.Services() {
				g.ensure(id, service)
			}
		}
		services := rapid.SampledFrom(lti.Services())
		rt.Repeat(map[string]func(*rapid.T){
			"launch": func(*rapid.T) { g.launchIt() },
			"switch": func(rt *rapid.T) {
				g.toggle(rapid.SampledFrom([]string{"quizzer", "own"}).Draw(rt, "tool"), services.Draw(rt, "service"))
			},
			"remove": func(*rapid.T) {
				g.put()
				g.end(lti.Services()...)
			},
			"add": func(*rapid.T) {
				if g.get().ID == "" {
					g.put(whole)
				}
			},
			"other tool": func(rt *rapid.T) {
				link := g.get()
				tool := rapid.SampledFrom([]string{"quizzer", "own"}).Draw(rt, "tool")
				if link.ID != "" && link.Tool != tool {
					link.Tool = tool
					g.put(link)
					g.end(lti.Services()...)
				}
			},
			"other points": func(rt *rapid.T) {
				link := g.get()
				if link.ID == "" {
					rt.Skip("the link is gone")
				}
				link.Points = rapid.SampledFrom([]float64{0, 10, 20}).Draw(rt, "points")
				g.put(link)
				if link.Points == 0 {
					g.end(lti.ServiceGrade)
				}
			},
			"title": func(*rapid.T) { g.changeCourse(func(c *lti.Course) { c.Title += "x" }) },
			"step":  func(*rapid.T) { h.clock.step(time.Hour) },
			"off and on": func(rt *rapid.T) {
				tool, service := rapid.SampledFrom([]string{"quizzer", "own"}).Draw(rt, "tool"), services.Draw(rt, "service")
				g.toggle(tool, service)
				g.toggle(tool, service)
			},
			"use": func(rt *rapid.T) {
				for _, id := range g.ids[max(0, len(g.ids)-6):] {
					switch taken := g.taken(id); {
					case taken && id.dead:
						rt.Fatalf("an id of %s is accepted though its grant ended", id.service)
					case !taken && !id.dead && !h.clock.now().After(id.at.Add(validFor)):
						rt.Fatalf("an id of %s is refused though its grant stands", id.service)
					}
				}
			},
		})
	})
}

func (g *grants) ensure(tool, service string) {
	on := func(t *lti.Tool) { g.service(t, service).Enabled = true }
	if tool == "own" {
		g.changeCourse(func(c *lti.Course) { on(&c.Tools[0]) })
		return
	}
	g.changeTool(tool, on)
}

// A tool that the course gets under the id of the domain's does not inherit what
// was handed out to that, nor does the domain's when the course's own goes.
func TestGrantsEndWithTheToolBehindTheName(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	h.changeCourse(func(c *lti.Course) { c.Tools = append(c.Tools, h.tool("quizzer", "phys101")) })
	if a, r := h.send(replace(id, "0.4")); r.CodeMajor == outcome.Success {
		t.Errorf("an id of the domain's tool is taken of the course's: %d", a.Status)
	}
	own := h.sourcedID("bob", "quiz1")
	h.changeCourse(func(c *lti.Course) { c.Tools = c.Tools[:1] })
	for name, id := range map[string]string{"the domain's": id, "the course's": own} {
		if a, _ := h.send(replace(id, "0.4")); !strings.HasSuffix(a.Detail, "(cause 20)") {
			t.Errorf("afterwards an id of %s tool is answered %q", name, a.Detail)
		}
	}
}

func TestSettingGoesWithItsTool(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	keep := func() {
		h.update(func(tx store.Tx) error {
			return store.Settings.Put(tx, lti.ToolSetting{Domain: "uni", Course: "phys101", Link: "quiz1", Value: "its own"})
		})
	}
	kept := func() bool {
		err := h.Store.View(t.Context(), func(tx store.Tx) error {
			_, err := store.Settings.Get(tx, "uni", "phys101", "quiz1")
			return err
		})
		return err == nil
	}
	keep()
	h.changeCourse(func(c *lti.Course) { c.Title = "Physics" })
	if !kept() {
		t.Fatal("a setting goes with a change of the title")
	}
	h.changeCourse(func(c *lti.Course) { c.Tools = append(c.Tools, h.tool("quizzer", "phys101")) })
	if kept() {
		t.Error("another tool gets what the link's former one has kept")
	}
}

// A service that is off says so, as cause 21, though it has no secret any more.
func TestServiceThatIsOffSaysSo(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	id := h.sourcedID("bob", "quiz1")
	h.changeTool("quizzer", func(t *lti.Tool) { t.Passback.Enabled = false })
	if a, _ := h.send(replace(id, "0.4")); !strings.HasSuffix(a.Detail, "(cause 21)") {
		t.Errorf("the answer's detail is %q", a.Detail)
	}
	h.changeTool("quizzer", func(t *lti.Tool) { t.Passback.Enabled = true })
	if a, _ := h.send(replace(id, "0.4")); !strings.HasSuffix(a.Detail, "(cause 20)") {
		t.Errorf("after it is on again the answer's detail is %q", a.Detail)
	}
	if _, err := h.RevokeIDs(context.Background(), consumer.ServiceIDs{Domain: "uni", Tool: "quizzer"}, "root:uni"); err != nil {
		t.Fatal(err)
	}
}
