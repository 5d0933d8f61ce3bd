package round_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
)

func TestOnesOwnSeatIsThatOfTheLastRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		early := w.published(w.plan())
		n := w.plan()
		n.Days[0].Day, n.Days[1].Day = first+20, first+21
		late := w.published(n)
		me := employee(w.staff[0], dalarna)
		seat := func() *round.Seat {
			s, err := round.SeatIn(ctx, d.Reader(), me, w.course)
			must(t, err)
			return s
		}
		if s := seat(); s != nil || s.Edition() != 0 {
			t.Fatalf("without a seat: %+v", s)
		}
		own := w.enrolled(early, w.staff[0], w.staff[1])
		if s := seat(); s == nil || s.RoundID != early || s.Edition() == 0 || len(s.Days) != 2 || s.Attended() || s.Coming(today).Day.Day != first {
			t.Fatalf("with a seat: %+v", s)
		}
		for i, day := range w.get(system, early).CourseDays {
			must(t, w.save(system, day, []round.Marking{{EnrolmentID: own[0], Mark: round.Late}, {EnrolmentID: own[1], Mark: round.Absent}}, there(day, true), (first+1).At(16, i)))
		}
		if s := seat(); !s.Attended() || s.Days[1].Mark != round.Late || s.Days[1].Source != round.TrainerSaid || s.Coming(first) != nil {
			t.Errorf("afterwards: %+v", s)
		}
		w.enrolled(late, w.staff[0])
		if s := seat(); s.RoundID != late || s.Days[0].Mark != "" {
			t.Errorf("with another seat: %+v", s)
		}
		for name, v := range map[string]access.Viewer{"nobody": {}, "a colleague": employee(w.staff[5], dalarna)} {
			if s, err := round.SeatIn(ctx, d.Reader(), v, w.course); s != nil || err != nil {
				t.Errorf("%s has %+v, %v", name, s, err)
			}
		}
	})
}
