package roundtest

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

// Lesson is a round whose first day's screen is shown.
type Lesson struct {
	*World
	Round int64
	Day   round.Day
	Seats []int64
	Me    access.Viewer
}

func NewLesson(t *testing.T, d *db.DB) *Lesson {
	w := NewWorld(t, d)
	r := &Lesson{World: w, Round: w.Published(w.Plan()), Me: Employee(w.Staff[0], Dalarna)}
	r.Seats = w.Enrolled(r.Round, w.Staff[:3]...)
	r.Day = w.Get(System, r.Round).CourseDays[0]
	return r
}

func (r *Lesson) Screen(at clock.Instant) attendance.Screen {
	r.Helper()
	s, err := attendance.OnScreen(Ctx, r.D, Dalarnas, r.Day.ID, at)
	Must(r.T, err)
	return s
}

// W2 is the code of another round's day.
func W2(r *Lesson) string {
	id := r.Published(r.Plan())
	s, err := attendance.OnScreen(Ctx, r.D, Dalarnas, r.Get(System, id).CourseDays[0].ID, First.At(8, 50))
	Must(r.T, err)
	return s.Scan
}
