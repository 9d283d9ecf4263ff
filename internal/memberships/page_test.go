package memberships_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/memberships"
)

func page() memberships.Page {
	m := ada()
	m.Groups = nil
	m.Status = memberships.Active
	m.Roles = lti.ParseRoles("lism:Learner")
	m.Custom = map[string]string{"k": "v"}
	return memberships.Page{
		ID: "https://lms.example.org/m/5?limit=2", Next: "https://lms.example.org/m/5?limit=2&from=2",
		ContextID: "bio-101-f26", ContextTitle: "Biology", Members: []memberships.Member{m},
	}
}

func TestParsePageReadsFixedTexts(t *testing.T) {
	t.Parallel()
	got, err := memberships.ParsePage([]byte(fixed(t, "page.json")))
	if diff := cmp.Diff(page(), got); err != nil || diff != "" {
		t.Errorf("ParsePage = %v (-want +got):\n%s", err, diff)
	}
	got, err = memberships.ParsePage([]byte(fixed(t, "page_odd.json")))
	want := memberships.Page{ContextID: "5", Members: []memberships.Member{
		{UserID: "7", Status: memberships.Inactive, Roles: lti.ParseRoles("http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor")},
		{UserID: "8", Status: memberships.Deleted},
		{UserID: "9", Status: memberships.Active, ResultSourcedID: "cell-9", Ext: map[string]string{"n": "1", "z": ""}},
	}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("ParsePage of an odd page = %v (-want +got):\n%s", err, diff)
	}
}

func TestPageWritesGolden(t *testing.T) {
	t.Parallel()
	got, err := page().JSON()
	if want := fixed(t, "built_page.json"); err != nil || string(got) != want {
		t.Errorf("JSON = %s, %v\nwant %s", got, err, want)
	}
}

func TestParsePageRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "null", "[]", "{}", `{"pageOf":{}}`, `{"pageOf":{"membershipSubject":null}}`, "<html>", `{"pageOf":{"membershipSubject":{"membership":7}}}`} {
		if _, err := memberships.ParsePage([]byte(in)); !errors.Is(err, memberships.ErrNotRoster) {
			t.Errorf("ParsePage(%q) = %v, want ErrNotRoster", in, err)
		}
	}
}

func TestPageComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := memberships.Page{ID: text().Draw(t, "id"), Next: text().Draw(t, "next"), ContextID: text().Draw(t, "context"),
			Members: rapid.SliceOfN(members(), 1, 5).Draw(t, "members")}
		for i := range want.Members {
			m := &want.Members[i]
			m.Groups = nil
			m.Status = rapid.SampledFrom([]string{memberships.Active, memberships.Inactive, memberships.Deleted}).Draw(t, "status")
			for j, r := range m.Roles {
				m.Roles[j] = lti.ParseRoles(r.URI())[0]
			}
		}
		b, err := want.JSON()
		if err != nil {
			t.Fatal(err)
		}
		got, err := memberships.ParsePage(b)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("ParsePage of JSON = %v (-want +got):\n%s", err, diff)
		}
	})
}

func FuzzParsePage(f *testing.F) {
	f.Add([]byte(fixed(f, "page.json")))
	f.Add([]byte(fixed(f, "page_odd.json")))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := memberships.ParsePage(body)
		if err != nil {
			if !errors.Is(err, memberships.ErrNotRoster) {
				t.Errorf("ParsePage(%q) = %v", body, err)
			}
			return
		}
		if _, err := p.JSON(); err != nil {
			t.Errorf("JSON of what %q says = %v", body, err)
		}
	})
}
