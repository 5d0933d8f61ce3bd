package rounds

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/lessons"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
)

// Give carries the plan out: every round lives as far as it has come.
func (plan *Plan) Give(w *world.World) error {
	for _, r := range plan.Rounds {
		if err := plan.give(w, r); err != nil {
			return fmt.Errorf("%s, %s: %w", r.Course, r.Label, err)
		}
	}
	return nil
}

// give lives through a round as far as it has come: each thing is done on its
// day by the one whose thing it is.
func (plan *Plan) give(w *world.World, r *Round) error {
	viewer, regional := w.Regional[r.Region]
	if !regional {
		viewer = w.Producer
	}
	n := planning.New{
		CourseID: w.Courses[r.Course], RegionID: w.Regions[r.Region], Label: r.Label, Capacity: r.Capacity, Minimum: r.Minimum,
		SignupFrom: r.Signup, SignupUntil: r.Until, Note: r.Note,
	}
	for _, d := range r.Days {
		day := planning.NewDay{Day: d.Day, Starts: "09:00", Ends: "16:00", Place: d.Place}
		if d.Day == w.Now.Day() && !d.Held {
			day.Starts, day.Ends = AroundNow(w.Now)
		}
		if r.Region == world.Dalarna {
			day.RoomID = plan.rooms[d.Place]
		}
		for _, t := range d.Trainers {
			day.Trainers = append(day.Trainers, planning.NewTrainer{PersonID: t.Who.ID, Role: t.Role})
		}
		n.Days = append(n.Days, day)
	}
	planned := w.Today - 6
	if r.Published != nil {
		planned = *r.Published - 20
	}
	id, err := planning.Plan(w.Ctx, w.Tx, viewer, n, planned.At(10, 0))
	r.ID = id
	if err != nil || r.Published == nil {
		return err
	}
	if err := planning.Publish(w.Ctx, w.Tx, viewer, id, r.Published.At(8, 0)); err != nil {
		return err
	}
	seats, err := enrol(w, r, id)
	if err != nil {
		return err
	}
	if r.Cancelled == nil && r.Region == world.Dalarna && r.Days[len(r.Days)-1].Day >= w.Today {
		plan.Ahead = append(plan.Ahead, r)
	}
	if r.Confirmed != nil {
		if err := planning.Confirm(w.Ctx, w.Tx, viewer, id, r.Confirmed.At(9, 0)); err != nil {
			return err
		}
	}
	if r.Cancelled != nil {
		return planning.Cancel(w.Ctx, w.Tx, viewer, id, round.TooFewSeats, r.CancelReason, r.Cancelled.At(14, 0))
	}
	if !r.Days[0].Held {
		return nil
	}
	detail, err := round.Get(w.Ctx, w.Tx, viewer, id)
	if err != nil {
		return err
	}
	if err := prepare(w, r, detail); err != nil {
		return fmt.Errorf("preparation: %w", err)
	}
	for i, d := range r.Days {
		if d.Held {
			if err := attend(w, r, i, detail.CourseDays[i].ID, seats, viewer); err != nil {
				return fmt.Errorf("day %d: %w", i+1, err)
			}
		}
	}
	return approve(w, r, id, seats, viewer)
}

// AroundNow is the hours of a day that starts within the half hour, so that one
// can check in when the demo has been loaded, and for an hour after. Late at
// night it is what is left of the day.
func AroundNow(now clock.Instant) (starts, ends string) {
	const halfHour, midnight = 30, 24 * 60
	t := now.Time()
	start := min((t.Hour()*60+t.Minute())/halfHour*halfHour+halfHour, midnight-halfHour)
	end := min(start+7*60, midnight-1)
	return fmt.Sprintf("%02d:%02d", start/60, start%60), fmt.Sprintf("%02d:%02d", end/60, end%60)
}

// enrol lets everybody sign up themselves, in the order in which they did.
func enrol(w *world.World, r *Round, id int64) (map[*Seat]int64, error) {
	order := slices.Clone(r.Seats)
	slices.SortStableFunc(order, func(a, b *Seat) int { return cmp.Compare(a.On, b.On) })
	seats := map[*Seat]int64{}
	for i, s := range order {
		at := s.On.At(8, 10).Add(time.Duration(i*17) * time.Minute)
		var err error
		if seats[s], err = seat.Enrol(w.Ctx, w.Tx, w.SelfIn(s.Who.Region, s.Who.ID), id, s.Who.ID, at); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Who.Email, err)
		}
	}
	return seats, nil
}

// prepare lets those who were at the course days do the preparation first, where
// the course requires it; one whom nobody has approved yet has not.
func prepare(w *world.World, r *Round, detail round.Detail) error {
	preparations, err := attendance.Preparations(w.Ctx, w.Tx, detail.Round, detail.Enrolments)
	if err != nil {
		return err
	}
	for n, s := range r.Seats {
		if s.Approved == nil && n == len(r.Seats)-1 || !preparations[s.Who.ID].Hinders() {
			continue
		}
		if err := lessons.Prepare(w, r.Course, r.Days[0].Day, s.Who, n); err != nil {
			return err
		}
	}
	return nil
}

// attend saves a day's list as the trainer who was there does in the afternoon.
func attend(w *world.World, r *Round, i int, dayID int64, seats map[*Seat]int64, viewer access.Viewer) error {
	d, by := r.Days[i], viewer
	var trainers []attendance.TrainerMarking
	for _, t := range d.Trainers {
		trainers = append(trainers, attendance.TrainerMarking{PersonID: t.Who.ID, Present: t.Present})
		if t.Present && by.PersonID == viewer.PersonID {
			by = access.Viewer{PersonID: t.Who.ID, Trainer: true}
		}
	}
	marks := make([]attendance.Marking, len(r.Seats))
	for n, s := range r.Seats {
		marks[n] = attendance.Marking{EnrolmentID: seats[s], Mark: s.Marks[i], Reason: s.Reasons[i]}
	}
	first := slices.Clone(marks)
	// Of a recent day somebody was missed, who told the RSS the day after.
	missed := i == 0 && r.Region == world.Dalarna && d.Day+1 < w.Today && d.Day > w.Today-40 && marks[0].Mark == round.Present
	if missed {
		first[0].Mark = round.Absent
	}
	if err := attendance.SaveAttendance(w.Ctx, w.Tx, by, dayID, first, trainers, d.Day.At(16, 10)); err != nil {
		return err
	}
	if missed {
		marks[0].Why = "Satt med i den andra gruppen hela dagen"
		if err := attendance.SaveAttendance(w.Ctx, w.Tx, viewer, dayID, marks, trainers, (d.Day+1).At(9, 20)); err != nil {
			return err
		}
	}
	for _, s := range r.Seats {
		if reason, exempt := s.Exempt[i]; exempt {
			if err := economy.Exempt(w.Ctx, w.Tx, viewer, dayID, seats[s], reason, (d.Day+1).At(9, 0)); err != nil {
				return err
			}
		}
	}
	return nil
}

func approve(w *world.World, r *Round, id int64, seats map[*Seat]int64, viewer access.Viewer) error {
	var approvals []attendance.Approval
	var on clock.Day
	for _, s := range r.Seats {
		if s.Approved != nil {
			approvals, on = append(approvals, attendance.Approval{EnrolmentID: seats[s]}), *s.Approved
		}
	}
	if len(approvals) == 0 {
		return nil
	}
	return attendance.Approve(w.Ctx, w.Tx, viewer, id, approvals, on, on.At(11, 0))
}
