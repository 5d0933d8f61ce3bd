package statistics_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/municipalgroup"
	"yrkesresan/internal/statistics"
)

// group makes a group that lasts from 2024, of the municipalities in the periods.
func (w *world) group(members map[int64]clock.Period) municipalgroup.Group {
	w.Helper()
	w.check(w.Write(ctx, func(tx *db.Tx) error {
		now := yearEnd.At(9, 0)
		_, err := municipalgroup.Make(ctx, tx, system, dalarna, municipalgroup.New{Name: "Gruppen", Period: clock.Period{From: clock.Date(2024, 1, 1)}}, now)
		for id, p := range members {
			if err == nil {
				err = municipalgroup.Join(ctx, tx, system, 1, id, p, now)
			}
		}
		return err
	}))
	g, err := municipalgroup.Get(ctx, w.Reader(), system, dalarna, "gruppen")
	w.check(err)
	return g
}

var (
	groupAdmin  = access.Viewer{PersonID: 1, Groups: []access.Group{{ID: 1, RegionID: dalarna, Office: access.GroupAdministrator}}}
	groupReader = access.Viewer{PersonID: 1, Groups: []access.Group{{ID: 1, RegionID: dalarna, Office: access.GroupSteering}}}
	anotherOnes = access.Viewer{PersonID: 1, Groups: []access.Group{{ID: 2, RegionID: dalarna, Office: access.GroupAdministrator}}}
)

func TestAGroupsFiguresAreItsMembersOfTheDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		add := func(municipality int64) int64 {
			p := w.person(municipality, lastYear)
			w.account(p, w.provider, lastYear, "bas", "employee")
			w.complete(p, "bas-1", lastYear)
			return p
		}
		const orsa int64 = 2034
		add(falun)
		add(falun)
		add(mora)
		add(orsa) // in no group
		both := add(falun)
		w.put(`INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, sort_key, from_day, main)
			SELECT $1, id, region_id, id, $3, $4, FALSE FROM organisation WHERE id = $2 RETURNING id`, both, mora, []byte{1}, lastYear)
		left := clock.Date(2025, 6, 30)
		g := w.group(map[int64]clock.Period{falun: {From: clock.Date(2024, 1, 1)}, mora: {From: clock.Date(2024, 1, 1), Until: &left}})
		for day, want := range map[clock.Day]map[string]int{
			left:     {"": 4, "Falun": 3, "Mora": 2}, // who works for both counts once together
			left + 1: {"": 3, "Falun": 3},
		} {
			a, c, err := statistics.Group(ctx, d.Reader(), groupReader, g, w.provider.ID, day)
			w.check(err)
			got := map[string]int{}
			for name, r := range byName(a) {
				got[name] = r.Accounts
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("accounts on %s: %s", day, diff)
			}
			got = map[string]int{"": c.Total.Completed[0]}
			for _, r := range c.Rows {
				got[r.Organisation.Name] = r.Completed[0]
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("completions on %s: %s", day, diff)
			}
		}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   error
		}{
			"the administrator of another group": {anotherOnes, fault.NotFound}, "an employee": {access.Viewer{PersonID: 1}, fault.Forbidden},
			"another region": {access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: uppsala, RegionID: uppsala}}}, fault.NotFound},
		} {
			if _, _, err := statistics.Group(ctx, d.Reader(), c.viewer, g, w.provider.ID, left); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := statistics.GroupSeats(ctx, d.Reader(), c.viewer, g, 2025); !errors.Is(err, c.want) {
				t.Errorf("seats for %s: %v", name, err)
			}
		}
	})
}

func TestAGroupsSeatsAreThoseOfRoundsThatBeginWhileItIsAMember(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		joins := clock.Date(2025, 3, 1)
		g := w.group(map[int64]clock.Period{falun: {From: joins}})
		person, other := w.person(falun, lastYear), w.person(mora, lastYear)
		publish := func(day string, seated ...int64) int64 {
			id, _ := w.round("bas-1", dalarna, "regional", day)
			w.put(`UPDATE round SET published_at = 1 WHERE id = $1 RETURNING id`, id)
			for _, p := range seated {
				w.seat(id, p, nil, nil)
			}
			return id
		}
		publish("2025-02-28", person) // the day before it joined
		publish("2025-03-01", person, other)
		publish("2026-01-01", person) // another year
		w.put(`UPDATE round SET cancelled_at = 1, cancel_cause = 'other' WHERE id = $1 RETURNING id`, publish("2025-04-01", person))
		w.put(`UPDATE enrolment SET withdrawn_at = 1 WHERE id = $1 RETURNING id`, w.seat(publish("2025-05-01"), person, nil, nil))
		unpublished, _ := w.round("bas-1", dalarna, "regional", "2025-06-01")
		w.seat(unpublished, person, nil, nil)
		hidden := w.person(falun, lastYear)
		w.check(w.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO protected_person (person_id, given_name, family_name, municipality_id, marked_at) VALUES ($1, 'A', 'B', $2, 0)`, hidden, falun)
			return err
		}))
		publish("2025-07-01", hidden)
		course := w.put(`UPDATE course SET name = name WHERE slug = 'bas-1' RETURNING id`)
		seats := func(year, want int) {
			t.Helper()
			got, err := statistics.GroupSeats(ctx, d.Reader(), groupAdmin, g, year)
			w.check(err)
			if diff := cmp.Diff(map[municipalgroup.Need]int{{CourseID: course, MunicipalityID: falun}: want}, got); diff != "" {
				t.Errorf("%d: %s", year, diff)
			}
		}
		seats(2025, 1)
		seats(2026, 1)
		publish("2025-08-01", w.person(falun, lastYear), w.person(falun, lastYear), w.person(falun, lastYear))
		seats(2025, 5) // with who is protected they are five
	})
}
