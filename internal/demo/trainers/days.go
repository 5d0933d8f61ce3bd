package trainers

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/rounds"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// Ask lets some of Dalarna's be asked for days to come, and answer; some
// say when they cannot, and all are invited to a meeting.
func Ask(w *world.World, plan *rounds.Plan) error {
	admin := w.Regional[world.Dalarna]
	before := (w.Today - 1).At(13, 0)
	ask := func(course string, day int, who *population.Person, role trainer.Role, answer trainer.Answer, note string) error {
		for _, c := range plan.Ahead {
			if c.Course != course || len(c.Days) <= day {
				continue
			}
			d, err := round.Get(w.Ctx, w.Tx, admin, c.ID)
			if err != nil {
				return err
			}
			id := d.CourseDays[day].ID
			if err := planning.AskTrainer(w.Ctx, w.Tx, admin, id, who.ID, role, before); err != nil {
				return fmt.Errorf("ask %s for %s: %w", who.Email, course, err)
			}
			if answer == "" {
				return nil
			}
			return planning.AnswerDay(w.Ctx, w.Tx, access.Viewer{PersonID: who.ID, Trainer: true}, id, answer, note, before.Add(3600e9))
		}
		return fmt.Errorf("no round of %s is to come", course)
	}
	t := plan.Cast.Trainers
	for _, a := range []struct {
		course string
		day    int
		who    string
		role   trainer.Role
		answer trainer.Answer
		note   string
	}{
		{"utsatthet-och-vald", 0, "B1", trainer.Assistant, "", ""},
		{"handlaggning-av-unga-lagovertradare", 0, "M1", trainer.Lead, trainer.Accepted, ""},
		{"handlaggning-av-unga-lagovertradare", 0, "A1", trainer.Assistant, "", ""},
		{"samtal-och-delaktighet", 1, "B4", trainer.Assistant, trainer.Declined, "Jag har redan bokat en annan utbildning den dagen."},
	} {
		if err := ask(a.course, a.day, t[a.who], a.role, a.answer, a.note); err != nil {
			return err
		}
	}
	for _, a := range []struct {
		who         string
		first, days int
		note        string
	}{{"B1", 74, 4, "Ledig vecka"}, {"F2", 44, 0, ""}, {"S1", 60, 13, "Föräldraledig"}} {
		from := rounds.TermDay(w.Today, a.first)
		if err := trainer.CannotHold(w.Ctx, w.Tx, access.Viewer{PersonID: t[a.who].ID, Trainer: true},
			trainer.Absence{From: from, To: from.AddDate(0, 0, a.days), Note: a.note}, w.Today); err != nil {
			return err
		}
	}
	return meet(w, t["B1"])
}
