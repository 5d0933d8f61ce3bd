package setup_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/setup"
)

const dalarna, uppsala, falun int64 = 20, 3, 2080

var (
	ctx = context.Background()
	now = clock.Date(2026, 3, 2).At(9, 0)
	day = now.Day()
)

// Each step is done from its first on, and of the tariffs none may be missing.
func TestEachStepIsDoneWhenTheDataSaySo(t *testing.T) {
	for _, c := range []struct {
		name  string
		facts setup.Facts
		done  setup.Step
	}{
		{"an administrator", setup.Facts{Administrators: 1}, setup.Administrator},
		{"a letter that was handed over", setup.Facts{LettersSent: 1}, setup.Letters},
		{"a municipality that has joined", setup.Facts{Joined: 1}, setup.Municipalities},
		{"one with staff", setup.Facts{Staffed: 1}, setup.Staff},
		{"one that somebody looks after", setup.Facts{Led: 1}, setup.Roles},
		{"a room", setup.Facts{Rooms: 1}, setup.Rooms},
		{"a trainer", setup.Facts{Trainers: 1}, setup.Trainers},
		{"a course", setup.Facts{Courses: 1}, setup.Course},
		{"a round", setup.Facts{Rounds: 1}, setup.Round},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.facts.Kinds, c.facts.Untariffed = 2, 1
			want := slices.DeleteFunc(slices.Clone(setup.Steps), func(s setup.Step) bool { return s == c.done })
			if diff := cmp.Diff(want, c.facts.Missing()); diff != "" {
				t.Error(diff)
			}
		})
	}
	if f := (setup.Facts{Kinds: 2}); !f.Done(setup.Tariffs) {
		t.Error("the fees are missing though each kind has one")
	}
	if len(setup.Facts{Untariffed: 1}.Missing()) != len(setup.Steps) {
		t.Error("of nothing something is done")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// region is Dalarna in an empty database.
type region struct {
	*testing.T
	d *db.DB
}

func each(t *testing.T, test func(r region)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d), catalogue.Install(ctx, d)))
		test(region{t, d})
	})
}

func (r region) write(f func(tx *db.Tx) error) {
	r.Helper()
	must(r, r.d.Write(ctx, f))
}

func (r region) do(query string, args ...any) {
	r.Helper()
	r.write(func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, query, args...)
		return err
	})
}

func (r region) person(name, email string, at int64) (id int64) {
	r.Helper()
	r.write(func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: name, FamilyName: "Ek", Email: email}, at, day, "", now)
		return err
	})
	return id
}

// missing are the steps that Dalarna lacks on the day.
func (r region) missing(on clock.Day) string {
	r.Helper()
	f, err := setup.Of(ctx, r.d.Reader(), access.System(), dalarna, on)
	must(r, err)
	var words []string
	for _, s := range f.Missing() {
		words = append(words, string(s))
	}
	return strings.Join(words, " ")
}

func TestARegionIsSetUpStepByStep(t *testing.T) {
	each(t, func(r region) {
		if got, want := r.missing(day), "administrator letters staff roles tariffs rooms trainers round"; got != want {
			r.Fatalf("at first %q is missing, want %q", got, want)
		}
		rut := r.person("Rut", "rut@example.org", dalarna)
		for _, step := range []struct {
			name string
			do   func()
			want string
		}{
			{"an administrator from tomorrow", func() {
				r.do(`INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'regional', $2, $3, 0)`, rut, dalarna, day+1)
			}, "administrator letters staff roles tariffs rooms trainers round"},
			{"one from today", func() {
				r.do(`UPDATE role_grant SET from_day = $1`, day)
			}, "letters staff roles tariffs rooms trainers round"},
			{"a letter that waits", func() {
				r.do(`INSERT INTO setup_letter (region_id, person_id, asked_at) VALUES ($1, $2, 0)`, dalarna, rut)
			}, "letters staff roles tariffs rooms trainers round"},
			{"one that was handed over", func() {
				r.do(`UPDATE setup_letter SET handed_at = 1`)
			}, "staff roles tariffs rooms trainers round"},
			{"people in a municipality without units", func() {
				r.person("Mia", "", falun)
			}, "staff roles tariffs rooms trainers round"},
			{"people in a unit", func() {
				r.write(func(tx *db.Tx) error {
					unit, err := organisation.AddUnit(ctx, tx, access.System(), falun, "Norr")
					if err == nil {
						_, err = people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: "Åsa", FamilyName: "Ek"}, unit, day, "", now)
					}
					return err
				})
			}, "roles tariffs rooms trainers round"},
			{"somebody who leads them", func() {
				r.do(`INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at)
					SELECT person_id, 'manager', organisation_id, $1, 0 FROM employment WHERE municipality_id = $2 AND organisation_id <> $2`, day, falun)
			}, "tariffs rooms trainers round"},
			{"a fee for one kind of two", func() {
				r.do(`INSERT INTO tariff (region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule, made_at) VALUES ($1, 'authority', $2, 1, 1, 1, 1, 'kept', 0)`, dalarna, day)
			}, "tariffs rooms trainers round"},
			{"the nation's for the other", func() {
				r.do(`INSERT INTO tariff (region_id, kind, from_day, fee_ore, pot_ore, lead_weight, trainer_weight, rss_rule, made_at) VALUES ($1, 'manager', $2, 1, 1, 1, 1, 'kept', 0)`, organisation.NationID, day)
			}, "rooms trainers round"},
			{"a room that closes today", func() {
				r.do(`INSERT INTO room (region_id, name, address, seats, sort_key, closed_on) VALUES ($1, 'Sal', 'Falun', 30, 's', $2)`, dalarna, day)
			}, "rooms trainers round"},
			{"one that closes tomorrow", func() {
				r.do(`UPDATE room SET closed_on = $1`, day+1)
			}, "trainers round"},
			{"somebody in a team", func() {
				r.do(`INSERT INTO trainer (person_id, course_id, region_id, recruited_on) SELECT $1, MIN(id), $2, $3 FROM course`, rut, dalarna, day)
			}, "round"},
			{"a round of another region", func() { r.round(uppsala) }, "round"},
			{"one of its own", func() { r.round(dalarna) }, ""},
		} {
			step.do()
			if got := r.missing(day); got != step.want {
				r.Errorf("with %s %q is missing, want %q", step.name, got, step.want)
			}
		}
		if got := r.missing(day - 1); got != "administrator staff roles tariffs trainers" {
			r.Errorf("the day before %q was missing", got)
		}
	})
}

func (r region) round(at int64) {
	r.Helper()
	r.do(`INSERT INTO round (course_id, edition_id, region_id, label, delivery, capacity, minimum, signup_from, signup_until, first_day, last_day, created_at)
		SELECT c.id, NULL, $1, 'Våren', 'regional', 20, 5, $2, $2, $2, $2, 0 FROM course AS c ORDER BY c.id LIMIT 1`, at, day)
}

// A municipality that has not joined counts for nothing, whatever it has.
func TestOnlyWhoHasJoinedCounts(t *testing.T) {
	each(t, func(r region) {
		r.do(`INSERT INTO municipality_fact (municipality_id, fact, from_day, holds, told_at) SELECT id, 'joined', $1, FALSE, 0 FROM organisation WHERE region_id = $2 AND kind = 'municipality'`, day, dalarna)
		if got := r.missing(day); !strings.Contains(got, "municipalities staff roles") {
			r.Errorf("%q is missing", got)
		}
		if got := r.missing(day - 1); strings.Contains(got, "municipalities") {
			r.Errorf("the day before %q was missing", got)
		}
		places, err := setup.Places(ctx, r.d.Reader(), access.System(), dalarna, day)
		if err != nil || len(places) != 15 || places[0].Municipality.Name != "Avesta" || places[0].Joined {
			r.Errorf("%v, %v", places, err)
		}
	})
}

// grantee is somebody with an office at the region.
func grantee(role access.Role, id, at int64) access.Viewer {
	return access.Viewer{PersonID: id, Grants: []access.Grant{{ID: 1, Role: role, Level: access.Region, OrganisationID: at, RegionID: at}}}
}

func TestWhoSetsARegionUp(t *testing.T) {
	each(t, func(r region) {
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   error
		}{
			"its administrator":  {grantee(access.Regional, 1, dalarna), nil},
			"another region's":   {grantee(access.Regional, 1, uppsala), fault.NotFound},
			"its steering group": {grantee(access.Steering, 1, dalarna), fault.Forbidden},
			"an operator":        {access.Viewer{Grants: []access.Grant{{ID: 1, Role: access.Operator, Level: access.Nation, OrganisationID: organisation.NationID}}}, nil},
			"nobody":             {access.Viewer{}, fault.Forbidden},
		} {
			_, err := setup.Of(ctx, r.d.Reader(), c.viewer, dalarna, day)
			if !errors.Is(err, c.want) {
				r.Errorf("%s gets %v, want %v", name, err, c.want)
			}
			if _, err := setup.Places(ctx, r.d.Reader(), c.viewer, dalarna, day); !errors.Is(err, c.want) {
				r.Errorf("%s gets %v of the municipalities, want %v", name, err, c.want)
			}
			if _, err := setup.Latest(ctx, r.d.Reader(), c.viewer, dalarna); !errors.Is(err, c.want) {
				r.Errorf("%s gets %v of the letter, want %v", name, err, c.want)
			}
		}
		if _, err := setup.Of(ctx, r.d.Reader(), access.System(), falun, day); !errors.Is(err, fault.NotFound) {
			r.Errorf("a municipality is set up: %v", err)
		}
	})
}

func TestTheLetterIsDoneWhenTheMailServerHasIt(t *testing.T) {
	each(t, func(r region) {
		server := mailtest.Open(r)
		sender, err := mail.Open(server.Address(), "no-reply@example.org", func() clock.Instant { return now })
		must(r, err)
		rut := grantee(access.Regional, r.person("Rut", "rut@example.org", dalarna), dalarna)
		try := func(viewer access.Viewer, at int64) error {
			return r.d.Write(ctx, func(tx *db.Tx) error { return setup.Try(ctx, tx, viewer, at, now) })
		}
		must(r, try(rut, dalarna))
		if err := try(rut, dalarna); fault.Of(err) == nil || fault.Of(err).Key != "setup.letter_waits" {
			r.Errorf("a second one while one waits: %v", err)
		}
		if err := try(rut, uppsala); !errors.Is(err, fault.NotFound) {
			r.Errorf("for another region: %v", err)
		}
		mute := grantee(access.Regional, r.person("Bo", "", dalarna), dalarna)
		if err := try(mute, dalarna); fault.Of(err) == nil || fault.Of(err).Key != "setup.no_address" {
			r.Errorf("without an address: %v", err)
		}
		l, err := setup.Latest(ctx, r.d.Reader(), rut, dalarna)
		if err != nil || l == nil || !l.Waits() || l.Email != "rut@example.org" || l.Person != "Rut Ek" {
			r.Fatalf("it waits as %+v, %v", l, err)
		}
		q, err := jobs.Open(ctx, r.d, slog.New(slog.DiscardHandler))
		must(r, err)
		setup.Handle(q, r.d, func() clock.Instant { return now }, sender, letter.Site{Base: "https://yrkesresan.example.org/"})
		must(r, q.Start(ctx))
		got := server.Next(r)
		must(r, q.Stop(ctx)) // which waits for what is under way
		if got.To != "rut@example.org" || !strings.Contains(got.Text, "Hej Rut!") || !strings.Contains(got.Text, "https://yrkesresan.example.org/regions/dalarna/setup") {
			r.Errorf("%q: %s", got.To, got.Text)
		}
		if l, err = setup.Latest(ctx, r.d.Reader(), rut, dalarna); err != nil || l.HandedAt == nil {
			r.Errorf("afterwards it is %+v, %v", l, err)
		}
		must(r, try(rut, dalarna)) // once more, now that none waits
	})
}

func TestALetterThatIsRefusedSaysSo(t *testing.T) {
	each(t, func(r region) {
		sender, err := mail.Open("smtp://127.0.0.1:1", "no-reply@example.org", func() clock.Instant { return now })
		must(r, err)
		rut := grantee(access.Regional, r.person("Rut", "rut@example.org", dalarna), dalarna)
		r.write(func(tx *db.Tx) error { return setup.Try(ctx, tx, rut, dalarna, now) })
		id, err := db.Row(ctx, r.d.Reader(), db.One[int64], `SELECT id FROM setup_letter`)
		must(r, err)
		if err := setup.Deliver(ctx, r.d, func() clock.Instant { return now }, sender, letter.Site{}, id); err == nil {
			r.Error("it was handed to nobody")
		}
		l, err := setup.Latest(ctx, r.d.Reader(), rut, dalarna)
		if err != nil || l.HandedAt != nil || l.FailedAt == nil || l.Waits() {
			r.Errorf("%+v, %v", l, err)
		}
		if strings.Contains(r.missing(day), "letters") == false {
			r.Error("a letter that failed counts")
		}
	})
}
