package people_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

func key(err error) string {
	f := fault.Of(err)
	switch {
	case err == nil:
		return ""
	case f == nil:
		return err.Error()
	case len(f.Fields) > 0:
		return f.Fields[0].Name + " " + f.Fields[0].Key
	}
	return f.Key
}

func TestANameAndAnAddressAreCorrectedAndWhatTheyWereIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		today := now.Day()
		id, other := add(t, d, "Ana", "Zetterlund", falun, today-100), add(t, d, "Test", "Berg", falun, today-100)
		falu := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		correct := func(v access.Viewer, id int64, p people.NewPerson) (moved bool, err error) {
			err = in(d, func(tx *db.Tx) (err error) {
				moved, err = people.Correct(ctx, tx, v, id, p, now)
				return err
			})
			return moved, err
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			person people.NewPerson
			want   string
		}{
			"the neighbour":                 {viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), people.NewPerson{GivenName: "Eva"}, "fault.not_found"},
			"a manager":                     {viewer(access.Manager, access.Municipality, falun, dalarna), people.NewPerson{GivenName: "Eva"}, "fault.not_found"},
			"the person":                    {access.Viewer{PersonID: id}, people.NewPerson{GivenName: "Eva"}, "fault.not_found"},
			"no name":                       {falu, people.NewPerson{}, "given_name fault.name_missing"},
			"an address that is no address": {falu, people.NewPerson{GivenName: "Eva", Email: "eva"}, "email fault.email"},
		} {
			if _, err := correct(c.viewer, id, c.person); key(err) != c.want {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		moved, err := correct(falu, id, people.NewPerson{GivenName: "Anna", FamilyName: "Alm", Email: "Anna@Example.org"})
		if must(t, err); !moved {
			t.Error("the address is not told to be new")
		}
		if moved, err = correct(falu, id, people.NewPerson{GivenName: "Anna", FamilyName: "Alm", Email: "anna@example.org"}); err != nil || moved {
			t.Errorf("the same again: %t, %v", moved, err)
		}
		if _, err := correct(falu, other, people.NewPerson{GivenName: "Test", FamilyName: "Berg", Email: "anna@example.org"}); key(err) != "email fault.email_taken" {
			t.Errorf("an address that another has gives %v", err)
		}
		for _, words := range []string{"", "anna@ex"} {
			rows, _, err := people.List(ctx, d.Reader(), falu, people.Filter{Name: words}, today)
			if must(t, err); rows[0].Name() != "Alm, Anna" {
				t.Errorf("the list of %q begins with %s", words, rows[0].Name())
			}
		}
		changes, err := people.Changes(ctx, d.Reader(), falu, id, today)
		must(t, err)
		if len(changes) != 1 || changes[0].Name() != "Ana Zetterlund" || changes[0].Email != "" || changes[0].At != now {
			t.Errorf("changes %+v", changes)
		}
		if who, err := people.WithAddress(ctx, d.Reader(), falu, " ANNA@example.org", today); err != nil || who.ID != id {
			t.Errorf("the address is of %+v, %v", who.Person, err)
		}
		if _, err := people.WithAddress(ctx, d.Reader(), viewer(access.MunicipalAdmin, access.Municipality, uppsala, 3), "anna@example.org", today); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region learns whose the address is: %v", err)
		}
	})
}

func TestWhoHasOneNameOnlyIsTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		given, family := add(t, d, "Madonna", "", falun, now.Day()), add(t, d, "", "Neymar", falun, now.Day())
		rows, _, err := people.List(ctx, d.Reader(), system, people.Filter{}, now.Day())
		must(t, err)
		if len(rows) != 2 || rows[0].Name() != "Madonna" || rows[1].Name() != "Neymar" {
			t.Errorf("the list %+v", rows)
		}
		names, err := people.Names(ctx, d.Reader(), []int64{given, family})
		must(t, err)
		if diff := cmp.Diff(map[int64]string{given: "Madonna", family: "Neymar"}, names); diff != "" {
			t.Error(diff)
		}
	})
}

func TestNamesakesInTheSameMunicipalityAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		day := now.Day()
		same := add(t, d, "Åsa", "Öberg", falun, day-10)
		add(t, d, "Åsa", "Öberg", borlange, day-10)
		add(t, d, "Asa", "Öberg", falun, day-10) // another name
		add(t, d, "Åsa", "Öbergh", falun, day-10)
		left := add(t, d, "Åsa", "Öberg", falun, day-10)
		must(t, in(d, func(tx *db.Tx) error { return people.Leave(ctx, tx, system, left, day-1) }))
		for _, c := range []struct {
			viewer access.Viewer
			person people.NewPerson
			want   int
		}{
			{viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), people.NewPerson{GivenName: "åsa ", FamilyName: "ÖBERG"}, 1},
			{viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), people.NewPerson{GivenName: "Åsa", FamilyName: "Ö"}, 0},
			{viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), people.NewPerson{GivenName: "Åsa", FamilyName: "Öberg"}, 0},
			{viewer(access.Manager, access.Municipality, falun, dalarna), people.NewPerson{GivenName: "Åsa", FamilyName: "Öberg"}, 0},
		} {
			rows, err := people.Namesakes(ctx, d.Reader(), c.viewer, c.person, falun, day)
			if must(t, err); len(rows) != c.want || c.want == 1 && rows[0].ID != same {
				t.Errorf("%+v has %+v", c.person, rows)
			}
		}
	})
}

func TestWhoWasPutInTheWrongPlaceIsMovedTheSameDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		today := now.Day()
		falu := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		replace := func(v access.Viewer, id int64, from, on clock.Day) error {
			return in(d, func(tx *db.Tx) error {
				return people.Replace(ctx, tx, v, id, borlange, from, "Chef", on)
			})
		}
		id := add(t, d, "Test", "Alm", falun, today)
		if err := replace(viewer(access.MunicipalAdmin, access.Municipality, uppsala, 3), id, today, today); key(err) != "fault.not_found" {
			t.Errorf("another region: %v", err)
		}
		if err := replace(falu, id, today+1, today); key(err) != "from people.employed_later" {
			t.Errorf("another day: %v", err)
		}
		if err := replace(falu, id, today, today+1); key(err) != "from people.employed_later" {
			t.Errorf("the day after: %v", err)
		}
		must(t, replace(falu, id, today, today))
		p, err := people.Get(ctx, d.Reader(), system, id, today)
		if must(t, err); len(p.Employments) != 1 || p.Employments[0].MunicipalityID != borlange || p.Employments[0].From != today {
			t.Errorf("employed %+v", p.Employments)
		}
		// Added today with a first day long ago: today it can be mended, later not.
		old := add(t, d, "Test", "Berg", falun, today-300)
		if err := replace(falu, old, today-300, today+1); key(err) != "from people.employed_later" {
			t.Errorf("added yesterday: %v", err)
		}
		must(t, replace(falu, old, today-300, today))
	})
}

func TestWhoWasAddedByMistakeIsRemovedWhileNothingHangsOnThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		falu := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		remove := func(v access.Viewer, id int64) error {
			return in(d, func(tx *db.Tx) error { return people.Remove(ctx, tx, v, id, now) })
		}
		journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		steps, err := catalogue.Steps(ctx, d.Reader(), journey.ID)
		must(t, err)
		for name, fact := range map[string]string{
			"a course":  `INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) SELECT $1, id, '2025-06-01', 'web', 1 FROM course WHERE slug = 'bas-1'`,
			"a role":    `INSERT INTO role_grant (person_id, organisation_id, role, from_day, granted_at) VALUES ($1, 2080, 'manager', '2025-06-01', 1)`,
			"a sign-in": `INSERT INTO last_sign_in (person_id, at) VALUES ($1, 1)`,
			"a wish":    `INSERT INTO interest (person_id, course_id, region_id, wished_at) SELECT $1, id, 20, 1 FROM course WHERE slug = 'bas-1'`,
			"nothing":   "",
			"a number":  `INSERT INTO staff_number (municipality_id, number, person_id) VALUES (2080, '7', $1)`, // goes with them
		} {
			id := add(t, d, "Test", "Alm", falun, now.Day())
			must(t, in(d, func(tx *db.Tx) error {
				if _, err := people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: id, JourneyID: journey.ID, OpenedOn: now.Day(), Roles: []access.Role{access.Employee}, StepID: steps[0].ID}); err != nil || fact == "" {
					return err
				}
				_, err := db.Exec(ctx, tx, fact, id)
				return err
			}))
			if err := remove(viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), id); key(err) != "fault.not_found" {
				t.Errorf("%s: the neighbour gets %v", name, err)
			}
			want := "people.not_a_mistake"
			if fact == "" || name == "a number" {
				want = ""
			}
			if err := remove(falu, id); key(err) != want {
				t.Errorf("%s gives %v, want %q", name, err, want)
			}
			_, err := people.Get(ctx, d.Reader(), system, id, now.Day())
			if gone := errors.Is(err, fault.NotFound); gone != (want == "") {
				t.Errorf("%s: gone %t, %v", name, gone, err)
			}
		}
	})
}

func TestAClosedAccountIsOpenedAgainAndTheTimeBetweenIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		today := now.Day()
		falu := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		id := add(t, d, "Test", "Alm", falun, today-100)
		var account int64
		must(t, in(d, func(tx *db.Tx) (err error) {
			account, err = people.OpenAccount(ctx, tx, system, people.NewAccount{PersonID: id, JourneyID: journey.ID, OpenedOn: today - 100, Roles: []access.Role{access.Employee}})
			return err
		}))
		reopen := func(v access.Viewer) error {
			return in(d, func(tx *db.Tx) error { return people.ReopenAccount(ctx, tx, v, account, now) })
		}
		if err := reopen(falu); key(err) != "people.account_open" {
			t.Errorf("an open account: %v", err)
		}
		must(t, in(d, func(tx *db.Tx) error { return people.CloseAccount(ctx, tx, falu, account, today-10) }))
		if err := reopen(viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna)); key(err) != "fault.not_found" {
			t.Errorf("the neighbour: %v", err)
		}
		must(t, reopen(falu))
		closed, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM account_closure WHERE account_id = $1 AND closed_on = $2 AND reopened_on = $3`, account, today-10, today)
		if must(t, err); closed != 1 {
			t.Errorf("%d times of being closed", closed)
		}
		p, err := people.Get(ctx, d.Reader(), system, id, today)
		if must(t, err); len(p.Accounts) != 1 || p.Accounts[0].ClosedOn != nil || len(p.Accounts[0].Roles) != 1 {
			t.Errorf("accounts %+v", p.Accounts)
		}
	})
}

func TestAnEndingIsTakenBackUnlessSomethingFollows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		today := now.Day()
		id := add(t, d, "Anna", "Berg", falun, today-10)
		resume := func(viewer access.Viewer, day clock.Day) error {
			return in(d, func(tx *db.Tx) error { return people.Resume(ctx, tx, viewer, id, day) })
		}
		must(t, in(d, func(tx *db.Tx) error { return people.Leave(ctx, tx, system, id, today) }))
		if err := resume(access.Viewer{}, today); !errors.Is(err, fault.NotFound) {
			t.Errorf("nobody takes it back: %v", err)
		}
		if err := resume(system, today+1); !errors.Is(err, fault.NotFound) {
			t.Errorf("of a day after it is taken back: %v", err)
		}
		must(t, resume(system, today))
		must(t, in(d, func(tx *db.Tx) error {
			e, err := people.EmploymentOn(ctx, tx, id, today+100)
			if err == nil && (e.From != today-10 || e.Until != nil) {
				t.Errorf("employed %v", e.Period)
			}
			return err
		}))
		must(t, in(d, func(tx *db.Tx) error { return people.Employ(ctx, tx, system, id, borlange, today+1, "") }))
		if err := resume(system, today); fault.Of(err) == nil || fault.Of(err).Kind != fault.KindConflict {
			t.Errorf("employed twice: %v", err)
		}
	})
}
