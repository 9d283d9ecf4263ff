package lti

import (
	"testing"

	"pgregory.net/rapid"
)

func guarded() Course {
	return Course{
		Domain: "uni", ID: "c",
		Folders: []Folder{
			{ID: "open", Links: []ResourceLink{{ID: "free"}, {ID: "alone", Protected: true}}},
			{ID: "shut", Protected: true, Links: []ResourceLink{{ID: "inside"}, {ID: "both", Protected: true}}},
		},
		Links: []ResourceLink{{ID: "loose"}, {ID: "guarded", Protected: true}},
	}
}

func TestProtected(t *testing.T) {
	t.Parallel()
	c := guarded()
	for link, want := range map[string]bool{
		"free": false, "alone": true, "inside": true, "both": true, "loose": false, "guarded": true, "none": false,
	} {
		if got := c.Protected(link); got != want {
			t.Errorf("Protected(%q) = %v, want %v", link, got, want)
		}
		if got := c.ProtectedPlace(Place{Course: c.Ref(), Link: link}); got != want {
			t.Errorf("ProtectedPlace(link %q) = %v, want %v", link, got, want)
		}
	}
	for folder, want := range map[string]bool{"open": false, "shut": true, "none": false, "": false} {
		if got := c.ProtectedPlace(Place{Course: c.Ref(), Folder: folder}); got != want {
			t.Errorf("ProtectedPlace(folder %q) = %v, want %v", folder, got, want)
		}
	}
}

func TestNeedsPassIsForThoseWhoCannotEdit(t *testing.T) {
	t.Parallel()
	for _, r := range append(CourseRoles(), "") {
		if r.NeedsPass() == r.CanEdit() {
			t.Errorf("%q needs a pass: %v, may edit: %v", r, r.NeedsPass(), r.CanEdit())
		}
	}
}

// A pass opens its own link, or the links of its own folder, and nothing else.
func TestPassOpensItsPlaceOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"", "a", "b"})
		course := rapid.SampledFrom([]CourseRef{{}, {"uni", "c"}, {"uni", "d"}, {"far", "c"}})
		place := Place{Course: course.Draw(t, "course"), Folder: name.Draw(t, "folder"), Link: name.Draw(t, "link")}
		in, folder, link := course.Draw(t, "of"), name.Draw(t, "in"), name.Draw(t, "opened")
		want := place.Course == in && in.ID != "" &&
			(place.Link != "" && place.Link == link || place.Link == "" && place.Folder != "" && place.Folder == folder)
		if got := place.Opens(in, folder, link); got != want {
			t.Errorf("%+v opens %s %s/%s: %v, want %v", place, in, folder, link, got, want)
		}
	})
}
