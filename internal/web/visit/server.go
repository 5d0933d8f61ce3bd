package visit

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/federation"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/signout"
	"yrkesresan/internal/together"
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
	FilesURL    string                      // an address of its own for what people have uploaded; "": served beside the pages
	Ready       func(context.Context) error // whether the database answers, and takes writes
	Loopback    bool                        // only in tests: people sign in at providers on this machine
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
	API      *api.API
	Work     *federation.Federation              // signing in with the account at work
	Exit     *signout.Exit                       // signing out of it
	Country  map[int64]organisation.Organisation // by identity, down to the municipalities
	Registry *prometheus.Registry

	requests *prometheus.HistogramVec
	signIns  *prometheus.CounterVec
	again    map[string]Handler // by route: what shows its refused form again
	Audit    *audit.Recorder
	Behind   *jobs.Behind // what goes on after a page has been answered
	Screens  *together.Watch
}

// filesAtOnce is how many large files are read at once, beside all that people ask for.
const filesAtOnce = 2

// NewServer is a server for the configuration; its database is migrated.
func NewServer(ctx context.Context, c Config) (*Server, error) {
	s := &Server{Config: c, Registry: prometheus.NewRegistry(), again: map[string]Handler{}, Audit: audit.NewRecorder(c.DB, c.Log), Behind: jobs.NewBehind(ctx, filesAtOnce), Screens: together.NewWatch(ctx)}
	var err error
	if s.Country, err = organisation.Country(ctx, c.DB.Reader()); err != nil {
		return nil, err
	}
	if s.API, err = api.New(ctx, api.Config{DB: c.DB, Clock: c.Clock, Log: c.Log, Reads: s.Audit}); err != nil {
		return nil, err
	}
	s.Work = federation.New(federation.Config{DB: c.DB, Clock: c.Clock, Base: c.Site.Base, Log: c.Log, Loopback: c.Loopback})
	s.Exit = &signout.Exit{DB: c.DB, Work: s.Work, Sessions: c.Sessions}
	s.requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "yrkesresan_request_seconds",
		Help:    "Time to answer a request, by route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
	}, []string{"route", "status"})
	s.signIns = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "yrkesresan_sign_in_total",
		Help: "Steps of signing in: a letter was asked for, its link or code or a passkey was used, by how that ended.",
	}, []string{"step", "outcome"})
	for step, outcomes := range map[string][]string{ // zeros, too: a rate needs them
		"request": {SignInLetter, SignInPaused, SignInAddressRefused, SignInNetworkRefused},
		"link":    {SignInDone, SignInFailed}, "code": {SignInDone, SignInFailed}, "passkey": {SignInDone, SignInFailed}, "work": {SignInDone, SignInFailed},
	} {
		for _, outcome := range outcomes {
			s.signIns.WithLabelValues(step, outcome)
		}
	}
	c.Sessions.ErrorFunc = s.Fail
	s.Registry.MustRegister(s.requests, s.signIns, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return s, nil
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
			pages.Handle("GET "+r.Path, s.handle(Route{Method: http.MethodGet, Path: r.Path, do: r.again, open: r.open, reads: r.reads}))
		}
	}
	pages.Handle("/", s.handle(Route{Method: "", Path: "/", do: func(*Visit) error { return fault.NotFound }}))
	return pages
}

// Observe counts an answer for /metrics.
func (s *Server) Observe(route string, status int, took time.Duration) {
	s.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// How asking for a link and using it end, for those who watch the server.
const (
	SignInLetter         = "letter"          // a letter is on its way
	SignInPaused         = "paused"          // there was one within the last minute
	SignInAddressRefused = "address_refused" // the network asked for this address too often
	SignInNetworkRefused = "network_refused" // the network asked too often
	SignInDone           = "signed_in"
	SignInFailed         = "failed" // used, too old, unknown
)

// CountSignIn counts a step ("request", "link", "code", "passkey") of signing in for /metrics.
func (s *Server) CountSignIn(step, outcome string) { s.signIns.WithLabelValues(step, outcome).Inc() }

// handle runs one route: it makes the visit, asks who it is, and turns an
// error into a page.
func (s *Server) handle(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Clock()
		answer := api.NewAnswer(w)
		v := &Visit{Request: r, W: answer, Server: s, Now: s.Clock(), route: route}
		v.Today = v.Now.Day()
		answer.Before = v.trace
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("panic", "route", route.Path, "panic", p, "stack", string(debug.Stack()))
				s.fail(v, errors.New("panic"))
			}
			s.Observe(route.Method+" "+route.Path, answer.Status, time.Duration(s.Clock()-start)*time.Microsecond)
		}()
		if err := s.run(v, route); err != nil {
			s.fail(v, err)
		}
	})
}

func (s *Server) run(v *Visit, route Route) error {
	v.Lang = v.language()
	if err := v.identify(); err != nil {
		return err
	}
	if err := v.onlyLooks(); err != nil {
		return err
	}
	if err := v.readForm(route); err != nil {
		return err
	}
	if err := v.tidy(); err != nil {
		return err
	}
	if !route.open && !v.SignedIn() {
		return v.AskToSignIn()
	}
	if route.fresh && !s.Sessions.Fresh(v.Context()) {
		return v.askAnew(route)
	}
	sentTo, err := v.recall()
	if err != nil {
		return err
	}
	if again := s.again[sentTo]; again != nil {
		return again(v)
	}
	if err := v.bounded(); err != nil {
		return refuse(v, route, err)
	}
	return refuse(v, route, v.wider(route.do(v)))
}

func StatusOf(kind fault.Kind) int {
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
