package simulator

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// LMS is a simulated learning management system: one course, its people, its
// external-tool links, a gradebook, and the services a tool provider calls. Make
// one with NewLMS and set its fields before the first request.
type LMS struct {
	PublicURL       string // of the LMS itself, without a final slash
	LaunchURL       string // where links launch; a Link's Tail is appended
	Key, Secret     string // shared with the tool provider, both directions
	SignatureMethod string // of launches and logout callbacks
	Name            string
	Locale          string // of the pages around an activity, such as en-GB
	Course          Course
	Users           []User
	Links           []Link
	Custom          map[string]string // sent with every launch as custom_<name>
	NoGroups        bool              // the roster service knows no groups
	OnlyPages       bool              // launches name the paged roster service alone
	PageSize        int               // how many members a page of it has at the most; 0: all
	Window          time.Duration     // how far a timestamp may be from Now, both ways

	Now    func() time.Time
	NewID  func() string // nonces, message identifiers, logout tokens
	Client *http.Client  // requests logout callbacks

	pages   pages
	mux     *http.ServeMux
	nonces  nonceBook
	changes changes

	mu        sync.Mutex
	grades    map[string]Grade  // by sourcedid
	settings  map[string]string // by resource link
	calls     []Call
	faults    Faults
	lifted    chan struct{} // closed when the faults change
	last      *SignedForm
	sessions  map[string]string   // logout token -> user
	callbacks map[string][]string // user -> URLs to request at logout
	launches  int
}

// NewLMS returns an LMS with a course, six people and three links, which launches
// launchURL and is itself reached under publicURL (absolute, no final slash).
func NewLMS(publicURL, launchURL, key, secret string) *LMS {
	l := &LMS{
		PublicURL: publicURL, LaunchURL: launchURL, Key: key, Secret: secret,
		SignatureMethod: HMACSHA1,
		Name:            "Campus LMS",
		Locale:          "en-GB",
		Course:          defaultCourse(),
		Users:           defaultUsers(),
		Links:           defaultLinks(),
		Window:          5 * time.Minute,
		Now:             time.Now,
		NewID:           rand.Text,
		Client:          &http.Client{Timeout: 10 * time.Second},
		pages:           parsePages("lms"),
		grades:          map[string]Grade{},
		settings:        map[string]string{},
		lifted:          make(chan struct{}),
		sessions:        map[string]string{},
		callbacks:       map[string][]string{},
	}
	l.mux = l.routes()
	return l
}

func (l *LMS) routes() *http.ServeMux {
	mux := http.NewServeMux()
	people := http.NewCrossOriginProtection()
	page := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, people.Handler(h)) }

	page("GET /{$}", l.showCourse)
	page("GET /launch", l.showLaunch)
	page("GET /launch/replay", l.showReplay)
	page("GET /return", l.showReturn)
	page("GET /gradebook", l.showGradebook)
	page("GET /calls", l.showCalls)
	page("GET /faults", l.showFaults)
	page("POST /faults", l.takeFaults)
	page("POST /services-down", l.takeSwitch)
	page("POST /logout", l.takeLogOut)
	page("GET /state.json", l.showState)
	mux.Handle("GET /static/", staticFiles())

	mux.HandleFunc("POST /services/outcomes", l.serve)
	mux.HandleFunc("POST /services/outcomes10", l.serve)
	mux.HandleFunc("POST /services/roster", l.serve)
	mux.HandleFunc("POST /services/setting", l.serve)
	mux.HandleFunc("POST /services/logout", l.serve)
	mux.HandleFunc("GET /services/memberships", l.serveMemberships)
	return mux
}

// ServeHTTP serves the LMS's pages and services.
func (l *LMS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guardPages(w)
	l.mux.ServeHTTP(w, r)
}

// Enrol adds u to the course, or replaces who had that ID.
func (l *LMS) Enrol(u User) {
	l.mu.Lock()
	defer l.changes.tell()
	defer l.mu.Unlock()
	kept := slices.DeleteFunc(slices.Clone(l.Users), func(old User) bool { return old.ID == u.ID })
	l.Users = append(kept, u)
}

// Unenrol takes the user off the roster. Grades stay, as in a real gradebook.
func (l *LMS) Unenrol(userID string) {
	l.mu.Lock()
	defer l.changes.tell()
	defer l.mu.Unlock()
	l.Users = slices.DeleteFunc(slices.Clone(l.Users), func(u User) bool { return u.ID == userID })
}

// people returns the users and links of this moment.
func (l *LMS) people() ([]User, []Link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.Users), slices.Clone(l.Links)
}

// find returns the user and the link, and whether both exist.
func (l *LMS) find(userID, linkID string) (User, Link, bool) {
	users, links := l.people()
	u := slices.IndexFunc(users, func(u User) bool { return u.ID == userID })
	k := slices.IndexFunc(links, func(k Link) bool { return k.ID == linkID })
	if u < 0 || k < 0 {
		return User{}, Link{}, false
	}
	return users[u], links[k], true
}

// SignedForm is a signed launch: a form a browser posts to Action as it is.
type SignedForm struct {
	Action string
	Fields url.Values
}
