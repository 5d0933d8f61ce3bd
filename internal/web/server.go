package web

import (
	"context"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/file"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/ui"
)

// Config is what a Server is made of.
type Config struct {
	DB       *db.DB
	Clock    clock.Clock
	Sessions *identity.Sessions
	Log      *slog.Logger
	Personas []Persona // only in the demo: whom the picker offers
	Gallery  bool      // show /dev/pages; never in production
	// BehindProxy believes X-Forwarded-For and X-Forwarded-Proto: only for a
	// server that nobody reaches but through a proxy that sets them.
	BehindProxy bool
	Site        letter.Site // where the product is found, for the links in letters
	Files       *file.Store
	Ready       func(context.Context) error
}

// Persona is somebody whom the picker signs in as without a letter.
type Persona struct {
	Role   access.Role
	Email  string
	Name   string
	Place  string // where they are employed
	Region string // of that place
}

// Server answers people's requests.
type Server struct {
	Config
	api      *api.API
	country  map[int64]organisation.Organisation
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	again    map[string]func(*Visit) error // by route: what shows its refused form again
}

// Demo tells whether the data are invented and the picker is open.
func (s *Server) Demo() bool { return len(s.Personas) > 0 }

// Pages answers at the routes. A refused form is shown again where its route says,
// at the form's own address, also where no page stands otherwise.
func (s *Server) Pages(routes []Route) http.Handler {
	pages := http.NewServeMux()
	shown := map[string]bool{}
	for _, r := range routes {
		pages.Handle(r.Method+" "+r.Path, s.handle(r))
		if r.again != nil {
			s.again[r.Method+" "+r.Path] = r.again
		}
		shown[r.Path] = shown[r.Path] || r.Method == http.MethodGet
	}
	for _, r := range routes {
		if r.again != nil && !shown[r.Path] {
			pages.Handle("GET "+r.Path, s.handle(Route{Method: http.MethodGet, Path: r.Path, do: func(_ *Server, v *Visit) error { return r.again(v) }, open: r.open}))
		}
	}
	pages.Handle("/", s.handle(Route{Method: "", Path: "/", do: func(*Server, *Visit) error { return fault.NotFound }}))
	return pages
}

// observe counts an answer for /metrics.
func (s *Server) observe(route string, status int, took time.Duration) {
	s.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// handle runs one route: it makes the visit, asks who it is, and turns an
// error into a page.
func (s *Server) handle(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Clock()
		answer := api.NewAnswer(w)
		v := &Visit{Request: r, W: answer, server: s, Now: s.Clock()}
		v.Today = v.Now.Day()
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("panic", "route", route.Path, "panic", p, "stack", string(debug.Stack()))
				s.fail(v, errors.New("panic"))
			}
			s.observe(route.Method+" "+route.Path, answer.Status, time.Duration(s.Clock()-start)*time.Microsecond)
		}()
		if err := s.run(v, route); err != nil {
			s.fail(v, err)
		}
	})
}

func (s *Server) run(v *Visit, route Route) error {
	v.Lang = v.language()
	if r := v.Request; r.Method == http.MethodPost {
		most := int64(maxForm)
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
			most += uploads[route.Path] // it is read part by part; any other form is read whole, here, from anybody
		}
		r.Body = http.MaxBytesReader(v.W, r.Body, most)
		if err := r.ParseForm(); err != nil {
			return fault.Invalid("form", "fault.form_too_large")
		}
	}
	if err := v.identify(); err != nil {
		return err
	}
	if !route.open && !v.SignedIn() {
		return v.askToSignIn()
	}
	sentTo, err := v.recall()
	if err != nil {
		return err
	}
	if again := s.again[sentTo]; again != nil {
		return again(v)
	}
	return s.refuse(v, route, route.do(s, v))
}

// maxForm is the largest form that is read; the longest list of attendance
// needs a small part of it.
const maxForm = 1 << 20

// uploadPath is where material is uploaded.
const uploadPath = "/courses/{course}/material"

// uploads are the forms with files, and how much of those each may bring, in
// bytes.
var uploads = map[string]int64{
	uploadPath:           file.MaxFilm,
	workshopMediaPath:    file.MaxFilm,
	workshopTaskPath:     file.MaxFilm + 2*file.MaxCaptions,
	workshopNewTaskPath:  file.MaxFilm + 2*file.MaxCaptions,
	workshopPackItemPath: file.MaxFilm + 2*file.MaxCaptions,
	workshopImportPath:   catalogue.MaxArchive,
}

// fail answers with the page for the error. What went wrong inside is for the
// log alone.
func (s *Server) fail(v *Visit, err error) {
	if v.W.Written {
		s.Log.Error("error after the answer had begun", "path", v.URL.Path, "error", err)
		return
	}
	if v.Lang == nil {
		v.Lang = i18n.Swedish
	}
	status, key := http.StatusInternalServerError, "fault.internal"
	help := "fault.internal_help"
	var args []any
	if f := fault.Of(err); f != nil {
		status, key, args = statusOf(f.Kind), f.Key, f.Args
		help = ""
		if v.Lang.Has(key + "_help") {
			help = key + "_help"
		}
		if f.Kind == fault.KindInvalid && len(f.Fields) > 0 {
			// A form that its page does not show again: say what is wrong here.
			key, args = f.Fields[0].Key, f.Fields[0].Args
		}
	} else if errors.Is(err, context.Canceled) {
		return // the browser left
	} else {
		s.Log.Error("request failed", "method", v.Method, "path", v.URL.Path, "error", err)
	}
	v.renderFault(status, v.Lang.T(key, args...), help)
}

func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindForbidden:
		return http.StatusForbidden
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindTooMany:
		return http.StatusTooManyRequests
	}
	return http.StatusInternalServerError
}

// renderFault is the page that says what went wrong and what to do.
func (v *Visit) renderFault(status int, title, help string) {
	f := v.Frame(title)
	f.Reading = true
	head := ui.PageHead{Title: title}
	if help != "" {
		head.Lead = v.T(help)
	}
	back := ui.Action{Label: v.T("fault.to_start"), Href: "/", Kind: ui.Secondary}
	if err := v.PageStatus(status, f, head.View(v.Lang), back.View(v.Lang)); err != nil {
		v.server.Log.Error("the page for an error failed", "error", err)
		http.Error(v.W, title, status)
	}
}
