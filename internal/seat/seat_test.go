package seat_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestOnesOwnSeatIsThatOfTheLastRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		early := w.Published(w.Plan())
		n := w.Plan()
		n.Days[0].Day, n.Days[1].Day = roundtest.First+20, roundtest.First+21
		late := w.Published(n)
		me := roundtest.Employee(w.Staff[0], roundtest.Dalarna)
		mySeat := func() *seat.Seat {
			s, err := seat.SeatIn(roundtest.Ctx, d.Reader(), me, w.Course)
			roundtest.Must(t, err)
			return s
		}
		if s := mySeat(); s != nil || s.Edition() != 0 {
			t.Fatalf("without a seat: %+v", s)
		}
		own := w.Enrolled(early, w.Staff[0], w.Staff[1])
		if s := mySeat(); s == nil || s.RoundID != early || s.Edition() == 0 || len(s.Days) != 2 || s.Attended() || s.Coming(roundtest.Today).Day.Day != roundtest.First {
			t.Fatalf("with a seat: %+v", s)
		}
		for i, day := range w.Get(roundtest.System, early).CourseDays {
			roundtest.Must(t, w.Save(roundtest.System, day, []attendance.Marking{{EnrolmentID: own[0], Mark: round.Late}, {EnrolmentID: own[1], Mark: round.Absent}}, roundtest.There(day, true), (roundtest.First+1).At(16, i)))
		}
		if s := mySeat(); !s.Attended() || s.Days[1].Mark != round.Late || s.Days[1].Source != round.TrainerSaid || s.Coming(roundtest.First) != nil {
			t.Errorf("afterwards: %+v", s)
		}
		w.Enrolled(late, w.Staff[0])
		if s := mySeat(); s.RoundID != late || s.Days[0].Mark != "" {
			t.Errorf("with another seat: %+v", s)
		}
		for name, v := range map[string]access.Viewer{"nobody": {}, "a colleague": roundtest.Employee(w.Staff[5], roundtest.Dalarna)} {
			if s, err := seat.SeatIn(roundtest.Ctx, d.Reader(), v, w.Course); s != nil || err != nil {
				t.Errorf("%s has %+v, %v", name, s, err)
			}
		}
	})
}
