package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// Who asks for a route. The teacher of phys is ada, the other one teaches chem;
// all routes are about phys and its student bob.
var visitors = []string{"stranger", "student", "other teacher", "teacher", "admin"}

// access is a route with the status that each visitor gets, in the order of
// visitors.
type access struct {
	route  string // method and pattern, as the router has them
	path   string
	fields url.Values
	want   [5]int
}

const (
	ok        = http.StatusOK
	other     = http.StatusSeeOther
	unknown   = http.StatusUnauthorized
	forbidden = http.StatusForbidden
	missing   = http.StatusNotFound
	conflict  = http.StatusConflict
	wrong     = http.StatusUnprocessableEntity
)

// routes has a row for every route of the door.
func routes(record lti.LaunchRecord, token string) []access {
	cell := web.GradePath(phys, "quiz1", "bob")
	admins := func(method, pattern, path string, fields url.Values, status int) access {
		stranger := other
		if method == http.MethodPost {
			stranger = unknown
		}
		return access{method + " " + pattern, path, fields, [5]int{stranger, forbidden, forbidden, forbidden, status}}
	}
	from := url.Values{"consumer": {"campus"}, "run": {"old"}}
	ref := url.Values{"delivery": {refusedID(phys)}}
	return []access{
		{"GET /", "/", nil, [5]int{ok, ok, ok, ok, ok}},
		{"GET /login", "/login", nil, [5]int{ok, ok, ok, ok, ok}},
		{"POST /login", "/login", url.Values{"username": {"ada:uni"}, "password": {"wrong"}}, [5]int{unknown, unknown, unknown, unknown, unknown}},
		{"POST /open", "/open", url.Values{"ticket": {"wrong"}}, [5]int{forbidden, forbidden, forbidden, forbidden, forbidden}},
		{"POST /switch", "/switch", url.Values{"answer": {"switch"}}, [5]int{unknown, other, other, other, other}},
		{"GET /pass/{id}", web.PassPath(newID(), ""), nil, [5]int{forbidden, forbidden, forbidden, forbidden, forbidden}},
		{"POST /pass/{id}", web.PassPath(newID(), ""), url.Values{"ticket": {"wrong"}}, [5]int{forbidden, forbidden, forbidden, forbidden, forbidden}},
		{"GET /account", web.PendingPath("wrong"), nil, [5]int{missing, missing, missing, missing, missing}},
		{"POST /account", "/account", url.Values{"ticket": {"wrong"}, "answer": {"new"}}, [5]int{missing, missing, missing, missing, missing}},
		{"POST /choose", "/choose", url.Values{"choice": {"uni/phys student"}}, [5]int{unknown, other, missing, other, other}},
		{"GET /copy", "/copy", nil, [5]int{other, other, other, other, missing}},
		{"POST /copy", "/copy", url.Values{"choice": {"copy"}}, [5]int{unknown, missing, missing, missing, missing}},

		{"GET /courses/{domain}/{course}/", web.CoursePath(phys), nil, [5]int{other, ok, missing, ok, ok}},
		{"GET /courses/{domain}/{course}/l/{link}", web.LinkPath(phys, "quiz1"), nil, [5]int{other, ok, missing, ok, forbidden}},
		{"GET /courses/{domain}/{course}/add/{tool}", web.AddPath(phys, "quizzer", "week1"), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"GET /courses/{domain}/{course}/results", web.ResultsPath(phys), nil, [5]int{other, ok, missing, forbidden, forbidden}},
		{"GET /courses/{domain}/{course}/members", web.MembersPath(phys), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"GET /courses/{domain}/{course}/members/preview", web.RosterPath(phys, "campus"), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/members/preview", web.MembersPath(phys) + "/preview", from, [5]int{unknown, forbidden, missing, other, other}},
		{"POST /courses/{domain}/{course}/members/sync", web.MembersPath(phys) + "/sync", from, [5]int{unknown, forbidden, missing, other, other}},
		{"POST /courses/{domain}/{course}/members/confirm", web.MembersPath(phys) + "/confirm", from, [5]int{unknown, forbidden, missing, other, other}},
		{"GET /courses/{domain}/{course}/members/of/{username}", web.MemberPath(phys, "bob"), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/members/of/{username}", web.MemberPath(phys, "bob"), url.Values{"role": {"student"}, "status": {"active"}}, [5]int{unknown, forbidden, missing, other, other}},
		{"GET /courses/{domain}/{course}/edit/menu", web.MenuPath(phys), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/menu", web.MenuPath(phys), url.Values{"menu": {"lms"}}, [5]int{unknown, forbidden, missing, other, other}},
		{"GET /courses/{domain}/{course}/gradebook", web.GradebookPath(phys), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"GET /courses/{domain}/{course}/gradebook.csv", web.GradebookPath(phys) + ".csv", nil, [5]int{other, forbidden, missing, ok, ok}},
		{"GET /courses/{domain}/{course}/gradebook/{link}/{username}", cell, nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/gradebook/{link}/{username}/resend", cell + "/resend", ref, [5]int{unknown, forbidden, missing, other, other}},
		{"POST /courses/{domain}/{course}/gradebook/{link}/{username}/override", cell + "/override", url.Values{"score": {"7.5"}}, [5]int{unknown, forbidden, missing, other, other}},
		{"POST /courses/{domain}/{course}/gradebook/{link}/{username}/lift", cell + "/lift", nil, [5]int{unknown, forbidden, missing, other, other}},

		{"GET /courses/{domain}/{course}/edit", web.EditPath(phys), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/move", web.EditPath(phys) + "/move", url.Values{"id": {"quiz1"}}, [5]int{unknown, forbidden, missing, conflict, conflict}},
		{"POST /courses/{domain}/{course}/edit/folders", web.EditPath(phys) + "/folders", url.Values{"title": {"Week 2"}}, [5]int{unknown, forbidden, missing, other, other}},
		{"GET /courses/{domain}/{course}/edit/folders/{folder}", web.EditFolderPath(phys, "week1"), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/folders/{folder}", web.EditFolderPath(phys, "week1"), url.Values{"title": {"Week 1"}}, [5]int{unknown, forbidden, missing, conflict, conflict}},
		{"POST /courses/{domain}/{course}/edit/folders/{folder}/delete", web.EditFolderPath(phys, "week1") + "/delete", nil, [5]int{unknown, forbidden, missing, conflict, conflict}},
		{"GET /courses/{domain}/{course}/edit/new-link", web.NewLinkPath(phys, "week1"), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/links", web.EditLinksPath(phys), nil, [5]int{unknown, forbidden, missing, wrong, wrong}},
		{"GET /courses/{domain}/{course}/edit/links/{link}", web.EditLinkPath(phys, "quiz1"), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/links/{link}", web.EditLinkPath(phys, "quiz1"), nil, [5]int{unknown, forbidden, missing, conflict, conflict}},
		{"POST /courses/{domain}/{course}/edit/links/{link}/copy", web.EditLinkPath(phys, "reading") + "/copy", nil, [5]int{unknown, forbidden, missing, other, other}},
		{"POST /courses/{domain}/{course}/edit/links/{link}/delete", web.EditLinkPath(phys, "quiz1") + "/delete", nil, [5]int{unknown, forbidden, missing, conflict, conflict}},
		{"GET /courses/{domain}/{course}/edit/settings", web.EditSettingsPath(phys), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/settings", web.EditSettingsPath(phys), nil, [5]int{unknown, forbidden, missing, conflict, conflict}},
		{"POST /courses/{domain}/{course}/edit/keys", web.EditPath(phys) + "/keys", nil, [5]int{unknown, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/keys/change", web.EditPath(phys) + "/keys/change", url.Values{"key": {"none"}}, [5]int{unknown, forbidden, missing, missing, missing}},
		{"POST /courses/{domain}/{course}/edit/keys/remove", web.EditPath(phys) + "/keys/remove", url.Values{"key": {"none"}}, [5]int{unknown, forbidden, missing, missing, missing}},
		{"POST /courses/{domain}/{course}/edit/copy", web.EditPath(phys) + "/copy", url.Values{"id": {"chem"}}, [5]int{unknown, forbidden, missing, wrong, wrong}},
		{"GET /courses/{domain}/{course}/edit/new-tool", web.NewCourseToolPath(phys), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/read-tool", web.EditPath(phys) + "/read-tool", url.Values{"xml": {linkFile}}, [5]int{unknown, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/tools", web.EditToolsPath(phys), nil, [5]int{unknown, forbidden, missing, wrong, wrong}},
		{"GET /courses/{domain}/{course}/edit/tools/{tool}", web.EditToolPath(phys, "own"), nil, [5]int{other, forbidden, missing, ok, ok}},
		{"POST /courses/{domain}/{course}/edit/tools/{tool}", web.EditToolPath(phys, "own"), nil, [5]int{unknown, forbidden, missing, conflict, conflict}},
		{"POST /courses/{domain}/{course}/edit/tools/{tool}/delete", web.EditToolPath(phys, "own") + "/delete", nil, [5]int{unknown, forbidden, missing, conflict, conflict}},
		{"POST /courses/{domain}/{course}/edit/tools/{tool}/secret", web.EditToolPath(phys, "own") + "/secret", nil, [5]int{unknown, forbidden, missing, ok, ok}},

		admins("GET", "/admin", web.AdminPath, nil, ok),
		admins("GET", "/admin/launches", web.LaunchRecordsPath, nil, ok),
		admins("GET", "/admin/launches/{id}", web.LaunchRecordPath(record.ID), nil, ok),
		admins("GET", "/admin/deliveries", web.DeliveriesPath, nil, ok),
		admins("GET", "/admin/deliveries/batches/{id}", web.BatchPath(batchID), nil, ok),
		admins("GET", "/admin/deliveries/{id}", web.DeliveryPath(refusedID(phys)), nil, ok),
		admins("POST", "/admin/deliveries/{id}/resend", web.DeliveryPath(refusedID(chem))+"/resend", nil, other),
		admins("POST", "/admin/deliveries/resend", web.DeliveriesPath+"/resend", url.Values{"state": {"dead"}}, other),
		admins("GET", "/admin/consumers", web.ConsumersPath, nil, ok),
		admins("GET", "/admin/consumers/{domain}/{id}", web.ConsumerPath("uni", "campus"), nil, ok),
		admins("POST", "/admin/consumers/{domain}/{id}/secret", web.ConsumerPath("uni", "campus")+"/secret", nil, ok),
		admins("POST", "/admin/consumers/{domain}/{id}/roles", web.ConsumerPath("uni", "campus")+"/roles", url.Values{"role": {"Mentor"}, "to": {"observer"}}, other),
		admins("GET", "/admin/consumers/new", web.NewConsumerPath, nil, ok),
		admins("POST", "/admin/consumers/new", web.NewConsumerPath, url.Values{"name": {"New LMS"}, "domain": {"uni"}}, ok),
		admins("GET", "/admin/consumers/{domain}/{id}/edit", web.ConsumerPath("uni", "campus")+"/edit", nil, ok),
		admins("POST", "/admin/consumers/{domain}/{id}/edit", web.ConsumerPath("far", "campus")+"/edit", nil, http.StatusUnprocessableEntity),
		admins("GET", "/admin/consumers/{domain}/{id}/first", web.ConsumerPath("far", "campus")+"/first", nil, http.StatusNoContent),
		admins("POST", "/admin/consumers/{domain}/{id}/try", web.ConsumerPath("uni", "campus")+"/try", nil, ok),
		admins("POST", "/admin/consumers/{domain}/{id}/switch", web.ConsumerPath("uni", "campus")+"/switch", url.Values{"do": {"enable"}}, other),
		admins("POST", "/admin/consumers/{domain}/{id}/remove", web.ConsumerPath("far", "campus")+"/remove", nil, other),
		admins("GET", "/admin/tools", web.ToolsPath, nil, ok),
		admins("GET", "/admin/tools/{domain}/{id}", web.ToolPath("uni", "", "quizzer"), nil, ok),
		admins("GET", "/admin/tools/{domain}/{id}/cartridge.xml", web.ToolCartridgePath("uni", "", "quizzer"), nil, ok),
		admins("POST", "/admin/tools/{domain}/{id}/ids", web.ToolPath("uni", "", "quizzer")+"/ids", url.Values{"do": {"renew"}}, other),
		admins("GET", "/admin/tools/import", web.ImportToolPath, nil, ok),
		admins("POST", "/admin/tools/import", web.ImportToolPath, url.Values{"xml": {linkFile}}, ok),
		admins("POST", "/admin/tools/import/save", web.ImportToolPath+"/save", url.Values{"xml": {linkFile}, "domain": {"uni"}, "id": {"pad"}}, ok),
		admins("GET", "/admin/courses", web.AdminCoursesPath, nil, ok),
		admins("GET", "/admin/courses/{domain}/{course}/tools/{id}", web.ToolPath("uni", "phys", "own"), nil, ok),
		admins("GET", "/admin/courses/{domain}/{course}/tools/{id}/cartridge.xml", web.ToolCartridgePath("uni", "phys", "own"), nil, ok),
		admins("POST", "/admin/courses/{domain}/{course}/tools/{id}/ids", web.ToolPath("uni", "phys", "own")+"/ids", url.Values{"do": {"renew"}}, other),
		admins("GET", "/admin/tools/new", web.NewToolPath, nil, ok),
		admins("POST", "/admin/tools/new", web.NewToolPath, url.Values{"name": {"Quill"}, "domain": {"uni"}, "url": {"https://quill.example/"}, "signature_method": {"HMAC-SHA1"}, "target": {"iframe"}}, ok),
		admins("GET", "/admin/tools/{domain}/{id}/edit", web.ToolPath("uni", "", "quizzer")+"/edit", nil, ok),
		admins("POST", "/admin/tools/{domain}/{id}/edit", web.ToolPath("uni", "", "quizzer")+"/edit", nil, http.StatusUnprocessableEntity),
		admins("POST", "/admin/tools/{domain}/{id}/test", web.ToolPath("uni", "", "quizzer")+"/test", nil, ok),
		admins("POST", "/admin/tools/{domain}/{id}/switch", web.ToolPath("uni", "", "quizzer")+"/switch", url.Values{"do": {"enable"}}, other),
		admins("POST", "/admin/tools/{domain}/{id}/remove", web.ToolPath("uni", "", "quizzer")+"/remove", nil, http.StatusConflict),
		admins("GET", "/admin/courses/new", web.NewCoursePath, nil, ok),
		admins("POST", "/admin/courses/new", web.NewCoursePath, url.Values{"title": {"Botany"}, "domain": {"uni"}}, other),
		admins("GET", "/admin/courses/{domain}/{course}", web.AdminCoursePath(phys), nil, ok),
		admins("POST", "/admin/courses/{domain}/{course}", web.AdminCoursePath(phys), nil, http.StatusUnprocessableEntity),
		admins("GET", "/admin/domains", web.DomainsPath, nil, ok),
		admins("GET", "/admin/domains/new", web.NewDomainPath, nil, ok),
		admins("POST", "/admin/domains/new", web.NewDomainPath, url.Values{"name": {"Hill College"}}, other),
		admins("GET", "/admin/domains/{domain}", web.DomainPath("far"), nil, ok),
		admins("POST", "/admin/domains/{domain}", web.DomainPath("far"), nil, http.StatusUnprocessableEntity),
		admins("GET", "/admin/users", web.UsersPath, nil, ok),
		admins("GET", "/admin/users/{domain}/{username}", web.UserPath("uni", "bob"), nil, ok),
		admins("POST", "/admin/launches/{id}/share", web.LaunchRecordPath(record.ID)+"/share", nil, ok),
		admins("POST", "/admin/launches/{id}/unshare", web.LaunchRecordPath(record.ID)+"/unshare", nil, other),
		{"GET /support/{token}", web.SupportLinkPath("wrong"), nil, [5]int{missing, missing, missing, missing, missing}},
		admins("GET", "/admin/settings", web.SettingsPath, nil, ok),
		admins("POST", "/admin/backup", web.BackupPath, url.Values{"sure": {"yes"}}, ok),
		admins("GET", "/admin/users/new", web.NewUserPath, nil, ok),
		admins("POST", "/admin/users/new", web.NewUserPath, url.Values{"domain": {"uni"}, "username": {"new"}}, other),
		admins("GET", "/admin/users/{domain}/{username}/edit", web.UserPath("uni", "sam")+"/edit", nil, ok),
		admins("POST", "/admin/users/{domain}/{username}/edit", web.UserPath("uni", "sam")+"/edit", url.Values{"given_name": {"Samuel"}}, other),
		admins("POST", "/admin/users/{domain}/{username}/sessions", web.UserPath("uni", "sam")+"/sessions", nil, other),
		admins("POST", "/admin/users/{domain}/{username}/bindings", web.UserPath("uni", "sam")+"/bindings", url.Values{"do": {"confirm"}, "consumer": {"campus"}, "value": {"nobody"}}, missing),
		admins("GET", "/admin/users/{domain}/{username}/merge", web.UserPath("uni", "sam")+"/merge?into=eve", nil, ok),
		admins("POST", "/admin/users/{domain}/{username}/merge", web.UserPath("uni", "sam")+"/merge", url.Values{"into": {"sam"}}, http.StatusUnprocessableEntity),
		admins("POST", "/admin/users/{domain}/{username}/undo", web.UserPath("uni", "sam")+"/undo", url.Values{"merge": {"none"}}, missing),
		admins("GET", "/admin/alike", web.AlikePath, nil, ok),
		admins("GET", "/admin/directories", web.DirectoriesPath, nil, ok),
		admins("POST", "/admin/directories/{domain}", web.DirectoryPath("uni"), nil, http.StatusUnprocessableEntity),
		admins("POST", "/admin/directories/{domain}/apply", web.DirectoryPath("uni")+"/apply", url.Values{"load": {"none"}}, http.StatusUnprocessableEntity),
		admins("POST", "/admin/directories/{domain}/test", web.DirectoryPath("uni")+"/test", url.Values{"value": {"ada"}}, ok),
		admins("GET", "/admin/manifest", web.ManifestPath, nil, ok),
		admins("GET", "/admin/manifest/export", web.ManifestPath+"/export", nil, ok),
		admins("POST", "/admin/manifest", web.ManifestPath, url.Values{"do": {"apply"}, "manifest": {"version: 1\n"}}, ok),
		admins("GET", "/admin/tokens", web.TokensPath, nil, ok),
		admins("POST", "/admin/tokens", web.TokensPath, url.Values{"name": {"nightly"}, "role": {"read"}}, ok),
		admins("POST", "/admin/tokens/revoke", web.TokensPath+"/revoke", url.Values{"hash": {digest(token)}}, other),
		admins("GET", "/admin/audit", web.AuditPath, nil, ok),

		// The last row: it ends the sessions of those who ask.
		{"POST /logout", "/logout", nil, [5]int{other, other, other, other, other}},
	}
}

func TestEveryRouteAnswersEachVisitor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	browsers := map[string]*browser{
		"stranger": w.browser(), "student": w.launched("bob", lti.Place{Course: phys}),
		"other teacher": w.launched("eve", lti.Place{Course: chem}), "teacher": w.launched("ada", lti.Place{Course: phys}),
		"admin": w.signIn("root:uni"),
	}
	record := w.record("bob", lti.Place{Course: phys})
	token, err := w.people.NewToken(t.Context(), "old", lti.TokenRead, "root:uni")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range routes(record, token) {
		seen[row.route] = true
		method, _, _ := strings.Cut(row.route, " ")
		for i, visitor := range visitors {
			a := browsers[visitor].do(method, row.path, row.fields, nil)
			if a.status != row.want[i] {
				t.Errorf("%s as %s answers %d, want %d", row.route, visitor, a.status, row.want[i])
			}
			if method != http.MethodGet {
				continue
			}
			if a := browsers[visitor].do(http.MethodHead, row.path, nil, nil); a.status != row.want[i] || a.body != "" {
				t.Errorf("HEAD of %s as %s answers %d with %d bytes, want %d with none", row.route, visitor, a.status, len(a.body), row.want[i])
			}
		}
	}
	table, isRouter := w.people.Handler().(chi.Routes)
	if !isRouter {
		t.Fatal("the handler does not tell its routes")
	}
	err = chi.Walk(table, func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if !seen[method+" "+route] {
			t.Errorf("%s %s has no row in this test", method, route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A launch makes nobody an admin, not even one who is.
func TestLaunchedAdminIsNoAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error {
		return store.Memberships.Put(tx, lti.Membership{Domain: "uni", Course: "phys", Username: "root", Role: lti.Student, Status: lti.MemberActive, Digest: "droot"})
	})
	b := w.launched("root", lti.Place{Course: phys})
	for path, want := range map[string]int{
		web.AdminPath: forbidden, web.CoursePath(phys): ok, web.GradebookPath(phys): forbidden, web.CoursePath(chem): missing,
	} {
		if a := b.get(path); a.status != want {
			t.Errorf("GET %s answers %d, want %d", path, a.status, want)
		}
	}
}

// No id of another course opens anything: not of a sister course, nor of a
// course of the same name in another domain.
func TestForeignIDsAreNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teacher := w.launched("eve", lti.Place{Course: chem})
	cell := web.GradePath(phys, "quiz1", "bob")
	mixed := web.GradePath(chem, "quiz1", "bob")
	for _, path := range []string{
		web.CoursePath(phys), web.LinkPath(phys, "quiz1"), web.ResultsPath(phys), web.MembersPath(phys), web.GradebookPath(phys), web.GradebookPath(phys) + ".csv",
		cell, mixed, web.GradePath(chem, "reading", "sam"), web.GradePath(chem, "none", "sam"), web.CoursePath(lti.CourseRef{Domain: "uni", ID: "none"}),
		web.CoursePath(abroad), web.LinkPath(chem, "none"), "/courses/uni/%2e%2e", "/nowhere",
	} {
		if a := teacher.get(path); a.status != missing {
			t.Errorf("GET %s answers %d, want 404", path, a.status)
		}
	}
	own := web.GradePath(chem, "quiz1", "sam")
	for path, fields := range map[string]url.Values{
		cell + "/override": {"score": {"10"}}, cell + "/lift": nil, cell + "/resend": {"delivery": {refusedID(phys)}},
		mixed + "/override": {"score": {"10"}}, mixed + "/lift": nil, mixed + "/resend": {"delivery": {refusedID(phys)}},
		own + "/resend": {"delivery": {refusedID(phys)}},
		"/choose":       {"choice": {"uni/phys student"}},
	} {
		if a := teacher.post(path, fields); a.status != missing {
			t.Errorf("POST %s answers %d, want 404", path, a.status)
		}
	}
	// The other bob is a stranger to the course of his namesake.
	namesake := w.signIn("bob:far")
	if a := namesake.get(web.CoursePath(phys)); a.status != missing {
		t.Errorf("the namesake's GET answers %d, want 404", a.status)
	}
	if a := namesake.get(web.CoursePath(abroad)); a.status != ok {
		t.Errorf("the namesake's own course answers %d, want 200", a.status)
	}
	w.view(func(tx store.Tx) error {
		r, err := store.Results.Get(tx, "uni", "phys", "quiz1", "bob")
		if err != nil || r.Override != nil {
			t.Errorf("the result after it all is %+v, %v", r, err)
		}
		return nil
	})
}

// An admin of another domain sees everything, but is nobody in its courses.
func TestAdminOfAnotherDomainChangesNoGrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx store.Tx) error { // somebody of that name teaches there
		put(t, store.Users, tx, lti.User{Domain: "uni", Username: "dean", Handle: "hdean"})
		return store.Memberships.Put(tx, lti.Membership{Domain: "uni", Course: "phys", Username: "dean", Role: lti.Instructor, Status: lti.MemberActive, Digest: "ddean"})
	})
	dean := w.signIn("dean:far")
	cell := web.GradePath(phys, "quiz1", "bob")
	if a := dean.get(cell); a.status != ok || strings.Contains(a.body, "/override") {
		t.Errorf("GET answers %d, want 200 without a form", a.status)
	}
	if a := dean.post(cell+"/override", url.Values{"score": {"1"}}); a.status != forbidden {
		t.Errorf("POST override answers %d, want 403", a.status)
	}
	if a := dean.get(web.LinkPath(phys, "quiz1")); a.status != forbidden {
		t.Errorf("GET link answers %d, want 403", a.status)
	}
}
