package admin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/session"
	"github.com/ltihub/ltihub/internal/store"
	"github.com/ltihub/ltihub/web"
)

// The queries that pages carry: the id of the launch that the visitor came by,
// its one-time ticket on arrival, and what was just done.
const (
	sessionQuery = "s"
	ticketQuery  = "t"
	doneQuery    = "done"
)

// visit is one request, by somebody or by nobody known.
type visit struct {
	session.Visitor
	known bool
	// now is the one moment of the request.
	now time.Time
}

// isAdmin reports whether the visitor may see and change everything. It takes a
// local sign-in: no launch makes anybody an admin.
func (v visit) isAdmin() bool { return v.known && v.Launch == nil && v.User.Admin }

// session is the id of the launch that the visitor came by, or "".
func (v visit) session() string {
	if v.Launch == nil {
		return ""
	}
	return v.Launch.ID
}

// name writes the visitor as username:domain.
func (v visit) name() string { return v.User.Username + ":" + v.User.Domain }

// reference is the number that leads an admin to the visitor's launch.
func (v visit) reference() string { return lti.Reference(v.session()) }

// page answers a visit. The errors that it returns are answered by fail.
type page func(w http.ResponseWriter, r *http.Request, v visit) error

// anyone serves a page for everybody.
func (p *People) anyone(serve page) http.HandlerFunc {
	return p.visited(serve, func(visit) error { return nil })
}

// known serves a page for those who are signed in or were launched.
func (p *People) known(serve page) http.HandlerFunc {
	return p.visited(serve, func(v visit) error {
		if !v.known {
			return errStranger
		}
		return nil
	})
}

// admin serves a page for admins.
func (p *People) admin(serve page) http.HandlerFunc {
	return p.visited(serve, func(v visit) error {
		switch {
		case !v.known:
			return errStranger
		case !v.isAdmin():
			return errForbidden
		}
		return nil
	})
}

func (p *People) visited(serve page, may func(visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := p.visit(r)
		w.Header().Set("Content-Security-Policy", web.Policy(p.ancestors(r, v)))
		switch {
		case err != nil:
		case r.Method != http.MethodPost && r.URL.Query().Has(ticketQuery):
			err = p.arrive(w, r, v)
		default:
			if err = may(v); err == nil {
				err = serve(w, r, v)
			}
		}
		if err != nil {
			p.fail(w, r, v, err)
		}
	}
}

// visit finds who is there. Only a launched session that has ended is an error:
// without one, whoever is not signed in is just not known.
func (p *People) visit(r *http.Request) (visit, error) {
	v := visit{now: p.Now().UTC()}
	found, err := p.Sessions.Visitor(r)
	launched := r.URL.Query().Get(sessionQuery) != ""
	switch {
	case err == nil:
		v.Visitor, v.known = found, true
	case errors.Is(err, session.ErrNone) && (!launched || r.URL.Query().Has(ticketQuery)):
	case errors.Is(err, session.ErrNone):
		return v, session.ErrOver
	case errors.Is(err, session.ErrOver) && !launched:
	default:
		return v, err
	}
	return v, nil
}

// ancestors says who may show the answer in a frame: for a launched session the
// origins that its signed launch named and the page that posted it, otherwise
// nobody.
func (p *People) ancestors(r *http.Request, v visit) string {
	id := r.URL.Query().Get(sessionQuery)
	if id == "" {
		return "'none'"
	}
	record := v.Launch
	if record == nil {
		record = p.launchOf(r.Context(), id)
	}
	if record == nil || record.Session == nil {
		return "'self'"
	}
	return strings.Join(append([]string{"'self'"}, record.Session.Origins...), " ")
}

// framedBy lets the origins show the answer in a frame.
func (p *People) framedBy(w http.ResponseWriter, origins []string) {
	list := append([]string{"'self'"}, origins...)
	w.Header().Set("Content-Security-Policy", web.Policy(strings.Join(list, " ")))
}

// launchOf reads a launch whose visitor is not known; nil if there is none.
func (p *People) launchOf(ctx context.Context, id string) *lti.LaunchRecord {
	var record lti.LaunchRecord
	err := p.Store.View(ctx, func(tx store.Tx) (err error) {
		record, err = store.Launches.Get(tx, id)
		return err
	})
	if err != nil {
		return nil
	}
	return &record
}

// frame begins a page.
func (p *People) frame(r *http.Request, v visit) web.Frame {
	f := web.Frame{Path: r.URL.Path, Now: v.now, Notice: notice(r.URL.Query().Get(doneQuery))}
	f.Locale = web.AcceptedLocale("", r.Header.Get("Accept-Language"))
	if !v.known {
		return f
	}
	f.Viewer = viewer(v)
	if v.Launch == nil {
		return f
	}
	f.Session = v.Launch.ID
	f.Framed = r.Header.Get("Sec-Fetch-Dest") == "iframe"
	f.Bare = !v.Consumer.Menu.Header
	if s := v.Launch.Session; s != nil {
		f.Locale = web.AcceptedLocale(s.Locale, f.Locale)
		f.ReturnURL, f.ReturnName = s.ReturnURL, consumerName(v.Consumer)
	}
	return f
}

func viewer(v visit) web.Viewer {
	seen := web.Viewer{Name: v.User.Name(), Username: v.name(), Admin: v.isAdmin()}
	if v.Consumer != nil {
		seen.From = consumerName(v.Consumer)
	}
	return seen
}

func consumerName(c *lti.ToolConsumer) string { return nameOr(c.Name, c.ID) }

// goTo sends the browser on to a page of ours after something was done; code
// says what, "" nothing. The launch's session goes along.
func (v visit) goTo(w http.ResponseWriter, r *http.Request, path, code string) {
	v.goToQuery(w, r, path, doneQuery, code)
}

// goToQuery sends the browser on to a page with one query, left out if it is
// empty. The launch's session goes along.
func (v visit) goToQuery(w http.ResponseWriter, r *http.Request, path, name, value string) {
	query := url.Values{}
	if s := v.session(); s != "" {
		query.Set(sessionQuery, s)
	}
	if value != "" {
		query.Set(name, value)
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	web.SeeOther(w, r, path)
}

// param is a part of the path as it was meant: chi matches the escaped path if
// that differs.
func param(r *http.Request, name string) string {
	part := chi.URLParam(r, name)
	if r.URL.RawPath == "" {
		return part
	}
	plain, err := url.PathUnescape(part)
	if err != nil {
		return part
	}
	return plain
}

// courseRef is the course that the path names.
func courseRef(r *http.Request) lti.CourseRef {
	return lti.CourseRef{Domain: param(r, "domain"), ID: param(r, "course")}
}
