package people_test

import (
	"errors"
	"sync"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

func until(d clock.Day) *clock.Day { return &d }

func TestTermsAreSetByThoseWhoPlanTheStaffsTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		day := now.Day()
		var unit int64
		must(t, in(d, func(tx *db.Tx) (err error) {
			unit, err = organisation.AddUnit(ctx, tx, system, falun, "Norr")
			return err
		}))
		person := add(t, d, "Test", "Ett", unit, day-100)
		boss := viewer(access.Manager, access.Unit, unit, dalarna)
		night := people.Terms{Title: " Stödassistent ", Form: people.Permanent, Shift: people.NightShift}
		for name, c := range map[string]struct {
			viewer access.Viewer
			terms  people.Terms
			want   string
		}{
			"the manager":                    {boss, night, ""},
			"the municipality":               {viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna), night, ""},
			"the neighbour":                  {viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), night, "fault.not_found"},
			"the person":                     {access.Viewer{PersonID: person}, night, "fault.not_found"},
			"a form that is not one":         {boss, people.Terms{Form: "volunteer"}, "form people.form_unknown"},
			"a shift that is not one":        {boss, people.Terms{Shift: "noon"}, "shift people.shift_unknown"},
			"an agency without a last day":   {boss, people.Terms{Agency: "Bemanning i Exempel AB"}, "agency people.agency_needs_end"},
			"nothing said is also an answer": {boss, people.Terms{}, ""},
		} {
			t.Run(name, func(t *testing.T) {
				err := in(d, func(tx *db.Tx) error { return people.SetTerms(ctx, tx, c.viewer, person, c.terms, day) })
				if got := said(err); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
		must(t, in(d, func(tx *db.Tx) error { return people.SetTerms(ctx, tx, boss, person, night, day) }))
		e, err := people.EmploymentOn(ctx, d.Reader(), person, day)
		if err != nil || e.Title != "Stödassistent" || e.Form != people.Permanent || e.Shift != people.NightShift {
			t.Errorf("the employment is %+v, %v", e, err)
		}
	})
}

func said(err error) string {
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

func TestLeaveIsToldOnceForADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		day := now.Day()
		person := add(t, d, "Test", "Ett", falun, day-100)
		admin := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		tell := func(v access.Viewer, from clock.Day, to *clock.Day) (id int64, err error) {
			err = in(d, func(tx *db.Tx) error {
				id, err = people.TellLeave(ctx, tx, v, person, clock.Period{From: from, Until: to}, now)
				return err
			})
			return id, err
		}
		summer, err := tell(admin, day+10, until(day+20))
		must(t, err)
		for name, c := range map[string]struct {
			viewer access.Viewer
			from   clock.Day
			to     *clock.Day
			want   string
		}{
			"ends before it begins":               {admin, day + 5, until(day + 4), "to people.leave_backwards"},
			"within the one that is known":        {admin, day + 12, until(day + 13), "people.leave_overlaps"},
			"around the one that is known":        {admin, day, until(day + 50), "people.leave_overlaps"},
			"without an end before the known one": {admin, day, nil, "people.leave_overlaps"},
			"beginning on its last day":           {admin, day + 20, until(day + 30), "people.leave_overlaps"},
			"told by the neighbour":               {viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), day + 40, nil, "fault.not_found"},
			"told by oneself":                     {access.Viewer{PersonID: person}, day + 40, nil, "fault.not_found"},
			"the day after it":                    {admin, day + 21, nil, ""},
		} {
			t.Run(name, func(t *testing.T) {
				id, err := tell(c.viewer, c.from, c.to)
				if got := said(err); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
				if err == nil {
					must(t, in(d, func(tx *db.Tx) error { return people.EndLeave(ctx, tx, admin, id, c.from, now) }))
				}
			})
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   int
		}{
			"the person":    {access.Viewer{PersonID: person}, 1},
			"the office":    {admin, 1},
			"the neighbour": {viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), 0},
			"a colleague":   {access.Viewer{PersonID: person + 1}, 0},
		} {
			if all, err := people.LeaveOf(ctx, d.Reader(), c.viewer, person, day); err != nil || len(all) != c.want {
				t.Errorf("%s sees %v, %v, want %d", name, all, err, c.want)
			}
		}
		must(t, in(d, func(tx *db.Tx) error { return people.EndLeave(ctx, tx, admin, summer, day+15, now) }))
		if all, _ := people.LeaveOf(ctx, d.Reader(), admin, person, day); len(all) != 1 || *all[0].Until != day+14 {
			t.Errorf("after coming back the leave is %+v", all)
		}
		err = in(d, func(tx *db.Tx) error { return people.EndLeave(ctx, tx, admin, summer, day+19, now) })
		if said(err) != "people.leave_over" {
			t.Errorf("coming back later than one did gives %v", err)
		}
		if err := in(d, func(tx *db.Tx) error { return people.EndLeave(ctx, tx, admin, 999, day, now) }); !errors.Is(err, fault.NotFound) {
			t.Errorf("an unknown leave gives %v", err)
		}
	})
}

func TestOfManyWhoTellOfTheSameLeaveOneIsHeard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		day := now.Day()
		person := add(t, d, "Test", "Ett", falun, day-100)
		admin := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		var heard int
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				err := in(d, func(tx *db.Tx) error {
					_, err := people.TellLeave(ctx, tx, admin, person, clock.Period{From: day + clock.Day(i), Until: until(day + 10)}, now)
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					heard++
				} else if said(err) != "people.leave_overlaps" {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if heard != 1 {
			t.Errorf("%d of eight are heard, want one", heard)
		}
	})
}

// Who comes from a staffing agency until a day is marked in the list and counted through that
// day; without a last day nobody is.
func TestWhoComesFromAnAgencyIsMarkedUntilTheirLastDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		country(t, d)
		day := now.Day()
		hired, own := add(t, d, "Test", "Ett", falun, day-10), add(t, d, "Test", "Två", falun, day-10)
		admin := viewer(access.MunicipalAdmin, access.Municipality, falun, dalarna)
		set := func(person int64) error {
			return in(d, func(tx *db.Tx) error {
				return people.SetTerms(ctx, tx, admin, person, people.Terms{Agency: " Bemanning i Exempel AB "}, day)
			})
		}
		must(t, in(d, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE employment SET to_day = $2 WHERE person_id = $1`, hired, day+30)
			return err
		}))
		must(t, set(hired))
		if said(set(own)) != "agency people.agency_needs_end" {
			t.Error("somebody without a last day comes from an agency")
		}
		rows, _, err := people.List(ctx, d.Reader(), admin, people.Filter{MunicipalityID: falun}, day)
		must(t, err)
		marked := map[int64]string{}
		for _, r := range rows {
			marked[r.ID] = r.Agency
		}
		if marked[hired] != "Bemanning i Exempel AB" || marked[own] != "" {
			t.Errorf("the list marks %v", marked)
		}
		at := access.Place{RegionID: dalarna, MunicipalityID: falun}
		for on, want := range map[clock.Day]int{day - 11: 0, day: 1, day + 30: 1, day + 31: 0} {
			if n, err := people.FromAgencies(ctx, d.Reader(), admin, at, on); err != nil || n != want {
				t.Errorf("%d days on %d come from agencies, %v; want %d", on-day, n, err, want)
			}
		}
		if _, err := people.FromAgencies(ctx, d.Reader(), viewer(access.MunicipalAdmin, access.Municipality, borlange, dalarna), at, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("a neighbour counts them: %v", err)
		}
		// Who goes on without a last day is the municipality's own.
		must(t, in(d, func(tx *db.Tx) error { return people.Resume(ctx, tx, admin, hired, day) }))
		if n, err := people.FromAgencies(ctx, d.Reader(), admin, at, day); err != nil || n != 0 {
			t.Errorf("%d come from agencies without a last day, %v", n, err)
		}
		if agency, err := db.Row(ctx, d.Reader(), db.One[string], `SELECT agency FROM employment WHERE person_id = $1`, hired); err != nil || agency != "" {
			t.Errorf("it is still kept that they come from %q, %v", agency, err)
		}
	})
}
