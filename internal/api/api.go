package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/ltihub/ltihub/internal/course"
	"github.com/ltihub/ltihub/internal/directory"
	"github.com/ltihub/ltihub/internal/lti"
	"github.com/ltihub/ltihub/internal/manifest"
	"github.com/ltihub/ltihub/internal/oauth1"
	"github.com/ltihub/ltihub/internal/person"
	"github.com/ltihub/ltihub/internal/roster"
	"github.com/ltihub/ltihub/internal/store"
)

// Prefix is where the API lies on the server.
const Prefix = "/api/v1"

// LaunchFunc signs the launch of a resource link for a user and returns where
// to post it and the parameters in their order. It returns an error that wraps
// store.ErrNotFound for an unknown course, link or user, and ErrRefused with a
// text that may be shown when the user may not launch.
type LaunchFunc func(ctx context.Context, course lti.CourseRef, link, username string) (url string, params oauth1.Params, err error)

// Server is the door. Its fields are set before Handler is called.
type Server struct {
	Store store.Store
	// Token is an admin token known from configuration; "" is none.
	Token   string
	Version string
	Now     func() time.Time
	// NewID makes ids that grow with time (UUID version 7).
	NewID func() string
	Rand  io.Reader
	Log   *slog.Logger

	// Keeper changes people; Directory knows their names.
	Keeper    *person.Keeper
	Directory *directory.Directory

	Launch LaunchFunc
	// Copy and CopyLink copy a course or a resource link; see course.Copier.
	Copy     func(ctx context.Context, from lti.CourseRef, want course.Wanted, by string) (lti.Course, error)
	CopyLink func(ctx context.Context, from lti.CourseRef, link string, want course.Wanted, by string) (lti.ResourceLink, error)
	// Rosters fetches the rosters of LMSs.
	Rosters *roster.Puller
	// Retry sends a delivery again; see delivery.Carrier.
	Retry func(ctx context.Context, id, by string) error
	// Apply parses and applies a manifest on behalf of by. A manifest.Faults
	// is shown to the caller.
	Apply func(ctx context.Context, data []byte, by string) (manifest.Report, error)
	// Export writes the manifest.
	Export func(ctx context.Context, withSecrets bool) ([]byte, error)
}

// Handler serves Prefix and everything below it; it wants the whole path, so
// it is hung up with Handle, not Mount.
func (s *Server) Handler() http.Handler {
	inner := chi.NewRouter()
	inner.NotFound(func(w http.ResponseWriter, _ *http.Request) { writeProblem(w, http.StatusNotFound) })
	inner.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			if inner.Match(chi.NewRouteContext(), method, chi.RouteContext(r.Context()).RoutePath) {
				w.Header().Add("Allow", method)
			}
		}
		writeProblem(w, http.StatusMethodNotAllowed)
	})
	s.routes(humachi.New(inner, s.config()))
	outer := chi.NewRouter()
	outer.Mount(Prefix, inner)
	return outer
}

func (s *Server) config() huma.Config {
	config := huma.DefaultConfig("ltihub", s.Version)
	config.Servers = []*huma.Server{{URL: Prefix}}
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil // Answers hold what is documented, no links to schemas.
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "An API token of role admin or read; read may GET only."},
	}
	return config
}

// routes is the only route table.
func (s *Server) routes(api huma.API) {
	api.UseMiddleware(s.authenticate(api))

	// Courses
	register(s, api, get("list-results", "/courses/{domain}/{course}/results", "Every stored result of a course, by link and user"), s.results)
	register(s, api, get("list-members", "/courses/{domain}/{course}/members", "The members of a course, by username"), s.members)
	register(s, api, get("list-links", "/courses/{domain}/{course}/links", "The resource links of a course, in its order"), s.links)
	register(s, api, post("launch-link", "/courses/{domain}/{course}/links/{link}/launch", "Sign a launch and return its form as data"), s.launch)

	register(s, api, created(post("copy-course", "/courses/{domain}/{course}/copy", "Copy a course with its links, but not its people")), s.copyCourse)
	register(s, api, created(post("copy-link", "/courses/{domain}/{course}/links/{link}/copy", "Copy a resource link within its course")), s.copyLink)

	// Rosters
	register(s, api, get("list-rosters", "/courses/{domain}/{course}/roster", "How the rosters of a course do, by tool consumer"), s.rosters)
	register(s, api, post("sync-rosters", "/courses/{domain}/{course}/roster/sync", "Ask LMSs for their roster of a course"), s.syncRosters)
	register(s, api, post("preview-roster", "/courses/{domain}/{course}/roster/preview", "Ask an LMS for its roster of a course, to see what it would change"), s.previewRoster)
	register(s, api, post("confirm-roster", "/courses/{domain}/{course}/roster/confirm", "Apply a roster that waits to be confirmed, however many would leave"), s.confirmRoster)

	// Users
	register(s, api, get("read-user", "/users/{domain}/{username}", "One account"), s.user)
	register(s, api, get("list-bindings", "/users/{domain}/{username}/bindings", "What tool consumers call a user, and what was unlinked"), s.bindings)
	register(s, api, post("merge-user", "/users/{domain}/{username}/merge", "Merge this account into another one; undo within 30 days"), s.mergeUser)
	register(s, api, post("undo-merge", "/merges/{id}/undo", "Take a merge back"), s.undoMerge)
	register(s, api, get("read-directory", "/domains/{domain}/directory", "How many people the domain's directory lists"), s.directory)
	register(s, api, csvBody(put("replace-directory", "/domains/{domain}/directory", "Replace the domain's directory by a CSV file")), s.replaceDirectory)

	// Deliveries and launches
	register(s, api, get("list-deliveries", "/deliveries", "Results on their way to LMSs"), s.deliveries)
	register(s, api, post("retry-delivery", "/deliveries/{id}/retry", "Send a delivery again"), s.retry)
	register(s, api, get("list-launches", "/launches", "Recorded launches, newest first"), s.launches)

	// Configuration
	register(s, api, answers(yamlType, get("read-manifest", "/manifest", "The configuration as a manifest")), s.readManifest)
	register(s, api, put("apply-manifest", "/manifest", "Apply a manifest, all or nothing"), s.applyManifest)

	// Operation
	register(s, api, adminOnly(post("create-token", "/tokens", "Make an API token; it is shown this once")), s.createToken)
	register(s, api, adminOnly(get("list-tokens", "/tokens", "The API tokens, without their text")), s.tokens)
	register(s, api, adminOnly(remove("revoke-token", "/tokens/{id}", "Revoke an API token")), s.revokeToken)
	register(s, api, adminOnly(answers(binaryType, get("read-backup", "/backup", "A consistent copy of the whole store"))), s.backup)
}

// register hangs up one operation and maps its errors.
func register[I, O any](s *Server, api huma.API, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	op.Security = []map[string][]string{{"token": {}}}
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, op.OperationID, err)
		}
		return out, nil
	})
}

func get(id, path, summary string) huma.Operation {
	return operation(http.MethodGet, id, path, summary)
}

func post(id, path, summary string) huma.Operation {
	return operation(http.MethodPost, id, path, summary)
}

func put(id, path, summary string) huma.Operation {
	op := operation(http.MethodPut, id, path, summary)
	op.MaxBodyBytes = manifest.MaxSize + 2 // One byte too many is for Parse to refuse.
	op.BodyReadTimeout = time.Minute
	return op
}

func remove(id, path, summary string) huma.Operation {
	op := operation(http.MethodDelete, id, path, summary)
	op.DefaultStatus = http.StatusNoContent
	return op
}

func operation(method, id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Metadata: map[string]any{}}
}

// adminOnly closes an operation to read tokens, also when it is a GET.
func adminOnly(op huma.Operation) huma.Operation {
	op.Metadata[metaAdmin] = true
	return op
}

// answers documents an operation that answers in something else than JSON.
func answers(mediaType string, op huma.Operation) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {
		Description: "OK",
		Content:     map[string]*huma.MediaType{mediaType: {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	return op
}
