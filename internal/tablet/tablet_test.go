package tablet_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/tablet"
	"yrkesresan/internal/vault"
)

const falun int64 = 2080

var (
	ctx = context.Background()
	now = clock.Date(2025, 12, 2).At(12, 0)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// unit is a unit of Falun with Åsa, Bo and a manager, and a tablet.
type unit struct {
	*testing.T
	d       *db.DB
	id      int64
	asa, bo access.Viewer
	chief   access.Viewer
	secret  string
	tablet  tablet.Tablet
}

func each(t *testing.T, test func(u *unit)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		must(t, errors.Join(jobs.Migrate(ctx, d), organisation.Install(ctx, d)))
		u := &unit{T: t, d: d}
		must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
			if u.id, err = organisation.AddUnit(ctx, tx, access.System(), falun, "Hemtjänst väst"); err != nil {
				return err
			}
			for name, viewer := range map[string]*access.Viewer{"Åsa": &u.asa, "Bo": &u.bo} {
				id, err := people.Add(ctx, tx, access.System(), people.NewPerson{GivenName: name, FamilyName: "Öberg"}, u.id, clock.Date(2025, 1, 1), "", now)
				if err != nil {
					return err
				}
				*viewer = access.Viewer{PersonID: id, Name: name}
			}
			u.chief = access.Viewer{PersonID: u.bo.PersonID, Grants: []access.Grant{{ID: 1, Role: access.Manager, Level: access.Unit, OrganisationID: u.id, MunicipalityID: falun, RegionID: 20}}}
			u.secret, err = tablet.Make(ctx, tx, u.chief, u.id, "  Personal\trummet ", now)
			return err
		}))
		var err error
		u.tablet, err = tablet.WithSecret(ctx, d.Reader(), u.secret, now.Day())
		must(t, err)
		test(u)
	})
}

func (u *unit) open(who access.Viewer, code string, at clock.Instant) string {
	u.Helper()
	err := tablet.Open(ctx, u.d, u.tablet, who.PersonID, code, at)
	f := fault.Of(err)
	switch {
	case err == nil:
		return "in"
	case f == nil:
		u.Fatal(err)
	case len(f.Fields) == 1:
		return f.Fields[0].Key
	}
	return f.Key
}

func (u *unit) choose(who access.Viewer, code, again string) string {
	u.Helper()
	err := tablet.SetCode(ctx, u.d, who, code, again, now)
	if f := fault.Of(err); f != nil && len(f.Fields) == 1 {
		return f.Fields[0].Name + " " + f.Fields[0].Key
	}
	must(u, err)
	return ""
}

func TestACodeIsChosenTwiceAndNotSimple(t *testing.T) {
	each(t, func(u *unit) {
		for _, c := range []struct{ code, again, want string }{
			{"", "", "code tablet.code_length"},
			{"48291", "48291", "code tablet.code_length"},
			{"4829156", "4829156", "code tablet.code_length"},
			{"000000", "000000", "code tablet.code_simple"},
			{"123456", "123456", "code tablet.code_simple"},
			{"987654", "987654", "code tablet.code_simple"},
			{"482915", "482916", "again tablet.code_differs"},
			{"482915", "", "again tablet.code_differs"},
			{"123457", "123457", ""},
			{"482 915", "482915", ""},
			{"042915", "04 29 15", ""},
		} {
			if got := u.choose(u.asa, c.code, c.again); got != c.want {
				u.Errorf("%q and %q: %q, want %q", c.code, c.again, got, c.want)
			}
		}
		if got := u.open(u.asa, "042915", now); got != "in" {
			u.Errorf("the last one: %s", got)
		}
	})
}

func TestACodeLetsItsPersonInOnTheTabletsOfTheirUnit(t *testing.T) {
	each(t, func(u *unit) {
		u.choose(u.asa, "482915", "482915")
		stored, err := db.Row(ctx, u.d.Reader(), db.One[string], `SELECT code_hash FROM tablet_code`)
		must(u, err)
		if _, sealed := vault.KeyOf(stored); !sealed || strings.Contains(stored, "482915") {
			u.Errorf("%q is stored", stored)
		}
		if u.tablet.Name != "Personal rummet" || u.tablet.Unit != "Hemtjänst väst" {
			u.Errorf("%+v", u.tablet)
		}
		all, err := tablet.People(ctx, u.d.Reader(), u.tablet, "", now.Day())
		must(u, err)
		if len(all) != 2 || all[0].Name != "Bo Öberg" || all[0].Coded || all[1].Name != "Åsa Öberg" || !all[1].Coded {
			u.Errorf("%+v", all)
		}
		if all, err := tablet.People(ctx, u.d.Reader(), u.tablet, "åsa", now.Day()); err != nil || len(all) != 1 {
			u.Errorf("%+v, %v", all, err)
		}
		for _, c := range []struct {
			who  access.Viewer
			code string
			want string
		}{
			{u.asa, "482915", "in"}, {u.asa, " 482 915 ", "in"}, {u.asa, "482916", "tablet.code_wrong"}, {u.asa, "4829", "tablet.code_length"},
			{u.bo, "482915", "tablet.no_code"}, {access.Viewer{PersonID: 999}, "482915", "fault.not_found"},
		} {
			if got := u.open(c.who, c.code, now); got != c.want {
				u.Errorf("%s with %q: %s, want %s", c.who.Name, c.code, got, c.want)
			}
		}
		// Who has left, and who comes tomorrow, is not on the list.
		must(u, u.d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE employment SET to_day = $2 WHERE person_id = $1`, u.asa.PersonID, now.Day()-1)
			return err
		}))
		if got := u.open(u.asa, "482915", now); got != "fault.not_found" {
			u.Errorf("who has left: %s", got)
		}
	})
}

func TestGuessesAreFew(t *testing.T) {
	each(t, func(u *unit) {
		u.choose(u.asa, "482915", "482915")
		at := now
		for range 4 {
			u.open(u.asa, "111112", at)
		}
		if got := u.open(u.asa, "482915", at); got != "in" {
			u.Fatalf("after four: %s", got) // and the count begins anew
		}
		for range 5 {
			u.open(u.asa, "111112", at)
		}
		if got := u.open(u.asa, "482915", at); got != "tablet.waits" {
			u.Errorf("the sixth at once: %s", got)
		}
		if got := u.open(u.asa, "482915", at.Add(15*time.Minute-time.Microsecond)); got != "tablet.waits" {
			u.Errorf("too early: %s", got)
		}
		at = at.Add(15 * time.Minute)
		if got := u.open(u.asa, "482915", at); got != "in" {
			u.Errorf("after the pause: %s", got)
		}
		for range 20 {
			u.open(u.asa, "111112", at)
			at = at.Add(15 * time.Minute)
		}
		if got := u.open(u.asa, "482915", at); got != "tablet.no_code" {
			u.Errorf("after twenty: %s", got)
		}
		n, err := db.Row(ctx, u.d.Reader(), db.One[int], `SELECT COUNT(*) FROM sign_in_trouble WHERE way = 'tablet' AND person_id = $1`, u.asa.PersonID)
		must(u, err)
		if n != 4+5+2+20 {
			u.Errorf("%d are kept for who helps her", n)
		}
	})
}

func TestManyAtOnceGainNoGuess(t *testing.T) {
	each(t, func(u *unit) {
		u.choose(u.asa, "482915", "482915")
		var wait sync.WaitGroup
		var mu sync.Mutex
		outcomes := map[string]int{}
		for range 20 {
			wait.Go(func() {
				got := u.open(u.asa, "111112", now)
				mu.Lock()
				outcomes[got]++
				mu.Unlock()
			})
		}
		wait.Wait()
		if outcomes["tablet.code_wrong"] != 5 || outcomes["tablet.waits"] != 15 {
			u.Errorf("%v", outcomes)
		}
	})
}

func TestWhoLooksAfterTheUnitSharesItsTablets(t *testing.T) {
	each(t, func(u *unit) {
		elsewhere := access.Viewer{PersonID: u.asa.PersonID, Grants: []access.Grant{{ID: 2, Role: access.Manager, Level: access.Unit, OrganisationID: u.id + 1000, MunicipalityID: falun, RegionID: 20}}}
		admin := access.Viewer{PersonID: u.asa.PersonID, Grants: []access.Grant{{ID: 3, Role: access.MunicipalAdmin, Level: access.Municipality, OrganisationID: falun, MunicipalityID: falun, RegionID: 20}}}
		make := func(viewer access.Viewer, unitID int64, name string) error {
			return u.d.Write(ctx, func(tx *db.Tx) error {
				_, err := tablet.Make(ctx, tx, viewer, unitID, name, now)
				return err
			})
		}
		for name, c := range map[string]struct{ got, want error }{
			"an employee":          {make(u.asa, u.id, "x"), fault.Forbidden},
			"another's manager":    {make(elsewhere, u.id, "x"), fault.NotFound},
			"no unit":              {make(admin, falun, "x"), fault.NotFound},
			"without a name":       {make(admin, u.id, " "), fault.Invalid("name", "")},
			"with a very long one": {make(admin, u.id, strings.Repeat("å", 61)), fault.Invalid("name", "")},
		} {
			if !errors.Is(c.got, c.want) {
				u.Errorf("%s: %v, want %v", name, c.got, c.want)
			}
		}
		must(u, make(admin, u.id, strings.Repeat("å", 60)))
		for viewer, want := range map[*access.Viewer]int{&u.chief: 2, &admin: 2, &elsewhere: 0} {
			if all, err := tablet.All(ctx, u.d.Reader(), *viewer); err != nil || len(all) != want {
				u.Errorf("%d sees %d, %v", viewer.PersonID, len(all), err)
			}
		}
		if _, err := tablet.All(ctx, u.d.Reader(), u.asa); !errors.Is(err, fault.Forbidden) {
			u.Error(err)
		}
		remove := func(viewer access.Viewer) error {
			return u.d.Write(ctx, func(tx *db.Tx) error { return tablet.Remove(ctx, tx, viewer, u.tablet.ID, now) })
		}
		if err := remove(elsewhere); !errors.Is(err, fault.NotFound) {
			u.Error(err)
		}
		must(u, remove(u.chief))
		if err := remove(u.chief); !errors.Is(err, fault.NotFound) {
			u.Error(err)
		}
		for _, secret := range []string{u.secret, "", "x"} {
			if _, err := tablet.WithSecret(ctx, u.d.Reader(), secret, now.Day()); !errors.Is(err, fault.NotFound) {
				u.Errorf("%q: %v", secret, err)
			}
		}
	})
}

func TestWhoIsProtectedStandsThereByAlias(t *testing.T) {
	each(t, func(u *unit) {
		must(u, u.d.Write(ctx, func(tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) VALUES ($1, 'Åsa', 'Öberg', $2, $3)`, u.asa.PersonID, falun, now); err != nil {
				return err
			}
			_, err := db.Exec(ctx, tx, `UPDATE person SET given_name = 'Deltagare', family_name = 'R7K2D' WHERE id = $1`, u.asa.PersonID)
			return err
		}))
		all, err := tablet.People(ctx, u.d.Reader(), u.tablet, "", now.Day())
		must(u, err)
		for _, p := range all {
			if p.ID == u.asa.PersonID && p.Name != "Deltagare R7K2D" {
				u.Errorf("%+v", p)
			}
		}
		u.choose(u.asa, "482915", "482915")
		if got := u.open(u.asa, "482915", now); len(all) != 2 || got != "in" {
			u.Errorf("%d, %s", len(all), got)
		}
	})
}
