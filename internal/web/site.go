package web

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"yrkesresan/internal/api"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/web/assets"
)

// New is a server for the configuration; its database is migrated.
func New(ctx context.Context, c Config) (*Server, error) {
	s := &Server{Config: c, registry: prometheus.NewRegistry(), again: map[string]func(*Visit) error{}}
	var err error
	if s.country, err = organisation.Country(ctx, c.DB.Reader()); err != nil {
		return nil, err
	}
	if s.api, err = api.New(ctx, api.Config{DB: c.DB, Clock: c.Clock, Log: c.Log}); err != nil {
		return nil, err
	}
	s.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "yrkesresan_request_seconds",
		Help:    "Time to answer a request, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
	}, []string{"route", "status"})
	s.registry.MustRegister(s.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return s, nil
}

// Handler answers everything: pages, assets, machines, and what watches the server.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("GET "+assets.WorkerPath, assets.Worker())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { s.readyz(w, r) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}))
	people := http.NewCrossOriginProtection().Handler(s.Sessions.LoadAndSave(s.Pages(s.routes())))
	mux.Handle("/", people)
	machines := s.api.Handler(s.observe)
	mux.Handle("/api", machines)
	mux.Handle("/api/", machines)
	mux.Handle("GET "+api.Docs, people)
	return s.secured(mux)
}

// readyz tells whether the server can do its work: the database answers and has
// the schema that the program needs.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if err := s.Ready(r.Context()); err != nil {
		s.Log.Warn("not ready", "error", err)
		writeText(w, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	writeText(w, http.StatusOK, "ready\n")
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // nobody left to tell
}

// secured sets the headers that every answer carries: nothing is loaded from
// elsewhere, nobody frames us, and nothing personal stays in a shared cache.
func (s *Server) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if r.TLS != nil || s.BehindProxy && r.Header.Get("X-Forwarded-Proto") == "https" { // over http browsers ignore it
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
