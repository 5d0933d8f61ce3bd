package seat_test

import (
	"errors"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestAPersonsRoundsAreSeenByThoseWhoSeeThePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		person := w.Staff[0]
		seats := w.Enrolled(id, person)
		day := w.Get(roundtest.System, id).CourseDays[0]
		roundtest.Must(t, w.Save(roundtest.System, day, roundtest.All(seats, round.Late), roundtest.There(day, true), day.Day.At(17, 0)))
		roundtest.Must(t, w.Approve(roundtest.System, id, roundtest.First+1, (roundtest.First+2).At(9, 0), attendance.Approval{EnrolmentID: seats[0], Reason: "har läst in den andra dagen"}))

		for name, c := range map[string]struct {
			viewer access.Viewer
			want   error
		}{
			"their municipality": {roundtest.Office(access.MunicipalAdmin, access.Municipality, roundtest.Falun, roundtest.Dalarna), nil},
			"themselves":         {roundtest.Employee(person, roundtest.Dalarna), nil},
			"the neighbour":      {roundtest.Office(access.MunicipalAdmin, access.Municipality, roundtest.Borlange, roundtest.Dalarna), fault.NotFound},
			"a colleague":        {roundtest.Employee(w.Staff[1], roundtest.Dalarna), fault.NotFound},
		} {
			t.Run(name, func(t *testing.T) {
				taken, err := seat.TakenBy(roundtest.Ctx, d.Reader(), c.viewer, person, roundtest.Today)
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
				if r.RoundID != id || r.RegionID != roundtest.Dalarna || r.Course != "Kurs" || r.Days != 2 || r.Held != 1 || r.Attended != 1 || r.ApprovedOn == nil || *r.ApprovedOn != roundtest.First+1 {
					t.Errorf("it is %+v", r)
				}
			})
		}
	})
}

func TestTheComingDaysOfTheStaffAreForWhoLeadsThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		w.Enrolled(id, w.Staff[1], w.Staff[0], w.Others[0])
		cancelled := w.Published(w.Plan())
		w.Enrolled(cancelled, w.Staff[2])
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, roundtest.System, cancelled, round.TooFewSeats, "för få", roundtest.Now)
		}))

		boss := roundtest.Office(access.Manager, access.Municipality, roundtest.Falun, roundtest.Dalarna)
		days, err := seat.StaffDays(roundtest.Ctx, d.Reader(), boss, 0, roundtest.Today)
		roundtest.Must(t, err)
		if len(days) != 4 || days[0].Name != "Test Falun00" || days[1].Name != "Test Falun01" || days[0].Day != roundtest.First || days[3].Day != roundtest.First+1 {
			t.Errorf("the days are %+v, want two people's two days", days)
		}
		if days, err := seat.StaffDays(roundtest.Ctx, d.Reader(), boss, 0, roundtest.First+1); err != nil || len(days) != 2 {
			t.Errorf("on the second day %d are left, %v, want 2", len(days), err)
		}
		if days, err := seat.StaffDays(roundtest.Ctx, d.Reader(), boss, roundtest.Borlange, roundtest.Today); err != nil || len(days) != 0 {
			t.Errorf("another's place gives %v, %v", days, err)
		}
		for name, viewer := range map[string]access.Viewer{
			"an administrator, who leads nobody": roundtest.Office(access.MunicipalAdmin, access.Municipality, roundtest.Falun, roundtest.Dalarna),
			"somebody without any office":        roundtest.Employee(w.Staff[0], roundtest.Dalarna),
		} {
			if days, err := seat.StaffDays(roundtest.Ctx, d.Reader(), viewer, 0, roundtest.Today); err != nil || len(days) != 0 {
				t.Errorf("%s gets %v, %v", name, days, err)
			}
		}
	})
}
