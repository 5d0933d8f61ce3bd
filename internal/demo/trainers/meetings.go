package trainers

import (
	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/rounds"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/trainer"
)

// meet lets all meet half a day, twice a year (annual report 2025, section 2.3):
// in the last term, and in one to come, of which one of them has not said whether
// they come.
func meet(w *world.World, silent *population.Person) error {
	admin := w.Regional[world.Dalarna]
	var courses []int64
	for _, slug := range []string{
		"arbeta-med-familjehem", "handlaggning-av-lvu", "handlaggning-av-unga-lagovertradare", "handlaggning-med-barnet-i-centrum",
		"samtal-och-delaktighet", "utsatthet-och-vald", "leda-larande-och-utveckling",
	} {
		courses = append(courses, w.Courses[slug])
	}
	plan := func(title string, day, on clock.Day) (int64, error) {
		return trainer.PlanMeeting(w.Ctx, w.Tx, admin, trainer.NewMeeting{
			RegionID: w.Regions[world.Dalarna], Title: title, Day: day, Starts: "13:00", Ends: "16:30", Place: rounds.FalunRoom, Invited: trainer.Invited{Courses: courses},
			Agenda: "Nytt från delresorna\nErfarenheter från terminens kursdagar\nNästa termins dagar",
		}, on)
	}
	guests := func(id int64) ([]trainer.Guest, error) {
		m, err := trainer.MeetingByID(w.Ctx, w.Tx, admin, id)
		return m.Guests, err
	}
	today := w.Today
	past := today - 197
	for population.Workday(past) != past {
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
	if err := trainer.MarkMeeting(w.Ctx, w.Tx, admin, been, came, past); err != nil {
		return err
	}
	coming, err := plan("Utbildarträff inför nästa termin", rounds.TermDay(today, 25), today-3)
	if err != nil {
		return err
	}
	if err := letter.RecordMeeting(w.Ctx, w.Tx, coming, letter.Site{}, (today-3).At(9, 0)); err != nil {
		return err
	}
	if all, err = guests(coming); err != nil {
		return err
	}
	for i, g := range all {
		answer := trainer.Accepted
		switch {
		case g.PersonID == silent.ID || i%3 == 2:
			continue
		case i%5 == 4:
			answer = trainer.Declined
		}
		if err := trainer.AnswerMeeting(w.Ctx, w.Tx, access.Viewer{PersonID: g.PersonID, Trainer: true}, coming, answer, today); err != nil {
			return err
		}
	}
	// Who said no got a letter that takes the meeting out of their calendar.
	return letter.RecordMeeting(w.Ctx, w.Tx, coming, letter.Site{}, (today-2).At(9, 0))
}
