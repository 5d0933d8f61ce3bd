package round_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

func TestADayNeedsTwoTrainersAndOneWhoLeads(t *testing.T) {
	lead, with := round.Trainer{Role: trainer.Lead}, round.Trainer{Role: trainer.Assistant}
	for name, c := range map[string]struct {
		trainers, declined []round.Trainer
		want               round.Lack
	}{
		"nobody is too few":                      {nil, nil, round.LacksTrainers},
		"one who leads is too few":               {[]round.Trainer{lead}, nil, round.LacksTrainers},
		"two of whom none leads lack a lead":     {[]round.Trainer{with, with}, nil, round.LacksLead},
		"two of whom one leads are enough":       {[]round.Trainer{lead, with}, nil, round.LacksNothing},
		"who declined is not counted":            {[]round.Trainer{lead}, []round.Trainer{with}, round.LacksTrainers},
		"who declined to lead does not lead":     {[]round.Trainer{with, with}, []round.Trainer{lead}, round.LacksLead},
		"two who both lead are enough, too":      {[]round.Trainer{lead, lead}, nil, round.LacksNothing},
		"one who declined of three is no matter": {[]round.Trainer{lead, with}, []round.Trainer{with}, round.LacksNothing},
	} {
		if got := (round.Day{Trainers: c.trainers, Declined: c.declined}).Lacks(); got != c.want {
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
		if got := round.Workdays(c.from, c.until); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

// team puts people into the course's team in Dalarna.
func (w *world) team(persons ...int64) {
	w.Helper()
	must(w.T, w.d.Write(ctx, func(tx *db.Tx) error {
		for _, p := range persons {
			if _, err := trainer.Recruit(ctx, tx, dalarnas, trainer.New{PersonID: p, CourseID: w.course, RegionID: dalarna, On: today - 100}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *world) ask(viewer access.Viewer, day, person int64, role trainer.Role) error {
	return w.d.Write(ctx, func(tx *db.Tx) error { return round.AskTrainer(ctx, tx, viewer, day, person, role, now) })
}

func (w *world) answer(person, day int64, a trainer.Answer, note string) error {
	return w.d.Write(ctx, func(tx *db.Tx) error {
		return round.AnswerDay(ctx, tx, access.Viewer{PersonID: person, Trainer: true}, day, a, note, now)
	})
}

// standings are the day's trainers, those who declined last.
func (w *world) standings(id int64, day int) (got []string) {
	w.Helper()
	d := w.get(dalarnas, id).CourseDays[day]
	for _, t := range append(slices.Clone(d.Trainers), d.Declined...) {
		got = append(got, t.Name+", "+string(t.Role)+": "+string(t.Standing()))
	}
	return got
}

func TestATrainerIsAskedAndAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.team(w.staff[0], w.staff[1])
		id := w.published(w.plan())
		day := w.get(dalarnas, id).CourseDays[1].ID
		version := w.get(dalarnas, id).Version
		want := func(what string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, w.standings(id, 1)); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		want("before asking", "Test Utbildare, trainer: planned")
		must(t, w.ask(dalarnas, day, w.staff[0], trainer.Lead))
		want("when asked", "Test Falun00, lead_trainer: asked", "Test Utbildare, trainer: planned")
		if got := w.get(dalarnas, id); got.Version != version+1 {
			t.Errorf("the plan's version is %d, want %d", got.Version, version+1)
		}
		if got := key(w.ask(dalarnas, day, w.staff[0], trainer.Lead)); got != "round.trainer_asked_already" {
			t.Errorf("asking twice gives %q", got)
		}

		must(t, w.answer(w.staff[0], day, trainer.Declined, "  Jag är på semester.  "))
		want("when declined", "Test Utbildare, trainer: planned", "Test Falun00, lead_trainer: declined")
		notes, err := round.Notes(ctx, d.Reader(), dalarnas, w.get(dalarnas, id))
		must(t, err)
		if got := notes[day][w.staff[0]]; got != "Jag är på semester." {
			t.Errorf("the note is %q", got)
		}
		todos, err := round.Todos(ctx, d.Reader(), dalarnas, dalarna, today, 10)
		must(t, err)
		if len(todos) != 1 || todos[0].Kind != round.TodoDeclined || todos[0].DayID != day || todos[0].Day != first+1 {
			t.Errorf("to do: %+v", todos)
		}

		must(t, w.ask(dalarnas, day, w.staff[0], trainer.Assistant))
		must(t, w.answer(w.staff[0], day, trainer.Accepted, ""))
		must(t, w.answer(w.staff[0], day, trainer.Accepted, "")) // says nothing new
		must(t, w.ask(dalarnas, day, w.staff[1], trainer.Lead))
		want("when all is well", "Test Falun01, lead_trainer: asked", "Test Falun00, trainer: accepted", "Test Utbildare, trainer: planned")
		if todos, err = round.Todos(ctx, d.Reader(), dalarnas, dalarna, today, 10); err != nil || len(todos) != 0 {
			t.Errorf("to do: %+v, %v", todos, err)
		}
		var kinds []round.Kind
		events, err := round.History(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		slices.Reverse(kinds)
		wantKinds := []round.Kind{round.WasPlanned, round.WasPublished, round.TrainerAsked, round.TrainerDeclined, round.TrainerAsked, round.TrainerAccepted, round.TrainerAsked}
		if diff := cmp.Diff(wantKinds, kinds); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOnlyThoseWhoManageAskAndOnlyThePersonAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.team(w.staff[0])
		id := w.published(w.plan())
		day := w.get(dalarnas, id).CourseDays[0].ID
		for name, viewer := range map[string]access.Viewer{
			"the neighbouring region": uppsalas, "the municipality's administrator": faluns,
			"the trainer": {PersonID: w.borlange, Trainer: true}, "somebody": employee(w.staff[1], dalarna), "nobody": {},
		} {
			for what, err := range map[string]error{
				"ask": w.ask(viewer, day, w.staff[0], trainer.Lead),
				"replace": d.Write(ctx, func(tx *db.Tx) error {
					return round.ReplaceTrainer(ctx, tx, viewer, day, w.borlange, w.staff[0], false, "Sjuk", now)
				}),
				"remove": d.Write(ctx, func(tx *db.Tx) error {
					return round.RemoveTrainer(ctx, tx, viewer, day, w.borlange, "", now)
				}),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s, %s: %v", name, what, err)
				}
			}
		}
		must(t, w.ask(dalarnas, day, w.staff[0], trainer.Assistant))
		for name, person := range map[string]int64{"a colleague": w.staff[1], "nobody": 0} {
			if err := w.answer(person, day, trainer.Accepted, ""); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s answers: %v", name, err)
			}
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			return round.AnswerDay(ctx, tx, dalarnas, day, trainer.Accepted, "", now)
		}); !errors.Is(err, fault.NotFound) {
			t.Errorf("the administrator answers: %v", err)
		}
		if got := key(w.answer(w.staff[0], day, "maybe", "")); got != "answer trainer.answer_wrong" {
			t.Errorf("maybe gives %q", got)
		}
		if got := key(w.ask(dalarnas, day, w.staff[5], trainer.Lead)); got != "person round.trainer_in_no_team" {
			t.Errorf("asking somebody in no team gives %q", got)
		}
		if got := key(w.ask(dalarnas, day, w.staff[0], "boss")); got != "role round.role_wrong" {
			t.Errorf("asking for an unknown role gives %q", got)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			return round.AskTrainer(ctx, tx, dalarnas, day, w.staff[0], trainer.Lead, (first+1).At(9, 0))
		}); key(err) != "round.day_is_over" {
			t.Errorf("asking afterwards gives %v", err)
		}
	})
}

func TestWhoIsOnlyAskedOrDeclinedDoesNotSeeTheParticipants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.plan()
		n.Days = n.Days[:1]
		id := w.published(n)
		w.enrolled(id, w.staff[:3]...)
		viewer := access.Viewer{PersonID: w.borlange, Trainer: true}
		if got := w.get(viewer, id); len(got.Enrolments) != 3 || !got.Teaches {
			t.Errorf("the trainer sees %d participants", len(got.Enrolments))
		}
		day := w.get(dalarnas, id).CourseDays[0].ID
		coming := func(viewer access.Viewer) ([]trainer.Day, error) {
			return trainer.Coming(ctx, d.Reader(), viewer, w.borlange, today)
		}
		if days, err := coming(dalarnas); err != nil || len(days) != 1 || days[0].ID != day || days[0].Participants != 3 {
			t.Errorf("the trainer is to hold %+v, %v", days, err)
		}
		if _, err := coming(employee(w.staff[5], dalarna)); !errors.Is(err, fault.NotFound) {
			t.Errorf("a colleague asks what the trainer is to hold: %v", err)
		}
		must(t, w.answer(w.borlange, day, trainer.Declined, ""))
		if got := w.get(viewer, id); len(got.Enrolments) != 0 || got.Teaches {
			t.Errorf("who declined sees %d participants", len(got.Enrolments))
		}
		if _, err := round.Attendance(ctx, d.Reader(), viewer, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("who declined opens the list: %v", err)
		}
		if days, err := coming(viewer); err != nil || len(days) > 0 {
			t.Errorf("who declined is to hold %+v, %v", days, err)
		}
		w.team(w.borlange)
		must(t, w.ask(dalarnas, day, w.borlange, trainer.Assistant))
		if got := w.get(viewer, id); len(got.Enrolments) != 0 || got.Teaches || !got.Asks(w.borlange) || got.Seats != 3 {
			t.Errorf("who is asked sees %d participants by name, and that there are %d", len(got.Enrolments), got.Seats)
		}
		if _, err := round.Attendance(ctx, d.Reader(), viewer, day); !errors.Is(err, fault.NotFound) {
			t.Errorf("who is asked opens the list: %v", err)
		}
		must(t, w.answer(w.borlange, day, trainer.Accepted, ""))
		if got := w.get(viewer, id); len(got.Enrolments) != 3 || !got.Teaches {
			t.Errorf("who accepted sees %d participants", len(got.Enrolments))
		}
		must(t, w.answer(w.borlange, day, trainer.Declined, ""))
		sheet, err := round.Attendance(ctx, d.Reader(), dalarnas, day)
		must(t, err)
		if len(sheet.Day.Trainers) != 1 || sheet.Day.Trainers[0].PersonID != w.rss {
			t.Errorf("the list asks about %+v", sheet.Day.Trainers)
		}
	})
}

func TestATrainerIsReplaced(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.team(w.staff[0], w.staff[1], w.borlange)
		n := w.plan()
		n.Days = n.Days[:1]
		id := w.published(n)
		seats := w.enrolled(id, w.staff[2:4]...)
		day := w.get(dalarnas, id).CourseDays[0]
		replace := func(from, to int64, agreed bool, reason string, at clock.Instant) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				return round.ReplaceTrainer(ctx, tx, dalarnas, day.ID, from, to, agreed, reason, at)
			})
		}
		if got := key(replace(w.rss, w.staff[0], false, " ", now)); got != "reason round.reason_missing" {
			t.Errorf("without a reason: %q", got)
		}
		if got := key(replace(w.rss, w.borlange, false, "Sjuk", now)); got != "round.trainer_twice" {
			t.Errorf("by who is there already: %q", got)
		}
		if got := key(replace(w.rss, w.staff[9], false, "Sjuk", now)); got != "person round.trainer_in_no_team" {
			t.Errorf("by somebody in no team: %q", got)
		}
		if err := replace(w.staff[5], w.staff[0], false, "Sjuk", now); !errors.Is(err, fault.NotFound) {
			t.Errorf("of who is not on the day: %v", err)
		}
		want := []string{"Test Kursledare, lead_trainer: planned", "Test Utbildare, trainer: planned"}
		if diff := cmp.Diff(want, w.standings(id, 0)); diff != "" {
			t.Errorf("a refused replacement changed something: %s", diff)
		}
		must(t, replace(w.rss, w.staff[0], false, "Sjuk", now))
		must(t, replace(w.borlange, w.staff[1], true, "Vård av barn", now))
		want = []string{"Test Falun00, lead_trainer: asked", "Test Falun01, trainer: planned"}
		if diff := cmp.Diff(want, w.standings(id, 0)); diff != "" {
			t.Error(diff)
		}

		var trainers []round.TrainerMarking
		for _, tr := range w.get(dalarnas, id).CourseDays[0].Trainers {
			trainers = append(trainers, round.TrainerMarking{PersonID: tr.PersonID, Present: true})
		}
		must(t, w.save(dalarnas, day, all(seats, round.Present), trainers, first.At(16, 0)))
		must(t, replace(w.staff[1], w.borlange, false, "Det var Utbildare som kom", (first+1).At(8, 0)))
		got := w.get(dalarnas, id).CourseDays[0].Trainers
		if len(got) != 2 || got[1].PersonID != w.borlange || got[1].Present == nil || !*got[1].Present {
			t.Errorf("afterwards: %+v", got)
		}
		events, err := round.History(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		if e := events[0]; e.Kind != round.TrainerAdded || e.Subject != "Test Utbildare" || e.Reason != "Det var Utbildare som kom" || e.Day != 1 {
			t.Errorf("the history says %+v", e)
		}
		if e := events[1]; e.Kind != round.TrainerRemoved || e.Subject != "Test Falun01" {
			t.Errorf("the history says %+v", e)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			return round.RemoveTrainer(ctx, tx, dalarnas, day.ID, w.borlange, "", (first+1).At(8, 0))
		}); key(err) != "round.day_is_over" {
			t.Errorf("taking somebody off a held day gives %v", err)
		}
	})
}

// Two administrators ask at the same time: two people for the same role are
// both asked, the same person is asked once.
func TestTwoAskAtTheSameTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.team(w.staff[:3]...)
		id := w.published(w.plan())
		day := w.get(dalarnas, id).CourseDays[1].ID
		persons := []int64{w.staff[0], w.staff[1], w.staff[2], w.staff[2]}
		errs := make([]error, len(persons))
		var all sync.WaitGroup
		for i, p := range persons {
			all.Go(func() {
				errs[i] = d.Write(context.Background(), func(tx *db.Tx) error {
					return round.AskTrainer(context.Background(), tx, dalarnas, day, p, trainer.Lead, now)
				})
			})
		}
		all.Wait()
		refused := 0
		for i, err := range errs {
			switch {
			case key(err) == "round.trainer_asked_already" && i >= 2:
				refused++
			case err != nil:
				t.Errorf("asking %d: %v", i, err)
			}
		}
		if got := len(w.get(dalarnas, id).CourseDays[1].Trainers); got != 4 || refused != 1 {
			t.Errorf("%d trainers, %d refused", got, refused)
		}
	})
}
