package launch_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/launch"
	"github.com/ltihub/ltihub/internal/lti"
)

func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, s)
}

func id() *rapid.Generator[string] {
	return rapid.Map(rapid.StringN(0, 60, 200), printable)
}

func text() *rapid.Generator[string] {
	return rapid.Map(rapid.StringN(0, 60, 1000), func(s string) string { return strings.ReplaceAll(s, "\x00", "") })
}

// items are what a comma-separated list may hold.
func items() *rapid.Generator[[]string] {
	return rapid.Map(rapid.SliceOfN(rapid.StringMatching(`[a-zA-Z:/*]{1,12}`), 0, 3), func(s []string) []string {
		if len(s) == 0 {
			return nil
		}
		return s
	})
}

func named(prefix string) *rapid.Generator[map[string]string] {
	name := rapid.Map(rapid.StringMatching(`[a-z0-9_]{1,10}`), func(s string) string { return prefix + s })
	return rapid.Map(rapid.MapOfN(name, text(), 0, 4), func(m map[string]string) map[string]string {
		if len(m) == 0 {
			return nil
		}
		return m
	})
}

func launches() *rapid.Generator[lti.Launch] {
	return rapid.Custom(func(t *rapid.T) lti.Launch {
		str := func(name string) string { return text().Draw(t, name) }
		mentors := rapid.SliceOfN(id().Filter(func(s string) bool { return s != "" }), 0, 3).Draw(t, "mentors")
		if len(mentors) == 0 {
			mentors = nil
		}
		return lti.Launch{
			ResourceLinkID: "x" + id().Draw(t, "link"), ResourceLinkTitle: str("title"), ResourceLinkDescription: str("description"),
			UserID: id().Draw(t, "user"), RoleScopeMentor: mentors,
			Roles: lti.ParseRoles(rapid.StringMatching(`[A-Za-z/#,: ]{0,40}`).Draw(t, "roles")),
			Person: lti.Person{SourcedID: id().Draw(t, "sourcedid"), GivenName: str("given"), FamilyName: str("family"),
				FullName: str("full"), Email: str("email"), Image: str("image")},
			ContextID: id().Draw(t, "context"), ContextType: items().Draw(t, "types"), ContextTitle: str("course"), ContextLabel: str("label"),
			CourseSourcedID: id().Draw(t, "offering"), SectionSourcedID: id().Draw(t, "section"),
			Outcome: lti.OutcomeService{URL: str("url"), FormURL: str("form"), SourcedID: id().Draw(t, "cell"),
				Values: items().Draw(t, "values"), DataValues: items().Draw(t, "data"),
				TotalScore: rapid.Bool().Draw(t, "total"), Submitted: rapid.Bool().Draw(t, "submitted")},
			Roster:  lti.ServiceEndpoint{URL: str("roster"), ID: id().Draw(t, "roster id")},
			Setting: lti.ServiceEndpoint{URL: str("setting"), ID: id().Draw(t, "setting id")},
			Instance: lti.Instance{GUID: str("guid"), Name: str("name"), Description: str("about"), URL: str("home"),
				ContactEmail: str("contact"), ProductFamily: str("product"), Version: str("version")},
			Return: lti.Presentation{Locale: str("locale"), DocumentTarget: str("target"), ReturnURL: str("return"),
				Width: rapid.IntRange(0, 65535).Draw(t, "width"), Height: rapid.IntRange(0, 65535).Draw(t, "height"), CSSURL: str("css")},
			Custom: named("custom_").Draw(t, "custom"),
			Ext:    named("ext_x").Draw(t, "ext"),
		}
	})
}

func TestWhatIsBuiltIsParsed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := launches().Draw(t, "launch")
		got, err := launch.Parse(launch.Build(want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("Parse of Build (-want +got):\n%s", diff)
		}
	})
}
