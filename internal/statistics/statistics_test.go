package statistics_test

import (
	"context"
	"encoding/csv"
	"errors"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/statistics"
)

const (
	dalarna, uppsala    int64 = 20, 3
	falun, mora         int64 = 2080, 2062
	uppsalaMunicipality int64 = 380
	gavleborg, gotland  int64 = 21, 9

	gavle, gotlandMunicipality int64 = 2180, 980

	inYear, lastYear, end = "2025-03-01", "2024-03-01", "2025-12-31"
)

var (
	ctx     = context.Background()
	system  = access.System()
	yearEnd = clock.Date(2025, 12, 31)
)

// world is a database in which facts are written as they come.
type world struct {
	*testing.T
	*db.DB
	authority, provider catalogue.Journey
	people              int64
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, DB: d}
	w.check(organisation.Install(ctx, d))
	w.check(catalogue.Install(ctx, d))
	var err error
	w.authority, err = catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
	w.check(err)
	w.provider, err = catalogue.JourneyBySlug(ctx, d.Reader(), "funktionshinder-utforare")
	w.check(err)
	return w
}

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// put runs a statement and gives what it returns.
func (w *world) put(query string, args ...any) int64 {
	w.Helper()
	var id int64
	w.check(w.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = db.Row(ctx, tx, db.One[int64], query, args...)
		return err
	}))
	return id
}

func (w *world) person(municipality int64, from string) int64 {
	w.Helper()
	w.people++
	id := w.put(`INSERT INTO person (given_name, family_name, sort_key, created_at) VALUES ('A', 'B', $1, 0) RETURNING id`, []byte{1})
	w.employ(id, municipality, from)
	return id
}

func (w *world) employ(person, municipality int64, from string) {
	w.Helper()
	w.put(`INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, sort_key, from_day)
		SELECT $1, id, region_id, id, $4, $3 FROM organisation WHERE id = $2 RETURNING id`, person, municipality, from, []byte{1})
}

func (w *world) leave(person int64, last string) {
	w.Helper()
	w.put(`UPDATE employment SET to_day = $2 WHERE person_id = $1 AND to_day IS NULL RETURNING id`, person, last)
}

func (w *world) account(person int64, j catalogue.Journey, from, step string, roles ...string) int64 {
	w.Helper()
	id := w.put(`INSERT INTO account (person_id, journey_id, opened_on) VALUES ($1, $2, $3) RETURNING id`, person, j.ID, from)
	if step != "" {
		w.step(id, step, from)
	}
	for _, role := range roles {
		w.put(`INSERT INTO account_role (account_id, role, from_day) VALUES ($1, $2, $3) RETURNING account_id`, id, role, from)
	}
	return id
}

func (w *world) step(account int64, step, from string) {
	w.Helper()
	w.put(`INSERT INTO account_step (account_id, step_id, from_day)
		SELECT a.id, s.id, $3 FROM account AS a JOIN step AS s ON s.journey_id = a.journey_id AND s.slug = $2 WHERE a.id = $1
		RETURNING account_id`, account, step, from)
}

func (w *world) complete(person int64, course, on string) int64 {
	w.Helper()
	return w.put(`INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at)
		SELECT $1, id, $3, 'import', 0 FROM course WHERE slug = $2 RETURNING id`, person, course, on)
}

func (w *world) accounts(j catalogue.Journey, day clock.Day) map[string]statistics.AccountRow {
	w.Helper()
	t, err := statistics.Accounts(ctx, w.Reader(), system, dalarna, j.ID, day)
	w.check(err)
	return byName(t)
}

func byName(t statistics.AccountTable) map[string]statistics.AccountRow {
	rows := map[string]statistics.AccountRow{"": t.Total}
	for _, r := range t.Rows {
		rows[r.Organisation.Name] = r
	}
	return rows
}

func TestAccountsCountWhereAndAsTheyAreOnTheDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		day := func(s string) clock.Day {
			day, err := clock.ParseDay(s)
			w.check(err)
			return day
		}
		p := w.person(falun, lastYear)
		a := w.account(p, w.authority, inYear, "ny", "employee")
		both := w.account(w.person(mora, lastYear), w.authority, inYear, "van", "employee", "manager", "trainer")
		w.account(w.person(mora, lastYear), w.authority, inYear, "", "trainer")
		w.account(w.person(uppsalaMunicipality, lastYear), w.authority, inYear, "ny", "employee")

		got := w.accounts(w.authority, yearEnd)
		ignore := cmp.Transformer("counts", func(r statistics.AccountRow) []int {
			return append([]int{r.Accounts, r.Employees, r.Managers, r.Trainers, r.MunicipalAdmins, r.None, r.Overlap}, r.Steps...)
		})
		if diff := cmp.Diff(statistics.AccountRow{Accounts: 3, Steps: []int{1, 1, 0}, Employees: 2, Managers: 1, Trainers: 2, None: 1, Overlap: 1}, got[""], ignore); diff != "" {
			t.Errorf("total (-want +got):\n%s", diff)
		}
		if len(got) != 16 || got["Leksand"].Accounts != 0 || got["Falun"].Accounts != 1 || got["Mora"].Accounts != 2 {
			t.Errorf("rows: %v", got)
		}
		if n := w.accounts(w.authority, day(inYear)-1)[""].Accounts; n != 0 {
			t.Errorf("%d accounts before any was opened", n)
		}

		t.Run("somebody who moves counts in one place on each day", func(t *testing.T) {
			w.leave(p, "2025-06-30")
			w.employ(p, mora, "2025-07-01")
			before, after := w.accounts(w.authority, day("2025-06-30")), w.accounts(w.authority, day("2025-07-01"))
			if before["Falun"].Accounts != 1 || after["Falun"].Accounts != 0 || before["Mora"].Accounts+1 != after["Mora"].Accounts {
				t.Errorf("before %v, after %v", before, after)
			}
		})
		t.Run("a step counts from its day and the one before until then", func(t *testing.T) {
			w.put(`UPDATE account_step SET to_day = '2025-09-30' WHERE account_id = $1 RETURNING account_id`, a)
			w.step(a, "van", "2025-10-01")
			before, after := w.accounts(w.authority, day("2025-09-30"))[""], w.accounts(w.authority, day("2025-10-01"))[""]
			if !slices.Equal(before.Steps, []int{1, 1, 0}) || !slices.Equal(after.Steps, []int{0, 2, 0}) {
				t.Errorf("before %v, after %v", before.Steps, after.Steps)
			}
		})
		t.Run("a role that has ended does not count", func(t *testing.T) {
			w.put(`UPDATE account_role SET to_day = '2025-09-30' WHERE account_id = $1 AND role = 'manager' RETURNING account_id`, both)
			if r := w.accounts(w.authority, yearEnd)[""]; r.Managers != 0 || r.Overlap != 0 || r.Trainers != 2 {
				t.Errorf("%+v", r)
			}
		})
		t.Run("an account does not count on the day it is closed", func(t *testing.T) {
			w.put(`UPDATE account SET closed_on = '2025-11-30' WHERE id = $1 RETURNING id`, both)
			before, after := w.accounts(w.authority, day("2025-11-29"))[""], w.accounts(w.authority, day("2025-11-30"))[""]
			if before.Accounts != 3 || after.Accounts != 2 {
				t.Errorf("before %d, after %d", before.Accounts, after.Accounts)
			}
		})
	})
}

func TestCompletionsAreOfThoseWhoAreEmployeesOnTheDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.person(falun, lastYear)
		w.account(p, w.provider, inYear, "bas", "employee")
		w.complete(p, "bas-1", "2025-05-01")
		undone := w.complete(p, "bas-2", "2025-06-30")
		w.complete(p, "bas-3", "2025-12-31")
		w.account(w.person(falun, lastYear), w.provider, inYear, "bas", "employee")
		manager := w.person(falun, lastYear)
		w.account(manager, w.provider, inYear, "", "manager")
		w.complete(manager, "bas-1", "2025-05-01")

		ask := func(day clock.Day) (statistics.CompletionTable, statistics.CompletionRow) {
			table, err := statistics.Completions(ctx, w.Reader(), system, dalarna, w.provider.ID, day)
			w.check(err)
			table = table.OfStep("bas")
			for _, r := range table.Rows {
				if r.Organisation.ID == falun {
					return table, r
				}
			}
			t.Fatal("Falun has no row")
			return table, statistics.CompletionRow{}
		}
		table, row := ask(yearEnd)
		if !slices.Equal(row.Completed, []int{1, 1, 1, 0}) || row.Employees != 2 || row.Share(0) != 500 || !slices.Equal(table.Total.Completed, row.Completed) {
			t.Errorf("%+v, total %+v", row, table.Total)
		}
		if len(table.Rows) != 15 {
			t.Errorf("%d rows", len(table.Rows))
		}
		if _, row := ask(clock.Date(2025, 6, 30)); !slices.Equal(row.Completed, []int{1, 1, 0, 0}) {
			t.Errorf("at midsummer: %+v", row)
		}
		if table, _ := ask(clock.Date(2026, 3, 2)); len(table.Courses) != 5 {
			t.Errorf("%d courses when the fifth is published", len(table.Courses))
		}
		w.put(`UPDATE completion SET revoked_at = 1 WHERE id = $1 RETURNING id`, undone)
		if _, row := ask(yearEnd); !slices.Equal(row.Completed, []int{1, 0, 1, 0}) {
			t.Errorf("after a revocation: %+v", row)
		}

		t.Run("the nation's table has the same sums by region", func(t *testing.T) {
			w.account(w.person(uppsalaMunicipality, lastYear), w.provider, inYear, "bas", "employee")
			a, c, err := statistics.Nation(ctx, w.Reader(), system, w.provider.ID, yearEnd)
			w.check(err)
			if a.Total.Accounts != 4 || c.Total.Employees != 3 || c.Total.Completed[0] != 1 {
				t.Errorf("accounts %+v, completions %+v", a.Total, c.Total)
			}
			for _, r := range a.Rows {
				if r.Organisation.ID == uppsala && r.Accounts != 1 || r.Organisation.ID == dalarna && r.Accounts != 3 {
					t.Errorf("%s: %+v", r.Organisation.Name, r)
				}
			}
		})
	})
}

// round is a round of a course with its days; enrolments are added by seat.
func (w *world) round(course string, region any, delivery string, days ...string) (round int64, dayIDs []int64) {
	w.Helper()
	round = w.put(`INSERT INTO round (course_id, region_id, label, delivery, tariff_kind, capacity, minimum, signup_from, signup_until, first_day, last_day, created_at)
		SELECT id, $2, 'Omgång', $3, 'authority', 30, 5, '2024-01-01', '2024-02-01', $4, $5, 0 FROM course WHERE slug = $1 RETURNING id`,
		course, region, delivery, days[0], days[len(days)-1])
	for i, day := range days {
		dayIDs = append(dayIDs, w.put(`INSERT INTO course_day (round_id, ordinal, day, starts, ends, held_at)
			VALUES ($1, $2, $3, '09:00', '16:00', 1) RETURNING id`, round, i+1, day))
	}
	return round, dayIDs
}

func (w *world) seat(roundID, person int64, approved any, marks map[int64]string) int64 {
	w.Helper()
	id := w.put(`INSERT INTO enrolment (round_id, person_id, enrolled_at, approved_on) VALUES ($1, $2, 0, $3) RETURNING id`, roundID, person, approved)
	for day, mark := range marks {
		w.put(`INSERT INTO attendance (course_day_id, enrolment_id, mark, marked_at) VALUES ($1, $2, $3, 0) RETURNING course_day_id`, day, id, mark)
	}
	return id
}

func TestCancelledRoundsOfAYearWithTheirCause(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		off := func(course string, region any, on, cause string, at clock.Day) int64 {
			id, _ := w.round(course, region, "regional", on)
			w.put(`UPDATE round SET cancelled_at = $2, cancel_cause = $3, cancel_reason = 'Två anmälda', minimum = 8, published_at = 1 WHERE id = $1 RETURNING id`, id, at.At(12, 0), cause)
			return id
		}
		few := off("samtal-och-delaktighet", dalarna, "2025-05-21", "too_few", clock.Date(2025, 5, 2))
		w.seat(few, w.person(falun, lastYear), nil, nil)
		ill := off("handlaggning-av-lvu", dalarna, "2025-09-20", "no_trainer", clock.Date(2025, 9, 1))
		off("handlaggning-av-lvu", uppsala, "2025-09-20", "too_few", clock.Date(2025, 9, 1))
		off("handlaggning-av-lvu", dalarna, "2024-09-20", "too_few", clock.Date(2024, 9, 1))
		w.round("handlaggning-av-lvu", dalarna, "regional", "2025-10-20")
		plan := off("handlaggning-av-lvu", dalarna, "2025-09-21", "too_few", clock.Date(2025, 4, 1))
		w.put(`UPDATE round SET published_at = NULL WHERE id = $1 RETURNING id`, plan)

		for name, c := range map[string]struct {
			asOf clock.Day
			want []int64
		}{
			"a whole year":                    {yearEnd, []int64{few, ill}},
			"the day before the second one":   {clock.Date(2025, 8, 31), []int64{few}},
			"the day on which one was called": {clock.Date(2025, 5, 2), []int64{few}},
			"before any":                      {clock.Date(2025, 5, 1), nil},
		} {
			rounds, err := statistics.CancelledRounds(ctx, w.Reader(), system, dalarna, w.authority.ID, 2025, c.asOf)
			w.check(err)
			var got []int64
			for _, r := range rounds {
				got = append(got, r.ID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			if len(rounds) > 0 && (rounds[0].Cause != round.TooFewSeats || rounds[0].Reason != "Två anmälda" || rounds[0].Seats != 1 || rounds[0].Minimum != 8) {
				t.Errorf("%s: %+v", name, rounds[0])
			}
		}
		if _, err := statistics.CancelledRounds(ctx, w.Reader(), access.Viewer{PersonID: 1}, dalarna, w.authority.ID, 2025, yearEnd); !errors.Is(err, fault.NotFound) {
			t.Errorf("somebody without figures got %v", err)
		}
	})
}

func TestCoursesAndDaysOfAYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		lvu, days := w.round("handlaggning-av-lvu", dalarna, "regional", "2025-05-20", "2025-09-20")
		first, last := days[0], days[1]
		w.seat(lvu, w.person(falun, lastYear), "2025-09-20", map[int64]string{first: "present", last: "late"})
		w.seat(lvu, w.person(mora, lastYear), "2026-01-10", map[int64]string{first: "absent", last: "excused"})
		exempt := w.seat(lvu, w.person(mora, lastYear), nil, map[int64]string{first: "present"})
		w.put(`INSERT INTO fee_exemption (course_day_id, enrolment_id, reason, granted_at) VALUES ($1, $2, 'x', 0) RETURNING course_day_id`, first, exempt)
		cancelled, _ := w.round("samtal-och-delaktighet", dalarna, "regional", "2025-05-21")
		w.put(`UPDATE round SET cancelled_at = 1 WHERE id = $1 RETURNING id`, cancelled)
		w.round("samtal-och-delaktighet", uppsala, "regional", "2025-05-22")
		w.round("samtal-och-delaktighet", dalarna, "regional", "2024-05-22")
		national, _ := w.round("leda-ansokan-om-lvu", nil, "national", "2025-10-01")
		w.seat(national, w.person(falun, lastYear), "2025-10-01", nil)
		w.seat(national, w.person(uppsalaMunicipality, lastYear), "2025-10-01", nil)

		type row struct {
			Course                 string
			Rounds, Days, Approved int // −1 is none
		}
		ask := func(asOf clock.Day) (rows []row, total statistics.CourseTotal) {
			table, err := statistics.Courses(ctx, w.Reader(), system, dalarna, w.authority.ID, 2025, asOf)
			w.check(err)
			for _, r := range table.Rows {
				one := row{r.Course.Slug, -1, -1, r.Approved}
				if r.Rounds != nil {
					one.Rounds, one.Days = *r.Rounds, *r.CourseDays
				}
				rows = append(rows, one)
			}
			return rows, table.Total
		}
		rows, total := ask(yearEnd)
		if diff := cmp.Diff([]row{{"handlaggning-av-lvu", 1, 2, 1}, {"leda-ansokan-om-lvu", -1, -1, 1}}, rows); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if diff := cmp.Diff(statistics.CourseTotal{Rounds: 1, CourseDays: 2, Approved: 2, ApprovedRegional: 1}, total); diff != "" {
			t.Errorf("total (-want +got):\n%s", diff)
		}
		if rows, _ := ask(clock.Date(2025, 6, 30)); len(rows) != 1 || rows[0] != (row{"handlaggning-av-lvu", 0, 1, 0}) {
			t.Errorf("at midsummer: %v", rows)
		}

		// Of all journeys a course counts once, with the journeys that it is of.
		w.round("leda-larande-och-utveckling", dalarna, "regional", "2025-03-01")
		w.round("uppdrag-och-ansvar", dalarna, "regional", "2025-04-01")
		all, err := statistics.Courses(ctx, w.Reader(), system, dalarna, 0, 2025, yearEnd)
		w.check(err)
		journeys := map[string]int{}
		for _, r := range all.Rows {
			journeys[r.Course.Slug] += len(r.Journeys)
		}
		want := map[string]int{"handlaggning-av-lvu": 1, "leda-ansokan-om-lvu": 1, "leda-larande-och-utveckling": 4, "uppdrag-och-ansvar": 1}
		if diff := cmp.Diff(want, journeys); diff != "" || len(all.Rows) != 4 || all.Total.Rounds != 3 || all.Total.CourseDays != 4 {
			t.Errorf("of all journeys: %s, total %+v", diff, all.Total)
		}
	})
}

func TestFiguresOutsideOnesScopeDoNotExist(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLite(t))
	w := newWorld(t, d)
	q := d.Reader()
	grant := func(role access.Role, level access.Level, id, region int64) access.Viewer {
		return access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region}}}
	}
	regional := grant(access.Regional, access.Region, dalarna, dalarna)
	manager := grant(access.Manager, access.Municipality, falun, dalarna)
	national := grant(access.National, access.Nation, organisation.NationID, 0)
	ofDalarna := map[string]func(access.Viewer) error{
		"accounts": func(v access.Viewer) error {
			_, err := statistics.Accounts(ctx, q, v, dalarna, w.provider.ID, yearEnd)
			return err
		},
		"completions": func(v access.Viewer) error {
			_, err := statistics.Completions(ctx, q, v, dalarna, w.provider.ID, yearEnd)
			return err
		},
		"courses": func(v access.Viewer) error {
			_, err := statistics.Courses(ctx, q, v, dalarna, w.authority.ID, 2025, yearEnd)
			return err
		},
		"evaluations": func(v access.Viewer) error {
			_, _, err := statistics.Evaluations(ctx, q, v, w.provider.ID, dalarna, yearEnd)
			return err
		},
		"manager survey": func(v access.Viewer) error {
			_, err := statistics.ManagerSurvey(ctx, q, v, dalarna, w.authority.ID, 2025, yearEnd)
			return err
		},
	}
	nation := map[string]func(access.Viewer) error{
		"the nation": func(v access.Viewer) error {
			_, _, err := statistics.Nation(ctx, q, v, w.provider.ID, yearEnd)
			return err
		},
	}
	for _, c := range []struct {
		name   string
		viewer access.Viewer
		calls  map[string]func(access.Viewer) error
		sees   bool
	}{
		{"the region's own administrator sees its", regional, ofDalarna, true},
		{"a manager in the region sees its", manager, ofDalarna, true},
		{"SKR sees every region's", national, ofDalarna, true},
		{"a neighbour does not see", grant(access.Regional, access.Region, uppsala, uppsala), ofDalarna, false},
		{"an employee without an office does not see", access.Viewer{PersonID: 1, Home: access.Place{RegionID: dalarna}}, ofDalarna, false},
		{"SKR sees", national, nation, true},
		{"a region does not see", regional, nation, false},
	} {
		for what, call := range c.calls {
			t.Run(c.name+" "+what, func(t *testing.T) {
				if err := call(c.viewer); c.sees && err != nil || !c.sees && !errors.Is(err, fault.NotFound) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
	if _, err := statistics.Accounts(ctx, q, system, falun, w.provider.ID, yearEnd); !errors.Is(err, fault.NotFound) {
		t.Errorf("a municipality is no region: %v", err)
	}
	if _, err := statistics.Accounts(ctx, q, system, dalarna, 999, yearEnd); !errors.Is(err, fault.NotFound) {
		t.Errorf("no such journey: %v", err)
	}
}

// The printed table of 2025: its shares are of the employees.
func TestSharesAreRoundedAsTheAnnualReportPrintsThem(t *testing.T) {
	read := func(name string) [][]string {
		file, err := os.Open("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		lines, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return lines[1:]
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	accounts := read("funk-accounts-2025-12-31.csv")
	for i, row := range read("funk-bas-completions-2025-12-31.csv") {
		for c := 1; c < len(row); c += 2 {
			if got := statistics.Share(number(row[c]), number(accounts[i][2])).String(); got != row[c+1] {
				t.Errorf("%s: %s of %s is %s, printed %s", row[0], row[c], accounts[i][2], got, row[c+1])
			}
		}
	}
	for _, c := range []struct {
		name string
		got  statistics.Tenths
		want string
	}{
		{"half a tenth goes up", statistics.Share(1, 2000), "0.1"},
		{"less than half a tenth goes down", statistics.Share(1, 2001), "0.0"},
		{"all is a hundred", statistics.Share(7, 7), "100.0"},
		{"of nobody it is zero", statistics.Share(0, 0), "0.0"},
		{"the mean of 2025", statistics.Mean(303, 17), "17.8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.got.String() != c.want {
				t.Errorf("%s, want %s", c.got, c.want)
			}
		})
	}
}

// What is kept of a municipality's figures stands with its stamp: no change of
// a fact may leave it as it was.
func TestEveryChangeOfAFactChangesTheStamp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.person(falun, lastYear)
		a := w.account(p, w.authority, inYear, "ny", "employee")
		c := w.complete(p, "bas-1", inYear)
		w.person(mora, lastYear)
		stamp := func(municipality int64) int64 {
			n, err := db.Row(ctx, w.Reader(), db.One[int64], `SELECT stamp FROM figure_stamp WHERE municipality_id = $1`, municipality)
			w.check(err)
			return n
		}
		elsewhere := stamp(mora)
		for _, change := range []struct {
			name, query string
			arg         any
		}{
			{"a step ends", `UPDATE account_step SET to_day = '2025-04-01' WHERE account_id = $1 RETURNING account_id`, a},
			{"a step begins", `INSERT INTO account_step (account_id, step_id, from_day) SELECT $1, MAX(id), '2025-04-02' FROM step RETURNING account_id`, a},
			{"steps are deleted", `DELETE FROM account_step WHERE account_id = $1 AND to_day IS NULL RETURNING account_id`, a},
			{"a role begins", `INSERT INTO account_role (account_id, role, from_day) VALUES ($1, 'manager', '2025-04-02') RETURNING account_id`, a},
			{"a role ends", `UPDATE account_role SET to_day = '2025-05-01' WHERE account_id = $1 AND role = 'manager' RETURNING account_id`, a},
			{"a role is deleted", `DELETE FROM account_role WHERE account_id = $1 AND role = 'manager' RETURNING account_id`, a},
			{"a completion is revoked", `UPDATE completion SET revoked_at = 1 WHERE id = $1 RETURNING id`, c},
			{"a completion is recorded", `INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) SELECT $1, MIN(id), '2025-05-01', 'import', 0 FROM course RETURNING id`, p},
			{"a completion is deleted", `DELETE FROM completion WHERE id = $1 RETURNING id`, c},
			{"an account is closed", `UPDATE account SET closed_on = '2025-06-01' WHERE id = $1 RETURNING id`, a},
			{"an account is opened", `INSERT INTO account (person_id, journey_id, opened_on) SELECT $1, MAX(id), '2025-06-01' FROM journey RETURNING id`, p},
			{"an account is deleted", `DELETE FROM account WHERE person_id = $1 AND closed_on IS NULL RETURNING id`, p},
			{"somebody leaves", `UPDATE employment SET to_day = '2025-07-01' WHERE person_id = $1 RETURNING id`, p},
			{"somebody moves", `UPDATE employment SET municipality_id = 2081, organisation_id = 2081 WHERE person_id = $1 RETURNING id`, p},
			{"somebody moves back", `UPDATE employment SET municipality_id = 2080, organisation_id = 2080 WHERE person_id = $1 RETURNING id`, p},
			{"an employment is deleted", `DELETE FROM employment WHERE person_id = $1 RETURNING id`, p},
		} {
			t.Run(change.name, func(t *testing.T) {
				before := stamp(falun)
				w.put(change.query, change.arg)
				if stamp(falun) == before {
					t.Error("the stamp stands")
				}
				if stamp(mora) != elsewhere {
					t.Error("the stamp of another municipality changed")
				}
			})
		}
	})
}

func TestFiguresOfATransactionThatIsRolledBackAreNotShown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.account(w.person(falun, lastYear), w.authority, inYear, "ny", "employee")
		regret := errors.New("regret")
		err := d.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.ExecContext(ctx, `UPDATE account SET closed_on = '2025-04-01'`); err != nil {
				return err
			}
			table, err := statistics.Accounts(ctx, tx, system, dalarna, w.authority.ID, yearEnd)
			if err == nil && table.Total.Accounts != 0 {
				t.Errorf("%d accounts within the transaction", table.Total.Accounts)
			}
			return errors.Join(err, regret)
		})
		if !errors.Is(err, regret) {
			t.Fatal(err)
		}
		if n := w.accounts(w.authority, yearEnd)[""].Accounts; n != 1 {
			t.Errorf("%d accounts after it", n)
		}
	})
}
