package oauth1

import (
	"slices"
	"testing"
)

func TestParamsKeepOrderAndRepeats(t *testing.T) {
	t.Parallel()
	p := Params{{"b", "1"}, {"a", ""}, {"b", "2"}}
	if got := p.Value("b"); got != "1" {
		t.Errorf("Value(b) = %q, want the first value", got)
	}
	if got, ok := p.Lookup("a"); got != "" || !ok {
		t.Errorf("Lookup(a) = %q, %v, want an empty value that is there", got, ok)
	}
	if _, ok := p.Lookup("c"); ok {
		t.Error("Lookup(c) found a name that is not there")
	}
	if got := p.Count("b"); got != 2 {
		t.Errorf("Count(b) = %d, want 2", got)
	}
	var names []string
	for name, value := range p.All() {
		names = append(names, name+"="+value)
		if value == "" {
			break
		}
	}
	if want := []string{"b=1", "a="}; !slices.Equal(names, want) {
		t.Errorf("All() = %v, want %v", names, want)
	}
}
