package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/api"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/trainer"
)

const (
	dalarna  int64 = 20
	uppsala  int64 = 3
	falun    int64 = 2080
	borlange int64 = 2081
	tierp    int64 = 360 // in Uppsala
)

var (
	ctx    = context.Background()
	system = access.System()
	// The world's rounds are open for sign-up today, and have their two days
	// today and tomorrow: so attendance can be tried too.
	today = clock.Date(2025, 3, 3)
	now   = today.At(12, 0)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a server over a country with a course and some people.
type world struct {
	testing.TB
	d       *db.DB
	url     string
	log     *bytes.Buffer
	course  int64
	staff   []int64 // of Falun
	away    int64   // in Tierp
	trainer int64   // of Borlänge
	time    atomic.Int64
}

// at is the moment from now on.
func (w *world) at(moment clock.Instant) { w.time.Store(int64(moment)) }

// syncWriter lets a log be written from many requests.
type syncWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *syncWriter) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(b)
}

func newWorld(t testing.TB, d *db.DB, staff int) *world {
	t.Helper()
	w := &world{TB: t, d: d, log: &bytes.Buffer{}}
	w.at(now)
	must(t, jobs.Migrate(ctx, d))
	must(t, organisation.Install(ctx, d))
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		if w.course, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 2, TariffKind: "authority"}, catalogue.Regional, today-500); err != nil {
			return err
		}
		add := func(family string, at int64) (id int64) {
			if err == nil {
				id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: family}, at, today-400, "", now)
			}
			return id
		}
		for i := range staff {
			w.staff = append(w.staff, add(fmt.Sprintf("Falun%03d", i), falun))
		}
		w.away, w.trainer = add("Tierp", tierp), add("Utbildare", borlange)
		return err
	}))
	server, err := api.New(ctx, api.Config{DB: d, Clock: func() clock.Instant { return clock.Instant(w.time.Load()) }, Log: slog.New(slog.NewTextHandler(&syncWriter{w: w.log}, &slog.HandlerOptions{Level: slog.LevelError}))})
	must(t, err)
	listening := httptest.NewServer(server.Handler(nil))
	t.Cleanup(listening.Close)
	t.Cleanup(func() {
		if w.log.Len() > 0 { // no test brings about trouble of our own
			t.Errorf("logged:\n%s", w.log)
		}
	})
	w.url = listening.URL
	return w
}

// token is a key for the role.
func (w *world) token(role access.Role, organisationID int64) (key string) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		key, err = identity.MakeToken(ctx, tx, system, identity.ForAPI, "Test", role, organisationID, now)
		return err
	}))
	return key
}

// round makes a round that is open for sign-up.
func (w *world) round(regionID int64, capacity int) (id int64) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		teachers := []planning.NewTrainer{{PersonID: w.trainer, Role: trainer.Lead}}
		id, err = planning.Plan(ctx, tx, system, planning.New{
			CourseID: w.course, RegionID: regionID, Label: "Omgång", Capacity: capacity, Minimum: 1, SignupFrom: today - 9, SignupUntil: today,
			Days: []planning.NewDay{
				{Day: today, Starts: "09:00", Ends: "16:00", Place: "Falun", Trainers: teachers},
				{Day: today + 1, Starts: "09:00", Ends: "16:00", Place: "Falun"},
			},
		}, now)
		if err != nil {
			return err
		}
		return planning.Publish(ctx, tx, system, id, now)
	}))
	return id
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request; body is JSON text, or a value that is written as JSON.
func (w *world) send(method, path, token string, body any, headers ...string) answer {
	w.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		must(w, err)
		reader = bytes.NewReader(text)
	}
	r, err := http.NewRequest(method, w.url+path, reader)
	must(w, err)
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	must(w, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(w, err)
	return answer{response.StatusCode, response.Header, text}
}

// into reads the answer, which has the status.
func into[T any](t testing.TB, a answer, status int) (v T) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	must(t, json.Unmarshal(a.body, &v))
	return v
}

// wrong is the code of the problem and of each wrong place, "round.full" or
// "fault.invalid body.capacity=round.capacity_wrong".
func wrong(t testing.TB, a answer) string {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(a.body, &p); err != nil || a.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d is no problem: %s %s", a.status, a.header.Get("Content-Type"), a.body)
	}
	if p.Status != a.status || p.Title != http.StatusText(a.status) || p.Detail == "" || strings.Contains(string(a.body), "[[") {
		t.Errorf("%d: a problem lacks something: %s", a.status, a.body)
	}
	text := p.Code
	for _, e := range p.Errors {
		text += " " + e.Location + "=" + e.Code
		if e.Detail == "" {
			t.Errorf("a wrong place is not explained: %s", a.body)
		}
	}
	return text
}
