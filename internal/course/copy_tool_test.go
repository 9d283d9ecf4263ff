package course_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
)

// fillIn gives everything below v some value.
func fillIn(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fillIn(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[[]lti.ToolExtension]() {
			v.Set(reflect.ValueOf([]lti.ToolExtension{{Name: "p", Properties: map[string]string{"a": "b"}}}))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillIn(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf("v"))
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(7)
	}
}

// A copied course has its tools with all that they are, whatever a tool comes to
// be, under seals of its own; neither seals nor rings of the original are in it.
func TestCopyCarriesAllOfATool(t *testing.T) {
	t.Parallel()
	h := newHub(t)
	var own lti.Tool
	fillIn(reflect.ValueOf(&own).Elem())
	own.NotBefore = noon
	own.Domain, own.Course, own.ID = "uni", "phys101", "own"
	own.Secret, own.Previous = h.seal("plain", "tool/uni/phys101/own"), h.seal("older", "tool/uni/phys101/own")
	h.update(func(tx store.Tx) error {
		c, err := store.Courses.Get(tx, "uni", "phys101")
		c.Tools = []lti.Tool{own}
		if err != nil {
			return err
		}
		return store.Courses.Put(tx, c)
	})
	if _, err := h.Copy(t.Context(), original, course.Wanted{ID: "phys101-27"}, "ada"); err != nil {
		t.Fatal(err)
	}
	got := h.stored("phys101-27").Tools[0]
	for name, secret := range map[string]struct{ now, was lti.Secret }{"plain": {got.Secret, own.Secret}, "older": {got.Previous, own.Previous}} {
		plain, err := h.Vault.Open(secret.now.Sealed, "tool/uni/phys101-27/own")
		if err != nil || plain != name || secret.now.Sealed == secret.was.Sealed {
			t.Errorf("the secret %s is %q under the seal %q: %v", name, plain, secret.now.Sealed, err)
		}
	}
	want := own
	want.Course, want.Secret.Sealed, want.Previous.Sealed = "phys101-27", got.Secret.Sealed, got.Previous.Sealed
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the copy's tool (-want +got):\n%s", diff)
	}
	h.update(func(tx store.Tx) error {
		return store.Rings.All(tx, store.Prefix("uni", "phys101-27"), func(r lti.ServiceRing) error {
			t.Errorf("the copy has the ring %+v", r)
			return nil
		})
	})
}
