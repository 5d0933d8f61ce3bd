package round_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// journeys puts the world's course into a journey's step VAN, and opens accounts
// there: for the first two of the staff in that step, for the third in NY, for
// the fourth in none.
func (w *world) journeys() (journey, van int64) {
	w.Helper()
	must(w.T, catalogue.Install(ctx, w.d))
	j, err := catalogue.JourneyBySlug(ctx, w.d.Reader(), "barn-och-unga")
	must(w.T, err)
	steps, err := catalogue.Steps(ctx, w.d.Reader(), j.ID)
	must(w.T, err)
	bySlug := map[string]int64{}
	for _, s := range steps {
		bySlug[s.Slug] = s.ID
	}
	van = bySlug["van"]
	must(w.T, w.write(func(tx *db.Tx) error {
		if err := catalogue.AddToJourney(ctx, tx, w.course, j.ID, &van, 900); err != nil {
			return err
		}
		for i, step := range []int64{van, van, bySlug["ny"], 0} {
			if _, err := people.OpenAccount(ctx, tx, system, people.NewAccount{
				PersonID: w.staff[i], JourneyID: j.ID, OpenedOn: today - 100, Roles: []people.Role{people.Employee}, StepID: step,
			}); err != nil {
				return err
			}
		}
		return nil
	}))
	return j.ID, van
}

func TestAdviceSaysWhomACourseIsMeantForAndBlocksNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.journeys()
		id := w.published(w.roomy(10))
		must(t, w.write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO completion (person_id, course_id, completed_on, source, recorded_at) VALUES ($1, $2, $3, 'local', $4)`,
				w.staff[1], w.course, today-10, now)
			return err
		}))
		got, err := round.AdviceFor(ctx, d.Reader(), w.get(system, id).Round, w.staff[:5], today)
		must(t, err)
		done := today - 10
		want := map[int64]round.Advice{
			w.staff[0]: {},
			w.staff[1]: {CompletedOn: &done},
			w.staff[2]: {Step: "Ny", MeantFor: "Van"},
			w.staff[3]: {MeantFor: "Van"},
			w.staff[4]: {NoAccount: true},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for _, p := range w.staff[:5] {
			if o, err := w.signUp(employee(p, dalarna), id, p, now); err != nil || o.Status != round.Enrolled {
				t.Errorf("%d gets %+v, %v", p, o, err)
			}
		}
	})
}

func TestDemandStandsAgainstWhatIsPlanned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.journeys()
		of := func(day clock.Day) round.Demand {
			all, err := round.Demands(ctx, d.Reader(), dalarnas, dalarna, day)
			must(t, err)
			for _, each := range all {
				if each.CourseID == w.course {
					return each
				}
			}
			t.Fatal("the course is missing")
			return round.Demand{}
		}
		must(t, w.write(func(tx *db.Tx) error {
			for _, p := range w.staff[5:8] {
				if _, err := round.Wish(ctx, tx, system, w.course, p, now); err != nil {
					return err
				}
			}
			member, err := trainer.Recruit(ctx, tx, dalarnas, trainer.New{PersonID: w.borlange, CourseID: w.course, RegionID: dalarna, On: today - 30})
			if err != nil {
				return err
			}
			return trainer.Ready(ctx, tx, dalarnas, member, today-20)
		}))
		want := round.Demand{CourseID: w.course, Slug: "kurs", Course: "Kurs", Wishes: 3, Likely: 2, Trainers: 1, Regional: true}
		if diff := cmp.Diff(want, of(today)); diff != "" {
			t.Error(diff)
		}
		if got := of(today).Lacks(); got != 3 {
			t.Errorf("%d lack a seat", got)
		}
		// One of the likely and one who wished have a seat, one waits.
		w.signedUp(w.published(w.roomy(2)), w.staff[0], w.staff[5], w.staff[8])
		want.Wishes, want.Likely, want.Rounds, want.Seats, want.Waiting = 2, 1, 1, 2, 1
		if diff := cmp.Diff(want, of(today)); diff != "" {
			t.Error(diff)
		}
		for _, v := range []struct {
			name   string
			region int64
		}{{"another region", uppsala}, {"no region", 0}} {
			if _, err := round.Demands(ctx, d.Reader(), dalarnas, v.region, today); key(err) != "fault.not_found" {
				t.Errorf("%s gives %v", v.name, err)
			}
		}
	})
}
