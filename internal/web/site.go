package web

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"yrkesresan/internal/address"
	"yrkesresan/internal/api"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/scim"
	"yrkesresan/internal/web/assets"
	"yrkesresan/internal/web/filehost"
	"yrkesresan/internal/web/tablets"
	"yrkesresan/internal/web/visit"
)

// Handler answers everything: pages, assets, machines, and what watches the server.
func Handler(s *visit.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(assets.Prefix, assets.Handler())
	mux.Handle("GET "+assets.WorkerPath, assets.Worker())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	mux.Handle("GET /readyz", &readiness{server: s})
	ours := http.NewCrossOriginProtection()
	// A SAML provider's page sends its answer as a form from its own site. Nobody is signed
	// in by it: that takes the browser that began (federation.Finish). So does what it says
	// about signing out, which does what its signature lets it (signout.Exit).
	ours.AddInsecureBypassPattern("POST " + address.SAMLAnswer)
	ours.AddInsecureBypassPattern("POST " + address.SAMLSignOut)
	ours.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Fail(w, r, visit.Foreign) }))
	people := ours.Handler(visit.Patient(visit.AnswerTime, s.Sessions.LoadAndSave(tablets.Keep(s, s.Pages(Routes(s))))))
	mux.Handle("/", people)
	machines := visit.Patient(visit.AnswerTime, s.API.Handler(s.Observe))
	mux.Handle("/api", machines)
	mux.Handle("/api/", machines)
	mux.Handle("GET "+api.Docs, people)
	personnel := visit.Patient(visit.AnswerTime, scim.New(scim.Config{DB: s.DB, Clock: s.Clock, Log: s.Log, Base: s.Site.Base, Reads: s.Audit}).Handler(s.Observe))
	mux.Handle(scim.Prefix, personnel)
	mux.Handle(scim.Prefix+"/", personnel)
	return secured(s, recovered(s, filehost.Beside(s, mux)))
}

// Metrics answers with the server's figures for Prometheus: on an address of its
// own, since they are nobody's who only reaches the pages.
func Metrics(s *visit.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.Registry, promhttp.HandlerOpts{}))
	return mux
}

// recovered answers in the visitor's language when something breaks outside the
// pages themselves.
func recovered(s *visit.Server, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := api.NewAnswer(w)
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler || answer.Written { //nolint:errorlint // as net/http compares it
				panic(p)
			}
			s.Log.Error("panic", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			s.Fail(answer, r, errors.New("panic"))
		}()
		next.ServeHTTP(answer, r)
	})
}

// How long it is known whether the server is ready, and how long finding out may
// take: it writes, and anybody may ask.
const (
	readyKnown    = 5 * time.Second
	readyPatience = 5 * time.Second
)

// readiness tells whether the server can do its work: the database answers, has the
// schema that the program needs, and takes writes.
type readiness struct {
	server *visit.Server
	mu     sync.Mutex
	until  clock.Instant
	err    error
}

func (a *readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := a.server.Clock(); a.until <= now {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), readyPatience)
		defer cancel()
		if a.err = a.server.Ready(ctx); a.err != nil {
			a.server.Log.Warn("not ready", "error", a.err)
		}
		a.until = a.server.Clock().Add(readyKnown)
	}
	if a.err != nil {
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
	policy := "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
	if s.FilesURL != "" { // pages show films and pictures from there, and nothing else
		policy += "; img-src 'self' " + s.FilesURL + "; media-src 'self' " + s.FilesURL
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
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
