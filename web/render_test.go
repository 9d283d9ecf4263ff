package web

import (
	"errors"
	"html/template"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ltihub/ltihub/internal/lti"
)

func TestRenderWritesNothingOfABrokenPage(t *testing.T) {
	t.Parallel()
	broken := template.Must(template.New(baseTemplate).Parse("half a page {{.Nothing}}"))
	spoken, err := readSpeeches(files, "locales")
	if err != nil {
		t.Fatal(err)
	}
	p := &Pages{speeches: spoken, templates: []map[string]*template.Template{{"home": broken}}}
	for _, write := range []func(http.ResponseWriter) error{
		func(w http.ResponseWriter) error { return p.Home(w, 200, HomePage{}) },
		func(w http.ResponseWriter) error { return p.Login(w, 200, LoginPage{}) }, // has no template
	} {
		w := httptest.NewRecorder()
		if err := write(w); err == nil {
			t.Error("error = nil, want one")
		}
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "half") {
			t.Errorf("answer = %d %q, want a plain 500", w.Code, w.Body)
		}
	}
}

// closedWriter is a browser that went away.
type closedWriter struct{ *httptest.ResponseRecorder }

var errGone = errors.New("gone")

func (closedWriter) Write([]byte) (int, error) { return 0, errGone }

func TestRenderReportsALostReader(t *testing.T) {
	t.Parallel()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Home(closedWriter{httptest.NewRecorder()}, 200, HomePage{}); !errors.Is(err, errGone) {
		t.Errorf("Home error = %v, want %v", err, errGone)
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		before time.Duration
		want   string
	}{
		{0, "now"},
		{9 * time.Second, "now"},
		{-9 * time.Second, "now"},
		{30 * time.Second, "30 s ago"},
		{3*time.Minute + 59*time.Second, "3 min ago"},
		{47 * time.Hour, "47 h ago"},
		{48 * time.Hour, "2 days ago"},
		{-4 * time.Minute, "in 4 min"},
	}
	s := new(speech)
	for _, tt := range tests {
		if got := s.ago(now.Add(-tt.before), now); got != tt.want {
			t.Errorf("ago(%v) = %q, want %q", tt.before, got, tt.want)
		}
	}
	if got := s.ago(time.Time{}, now); got != "never" {
		t.Errorf("ago(zero) = %q, want never", got)
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	third := 1.0 / 3
	spoken := newSpeeches(t)
	s, de := spoken.all[0], spoken.all[spoken.index("de")]
	tests := []struct{ got, want string }{
		{s.points(10), "10"},
		{s.points(8.5), "8.5"},
		{s.scored(&third, 10), "3.33"},
		{s.scored(nil, 10), ""},
		{s.percent(&third), "33.3 %"},
		{s.percent(nil), "no score"},
		{s.points(1234.005), "1234.01"},
		{s.points(math.NaN()), "?"},
		{de.points(8.5), "8,5"},
		{de.percent(&third), "33,3 %"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestWholeSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "the LMS said no": "The LMS said no.", "Done.": "Done.", "ärgerlich!": "Ärgerlich!"} {
		if got := wholeSentence(text); got != want {
			t.Errorf("wholeSentence(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestTabsMarkWhereOneIs(t *testing.T) {
	t.Parallel()
	course := CourseHead{Ref: lti.CourseRef{Domain: "uni", ID: "phys"}}
	tests := []struct {
		at, tab string
		want    bool
	}{
		{"/admin", AdminPath, true},
		{"/admin/tools", AdminPath, false},
		{"/admin/tools/uni/quizzer", ToolsPath, true},
		{"/admin/toolshed", ToolsPath, false},
		{"/courses/uni/phys", CoursePath(course.Ref), true},
		{"/courses/uni/phys/gradebook", CoursePath(course.Ref), false},
		{"/courses/uni/phys/gradebook/quiz1/ada", GradebookPath(course.Ref), true},
	}
	for _, tt := range tests {
		if got := newTab(Frame{Path: tt.at, Course: course}, tt.tab, "").Here; got != tt.want {
			t.Errorf("tab %s at %s = %v, want %v", tt.tab, tt.at, got, tt.want)
		}
	}
}

func TestPagesOfAListCoverItOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Int(), 0, 300).Draw(t, "items")
		size := rapid.IntRange(1, 60).Draw(t, "size")
		seen := 0
		for page := 1; ; page++ {
			for _, item := range cut(items, page, size) {
				if item != items[seen] {
					t.Fatalf("page %d shows %d, want %d", page, item, items[seen])
				}
				seen++
			}
			if newPager("page", extent{page, size, len(items)}, people).Next == "" {
				break
			}
		}
		if seen != len(items) {
			t.Fatalf("pages show %d of %d", seen, len(items))
		}
	})
}

func TestGradebookCutsWhatIsOutOfRange(t *testing.T) {
	t.Parallel()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	one := 1.0
	book := GradebookPage{Page: 99, ColumnPage: -3,
		Columns: []GradeColumn{{Link: "a", Title: "A", Points: 4}, {Link: "b", Title: "B", Points: 6}},
		// The second row lacks a cell, the third has one too many.
		Rows: []GradeRow{{Username: "ada", Cells: []GradeCell{{Score: &one}, {Score: &one}}},
			{Username: "bo", Cells: []GradeCell{{Score: &one}}}, {Username: "cy", Cells: make([]GradeCell, 3)}}}
	if err := p.Gradebook(httptest.NewRecorder(), 200, book); err != nil {
		t.Fatal(err)
	}
	book.Page, book.ColumnPage = 1, 1
	totals := []string{}
	for _, row := range newSpeeches(t).all[0].gradeRows(book) {
		totals = append(totals, row.Total.Text)
	}
	if got := strings.Join(totals, " "); got != "10 4 –" {
		t.Errorf("totals = %q, want %q", got, "10 4 –")
	}
}

func TestNiceTopIsTheNextRoundNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 5, 5: 5, 6: 10, 11: 15, 16: 20, 21: 30, 31: 40, 41: 50, 96: 100, 101: 150, 1999: 2000} {
		if got := niceTop(n); got != want {
			t.Errorf("niceTop(%d) = %d, want %d", n, got, want)
		}
	}
}
