package identity_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

const (
	dalarna  int64 = 20
	falun    int64 = 2080
	borlange int64 = 2081
	uppsala  int64 = 380
)

var (
	ctx    = context.Background()
	system = access.System()
	today  = clock.Date(2025, 12, 2)
	now    = today.At(12, 0)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// each gives the test a database with the country and the job tables.
func each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d)))
		test(t, d)
	})
}

func add(t testing.TB, d *db.DB, given, email string, at int64) int64 {
	t.Helper()
	var id int64
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: given, FamilyName: "Öberg", Email: email}, at, clock.Date(2025, 1, 1), "", now)
		return err
	}))
	return id
}

func grant(t testing.TB, d *db.DB, viewer access.Viewer, person int64, role access.Role, at int64, from clock.Day) int64 {
	t.Helper()
	id, err := tryGrant(d, viewer, person, role, at, from)
	must(t, err)
	return id
}

func tryGrant(d *db.DB, viewer access.Viewer, person int64, role access.Role, at int64, from clock.Day) (id int64, err error) {
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = identity.Grant(ctx, tx, viewer, person, role, at, from, now)
		return err
	})
	return id, err
}

func key(err error) string {
	f := fault.Of(err)
	switch {
	case f == nil:
		return fmt.Sprint(err)
	case len(f.Fields) > 0:
		return f.Fields[0].Key
	}
	return f.Key
}

// start runs the queue of d with the mail server.
func start(t *testing.T, d *db.DB, server string) {
	t.Helper()
	sender, err := mail.Open(server, "no-reply@example.org", clock.Fixed(now))
	must(t, err)
	q, err := jobs.Open(ctx, d, slog.New(slog.DiscardHandler))
	must(t, err)
	identity.Handle(q, d, clock.Fixed(now), sender, "https://yrkesresan.example.org/")
	must(t, q.Start(ctx))
	t.Cleanup(func() { must(t, q.Stop(ctx)) })
}

// token is the token of the link in the letter.
func token(t *testing.T, text string) string {
	t.Helper()
	for line := range strings.Lines(text) {
		if link, found := strings.CutPrefix(strings.TrimSpace(line), "https://yrkesresan.example.org"+identity.LinkPath); found {
			query, err := url.ParseQuery(strings.TrimPrefix(link, "?"))
			must(t, err)
			return query.Get("token")
		}
	}
	t.Fatalf("no link in the letter:\n%s", text)
	return ""
}

func TestAViewerIsWhoTheyAreOnTheDay(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var unit int64
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			unit, err = db.Row(ctx, tx, db.One[int64], `
				INSERT INTO organisation (kind, parent_id, region_id, municipality_id, slug, name, sort_key)
				VALUES ('unit', $1, $2, $1, 'hemtjanst', 'Hemtjänst', $3) RETURNING id`, falun, dalarna, []byte("h"))
			return err
		}))
		person := add(t, d, "Åsa", "asa@example.org", unit)
		operator := viewer(access.Operator, access.Nation, organisation.NationID, 0)
		manager := grant(t, d, operator, person, access.Manager, unit, today)
		admin := grant(t, d, operator, person, access.MunicipalAdmin, falun, today)
		regional := grant(t, d, operator, person, access.Regional, dalarna, today)
		steering := grant(t, d, operator, person, access.Steering, dalarna, today.AddDate(0, 0, 1))

		got, language, err := identity.Viewer(ctx, d.Reader(), person, today)
		must(t, err)
		want := access.Viewer{
			PersonID: person, Name: "Åsa Öberg",
			Home: access.Place{RegionID: dalarna, MunicipalityID: falun, UnitID: unit},
			Grants: []access.Grant{
				{ID: manager, Role: access.Manager, Level: access.Unit, OrganisationID: unit, RegionID: dalarna, MunicipalityID: falun, Name: "Hemtjänst"},
				{ID: admin, Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: falun, RegionID: dalarna, MunicipalityID: falun, Name: "Falun"},
				{ID: regional, Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna, Name: "Dalarna"},
			},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(access.Viewer{})); diff != "" || language != "sv" {
			t.Errorf("%s\nlanguage %s", diff, language)
		}
		for _, c := range []struct {
			name   string
			day    clock.Day
			home   int64
			grants int
		}{
			{"the day before the roles begin they have none", today - 1, falun, 0},
			{"a role that begins tomorrow holds tomorrow", today + 1, falun, 4},
			{"before the employment there is no home", clock.Date(2024, 12, 31), 0, 0},
		} {
			got, _, err := identity.Viewer(ctx, d.Reader(), person, c.day)
			must(t, err)
			if got.Home.MunicipalityID != c.home || len(got.Grants) != c.grants {
				t.Errorf("%s: %+v", c.name, got)
			}
		}

		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return errors.Join(
				identity.EndGrant(ctx, tx, operator, manager, today, now),
				identity.EndGrant(ctx, tx, operator, steering, today, now)) // never began
		}))
		for day, grants := range map[clock.Day]int{today: 3, today + 1: 2} {
			if got, _, _ := identity.Viewer(ctx, d.Reader(), person, day); len(got.Grants) != grants {
				t.Errorf("on %v there are %d grants, want %d", day, len(got.Grants), grants)
			}
		}
		if _, _, err := identity.Viewer(ctx, d.Reader(), person+1, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("nobody gives %v", err)
		}
	})
}

func TestATrainerIsWhoIsInATeamOrHoldsADay(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		team, day, none := add(t, d, "A", "", falun), add(t, d, "B", "", falun), add(t, d, "C", "", falun)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			for _, sql := range []string{
				`INSERT INTO course (id, slug, name, days, sort_key) VALUES (1, 'c', 'C', 1, 'c')`,
				`INSERT INTO round (id, course_id, label, delivery, capacity, minimum, signup_from, signup_until, first_day, last_day, created_at)
				VALUES (1, 1, 'R', 'national', 1, 0, '2025-01-01', '2025-01-02', '2025-01-03', '2025-01-03', 0)`,
				`INSERT INTO course_day (id, round_id, ordinal, day, starts, ends) VALUES (1, 1, 1, '2025-01-03', '09:00', '16:00')`,
				fmt.Sprintf(`INSERT INTO day_trainer (course_day_id, person_id, role) VALUES (1, %d, 'trainer')`, day),
				fmt.Sprintf(`INSERT INTO trainer (person_id, course_id, region_id, recruited_on) VALUES (%d, 1, %d, '2025-01-01')`, team, dalarna),
			} {
				if _, err := db.Exec(ctx, tx, sql); err != nil {
					return err
				}
			}
			return nil
		}))
		for person, want := range map[int64]bool{team: true, day: true, none: false} {
			if got, _, err := identity.Viewer(ctx, d.Reader(), person, today); err != nil || got.Trainer != want {
				t.Errorf("person %d is a trainer: %t (%v), want %t", person, got.Trainer, err, want)
			}
		}
	})
}

func viewer(role access.Role, level access.Level, id, region int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region}}}
}

func TestWhoMayGiveARole(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		inFalun := add(t, d, "A", "", falun)
		inBorlange := add(t, d, "B", "", borlange)
		inUppsala := add(t, d, "C", "", uppsala)
		uppsalaRegion, err := db.Row(ctx, d.Reader(), db.One[int64], `SELECT region_id FROM organisation WHERE id = $1`, uppsala)
		must(t, err)
		operator := viewer(access.Operator, access.Nation, organisation.NationID, 0)
		regional := viewer(access.Regional, access.Region, dalarna, dalarna)
		municipal := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			person int64
			role   access.Role
			at     int64
			want   string
		}{
			{"an operator gives any role anywhere", operator, inUppsala, access.Operator, organisation.NationID, "<nil>"},
			{"an operator makes a regional administrator", operator, inUppsala, access.Regional, uppsalaRegion, "<nil>"},
			{"a region makes its municipalities' administrators", regional, inFalun, access.MunicipalAdmin, falun, "<nil>"},
			{"a region makes its managers", regional, inBorlange, access.Manager, borlange, "<nil>"},
			{"a region makes no regional administrators", regional, inFalun, access.Regional, dalarna, "fault.forbidden"},
			{"a region does not reach other regions", regional, inFalun, access.Manager, uppsala, "fault.not_found"},
			{"a region does not reach other regions' people", regional, inUppsala, access.Manager, falun, "fault.not_found"},
			{"a municipality makes its managers", municipal, inFalun, access.Manager, falun, "<nil>"},
			{"a municipality does not make administrators", municipal, inFalun, access.MunicipalAdmin, falun, "fault.forbidden"},
			{"a municipality does not reach its neighbour", municipal, inFalun, access.Manager, borlange, "fault.not_found"},
			{"a municipality does not reach its neighbour's people", municipal, inBorlange, access.Manager, falun, "fault.not_found"},
			{"a manager gives nothing", viewer(access.Manager, access.Municipality, falun, dalarna), inFalun, access.Manager, falun, "fault.forbidden"},
			{"nobody gives nothing", access.Viewer{}, inFalun, access.Manager, falun, "fault.forbidden"},
			{"a role that is held is not given twice", regional, inFalun, access.MunicipalAdmin, falun, "identity.role_held"},
			{"an operator of a municipality does not exist", operator, inFalun, access.Operator, falun, "identity.role_elsewhere"},
			{"nobody is made a trainer", operator, inFalun, access.Trainer, falun, "identity.role_elsewhere"},
			{"an organisation that does not exist is not found", operator, inFalun, access.Manager, 99999, "fault.not_found"},
			{"a person who does not exist is not found", operator, 99999, access.Manager, falun, "fault.not_found"},
		} {
			if _, err := tryGrant(d, c.viewer, c.person, c.role, c.at, today); key(err) != c.want {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
		}
	})
}

func TestWhoMayTakeARole(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		person := add(t, d, "A", "", falun)
		manager := grant(t, d, system, person, access.Manager, falun, today)
		regional := grant(t, d, system, person, access.Regional, dalarna, today)
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			grant  int64
			want   string
		}{
			{"a neighbour finds no such role", viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), manager, "fault.not_found"},
			{"a municipality takes no role of the region", viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), regional, "fault.not_found"},
			{"an employee takes nothing", access.Viewer{PersonID: person}, manager, "fault.forbidden"},
			{"the municipality takes its manager's role", viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), manager, "<nil>"},
			{"a role that has ended cannot be ended again", system, manager, "identity.role_ended"},
			{"a role that nobody has is not found", system, 99999, "fault.not_found"},
		} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				return identity.EndGrant(ctx, tx, c.viewer, c.grant, today.AddDate(0, 1, 0), now)
			})
			if key(err) != c.want {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
		}
	})
}

func BenchmarkViewer(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	must(b, organisation.Install(ctx, d))
	person := add(b, d, "Åsa", "asa@example.org", falun)
	grant(b, d, system, person, access.Manager, falun, today)
	grant(b, d, system, person, access.MunicipalAdmin, falun, today)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := identity.Viewer(ctx, d.Reader(), person, today); err != nil {
			b.Fatal(err)
		}
	}
}
