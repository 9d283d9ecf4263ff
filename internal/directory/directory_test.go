package directory_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/internal/store/bolt"
)

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func newDirectory(t testing.TB) *directory.Directory {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "store.db"), bolt.Options{Now: func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	err = s.Update(context.Background(), func(tx store.Tx) error { return store.Domains.Put(tx, lti.Domain{ID: "uni"}) })
	if err != nil {
		t.Fatal(err)
	}
	return &directory.Directory{Store: s, NewID: newID}
}

func replace(t testing.TB, d *directory.Directory, text string) lti.DirectoryLoad {
	t.Helper()
	load, err := d.Stage(t.Context(), "uni", strings.NewReader(text), "root")
	if err != nil {
		t.Fatalf("Stage() = %v", err)
	}
	if _, err := d.Commit(t.Context(), "uni", load.ID, "root"); err != nil {
		t.Fatalf("Commit() = %v", err)
	}
	return load
}

func rows(t testing.TB, d *directory.Directory) int {
	t.Helper()
	n := 0
	err := d.Store.View(t.Context(), func(tx store.Tx) error {
		return store.DirectoryPeople.All(tx, "", func(lti.DirectoryPerson) error { n++; return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const sample = "\xef\xbb\xbfUsername,given_name,Family_Name,email,sourcedid,room\nada,Ada,Moss,Ada@uni.example,S1,12\nbea,\"Bea, the\nsecond\",,,,\n"

func TestFindByWhatTheValueIs(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	c := &lti.ToolConsumer{Domain: "uni"}
	if _, found, err := d.Find(t.Context(), c, "ada"); found || err != nil {
		t.Errorf("without a directory: %v, %v", found, err)
	}
	load, err := d.Stage(t.Context(), "uni", strings.NewReader(strings.Replace(sample, "Bea, the\nsecond", "Bea", 1)), "root")
	if err != nil {
		t.Fatal(err)
	}
	if _, found, _ := d.Find(t.Context(), c, "ada"); found {
		t.Error("a file that waits is in force")
	}
	if _, err := d.Commit(t.Context(), "uni", load.ID, "root"); err != nil {
		t.Fatal(err)
	}
	ada := lti.Person{SourcedID: "S1", GivenName: "Ada", FamilyName: "Moss", Email: "Ada@uni.example"}
	for _, tt := range []struct {
		match, value string
		want         lti.Person
	}{
		{"user_id", "ada", ada}, {"lis_person_contact_email_primary", "aDA@uni.example", ada}, {"lis_person_sourcedid", "S1", ada},
		{"lis_person_sourcedid", "ada", ada}, {"user_id", "S1", lti.Person{}}, {"user_id", "Ada", lti.Person{}},
		{"lis_person_contact_email_primary", "", lti.Person{}}, {"user_id", "a\x00", lti.Person{}},
	} {
		c.Users.Match = tt.match
		got, found, err := d.Find(t.Context(), c, tt.value)
		if err != nil || found != (tt.want != lti.Person{}) || got != tt.want {
			t.Errorf("Find(%s, %q) = %+v, %v, %v", tt.match, tt.value, got, found, err)
		}
	}
}

func TestSharedAddressFindsNobody(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	replace(t, d, "username;email\na;x@uni.example\nb;X@uni.example\n")
	c := &lti.ToolConsumer{Domain: "uni", Users: lti.UserRules{Match: "lis_person_contact_email_primary"}}
	if _, found, err := d.Find(t.Context(), c, "x@uni.example"); found || err != nil {
		t.Errorf("Find() = %v, %v", found, err)
	}
}

func TestStageCountsAndReplacesWhole(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	var text strings.Builder
	text.WriteString("username,full_name\n")
	for i := range 1300 {
		fmt.Fprintf(&text, "u%d,Person %d\n", i, i)
	}
	first := replace(t, d, text.String())
	if first.Rows != 1300 || first.Added != 1300 || first.Removed != 0 {
		t.Errorf("first load = %+v", first)
	}
	second := replace(t, d, "username,full_name\nu1,Person 1\nu2,Other\nnew,New\n")
	if second.Rows != 3 || second.Added != 1 || second.Changed != 1 || second.Removed != 1298 {
		t.Errorf("second load = %+v", second)
	}
	if n := rows(t, d); n != 3 {
		t.Errorf("%d rows are kept, want 3", n)
	}
	if _, err := d.Commit(t.Context(), "uni", second.ID, "root"); !errors.Is(err, directory.ErrStale) {
		t.Errorf("Commit() again = %v, want ErrStale", err)
	}
	if _, err := d.Stage(t.Context(), "none", strings.NewReader(sample), "root"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Stage() of an unknown domain = %v", err)
	}
}

func TestFaultsAreListedWithTheirLines(t *testing.T) {
	t.Parallel()
	d := newDirectory(t)
	tests := []struct {
		name, text string
		want       []int
	}{
		{"nothing", "", []int{1}},
		{"no people", "username\n", []int{1}},
		{"no username", "name,email\nada,x\n", []int{1}},
		{"twice a column", "username,email,email\nada,a@b,a@b\n", []int{1}},
		{"rows", "username,email\nada,a@b\n,x@y\nada,c@d\nbea\ncleo,nobody\n", []int{3, 4, 5, 6}},
		{"control character", "username\na\x01\n", []int{2}},
		{"not UTF-8", "username\n\xff\xfe\n", []int{2}},
		{"a bare quote", "username,full_name\nada,A\"da\nbea,\n,x\n", []int{2, 4}},
		{"line in quotes", sample, []int{3}},
	}
	for _, tt := range tests {
		_, err := d.Stage(t.Context(), "uni", strings.NewReader(tt.text), "root")
		var faults directory.Faults
		if !errors.As(err, &faults) {
			t.Errorf("%s: Stage() = %v, want faults", tt.name, err)
			continue
		}
		var lines []int
		for _, f := range faults {
			lines = append(lines, f.Line)
		}
		if diff := cmp.Diff(tt.want, lines); diff != "" {
			t.Errorf("%s: lines (-want +got):\n%s\n%v", tt.name, diff, err)
		}
	}
	if n := rows(t, d); n != 0 {
		t.Errorf("faulty files left %d rows", n)
	}
}

func FuzzStage(f *testing.F) {
	f.Add(sample)
	f.Add("username;email\na;b@c\n")
	f.Add("username\n\"")
	d := newDirectory(f)
	f.Fuzz(func(t *testing.T, text string) {
		load, err := d.Stage(t.Context(), "uni", strings.NewReader(text), "root")
		var faults directory.Faults
		if err != nil && !errors.As(err, &faults) {
			t.Fatalf("Stage(%q) = %v", text, err)
		}
		if err == nil && load.Rows == 0 {
			t.Errorf("Stage(%q) took a file without people", text)
		}
	})
}
