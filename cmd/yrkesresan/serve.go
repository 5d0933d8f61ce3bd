package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	netmail "net/mail"
	"strings"
	"time"

	"yrkesresan/internal/attendance"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/catering"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/intake"
	"yrkesresan/internal/intake/undo"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/privacy"
	"yrkesresan/internal/production"
	"yrkesresan/internal/publication"
	"yrkesresan/internal/rollout"
	"yrkesresan/internal/sealing"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/setup"
	"yrkesresan/internal/signout"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/filehost"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/welcome"
)

// Server is the flags of a command that serves.
type Server struct {
	Addr        string `help:"The address to listen on." default:"127.0.0.1:8080" env:"YRKESRESAN_ADDR"`
	BaseURL     string `help:"The address that people use, for links in letters, calendars and codes to scan. Default: http:// and --addr." env:"YRKESRESAN_BASE_URL"`
	MetricsAddr string `help:"An address of its own for /metrics, which the pages' address does not have. Default: none." env:"YRKESRESAN_METRICS_ADDR"`
	SMTP        string `name:"smtp" help:"The mail server: smtp://USER:PASSWORD@HOST:PORT or smtps://…. Without one, letters wait." env:"YRKESRESAN_SMTP"`
	BehindProxy bool   `help:"Believe the X-Forwarded headers: only when nobody reaches the server but through a proxy that sets them." env:"YRKESRESAN_BEHIND_PROXY"`
	Files       string `help:"The folder of uploaded files. Default: beside the SQLite file, or the folder files." env:"YRKESRESAN_FILES"`
	FilesURL    string `name:"files-url" help:"An address of its own for uploaded files, on another host that leads to this server: https://filer.example.org. Default: beside the pages." env:"YRKESRESAN_FILES_URL"`
	From        string `help:"The sender of letters." default:"Yrkesresan <noreply@example.org>" env:"YRKESRESAN_FROM"`
}

// Serve is the command of that name.
type Serve struct {
	Database
	Server
	Gallery bool `help:"Show the design language at /dev/pages. Not for production." env:"YRKESRESAN_GALLERY"`
}

// Run serves until it is told to stop.
func (c Serve) Run(ctx context.Context, log *slog.Logger) error {
	d, err := c.found(ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := c.unlockOrReplace(ctx, d, log); err != nil {
		return err
	}
	c.beside(c.DB)
	return c.serve(ctx, log, d, visit.Config{Gallery: c.Gallery}, nil)
}

// beside is the folder of uploaded files for a database, when none is named.
func (s *Server) beside(database string) {
	if s.Files != "" {
		return
	}
	s.Files = "files"
	if path, lite := strings.CutPrefix(database, "sqlite:"); lite {
		s.Files = path + ".files"
	}
}

// site is where the product is found and who its letters are from.
func (s Server) site() (letter.Site, error) {
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return letter.Site{}, fmt.Errorf("%q is no address to send letters from", s.From)
	}
	return letter.Site{Base: strings.TrimRight(s.BaseURL, "/"), From: calendar.Party{Name: from.Name, Email: from.Address}}, nil
}

// work lets the queue do all that the product has to do by itself.
func work(queue *jobs.Queue, d *db.DB, log *slog.Logger, sender *mail.Sender, site letter.Site) {
	sender.Handle(queue, log)
	identity.Handle(queue, d, clock.System, sender, site.Base)
	signout.Handle(queue, d, clock.System)
	letter.Handle(queue, d, clock.System, sender, site)
	seat.Handle(queue, d, clock.System, letter.After)
	attendance.Handle(queue, d, clock.System)
	production.Handle(queue, d, clock.System, site)
	rollout.Handle(queue, d, clock.System, site)
	catering.Handle(queue, d, clock.System)
	publication.Handle(queue, d, clock.System)
	setup.Handle(queue, d, clock.System, sender, site)
	welcome.Handle(queue, d, clock.System, sender, site)
	intake.Handle(queue, d, clock.System)
	undo.Handle(queue, d, clock.System)
	audit.Handle(queue, d, clock.System)
	privacy.Handle(queue, d, clock.System)
	sealing.Handle(queue, d, clock.System)
}

// watch answers at /metrics on an address of its own, if there is one, until the
// returned function is called.
func (s Server) watch(ctx context.Context, log *slog.Logger, server *visit.Server) (stop func(), err error) {
	if s.MetricsAddr == "" {
		return func() {}, nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", s.MetricsAddr, err)
	}
	metrics := &http.Server{
		Handler:           web.Metrics(server),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	go func() {
		if err := metrics.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics are no longer served", "error", err)
		}
	}()
	log.Info("metrics", "address", "http://"+listener.Addr().String()+"/metrics")
	return func() { _ = metrics.Close() }, nil // who watches asks again
}

// serve answers on the address until ctx ends, then lets what is under way
// finish. listening is called once it does, with the address to open.
func (s Server) serve(ctx context.Context, log *slog.Logger, d *db.DB, c visit.Config, listening func(address string)) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.Addr, err)
	}
	address := "http://" + listener.Addr().String()
	if s.BaseURL == "" {
		s.BaseURL = address
	}

	queue, err := jobs.Open(ctx, d, log)
	if err != nil {
		return err
	}
	sender, err := mail.Open(s.SMTP, s.From, clock.System)
	if err != nil {
		return err
	}
	site, err := s.site()
	if err != nil {
		return err
	}
	if err := filehost.Check(s.FilesURL, s.BaseURL); err != nil {
		return fmt.Errorf("--files-url: %w", err)
	}
	work(queue, d, log, sender, site)
	c.DB, c.Clock, c.Log, c.BehindProxy = d, clock.System, log, s.BehindProxy
	c.Site, c.Files, c.FilesURL = site, file.Open(s.Files), strings.TrimRight(s.FilesURL, "/")
	c.Sessions = identity.NewSessions(d, clock.System, strings.HasPrefix(s.BaseURL, "https://"))
	c.Ready = func(ctx context.Context) error { return writable(ctx, d) }
	handler, err := visit.NewServer(ctx, c)
	if err != nil {
		return err
	}
	stop, err := s.watch(ctx, log, handler)
	if err != nil {
		return err
	}
	defer stop()
	if err := queue.Start(ctx); err != nil {
		return err
	}

	server := &http.Server{
		Handler:           web.Handler(handler), //nolint:contextcheck // a page has the context of its request
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	log.Info("listening", "address", address, "database", db.Redact(string(d.Engine)), "version", version)
	if listening != nil {
		listening(address)
	}
	select {
	case err = <-served:
	case <-ctx.Done():
		log.Info("stopping")
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		handler.Behind.End() // who waits for room there gets an answer
		err = errors.Join(server.Shutdown(stopping), handler.Behind.Wait(stopping), queue.Stop(stopping))
		handler.Audit.Flush(stopping) // what it cannot write is in the log
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}
