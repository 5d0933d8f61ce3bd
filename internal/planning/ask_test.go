package planning_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

func TestTrainersAreAskedForSeveralDaysAtOnceAndAnswerAllOrEach(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Team(w.Staff[0], w.Staff[1])
		n := w.Plan()
		n.Days[0].Trainers, n.Days[1].Trainers = nil, nil
		id := w.Published(n)
		head := w.Get(roundtest.Dalarnas, id)
		one, two := head.CourseDays[0].ID, head.CourseDays[1].ID
		ask := func(viewer access.Viewer, asks ...planning.Ask) (asked int, err error) {
			err = d.Write(roundtest.Ctx, func(tx *db.Tx) (err error) {
				asked, err = planning.AskTrainers(roundtest.Ctx, tx, viewer, id, asks, roundtest.Now)
				return err
			})
			return asked, err
		}
		answer := func(person int64, a trainer.Answer) (answered int, err error) {
			err = d.Write(roundtest.Ctx, func(tx *db.Tx) (err error) {
				answered, err = planning.AnswerRound(roundtest.Ctx, tx, access.Viewer{PersonID: person, Trainer: true}, id, a, "", roundtest.Now)
				return err
			})
			return answered, err
		}
		first, second := w.Staff[0], w.Staff[1]
		both := []planning.Ask{{one, first, trainer.Lead}, {two, first, trainer.Lead}, {two, second, trainer.Assistant}}

		if _, err := ask(roundtest.Uppsalas, both...); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region asks: %v", err)
		}
		if _, err := ask(roundtest.Dalarnas); roundtest.Key(err) != "ask round.ask_nobody" {
			t.Errorf("nobody is ticked: %v", err)
		}
		// One who is in no team: nobody is asked.
		if _, err := ask(roundtest.Dalarnas, append(both, planning.Ask{one, w.Staff[5], trainer.Assistant})...); roundtest.Key(err) != "person round.trainer_in_no_team" {
			t.Errorf("a stranger is asked: %v", err)
		}
		if got := w.Standings(id, 0); len(got) != 0 {
			t.Errorf("refused, and yet asked: %v", got)
		}
		if asked, err := ask(roundtest.Dalarnas, both...); err != nil || asked != 3 {
			t.Fatalf("asked %d, %v", asked, err)
		}
		if got := w.Get(roundtest.Dalarnas, id); got.Version != head.Version+1 {
			t.Errorf("the plan's version went from %d to %d", head.Version, got.Version)
		}
		if asked, err := ask(roundtest.Dalarnas, both...); err != nil || asked != 0 {
			t.Errorf("asked again: %d, %v", asked, err)
		}

		if n, err := answer(first, trainer.Accepted); err != nil || n != 2 {
			t.Fatalf("accepted %d, %v", n, err)
		}
		if _, err := answer(first, trainer.Declined); roundtest.Key(err) != "round.no_day_waits" {
			t.Errorf("answered twice: %v", err)
		}
		if _, err := answer(w.Staff[5], trainer.Accepted); !errors.Is(err, fault.NotFound) {
			t.Errorf("somebody else answers: %v", err)
		}
		if _, err := answer(second, "perhaps"); roundtest.Key(err) != "answer trainer.answer_wrong" {
			t.Errorf("another word: %v", err)
		}
		roundtest.Must(t, w.Answer(second, two, trainer.Declined, "Nej tack."))
		want := []string{"Test Falun00, lead_trainer: accepted", "Test Falun01, trainer: declined"}
		if diff := cmp.Diff(want, w.Standings(id, 1)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestATrainerWhoTakesACourseAtTheSameHoursClashes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Team(w.Staff[0])
		id := w.Published(w.Plan())
		w.Enrolled(id, w.Staff[0])
		n := w.Plan()
		n.Days = n.Days[:1]
		n.Days[0].Trainers = []planning.NewTrainer{{PersonID: w.Staff[0], Role: trainer.Lead}}
		kinds := func() (all []planning.ClashKind) {
			clashes, err := planning.Clashes(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, n, 0, roundtest.Today)
			roundtest.Must(t, err)
			for _, c := range clashes {
				all = append(all, c.Kind)
			}
			return all
		}
		if diff := cmp.Diff([]planning.ClashKind{planning.TrainerSits}, kinds()); diff != "" {
			t.Error(diff)
		}
		taken, err := trainer.Engagements(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, roundtest.First, 0)
		roundtest.Must(t, err)
		if got := taken[w.Staff[0]]; len(got) != 1 || got[0].Kind != trainer.HasSeat || got[0].What != "Kurs, Omgång 1" {
			t.Errorf("the day's page says %+v", got)
		}
		also, err := round.Meanwhiles(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, w.Published(w.Plan()), []int64{w.Staff[0]})
		roundtest.Must(t, err)
		if len(also[w.Staff[0]]) != 2 {
			t.Errorf("beside the tick: %+v", also)
		}
		n.Days[0].Starts, n.Days[0].Ends = "16:00", "18:00" // as the other ends
		if got := kinds(); len(got) != 0 {
			t.Errorf("one after the other: %v", got)
		}
	})
}
