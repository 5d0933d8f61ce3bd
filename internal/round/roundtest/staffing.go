package roundtest

import (
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/trainer"
)

// Team puts people into the course's team in Dalarna.
func (w *World) Team(persons ...int64) {
	w.Helper()
	Must(w.T, w.D.Write(Ctx, func(tx *db.Tx) error {
		for _, p := range persons {
			if _, err := trainer.Recruit(Ctx, tx, Dalarnas, trainer.New{PersonID: p, CourseID: w.Course, RegionID: Dalarna, On: Today - 100}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *World) Ask(viewer access.Viewer, day, person int64, role trainer.Role) error {
	return w.D.Write(Ctx, func(tx *db.Tx) error { return planning.AskTrainer(Ctx, tx, viewer, day, person, role, Now) })
}

func (w *World) Answer(person, day int64, a trainer.Answer, note string) error {
	return w.D.Write(Ctx, func(tx *db.Tx) error {
		return planning.AnswerDay(Ctx, tx, access.Viewer{PersonID: person, Trainer: true}, day, a, note, Now)
	})
}

// Standings are the day's trainers, those who declined last.
func (w *World) Standings(id int64, day int) (got []string) {
	w.Helper()
	d := w.Get(Dalarnas, id).CourseDays[day]
	for _, t := range append(slices.Clone(d.Trainers), d.Declined...) {
		got = append(got, t.Name+", "+string(t.Role)+": "+string(planning.Standing(t)))
	}
	return got
}
