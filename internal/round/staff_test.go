package round_test

import (
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

func TestAPersonsRoundsAreSeenByThoseWhoSeeThePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		person := w.staff[0]
		seats := w.enrolled(id, person)
		day := w.get(system, id).CourseDays[0]
		must(t, w.save(system, day, all(seats, round.Late), there(day, true), day.Day.At(17, 0)))
		must(t, w.approve(system, id, first+1, (first+2).At(9, 0), round.Approval{EnrolmentID: seats[0], Reason: "har läst in den andra dagen"}))

		for name, c := range map[string]struct {
			viewer access.Viewer
			want   error
		}{
			"their municipality": {office(access.MunicipalAdmin, access.Municipality, falun, dalarna), nil},
			"themselves":         {employee(person, dalarna), nil},
			"the neighbour":      {office(access.MunicipalAdmin, access.Municipality, borlange, dalarna), fault.NotFound},
			"a colleague":        {employee(w.staff[1], dalarna), fault.NotFound},
		} {
			t.Run(name, func(t *testing.T) {
				taken, err := round.TakenBy(ctx, d.Reader(), c.viewer, person, today)
				if !errors.Is(err, c.want) {
					t.Fatalf("got %v, want %v", err, c.want)
				}
				if err != nil {
					return
				}
				if len(taken) != 1 {
					t.Fatalf("%d rounds, want 1", len(taken))
				}
				r := taken[0]
				if r.RoundID != id || r.RegionID != dalarna || r.Course != "Kurs" || r.Days != 2 || r.Held != 1 || r.Attended != 1 || r.ApprovedOn == nil || *r.ApprovedOn != first+1 {
					t.Errorf("it is %+v", r)
				}
			})
		}
	})
}

func TestTheComingDaysOfTheStaffAreForWhoLeadsThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		w.enrolled(id, w.staff[1], w.staff[0], w.others[0])
		cancelled := w.published(w.plan())
		w.enrolled(cancelled, w.staff[2])
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return round.Cancel(ctx, tx, system, cancelled, round.TooFewSeats, "för få", now)
		}))

		boss := office(access.Manager, access.Municipality, falun, dalarna)
		days, err := round.StaffDays(ctx, d.Reader(), boss, 0, today)
		must(t, err)
		if len(days) != 4 || days[0].Name != "Test Falun00" || days[1].Name != "Test Falun01" || days[0].Day != first || days[3].Day != first+1 {
			t.Errorf("the days are %+v, want two people's two days", days)
		}
		if days, err := round.StaffDays(ctx, d.Reader(), boss, 0, first+1); err != nil || len(days) != 2 {
			t.Errorf("on the second day %d are left, %v, want 2", len(days), err)
		}
		if days, err := round.StaffDays(ctx, d.Reader(), boss, borlange, today); err != nil || len(days) != 0 {
			t.Errorf("another's place gives %v, %v", days, err)
		}
		for name, viewer := range map[string]access.Viewer{
			"an administrator, who leads nobody": office(access.MunicipalAdmin, access.Municipality, falun, dalarna),
			"somebody without any office":        employee(w.staff[0], dalarna),
		} {
			if days, err := round.StaffDays(ctx, d.Reader(), viewer, 0, today); err != nil || len(days) != 0 {
				t.Errorf("%s gets %v, %v", name, days, err)
			}
		}
	})
}
