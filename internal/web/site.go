package web

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"yrkesresan/internal/api"
	"yrkesresan/internal/web/assets"
	"yrkesresan/internal/web/visit"
)

// Handler answers everything: pages, assets, machines, and what watches the server.
func Handler(s *visit.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("GET "+assets.WorkerPath, assets.Worker())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { readyz(s, w, r) })
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.Registry, promhttp.HandlerOpts{}))
	people := http.NewCrossOriginProtection().Handler(s.Sessions.LoadAndSave(s.Pages(Routes(s))))
	mux.Handle("/", people)
	machines := s.API.Handler(s.Observe)
	mux.Handle("/api", machines)
	mux.Handle("/api/", machines)
	mux.Handle("GET "+api.Docs, people)
	return secured(s, mux)
}

// readyz tells whether the server can do its work: the database answers and has
// the schema that the program needs.
func readyz(s *visit.Server, w http.ResponseWriter, r *http.Request) {
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
func secured(s *visit.Server, next http.Handler) http.Handler {
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
