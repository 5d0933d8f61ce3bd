package demo

import (
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// trainers lets some of Dalarna's be asked for days to come, and answer; some
// say when they cannot, and all are invited to a meeting.
func (l *loader) trainers() error {
	admin := l.regional[dalarna]
	before := (l.plan.today - 1).At(13, 0)
	ask := func(course string, day int, who *person, role trainer.Role, answer trainer.Answer, note string) error {
		for _, c := range l.coming {
			if c.plan.course != course || len(c.plan.days) <= day {
				continue
			}
			d, err := round.Get(l.ctx, l.tx, admin, c.id)
			if err != nil {
				return err
			}
			id := d.CourseDays[day].ID
			if err := planning.AskTrainer(l.ctx, l.tx, admin, id, who.id, role, before); err != nil {
				return fmt.Errorf("ask %s for %s: %w", who.email, course, err)
			}
			if answer == "" {
				return nil
			}
			return planning.AnswerDay(l.ctx, l.tx, access.Viewer{PersonID: who.id, Trainer: true}, id, answer, note, before.Add(3600e9))
		}
		return fmt.Errorf("no round of %s is to come", course)
	}
	t := l.plan.trainers
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
		from := termDay(l.plan.today, a.first)
		if err := trainer.CannotHold(l.ctx, l.tx, access.Viewer{PersonID: t[a.who].id, Trainer: true},
			trainer.Absence{From: from, To: from.AddDate(0, 0, a.days), Note: a.note}, l.plan.today); err != nil {
			return err
		}
	}
	return l.meetings()
}

// meetings are half a day, twice a year (annual report 2025, section 2.3): one
// of the last term, and one to come.
func (l *loader) meetings() error {
	admin := l.regional[dalarna]
	var courses []int64
	for _, slug := range []string{
		"arbeta-med-familjehem", "handlaggning-av-lvu", "handlaggning-av-unga-lagovertradare", "handlaggning-med-barnet-i-centrum",
		"samtal-och-delaktighet", "utsatthet-och-vald", "leda-larande-och-utveckling",
	} {
		courses = append(courses, l.courses[slug])
	}
	plan := func(title string, day, on clock.Day) (int64, error) {
		return trainer.PlanMeeting(l.ctx, l.tx, admin, trainer.NewMeeting{
			RegionID: l.regions[dalarna], Title: title, Day: day, Starts: "13:00", Ends: "16:30", Place: falunRoom, Courses: courses,
			Agenda: "Nytt från delresorna\nErfarenheter från terminens kursdagar\nNästa termins dagar",
		}, on)
	}
	guests := func(id int64) ([]trainer.Guest, error) {
		m, err := trainer.MeetingByID(l.ctx, l.tx, admin, id)
		return m.Guests, err
	}
	today := l.plan.today
	past := today - 197
	for workday(past) != past {
		past--
	}
	been, err := plan("Utbildarträff", past, past-30)
	if err != nil {
		return err
	}
	all, err := guests(been)
	if err != nil {
		return err
	}
	var came []int64
	for i, g := range all {
		if i%4 != 3 {
			came = append(came, g.PersonID)
		}
	}
	if err := trainer.MarkMeeting(l.ctx, l.tx, admin, been, came, past); err != nil {
		return err
	}
	coming, err := plan("Utbildarträff inför nästa termin", termDay(today, 25), today-3)
	if err != nil {
		return err
	}
	if err := letter.RecordMeeting(l.ctx, l.tx, coming, letter.Site{}, (today-3).At(9, 0)); err != nil {
		return err
	}
	if all, err = guests(coming); err != nil {
		return err
	}
	for i, g := range all {
		answer := trainer.Accepted
		switch {
		case g.PersonID == l.plan.trainers["B1"].id || i%3 == 2:
			continue
		case i%5 == 4:
			answer = trainer.Declined
		}
		if err := trainer.AnswerMeeting(l.ctx, l.tx, access.Viewer{PersonID: g.PersonID, Trainer: true}, coming, answer, today); err != nil {
			return err
		}
	}
	// Who said no got a letter that takes the meeting out of their calendar.
	return letter.RecordMeeting(l.ctx, l.tx, coming, letter.Site{}, (today-2).At(9, 0))
}
