package provider_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/cartridge"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/provider"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

func TestCartridge(t *testing.T) {
	t.Parallel()
	db, err := bolt.Open(t.TempDir()+"/store.db", bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	hostile := `</blti:title><script>&"`
	course := lti.Course{
		Domain: "uni", ID: "phys 1", Title: "Physics", Folders: []lti.Folder{{ID: "w1", Links: []lti.ResourceLink{{ID: "q/1", Title: hostile, Description: "Hard", Tiny: "q1"}}}},
	}
	err = db.Update(t.Context(), func(tx store.Tx) error {
		if err := store.Courses.Put(tx, course); err != nil {
			return err
		}
		return store.Courses.Put(tx, lti.Course{Domain: "uni", ID: "closed", Title: "Closed", Disabled: true})
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &provider.Provider{Store: db, PublicURL: "https://hub.example/base", Icon: "/static/favicon.1.svg"}
	tests := []struct {
		name                    string
		tail                    lti.Tail
		title, description, url string
		want                    lti.Cause
	}{
		{"all", lti.Tail{}, "ltihub", "Activities and grades, through ltihub", "/lti/launch", ""},
		{"course", lti.Tail{Domain: "uni", Course: "phys 1"}, "Physics", "", "/lti/launch/uni/phys%201", ""},
		{"folder", lti.Tail{Domain: "uni", Course: "phys 1", Folder: "w1"}, "w1", "Physics", "/lti/launch/uni/phys%201/f/w1", ""},
		{"link", lti.Tail{Domain: "uni", Course: "phys 1", Link: "q/1"}, hostile, "Hard", "/lti/launch/uni/phys%201/l/q%2F1", ""},
		{"tiny", lti.Tail{Domain: "uni", Tiny: "q1"}, hostile, "Hard", "/lti/launch/tiny/uni/q1", ""},
		{"unknown course", lti.Tail{Domain: "uni", Course: "x"}, "", "", "", lti.CauseUnknownCourse},
		{"closed course", lti.Tail{Domain: "uni", Course: "closed"}, "", "", "", lti.CauseUnknownCourse},
		{"unknown folder", lti.Tail{Domain: "uni", Course: "phys 1", Folder: "x"}, "", "", "", lti.CauseUnknownFolder},
		{"unknown link", lti.Tail{Domain: "uni", Course: "phys 1", Link: "x"}, "", "", "", lti.CauseUnknownLink},
		{"unknown tiny", lti.Tail{Domain: "uni", Tiny: "x"}, "", "", "", lti.CauseUnknownCourse},
		{"no key of the store", lti.Tail{Domain: "uni\x00", Course: "x"}, "", "", "", lti.CauseUnknownCourse},
	}
	for _, tt := range tests {
		got, err := p.Cartridge(t.Context(), tt.tail)
		if tt.want != "" {
			if lti.Reason(err).Cause != tt.want {
				t.Errorf("%s: Cartridge() = %v, want %s", tt.name, err, tt.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		read, err := cartridge.Parse(cartridge.Write(got))
		if err != nil {
			t.Errorf("%s: what is written can't be read: %v", tt.name, err)
			continue
		}
		address := "https://hub.example/base" + tt.url
		want := cartridge.Link{
			Title: tt.title, Description: tt.description, LaunchURL: address, SecureLaunchURL: address,
			Icon: "https://hub.example/base/static/favicon.1.svg", SecureIcon: "https://hub.example/base/static/favicon.1.svg",
			Vendor: cartridge.Vendor{Code: "hub.example", Name: "ltihub", URL: "https://hub.example/base"},
			Canvas: cartridge.Canvas{ToolID: "ltihub", PrivacyLevel: "public", Domain: "hub.example"},
		}
		if diff := cmp.Diff(want, read); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}
