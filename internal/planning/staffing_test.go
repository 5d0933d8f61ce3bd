package planning_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

func TestADayNeedsTwoTrainersAndOneWhoLeads(t *testing.T) {
	lead, with := round.Trainer{Role: trainer.Lead}, round.Trainer{Role: trainer.Assistant}
	for name, c := range map[string]struct {
		trainers, declined []round.Trainer
		want               planning.Lack
	}{
		"nobody is too few":                      {nil, nil, planning.LacksTrainers},
		"one who leads is too few":               {[]round.Trainer{lead}, nil, planning.LacksTrainers},
		"two of whom none leads lack a lead":     {[]round.Trainer{with, with}, nil, planning.LacksLead},
		"two of whom one leads are enough":       {[]round.Trainer{lead, with}, nil, planning.LacksNothing},
		"who declined is not counted":            {[]round.Trainer{lead}, []round.Trainer{with}, planning.LacksTrainers},
		"who declined to lead does not lead":     {[]round.Trainer{with, with}, []round.Trainer{lead}, planning.LacksLead},
		"two who both lead are enough, too":      {[]round.Trainer{lead, lead}, nil, planning.LacksNothing},
		"one who declined of three is no matter": {[]round.Trainer{lead, with}, []round.Trainer{with}, planning.LacksNothing},
	} {
		if got := planning.Lacks((round.Day{Trainers: c.trainers, Declined: c.declined})); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestWorkdaysAreNeitherWeekendsNorHolidays(t *testing.T) {
	for name, c := range map[string]struct {
		from, until clock.Day
		want        int
	}{
		"a plain week has five":                {clock.Date(2026, 11, 23), clock.Date(2026, 11, 29), 5},
		"a weekend has none":                   {clock.Date(2026, 11, 28), clock.Date(2026, 11, 29), 0},
		"the week of Christmas 2026 has three": {clock.Date(2026, 12, 21), clock.Date(2026, 12, 27), 3},
		"both ends count":                      {clock.Date(2026, 11, 23), clock.Date(2026, 11, 23), 1},
		"spring 2026 has 122":                  {clock.Date(2026, 1, 1), clock.Date(2026, 6, 30), 122},
	} {
		if got := planning.Workdays(c.from, c.until); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestATrainerIsAskedAndAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Team(w.Staff[0], w.Staff[1])
		id := w.Published(w.Plan())
		day := w.Get(roundtest.Dalarnas, id).CourseDays[1].ID
		version := w.Get(roundtest.Dalarnas, id).Version
		want := func(what string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, w.Standings(id, 1)); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		want("before asking", "Test Utbildare, trainer: planned")
		roundtest.Must(t, w.Ask(roundtest.Dalarnas, day, w.Staff[0], trainer.Lead))
		want("when asked", "Test Falun00, lead_trainer: asked", "Test Utbildare, trainer: planned")
		if got := w.Get(roundtest.Dalarnas, id); got.Version != version+1 {
			t.Errorf("the plan's version is %d, want %d", got.Version, version+1)
		}
		if got := roundtest.Key(w.Ask(roundtest.Dalarnas, day, w.Staff[0], trainer.Lead)); got != "round.trainer_asked_already" {
			t.Errorf("asking twice gives %q", got)
		}

		roundtest.Must(t, w.Answer(w.Staff[0], day, trainer.Declined, "  Jag är på semester.  "))
		want("when declined", "Test Utbildare, trainer: planned", "Test Falun00, lead_trainer: declined")
		notes, err := planning.Notes(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, w.Get(roundtest.Dalarnas, id))
		roundtest.Must(t, err)
		if got := notes[day][w.Staff[0]]; got != "Jag är på semester." {
			t.Errorf("the note is %q", got)
		}
		todos, err := round.Todos(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, roundtest.Today, 10)
		roundtest.Must(t, err)
		if len(todos) != 1 || todos[0].Kind != round.TodoDeclined || todos[0].DayID != day || todos[0].Day != roundtest.First+1 {
			t.Errorf("to do: %+v", todos)
		}

		roundtest.Must(t, w.Ask(roundtest.Dalarnas, day, w.Staff[0], trainer.Assistant))
		roundtest.Must(t, w.Answer(w.Staff[0], day, trainer.Accepted, ""))
		roundtest.Must(t, w.Answer(w.Staff[0], day, trainer.Accepted, "")) // says nothing new
		roundtest.Must(t, w.Ask(roundtest.Dalarnas, day, w.Staff[1], trainer.Lead))
		want("when all is well", "Test Falun01, lead_trainer: asked", "Test Falun00, trainer: accepted", "Test Utbildare, trainer: planned")
		if todos, err = round.Todos(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, roundtest.Today, 10); err != nil || len(todos) != 0 {
			t.Errorf("to do: %+v, %v", todos, err)
		}
		var kinds []round.Kind
		events, err := round.History(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id)
		roundtest.Must(t, err)
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		slices.Reverse(kinds)
		wantKinds := []round.Kind{round.WasPlanned, round.WasPublished, planning.TrainerAsked, planning.TrainerDeclined, planning.TrainerAsked, planning.TrainerAccepted, planning.TrainerAsked}
		if diff := cmp.Diff(wantKinds, kinds); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOnlyThoseWhoManageAskAndOnlyThePersonAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Team(w.Staff[0])
		id := w.Published(w.Plan())
		day := w.Get(roundtest.Dalarnas, id).CourseDays[0].ID
		for name, viewer := range map[string]access.Viewer{
			"the neighbouring region": roundtest.Uppsalas, "the municipality's administrator": roundtest.Faluns,
			"the trainer": {PersonID: w.Borlange, Trainer: true}, "somebody": roundtest.Employee(w.Staff[1], roundtest.Dalarna), "nobody": {},
		} {
			for what, err := range map[string]error{
				"ask": w.Ask(viewer, day, w.Staff[0], trainer.Lead),
				"replace": d.Write(roundtest.Ctx, func(tx *db.Tx) error {
					return planning.ReplaceTrainer(roundtest.Ctx, tx, viewer, planning.Replacement{DayID: day, PersonID: w.Borlange, Other: w.Staff[0], Reason: "Sjuk"}, roundtest.Now)
				}),
				"remove": d.Write(roundtest.Ctx, func(tx *db.Tx) error {
					return planning.RemoveTrainer(roundtest.Ctx, tx, viewer, day, w.Borlange, "", roundtest.Now)
				}),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			}
		}
		roundtest.Must(t, w.Ask(roundtest.Dalarnas, day, w.Staff[0], trainer.Assistant))
		for name, person := range map[string]int64{"a colleague": w.Staff[1], "nobody": 0} {
			if err := w.Answer(person, day, trainer.Accepted, ""); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s answers: %v", name, err)
			}
		}
		if err := d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.AnswerDay(roundtest.Ctx, tx, roundtest.Dalarnas, day, trainer.Accepted, "", roundtest.Now)
		}); !errors.Is(err, fault.NotFound) {
			t.Errorf("the administrator answers: %v", err)
		}
		if got := roundtest.Key(w.Answer(w.Staff[0], day, "maybe", "")); got != "answer trainer.answer_wrong" {
			t.Errorf("maybe gives %q", got)
		}
		if got := roundtest.Key(w.Ask(roundtest.Dalarnas, day, w.Staff[5], trainer.Lead)); got != "person round.trainer_in_no_team" {
			t.Errorf("asking somebody in no team gives %q", got)
		}
		if got := roundtest.Key(w.Ask(roundtest.Dalarnas, day, w.Staff[0], "boss")); got != "role round.role_wrong" {
			t.Errorf("asking for an unknown role gives %q", got)
		}
		if err := d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.AskTrainer(roundtest.Ctx, tx, roundtest.Dalarnas, day, w.Staff[0], trainer.Lead, (roundtest.First+1).At(9, 0))
		}); roundtest.Key(err) != "round.day_is_over" {
			t.Errorf("asking afterwards gives %v", err)
		}
	})
}

func TestWhoIsOnlyAskedOrDeclinedDoesNotSeeTheParticipants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		n := w.Plan()
		n.Days = n.Days[:1]
		id := w.Published(n)
		w.Enrolled(id, w.Staff[:3]...)
		viewer := access.Viewer{PersonID: w.Borlange, Trainer: true}
		if got := w.Get(viewer, id); len(got.Enrolments) != 3 || !got.Teaches {
			t.Errorf("the trainer sees %d participants", len(got.Enrolments))
		}
		day := w.Get(roundtest.Dalarnas, id).CourseDays[0].ID
		coming := func(viewer access.Viewer) ([]trainer.Day, error) {
			return trainer.Coming(roundtest.Ctx, d.Reader(), viewer, w.Borlange, roundtest.Today)
		}
		if days, err := coming(roundtest.Dalarnas); err != nil || len(days) != 1 || days[0].ID != day || days[0].Participants != 3 {
			t.Errorf("the trainer is to hold %+v, %v", days, err)
		}
		if _, err := coming(roundtest.Employee(w.Staff[5], roundtest.Dalarna)); !errors.Is(err, fault.NotFound) {
			t.Errorf("a colleague asks what the trainer is to hold: %v", err)
		}
		roundtest.Must(t, w.Answer(w.Borlange, day, trainer.Declined, ""))
		if got := w.Get(viewer, id); len(got.Enrolments) != 0 || got.Teaches {
			t.Errorf("who declined sees %d participants", len(got.Enrolments))
		}
		if _, err := round.SheetOf(roundtest.Ctx, d.Reader(), viewer, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("who declined opens the list: %v", err)
		}
		if days, err := coming(viewer); err != nil || len(days) > 0 {
			t.Errorf("who declined is to hold %+v, %v", days, err)
		}
		w.Team(w.Borlange)
		roundtest.Must(t, w.Ask(roundtest.Dalarnas, day, w.Borlange, trainer.Assistant))
		if got := w.Get(viewer, id); len(got.Enrolments) != 0 || got.Teaches || !got.Asks(w.Borlange) || got.Seats != 3 {
			t.Errorf("who is asked sees %d participants by name, and that there are %d", len(got.Enrolments), got.Seats)
		}
		if _, err := round.SheetOf(roundtest.Ctx, d.Reader(), viewer, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("who is asked opens the list: %v", err)
		}
		roundtest.Must(t, w.Answer(w.Borlange, day, trainer.Accepted, ""))
		if got := w.Get(viewer, id); len(got.Enrolments) != 3 || !got.Teaches {
			t.Errorf("who accepted sees %d participants", len(got.Enrolments))
		}
		roundtest.Must(t, w.Answer(w.Borlange, day, trainer.Declined, ""))
		sheet, err := round.SheetOf(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, day)
		roundtest.Must(t, err)
		if len(sheet.Day.Trainers) != 1 || sheet.Day.Trainers[0].PersonID != w.Rss {
			t.Errorf("the list asks about %+v", sheet.Day.Trainers)
		}
	})
}

func TestATrainerIsReplaced(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Team(w.Staff[0], w.Staff[1], w.Borlange)
		n := w.Plan()
		n.Days = n.Days[:1]
		id := w.Published(n)
		seats := w.Enrolled(id, w.Staff[2:4]...)
		day := w.Get(roundtest.Dalarnas, id).CourseDays[0]
		replace := func(from, to int64, agreed bool, reason string, at clock.Instant) error {
			return d.Write(roundtest.Ctx, func(tx *db.Tx) error {
				return planning.ReplaceTrainer(roundtest.Ctx, tx, roundtest.Dalarnas, planning.Replacement{DayID: day.ID, PersonID: from, Other: to, Agreed: agreed, Reason: reason}, at)
			})
		}
		if got := roundtest.Key(replace(w.Rss, w.Staff[0], false, " ", roundtest.Now)); got != "reason round.reason_missing" {
			t.Errorf("without a reason: %q", got)
		}
		if got := roundtest.Key(replace(w.Rss, w.Borlange, false, "Sjuk", roundtest.Now)); got != "round.trainer_twice" {
			t.Errorf("by who is there already: %q", got)
		}
		if got := roundtest.Key(replace(w.Rss, w.Staff[9], false, "Sjuk", roundtest.Now)); got != "person round.trainer_in_no_team" {
			t.Errorf("by somebody in no team: %q", got)
		}
		if err := replace(w.Staff[5], w.Staff[0], false, "Sjuk", roundtest.Now); !errors.Is(err, fault.NotFound) {
			t.Errorf("of who is not on the day: %v", err)
		}
		want := []string{"Test Kursledare, lead_trainer: planned", "Test Utbildare, trainer: planned"}
		if diff := cmp.Diff(want, w.Standings(id, 0)); diff != "" {
			t.Errorf("a refused replacement changed something: %s", diff)
		}
		roundtest.Must(t, replace(w.Rss, w.Staff[0], false, "Sjuk", roundtest.Now))
		roundtest.Must(t, replace(w.Borlange, w.Staff[1], true, "Vård av barn", roundtest.Now))
		want = []string{"Test Falun00, lead_trainer: asked", "Test Falun01, trainer: planned"}
		if diff := cmp.Diff(want, w.Standings(id, 0)); diff != "" {
			t.Error(diff)
		}

		var trainers []attendance.TrainerMarking
		for _, tr := range w.Get(roundtest.Dalarnas, id).CourseDays[0].Trainers {
			trainers = append(trainers, attendance.TrainerMarking{PersonID: tr.PersonID, Present: true})
		}
		roundtest.Must(t, w.Save(roundtest.Dalarnas, day, roundtest.All(seats, round.Present), trainers, roundtest.First.At(16, 0)))
		roundtest.Must(t, replace(w.Staff[1], w.Borlange, false, "Det var Utbildare som kom", (roundtest.First+1).At(8, 0)))
		got := w.Get(roundtest.Dalarnas, id).CourseDays[0].Trainers
		if len(got) != 2 || got[1].PersonID != w.Borlange || got[1].Present == nil || !*got[1].Present {
			t.Errorf("afterwards: %+v", got)
		}
		events, err := round.History(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id)
		roundtest.Must(t, err)
		if e := events[0]; e.Kind != round.TrainerAdded || e.Subject != "Test Utbildare" || e.Reason != "Det var Utbildare som kom" || e.Day != 1 {
			t.Errorf("the history says %+v", e)
		}
		if e := events[1]; e.Kind != round.TrainerRemoved || e.Subject != "Test Falun01" {
			t.Errorf("the history says %+v", e)
		}
		if err := d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.RemoveTrainer(roundtest.Ctx, tx, roundtest.Dalarnas, day.ID, w.Borlange, "", (roundtest.First+1).At(8, 0))
		}); roundtest.Key(err) != "round.day_is_over" {
			t.Errorf("taking somebody off a held day gives %v", err)
		}
	})
}

// Two administrators ask at the same time: two people for the same role are
// both asked, the same person is asked once.
func TestTwoAskAtTheSameTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Team(w.Staff[:3]...)
		id := w.Published(w.Plan())
		day := w.Get(roundtest.Dalarnas, id).CourseDays[1].ID
		persons := []int64{w.Staff[0], w.Staff[1], w.Staff[2], w.Staff[2]}
		errs := make([]error, len(persons))
		var all sync.WaitGroup
		for i, p := range persons {
			all.Go(func() {
				errs[i] = d.Write(context.Background(), func(tx *db.Tx) error {
					return planning.AskTrainer(context.Background(), tx, roundtest.Dalarnas, day, p, trainer.Lead, roundtest.Now)
				})
			})
		}
		all.Wait()
		refused := 0
		for i, err := range errs {
			switch {
			case roundtest.Key(err) == "round.trainer_asked_already" && i >= 2:
				refused++
			case err != nil:
				t.Errorf("asking %d: %v", i, err)
			}
		}
		if got := len(w.Get(roundtest.Dalarnas, id).CourseDays[1].Trainers); got != 4 || refused != 1 {
			t.Errorf("%d trainers, %d refused", got, refused)
		}
	})
}
