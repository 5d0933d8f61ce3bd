package privacy_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/privacy"
)

var (
	now   = clock.Date(2026, 11, 23).At(9, 0)
	admin = access.Viewer{PersonID: 1}
)

// town is Falun with an administrator, person 1.
func town(t *testing.T, d *db.DB) organisation.Organisation {
	t.Helper()
	ctx := t.Context()
	if err := errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d)); err != nil {
		t.Fatal(err)
	}
	m, err := organisation.MunicipalityNamed(ctx, d.Reader(), "falun")
	if err != nil {
		t.Fatal(err)
	}
	if id := add(t, d, m, "Ada", "Min", "ada@example.org", now); id != 1 {
		t.Fatalf("the administrator is %d", id)
	}
	admin.Grants = []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: m.ID, RegionID: m.RegionID, MunicipalityID: m.ID}}
	return m
}

func add(t *testing.T, d *db.DB, m organisation.Organisation, given, family, email string, born clock.Instant) (id int64) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		id, err = people.Add(t.Context(), tx, access.System(), people.NewPerson{GivenName: given, FamilyName: family, Email: email}, m.ID, born.Day(), "Vårdare", born)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id
}

func do(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// dump is every row of every table as text.
func dump(t *testing.T, d *db.DB) string {
	t.Helper()
	var all strings.Builder
	for table, columns := range columnsOf(t, d) {
		for _, c := range columns {
			rows, err := db.Rows(t.Context(), d.Reader(), db.One[string], `SELECT COALESCE(CAST(`+c+` AS TEXT), '') FROM `+table)
			if err != nil {
				t.Fatal(table, c, err)
			}
			for _, r := range rows {
				fmt.Fprintf(&all, "%s.%s: %s\n", table, c, r)
			}
		}
	}
	return all.String()
}

func TestWhoIsErasedHasNoNameLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := town(t, d)
		id := add(t, d, m, "Tyra", "Zyxelqvist", "tyra@example.org", now)
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := people.Correct(t.Context(), tx, access.System(), id, people.NewPerson{GivenName: "Tyra", FamilyName: "Zyxelqvist-Ek", Email: "ty@example.org"}, now)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		do(t, d, `INSERT INTO person_letter (person_id, kind, subject, body, made_at) VALUES (1, 'x', 'Tyra Zyxelqvist har slutat', 'Ring Zyxelqvist-Ek, Tyra eller ty@example.org', 0)`)
		do(t, d, `INSERT INTO staff_import (id, municipality_id, file_name, ends_missing, state, made_at, employed) VALUES (7, $1, 'p.csv', FALSE, 'applied', 0, 1)`, m.ID)
		do(t, d, `INSERT INTO staff_import_row (import_id, line, act, cells) VALUES (7, 2, 'hold', '{"GivenName":"Tyra","FamilyName":"Zyxelqvist"}'), (7, 3, 'reject', '{"GivenName":"Bo","FamilyName":"Ek"}')`)
		if !strings.Contains(dump(t, d), "Zyxelqvist") {
			t.Fatal("the dump does not find the name before")
		}

		for name, c := range map[string]struct {
			viewer access.Viewer
			id     int64
			typed  string
			want   error
		}{
			"another's administrator sees nobody": {access.Viewer{PersonID: 9, Grants: []access.Grant{{Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: 99999}}}, id, "Tyra Zyxelqvist-Ek", fault.NotFound},
			"they themselves do not":              {access.Viewer{PersonID: id}, id, "Tyra Zyxelqvist-Ek", fault.Forbidden},
			"another name is refused":             {admin, id, "Tyra Zyxelqvist", fault.Invalid("name", "")},
			"nor is oneself erased":               {admin, 1, "Ada Min", fault.Conflict("")},
		} {
			if err := privacy.Erase(t.Context(), d, c.viewer, c.id, c.typed, now); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		do(t, d, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'manager', $2, '2026-01-01', 0)`, id, m.ID)
		if err := privacy.Erase(t.Context(), d, admin, id, "Tyra Zyxelqvist-Ek", now); fault.Of(err) == nil || fault.Of(err).Key != "privacy.holds_role" {
			t.Errorf("who holds a role: %v", err)
		}
		do(t, d, `UPDATE role_grant SET to_day = '2026-11-22' WHERE person_id = $1`, id)

		// One of two employers does not erase for the other; a manager who keeps people does not at all.
		elsewhere, err := organisation.MunicipalityNamed(t.Context(), d.Reader(), "mora")
		if err != nil {
			t.Fatal(err)
		}
		works := func(do func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), do); err != nil {
				t.Fatal(err)
			}
		}
		works(func(tx *db.Tx) error {
			return people.EmployToo(t.Context(), tx, access.System(), id, elsewhere.ID, now.Day(), "")
		})
		if err := privacy.Erase(t.Context(), d, admin, id, "Tyra Zyxelqvist-Ek", now); fault.Of(err) == nil || fault.Of(err).Key != "privacy.works_elsewhere" {
			t.Errorf("who works for another employer, too: %v", err)
		}
		do(t, d, `DELETE FROM employment WHERE person_id = $1 AND municipality_id = $2`, id, elsewhere.ID)
		manager := access.Viewer{PersonID: 9, Grants: []access.Grant{{Role: access.Manager, Level: access.Municipality, OrganisationID: m.ID, RegionID: m.RegionID, MunicipalityID: m.ID, Keeps: true}}}
		if err := privacy.Erase(t.Context(), d, manager, id, "Tyra Zyxelqvist-Ek", now); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a manager erases: %v", err)
		}

		// Two at once are one.
		var wait sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			wait.Go(func() { errs[i] = privacy.Erase(t.Context(), d, admin, id, " tyra  zyxelqvist-ek", now) })
		}
		wait.Wait()
		done := 0
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, fault.Conflict("")) && !errors.Is(err, fault.Invalid("", "")):
				t.Error(err)
			}
		}
		if done != 1 {
			t.Errorf("%d erasures were one", done)
		}
		for line := range strings.SplitSeq(dump(t, d), "\n") {
			for _, name := range []string{"Zyxelqvist", "zyxelqvist", "Tyra", "tyra", "ty@example"} {
				if strings.Contains(line, name) {
					t.Errorf("%s is left: %s", name, line)
				}
			}
		}
		letter, err := db.Row(t.Context(), d.Reader(), db.One[string], `SELECT subject || ': ' || body FROM person_letter WHERE person_id = 1`)
		if err != nil || letter != "Borttagen person har slutat: Ring Borttagen person eller Borttagen person" {
			t.Errorf("the other's letter says %q, %v", letter, err)
		}
		kept, err := db.Row(t.Context(), d.Reader(), db.One[string], `SELECT cells FROM staff_import_row WHERE line = 3`)
		if err != nil || !strings.Contains(kept, "Ek") {
			t.Errorf("another's row is %q, %v", kept, err)
		}
		employed, err := db.Row(t.Context(), d.Reader(), db.One[int64], `SELECT COUNT(*) FROM employment WHERE person_id = $1 AND title = '' AND to_day = '2026-11-23'`, id)
		if err != nil || employed != 1 {
			t.Errorf("%d employments are kept without a title, %v", employed, err)
		}
	})
}

func TestTheRuleOfFiveYearsAndNineMonths(t *testing.T) {
	day := func(text string) clock.Day {
		d, err := clock.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		last, today string
		want        bool
	}{
		{"2021-02-23", "2026-11-23", true},
		{"2021-02-24", "2026-11-23", false},
		{"2021-05-31", "2027-03-02", false}, // there is no 31 February
		{"2021-05-31", "2027-03-03", true},
	} {
		if got := privacy.Due(day(c.last), day(c.today)); got != c.want {
			t.Errorf("%s on %s: %v", c.last, c.today, got)
		}
	}
}

func TestWhoIsDueIsForgottenAndTheRuleReports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := town(t, d)
		long := clock.Date(2021, 2, 23).At(12, 0)
		left := func(id int64, day string) {
			do(t, d, `UPDATE employment SET to_day = $2 WHERE person_id = $1`, id, day)
		}
		due := add(t, d, m, "Due", "Nu", "due@example.org", long)
		left(due, "2022-01-01")
		young := add(t, d, m, "Ny", "Nog", "ny@example.org", long+24*3600*1_000_000)
		left(young, "2022-01-01")
		signed := add(t, d, m, "Sen", "Inne", "sen@example.org", long-1)
		left(signed, "2022-01-01")
		do(t, d, `INSERT INTO last_sign_in (person_id, at) VALUES ($1, $2)`, signed, now-1)
		employed := add(t, d, m, "Kvar", "Här", "kvar@example.org", long)
		last := add(t, d, m, "Sista", "Dagen", "sista@example.org", long)
		left(last, "2026-11-23")
		inRole := add(t, d, m, "Roll", "Bär", "roll@example.org", long)
		left(inRole, "2022-01-01")
		do(t, d, `INSERT INTO role_grant (person_id, role, organisation_id, from_day, granted_at) VALUES ($1, 'steering', $2, '2021-03-01', 0)`, inRole, m.RegionID)
		do(t, d, `INSERT INTO staff_import (id, municipality_id, file_name, ends_missing, state, made_at, employed) VALUES (1, $1, 'a', FALSE, 'ready', $2, 1), (2, $1, 'b', FALSE, 'ready', $3, 1)`,
			m.ID, (now.Day()-90).Start()-1, (now.Day() - 90).Start())

		reports, err := privacy.Retain(t.Context(), d, now)
		if err != nil || len(reports) != 2 || reports[0].Handled != 1 || reports[1].Handled != 1 {
			t.Fatalf("%+v, %v", reports, err)
		}
		for id, want := range map[int64]bool{due: true, young: false, signed: false, employed: false, last: false, inRole: false} {
			if got, err := privacy.Erased(t.Context(), d.Reader(), id); got != want || err != nil {
				t.Errorf("person %d is erased: %v, %v", id, got, err)
			}
		}
		operator := access.Viewer{PersonID: 1, Grants: []access.Grant{{Role: access.Operator, Level: access.Nation, OrganisationID: 1}}}
		if reports, err = privacy.Retain(t.Context(), d, now); err != nil || reports[0].Handled+reports[1].Handled != 0 {
			t.Errorf("again: %+v, %v", reports, err)
		}
		if all, err := privacy.Reports(t.Context(), d.Reader(), operator, 10); err != nil || len(all) != 4 || all[3].Handled != 1 {
			t.Errorf("the operator reads %+v, %v", all, err)
		}
		if _, err := privacy.Reports(t.Context(), d.Reader(), admin, 10); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an administrator reads them: %v", err)
		}
	})
}

func TestARestoredDatabaseIsToldWhomToEraseAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := town(t, d)
		back := add(t, d, m, "Åter", "Vänd", "back@example.org", now)
		other := add(t, d, m, "Någon", "Annan", "other@example.org", now)
		list := []privacy.Remembered{{Person: back, Born: now}, {Person: other, Born: now - 1}, {Person: 999, Born: now}}
		if n, err := privacy.Reapply(t.Context(), d, list, now); n != 1 || err != nil {
			t.Fatalf("%d were erased, %v", n, err)
		}
		for id, want := range map[int64]bool{back: true, other: false} {
			if got, err := privacy.Erased(t.Context(), d.Reader(), id); got != want || err != nil {
				t.Errorf("person %d is erased: %v, %v", id, got, err)
			}
		}
		if n, err := privacy.Reapply(t.Context(), d, list, now); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		if got, err := privacy.Remember(t.Context(), d.Reader()); err != nil || len(got) != 1 || got[0] != list[0] {
			t.Errorf("what is remembered is %v, %v", got, err)
		}
	})
}

func TestOnesOwnDataIsOnesOwnAndHasNoSecrets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := town(t, d)
		me := add(t, d, m, "Tyra", "Zyxelqvist", "tyra@example.org", now)
		add(t, d, m, "Annan", "Främling", "annan@example.org", now)
		do(t, d, `INSERT INTO session (token_hash, data, expires_at, person_id, device) VALUES ('hemlig-nyckel', 'x', $1, $2, 'phone')`, now, me)
		do(t, d, `INSERT INTO remark (person_id, organisation_id, text, written_at) VALUES ($1, $2, 'Jag heter Tyra', $3)`, me, m.ID, now)
		o, err := privacy.OwnOf(t.Context(), d, access.Viewer{PersonID: me}, now)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint(o)
		for _, want := range []string{"Zyxelqvist", "tyra@example.org", "Falun", "Vårdare", "Jag heter Tyra", "2026-11-23T09:00:00+01:00"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is not there", want)
			}
		}
		for _, not := range []string{"Främling", "annan@", "hemlig", "Ada"} {
			if strings.Contains(text, not) {
				t.Errorf("%s is there", not)
			}
		}
		if _, err := privacy.OwnOf(t.Context(), d, access.Viewer{PersonID: me, SeenBy: 1}, now); !errors.Is(err, fault.Forbidden) {
			t.Errorf("who looks as somebody takes it out: %v", err)
		}
	})
}
