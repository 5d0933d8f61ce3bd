package scim

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/scim/resource"
)

// Prefix is where the door is.
const Prefix = "/scim/v2"

// Config is what a Server is made of. Base is where the product is found, for the
// addresses of resources; without it they are without a host. Reads is told who was read, Most
// is how many calls a token has in a minute; without them it is one of its own, and mostCalls.
type Config struct {
	DB    *db.DB
	Clock clock.Clock
	Log   *slog.Logger
	Base  string
	Reads *audit.Recorder
	Most  int64
}

// Server answers personnel systems.
type Server struct {
	Config
	mux    *http.ServeMux
	kept   kept
	limits limits
}

// call is one request of a token, or one operation of a bulk.
type call struct {
	*http.Request
	office
	lang *i18n.Lang
	base string // of the addresses of resources
	w    http.ResponseWriter
}

// answer is what is sent back: nothing but the status without a body.
type answer struct {
	status  int
	body    resource.Doc
	version string // of the resource that the body is
}

// handler is an operation. What it finds wrong is a problem.
type handler func(context.Context, *call) (answer, error)

// New is a door over a migrated database.
func New(c Config) *Server {
	if c.Reads == nil {
		c.Reads = audit.NewRecorder(c.DB, c.Log)
	}
	if c.Most == 0 {
		c.Most = mostCalls
	}
	s := &Server{Config: c, mux: http.NewServeMux(), limits: limits{by: map[int64]allowance{}}}
	for route, h := range s.routes() {
		method, path, _ := strings.Cut(route, " ")
		s.mux.Handle(method+" "+Prefix+path, s.operation(route, h))
	}
	return s
}

// routes are all operations.
func (s *Server) routes() map[string]handler {
	return map[string]handler{
		"GET /Users":                 s.listUsers,
		"POST /Users/.search":        s.searchUsers,
		"POST /Users":                s.createUser,
		"GET /Users/{id}":            s.readUser,
		"PUT /Users/{id}":            s.replaceUser,
		"PATCH /Users/{id}":          s.patchUser,
		"DELETE /Users/{id}":         s.deleteUser,
		"GET /Groups":                s.listGroups,
		"POST /Groups/.search":       s.searchGroups,
		"POST /Groups":               s.createGroup,
		"GET /Groups/{id}":           s.readGroup,
		"PUT /Groups/{id}":           s.replaceGroup,
		"PATCH /Groups/{id}":         s.patchGroup,
		"DELETE /Groups/{id}":        s.deleteGroup,
		"POST /Bulk":                 s.bulk,
		"GET /ServiceProviderConfig": s.config,
		"GET /Schemas":               s.listSchemas,
		"GET /Schemas/{id}":          s.readSchema,
		"GET /ResourceTypes":         s.listTypes,
		"GET /ResourceTypes/{id}":    s.readType,
	}
}

type callKey struct{}

// Handler answers everything below Prefix. observe, which may be nil, is told of each
// answer with its route.
func (s *Server) Handler(observe func(route string, status int, took time.Duration)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.Clock()
		a := api.NewAnswer(w)
		a.Header().Add("Vary", "Accept-Language, Authorization")
		_, route := s.mux.Handler(r)
		c := &call{Request: r, lang: i18n.Match(r.Header.Get("Accept-Language")), base: s.Base + Prefix, w: a}
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("panic", "route", route, "panic", p, "stack", string(debug.Stack()))
				if !a.Written {
					refuse(a, resource.Failed(http.StatusInternalServerError, "fault.internal"), c.lang)
				}
			}
			if observe != nil {
				observe(route, a.Status, time.Duration(s.Clock()-began)*time.Microsecond)
			}
		}()
		s.serve(a, c, route, began) //nolint:contextcheck // it is that of the call
	})
}

func (s *Server) serve(w http.ResponseWriter, c *call, route string, now clock.Instant) {
	viewer, err := s.viewer(c.Request, now)
	switch {
	case errors.Is(err, fault.NotFound):
		key, challenge := "api.token_missing", `Bearer realm="yrkesresan"`
		if c.Header.Get("Authorization") != "" {
			key, challenge = "api.token_wrong", challenge+`, error="invalid_token"`
		}
		w.Header().Set("WWW-Authenticate", challenge)
		refuse(w, resource.Failed(http.StatusUnauthorized, key), c.lang)
		return
	case err != nil:
		refuse(w, s.problemOf(c.Context(), err), c.lang)
		return
	}
	if err := s.allow(c.Context(), w, viewer.TokenID, now); err != nil {
		refuse(w, s.problemOf(c.Context(), err), c.lang)
		return
	}
	if route == "" {
		refuse(w, resource.Failed(http.StatusNotFound, "api.no_such_address"), c.lang)
		return
	}
	c.office = office{Viewer: viewer, now: now, today: now.Day()}
	for _, g := range viewer.Grants { // a token has one, and this scope is of a municipality
		c.municipality, c.region = g.MunicipalityID, g.RegionID
	}
	s.mux.ServeHTTP(w, c.WithContext(context.WithValue(c.Context(), callKey{}, c)))
}

// viewer is whom the request's token lets in; fault.NotFound without a good one.
func (s *Server) viewer(r *http.Request, now clock.Instant) (access.Viewer, error) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return access.Viewer{}, fault.NotFound
	}
	return identity.ViewerOfToken(r.Context(), s.DB, identity.ForSCIM, strings.TrimSpace(key), now)
}

// operation answers with what the handler gives.
func (s *Server) operation(route string, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, ok := r.Context().Value(callKey{}).(*call)
		if !ok {
			panic("scim: a request without its call")
		}
		c.Request, c.w = r, w // the mux sets the values of the path
		a, err := h(r.Context(), c)
		if err != nil {
			refuse(w, s.problemOf(r.Context(), err), c.lang)
			return
		}
		s.saw(r.Context(), c, route, a)
		if a.version != "" {
			w.Header().Set("ETag", a.version)
		}
		if a.status == http.StatusCreated {
			if meta, ok := a.body["meta"].(resource.Doc); ok {
				w.Header().Set("Location", meta["location"].(string)) //nolint:forcetypeassert // every resource has it
			}
		}
		if a.version != "" && r.Method == http.MethodGet && tagged(r.Header.Get("If-None-Match"), a.version) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if a.body == nil {
			w.WriteHeader(a.status)
			return
		}
		write(w, a.status, a.body)
	})
}

// tagged tells whether a header names the version, or any. SCIM's tags are weak, and are
// compared as such.
func tagged(header, version string) bool {
	for _, each := range strings.Split(header, ",") {
		each = strings.TrimSpace(each)
		if each == "*" || each != "" && strings.TrimPrefix(each, "W/") == strings.TrimPrefix(version, "W/") {
			return true
		}
	}
	return false
}

// unchanged is status 412 when the request names another version than that of the resource.
func (c *call) unchanged(version string) error {
	if match := c.Header.Get("If-Match"); match != "" && !tagged(match, version) {
		return resource.Failed(http.StatusPreconditionFailed, "scim.changed_since")
	}
	if none := c.Header.Get("If-None-Match"); none != "" && tagged(none, version) {
		return resource.Failed(http.StatusPreconditionFailed, "scim.changed_since")
	}
	return nil
}

func (*Server) config(_ context.Context, c *call) (answer, error) {
	return answer{status: http.StatusOK, body: providerConfig(c.base)}, nil
}

func schemas() []resource.Schema {
	return slices.Concat([]resource.Schema{resource.Users.Core}, resource.Users.Extensions, []resource.Schema{resource.Groups.Core})
}

func (*Server) listSchemas(_ context.Context, c *call) (answer, error) {
	var all []resource.Doc
	for _, each := range schemas() {
		all = append(all, each.JSON(c.base))
	}
	return c.whole(all...)
}

func (*Server) listTypes(_ context.Context, c *call) (answer, error) {
	return c.whole(resource.Users.JSON(c.base), resource.Groups.JSON(c.base))
}

// whole is a list that nobody may filter: RFC 7644 §4.
func (c *call) whole(all ...resource.Doc) (answer, error) {
	if c.URL.Query().Get("filter") != "" {
		return answer{}, resource.Failed(http.StatusForbidden, "api.forbidden")
	}
	return answer{status: http.StatusOK, body: page(all, len(all), 1)}, nil
}

func (*Server) readSchema(_ context.Context, c *call) (answer, error) {
	for _, each := range schemas() {
		if strings.EqualFold(each.ID, c.PathValue("id")) {
			return answer{status: http.StatusOK, body: each.JSON(c.base)}, nil
		}
	}
	return answer{}, fault.NotFound
}

func (*Server) readType(_ context.Context, c *call) (answer, error) {
	for _, each := range []*resource.Kind{&resource.Users, &resource.Groups} {
		if strings.EqualFold(each.Name, c.PathValue("id")) {
			return answer{status: http.StatusOK, body: each.JSON(c.base)}, nil
		}
	}
	return answer{}, fault.NotFound
}

// Routes are the operations, each as its method and its address below Prefix.
func (s *Server) Routes() []string { return slices.Sorted(maps.Keys(s.routes())) }
