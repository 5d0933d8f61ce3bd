package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
)

// Prefix is where the API is; Docs is the page about it, which package web has.
const (
	Prefix = "/api/v1"
	Docs   = Prefix + "/docs"
)

// maxBody is the largest body that is read; the longest attendance list needs
// a fifth of it.
const maxBody = 256 << 10

// Config is what an API is made of. Reads is told whose facts were read; nil for one of its
// own.
type Config struct {
	DB    *db.DB
	Clock clock.Clock
	Log   *slog.Logger
	Reads *audit.Recorder
}

// API answers machines.
type API struct {
	Config
	places  map[int64]organisation.Organisation
	regions map[string]organisation.Organisation // by slug
	towns   map[string]organisation.Organisation // municipalities by slug and by code
	huma    huma.API
	mux     *http.ServeMux
}

// New is an API over a migrated database.
func New(ctx context.Context, c Config) (*API, error) {
	if c.Reads == nil {
		c.Reads = audit.NewRecorder(c.DB, c.Log)
	}
	s := &API{
		Config: c, mux: http.NewServeMux(),
		regions: map[string]organisation.Organisation{}, towns: map[string]organisation.Organisation{},
	}
	var err error
	if s.places, err = organisation.Country(ctx, c.DB.Reader()); err != nil {
		return nil, err
	}
	for _, o := range s.places {
		switch o.Kind {
		case organisation.Region:
			s.regions[o.Slug] = o
		case organisation.Municipality:
			s.towns[o.Slug] = o
			s.towns[fmt.Sprintf("%04d", o.ID)] = o // a municipality's identity is its official code
		case organisation.Nation, organisation.Unit:
		}
	}
	useProblems()
	s.huma = humago.New(s.mux, config())
	s.rounds()
	s.days()
	s.enrolments()
	s.people()
	spec := s.huma.OpenAPI()
	return s, errors.Join(
		s.document("openapi.json", "application/json", spec.MarshalJSON),
		s.document("openapi.yaml", "application/yaml", spec.YAML),
	)
}

// document answers with a text that is rendered once.
func (s *API) document(name, mediaType string, render func() ([]byte, error)) error {
	text, err := render()
	s.mux.HandleFunc("GET "+Prefix+"/"+name, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		_, _ = w.Write(text) // nobody left to tell
	})
	return err
}

const bearer = "token"

// config is the document's head, and what bodies are read and written by.
func config() huma.Config {
	c := huma.DefaultConfig("Yrkesresan", "1")
	c.Info.Description = "Rounds, course days, enrolments and attendance of Yrkesresan. " +
		"A token acts in one role at one organisation and sees what somebody in that role sees in the pages. " +
		"Days are ISO dates in Swedish time, moments RFC 3339. What goes wrong is an RFC 9457 problem whose code stays the same; " +
		"its texts are Swedish, or English for those whose Accept-Language prefers it."
	c.Info.License = &huma.License{Name: "EUPL-1.2", Identifier: "EUPL-1.2"}
	c.Servers = []*huma.Server{{URL: "/"}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearer: {Type: "http", Scheme: "bearer", Description: "A token made by \"yrkesresan token create\" or on the page /tokens."},
	}
	c.Security = []map[string][]string{{bearer: {}}}
	// The documents are ours to serve: huma's page loads from elsewhere.
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks, c.Transformers = nil, nil
	c.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	c.RejectUnknownQueryParameters = true
	return c
}

// call is one request: who asks, in which language they want to be answered,
// and when.
type call struct {
	access.Viewer
	lang *i18n.Lang
	now  clock.Instant
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{lang: i18n.Swedish}
}

// telling is an answer that tells facts of a kind about people; who reads it is written into
// the audit.
type telling interface {
	tells() (audit.Kind, []int64)
}

// add makes an operation. Its summary in both languages is the message
// api.<id>; errs are the statuses that it may answer with beside those that all
// share.
func add[I, O any](s *API, method, path, id string, status int, f func(context.Context, *call, *I) (*O, error), errs ...int) {
	key := strings.ReplaceAll(id, "-", "_")
	errs = append(errs, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	if _, sends := reflect.TypeFor[I]().FieldByName("Body"); sends {
		errs = append(errs, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	huma.Register(s.huma, huma.Operation{
		Method: method, Path: Prefix + path, OperationID: id, Summary: i18n.English.T("api.op." + key),
		DefaultStatus: status, MaxBodyBytes: maxBody + 1, // huma refuses one of just this size
		Errors: errs,
	}, func(ctx context.Context, in *I) (*O, error) {
		c := callOf(ctx)
		out, err := f(ctx, c, in)
		if err != nil {
			return nil, s.problemOf(ctx, c, err)
		}
		if t, ok := any(out).(telling); ok {
			kind, people := t.tells()
			s.Reads.Record(ctx, c.Viewer, audit.Read, kind, method+" "+Prefix+path, people...)
		}
		return out, nil
	})
}

// write runs f in a transaction, and lets those be told whom the change of the
// round concerns. f gives the round.
func (s *API) write(ctx context.Context, c *call, f func(tx *db.Tx) (roundID int64, err error)) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		roundID, err := f(tx)
		if err != nil {
			return err
		}
		return letter.After(ctx, tx, roundID, c.now)
	})
}

// Handler answers everything below Prefix but Docs. observe, which may be nil,
// is told of each answer with its route.
func (s *API) Handler(observe func(route string, status int, took time.Duration)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.Clock()
		a := NewAnswer(w)
		h := a.Header()
		h.Add("Vary", "Accept-Language, Authorization")
		c := &call{lang: i18n.Match(r.Header.Get("Accept-Language")), now: began}
		handler, route := s.mux.Handler(r)
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("panic", "route", route, "panic", p, "stack", string(debug.Stack()))
				if !a.Written {
					problem(c.lang, http.StatusInternalServerError, "fault.internal").write(a)
				}
			}
			if observe != nil {
				observe(route, a.Status, time.Duration(s.Clock()-began)*time.Microsecond)
			}
		}()
		s.serve(a, r, c, handler, route)
	})
}

// open are the routes that ask for no token.
func open(route string) bool { return strings.Contains(route, Prefix+"/openapi.") }

func (s *API) serve(w http.ResponseWriter, r *http.Request, c *call, handler http.Handler, route string) {
	if route == "" { // nothing there, or nothing for this method: the mux knows
		probe := &probe{header: http.Header{}}
		handler.ServeHTTP(probe, r)
		if allow := probe.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
			problem(c.lang, http.StatusMethodNotAllowed, "api.no_such_method", "Method", r.Method, "Allow", allow).write(w)
			return
		}
		problem(c.lang, http.StatusNotFound, "api.no_such_address").write(w)
		return
	}
	if !open(route) {
		viewer, err := s.viewer(r, c.now)
		switch {
		case errors.Is(err, fault.NotFound):
			key, challenge := "api.token_missing", `Bearer realm="yrkesresan"`
			if r.Header.Get("Authorization") != "" {
				key, challenge = "api.token_wrong", challenge+`, error="invalid_token"`
			}
			w.Header().Set("WWW-Authenticate", challenge)
			problem(c.lang, http.StatusUnauthorized, key).write(w)
			return
		case err != nil:
			s.problemOf(r.Context(), c, err).write(w)
			return
		}
		c.Viewer = viewer
	}
	// The mux sets the path's values, so it is asked once more.
	s.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
}

// viewer is whom the request's token lets in; fault.NotFound without a good one.
func (s *API) viewer(r *http.Request, now clock.Instant) (access.Viewer, error) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return access.Viewer{}, fault.NotFound
	}
	return identity.ViewerOfToken(r.Context(), s.DB, identity.ForAPI, strings.TrimSpace(key), now)
}

// probe takes an answer that nobody gets.
type probe struct{ header http.Header }

func (p *probe) Header() http.Header       { return p.header }
func (*probe) Write(b []byte) (int, error) { return len(b), nil }
func (*probe) WriteHeader(int)             {}
