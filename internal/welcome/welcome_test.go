package welcome_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/welcome"
)

const falun, borlange int64 = 2080, 2081

var (
	ctx   = context.Background()
	now   = clock.Date(2026, 3, 2).At(9, 0)
	admin = access.Viewer{Grants: []access.Grant{{ID: 1, Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: falun, MunicipalityID: falun, RegionID: 20}}}
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type town struct {
	*testing.T
	d *db.DB
}

func each(t *testing.T, test func(w town)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d), catalogue.Install(ctx, d)))
		test(town{t, d})
	})
}

func (w town) set(viewer access.Viewer, municipality int64, yes bool, at clock.Instant) error {
	return w.d.Write(ctx, func(tx *db.Tx) error { return welcome.Set(ctx, tx, viewer, municipality, yes, at) })
}

// add adds somebody who works there from the day, with an account in a journey.
func (w town) add(name, email string, at int64, from clock.Day, account bool, added clock.Instant) (id int64) {
	w.Helper()
	must(w, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		if id, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: name, FamilyName: "Öberg", Email: email}, at, from, "", added); err != nil || !account {
			return err
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO account (person_id, journey_id, opened_on) SELECT $1, MIN(id), $2 FROM journey`, id, from)
		return err
	}))
	return id
}

func (w town) due(at clock.Instant) int {
	w.Helper()
	n, err := welcome.Due(ctx, w.d, at)
	must(w, err)
	return n
}

func TestWhoIsNewIsWelcomedOnceAndOnlyThere(t *testing.T) {
	each(t, func(w town) {
		w.add("Before", "before@example.org", falun, now.Day(), true, now.Add(-time.Hour))
		if n := w.due(now); n != 0 {
			w.Errorf("%d are welcomed where nobody decided it", n)
		}
		must(w, w.set(admin, falun, true, now))
		must(w, w.set(admin, falun, true, now.Add(time.Hour))) // the same again
		for name, want := range map[error]error{w.set(admin, borlange, true, now): fault.NotFound, w.set(access.Viewer{}, falun, false, now): fault.NotFound} {
			if !errors.Is(name, want) {
				w.Errorf("%v, want %v", name, want)
			}
		}
		w.add("New", "new@example.org", falun, now.Day(), true, now)
		w.add("Tomorrow", "tomorrow@example.org", falun, now.Day()+1, true, now)
		w.add("Nowhere", "nowhere@example.org", borlange, now.Day(), true, now)
		w.add("Unreachable", "", falun, now.Day(), true, now)
		w.add("Without", "without@example.org", falun, now.Day(), false, now)
		in := w.add("In", "in@example.org", falun, now.Day(), true, now)
		hidden := w.add("Hidden", "hidden@example.org", falun, now.Day(), true, now)
		must(w, w.d.Write(ctx, func(tx *db.Tx) error {
			if err := identity.RecordSignIn(ctx, tx, in, now); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) VALUES ($1, 'Hidden', 'Öberg', $2, $3)`, hidden, falun, now)
			return err
		}))
		for _, c := range []struct {
			at   clock.Instant
			want int
		}{{now, 1}, {now.Add(time.Hour), 0}, {(now.Day() + 1).At(0, 0), 1}, {(now.Day() + 2).At(0, 0), 0}} {
			if n := w.due(c.at); n != c.want {
				w.Errorf("at %v %d are welcomed, want %d", c.at, n, c.want)
			}
		}
		// Turned off and on again it begins anew.
		must(w, w.set(admin, falun, false, now))
		w.add("Off", "off@example.org", falun, now.Day(), true, now.Add(time.Minute))
		must(w, w.set(admin, falun, true, now.Add(time.Hour)))
		if n := w.due(now.Add(2 * time.Hour)); n != 0 {
			w.Errorf("%d are welcomed who came while it was off", n)
		}
	})
}

func TestManyAtOnceWelcomeEachOnce(t *testing.T) {
	each(t, func(w town) {
		must(w, w.set(admin, falun, true, now))
		for _, name := range []string{"A", "B", "C", "D", "E"} {
			w.add(name, strings.ToLower(name)+"@example.org", falun, now.Day(), true, now)
		}
		var wait sync.WaitGroup
		for range 6 {
			wait.Go(func() { w.due(now) })
		}
		wait.Wait()
		if n, err := db.Row(ctx, w.d.Reader(), db.One[int], `SELECT COUNT(*) FROM river_job WHERE kind = 'welcome_letter'`); err != nil || n != 5 {
			w.Errorf("%d letters, %v", n, err)
		}
	})
}

func TestTheLetterSignsInOnceWithinAWeek(t *testing.T) {
	each(t, func(w town) {
		at := now
		server := mailtest.Open(w)
		sender, err := mail.Open(server.Address(), "no-reply@example.org", func() clock.Instant { return at })
		must(w, err)
		q, err := jobs.Open(ctx, w.d, slog.New(slog.DiscardHandler))
		must(w, err)
		must(w, w.set(admin, falun, true, now))
		id := w.add("Åsa", "asa@example.org", falun, now.Day(), true, now)
		w.due(now)
		welcome.Handle(q, w.d, func() clock.Instant { return at }, sender, letter.Site{Base: "https://yrkesresan.example.org/"})
		must(w, q.Start(ctx))
		w.Cleanup(func() { must(w, q.Stop(ctx)) })
		l := server.Next(w)
		_, rest, found := strings.Cut(l.Text, "https://yrkesresan.example.org/sign-in/link?token=")
		token, _, _ := strings.Cut(rest, "\n")
		token = strings.TrimSpace(token)
		if !found || l.To != "asa@example.org" || !strings.Contains(l.Text, "Hej Åsa!") || !strings.Contains(l.Text, "Falun har lagt in dig") {
			w.Fatalf("%q: %s", l.To, l.Text)
		}
		if _, err := identity.PeekLink(ctx, w.d.Reader(), now.Add(7*24*time.Hour-time.Microsecond), token); err != nil {
			w.Errorf("within a week: %v", err)
		}
		if _, err := identity.PeekLink(ctx, w.d.Reader(), now.Add(7*24*time.Hour), token); err == nil {
			w.Error("after a week it holds still")
		}
		link, err := identity.UseLink(ctx, w.d, now.Add(time.Hour), token)
		if err != nil || link.PersonID != id {
			w.Errorf("%+v, %v", link, err)
		}
		if _, err := identity.UseLink(ctx, w.d, now.Add(time.Hour), token); err == nil {
			w.Error("it works twice")
		}
	})
}
