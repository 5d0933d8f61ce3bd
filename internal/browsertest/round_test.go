package browsertest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"yrkesresan/internal/calendar"
	"yrkesresan/internal/catering"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/file"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/setup"
	"yrkesresan/internal/web"
	"yrkesresan/internal/web/visit"
	"yrkesresan/internal/welcome"
)

// term is the whole product over the demo with letters that arrive and a clock
// that can be moved.
type term struct {
	*testing.T
	d       *db.DB
	address string
	letters *mailtest.Server
	moved   atomic.Int64 // nanoseconds
	cut     atomic.Bool  // the network is gone
}

func newTerm(t *testing.T, d *db.DB) *term {
	t.Helper()
	files := loadDemo(t, d)
	return serveTerm(t, d, files, offered(t, d))
}

// serveTerm serves the database with its jobs and a mail server.
func serveTerm(t *testing.T, d *db.DB, files *file.Store, personas []visit.Persona) *term {
	t.Helper()
	ctx := context.Background()
	c := &term{T: t, d: d}
	now := func() clock.Instant { return clock.System().Add(time.Duration(c.moved.Load())) }
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := visit.NewServer(ctx, visit.Config{
		DB: c.d, Clock: now, Sessions: identity.NewSessions(c.d, clock.System, false), Log: log, Personas: personas, Files: files,
		Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	handler := web.Handler(server)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.cut.Load() {
			panic(http.ErrAbortHandler) // the connection closes without an answer
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	server.Site.Base = s.URL
	c.address = s.URL
	c.letters = mailtest.Open(t)
	queue, err := jobs.Open(ctx, c.d, log)
	if err != nil {
		t.Fatal(err)
	}
	sender, err := mail.Open(c.letters.Address(), "Yrkesresan <noreply@example.org>", clock.System)
	if err != nil {
		t.Fatal(err)
	}
	sender.Handle(queue, log)
	identity.Handle(queue, c.d, now, sender, s.URL)
	letter.Handle(queue, c.d, now, sender, letter.Site{Base: s.URL, From: calendar.Party{Name: "Yrkesresan", Email: "noreply@example.org"}})
	seat.Handle(queue, c.d, now, letter.After)
	catering.Handle(queue, c.d, now)
	setup.Handle(queue, c.d, now, sender, letter.Site{Base: s.URL})
	welcome.Handle(queue, c.d, now, sender, letter.Site{Base: s.URL})
	if err := queue.Start(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = queue.Stop(context.Background()) })
	return c
}

// to makes it be that time.
func (c *term) to(now clock.Instant) { c.moved.Store(int64(now.Time().Sub(clock.System().Time()))) }

func (c *term) id(query string, args ...any) int64 {
	c.Helper()
	id, err := db.Row(context.Background(), c.d.Reader(), db.One[int64], query, args...)
	if err != nil {
		c.Fatalf("%v\n%s", err, query)
	}
	return id
}

// letterTo waits for a letter to the address whose subject holds the words.
func (c *term) letterTo(address, words string) mailtest.Letter {
	c.Helper()
	var seen []string
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if c.letters.Waiting() == 0 {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		l := c.letters.Next(c)
		if l.To == address && strings.Contains(l.Subject, words) {
			return l
		}
		seen = append(seen, l.To+": "+l.Subject)
	}
	c.Fatalf("no letter to %s about %q; there were:\n%s", address, words, strings.Join(seen, "\n"))
	return mailtest.Letter{}
}

// put fills in the fields of the page's form by their names.
func (b *Browser) put(values map[string]string) {
	b.t.Helper()
	for name, value := range values {
		if !Eval[bool](b, fmt.Sprintf(`(() => {
			const e = document.querySelector("main [name='%s']");
			if (!e) return false;
			e.value = %q;
			e.dispatchEvent(new Event("input", {bubbles: true}));
			return true;
		})()`, name, value)) {
			b.t.Fatalf("%s has no field %s:\n%s", b.Path(), name, b.Text())
		}
	}
}

// send presses the button of the form with the address, opening its question
// first where there is one.
func (b *Browser) send(action string) {
	b.t.Helper()
	b.Follow(func() {
		if !Eval[bool](b, fmt.Sprintf(`(() => {
			const form = document.querySelector("form[action^='%s']");
			if (!form) return false;
			form.requestSubmit(form.querySelector("button:not([name]), button"));
			return true;
		})()`, action)) {
			b.t.Fatalf("%s has no form to %s:\n%s", b.Path(), action, b.Text())
		}
	})
	if text := b.Text(); strings.Contains(text, "behöver rättas") {
		b.t.Fatalf("%s was refused:\n%s", action, text)
	}
}

// One person takes a round from plan to approved participants, invoice basis
// and trainer pot; a participant follows it on a phone and by letters.
func TestARoundFromPlanToPot(t *testing.T) {
	c := newTerm(t, sqlite(t))
	const admin, learner = "regional@example.org", "medarbetare@example.org"
	day := clock.System().Day() + 56
	for day.Weekday() != time.Tuesday {
		day++
	}
	course := "handlaggning-av-unga-lagovertradare"

	desktop, phone := Open(t), Open(t)
	desktop.Size(1280, 900)
	phone.Size(360, 740)
	desktop.signIn(c.address, admin)
	phone.signIn(c.address, learner)

	// Plan and publish.
	desktop.Visit(c.address + "/regions/dalarna/rounds/new?course=" + course)
	if problems := desktop.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	desktop.put(map[string]string{
		"label": "prövad omgång", "capacity": "12", "minimum": "1",
		"signup_from": clock.System().Day().String(), "signup_until": (day - 7).String(),
		"days.0.day": day.String(), "days.0.starts": "09:00", "days.0.ends": "16:00", "days.0.place": "Falun",
	})
	Eval[bool](desktop, `(() => {
		const trainers = [...document.querySelectorAll("main select")].filter(s => /^days\.0\.trainer\.[01]$/.test(s.name));
		trainers.forEach((s, i) => { s.selectedIndex = Math.min(i + 1, s.options.length - 1); });
		return true;
	})()`)
	desktop.send("/regions/dalarna/rounds")
	if strings.Contains(desktop.Text(), "ändå") {
		// A clash was shown before anything was saved: a trainer of the demo is
		// busy that day, and the administrator goes on.
		Eval[bool](desktop, `(() => { for (const e of document.querySelectorAll("main [type=checkbox]")) e.checked = true; return true; })()`)
		desktop.send("/regions/dalarna/rounds")
	}
	path := regexp.MustCompile(`^/rounds/(\d+)`).FindStringSubmatch(desktop.Path())
	if path == nil {
		t.Fatalf("planned, one is at %s:\n%s", desktop.Path(), desktop.Text())
	}
	page := path[0]
	id, _ := strconv.ParseInt(path[1], 10, 64)
	desktop.send(page + "/publication")

	// A place by phone, which the manager agrees to, and a letter with an entry
	// for the calendar.
	phone.Visit(c.address + page)
	if problems := phone.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	phone.send(page + "/enrolments")
	if text := phone.Text(); !strings.Contains(text, "Din chef har inte svarat än") {
		t.Errorf("after asking for a place:\n%s", text)
	}
	manager := Open(t)
	manager.Size(360, 740)
	manager.signIn(c.address, "chef@example.org")
	manager.Visit(c.address + "/my/requests")
	if problems := manager.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	entry := c.id(`SELECT id FROM queue_entry WHERE round_id = $1 AND ended_at IS NULL`, id)
	manager.send(fmt.Sprintf("/queue/%d/approval", entry))
	if got := c.id(`SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, id); got != 1 {
		t.Fatalf("%d seats are taken:\n%s", got, phone.Text())
	}
	c.letterTo(learner, "väntar på din chef")
	confirmation := c.letterTo(learner, "Du har en plats")
	if !strings.Contains(confirmation.Calendar, "BEGIN:VEVENT") || confirmation.CalendarMethod != "REQUEST" || !strings.Contains(confirmation.Text, "unga lagöverträdare") {
		t.Errorf("the confirmation: %q, calendar %q\n%s", confirmation.Subject, confirmation.CalendarMethod, confirmation.Text)
	}
	desktop.Visit(c.address + page)
	desktop.send(page + "/confirmation")
	c.letterTo(learner, "blir av")

	// The day comes.
	c.to(day.At(15, 0))
	dayID := c.id(`SELECT id FROM course_day WHERE round_id = $1`, id)
	list := fmt.Sprintf("/days/%d/attendance", dayID)
	desktop.Visit(c.address + list)
	if problems := desktop.Problems(); len(problems) > 0 {
		t.Error(problems)
	}
	Eval[bool](desktop, `(() => { for (const e of document.querySelectorAll("main input[value=present], main input[value=yes]")) e.click(); return true; })()`)
	desktop.send(list)

	// Approved, and what follows needs no further work.
	desktop.Visit(c.address + page)
	desktop.send(page + "/approvals")
	if got := c.id(`SELECT COUNT(*) FROM completion AS c JOIN person AS p ON p.id = c.person_id WHERE p.email = $1 AND c.round_id = $2 AND c.revoked_at IS NULL`, learner, id); got != 1 {
		t.Errorf("the participant has %d completions of the round", got)
	}
	year := strconv.Itoa(day.Year())
	desktop.Visit(c.address + "/regions/dalarna/invoice-basis?year=" + year)
	if text := desktop.Text(); !strings.Contains(text, "650") || !strings.Contains(text, "unga lagöverträdare") {
		t.Errorf("the invoice basis of %s:\n%s", year, text)
	}
	desktop.Visit(fmt.Sprintf("%s/days/%d/money", c.address, dayID))
	if text := desktop.Text(); !strings.Contains(text, "400") || strings.Contains(text, "[[") {
		t.Errorf("the day's money:\n%s", text)
	}
	phone.Visit(c.address + "/my/journey")
	if text := phone.Text(); !strings.Contains(text, "unga lagöverträdare") {
		t.Errorf("the participant's courses:\n%s", text)
	}
}
