package planning_test

import (
	"testing"

	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
)

func TestNoRoundBeginsWhenItsCourseIsRetired(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		moved := func(by clock.Day) planning.New {
			n := w.Plan()
			for i := range n.Days {
				n.Days[i].Day += by
			}
			return n
		}
		edit := func(id int64, by clock.Day) error {
			r := w.Get(roundtest.System, id)
			n := planning.PlanOf(r)
			for i := range n.Days {
				n.Days[i].Day += by
			}
			return w.Write(func(tx *db.Tx) error {
				return planning.Edit(roundtest.Ctx, tx, roundtest.Dalarnas, id, r.Version, n, roundtest.Now)
			})
		}
		publish := func(id int64) error {
			return w.Write(func(tx *db.Tx) error {
				return planning.Publish(roundtest.Ctx, tx, roundtest.Dalarnas, id, roundtest.Now)
			})
		}
		before := w.Published(moved(-1)) // begins the day before
		promised := w.Published(moved(0))
		draft, err := w.Planned(roundtest.System, moved(0))
		roundtest.Must(t, err)
		from := roundtest.First
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return lifetime.Retire(roundtest.Ctx, tx, roundtest.System, w.Course, from, "Ersätts", roundtest.Now)
		}))
		if _, err := w.Planned(roundtest.Dalarnas, moved(0)); roundtest.Key(err) != "days.0.day lifetime.retired_by_then" {
			t.Errorf("a round that begins on the day is planned: %v", err)
		}
		if _, err := w.Planned(roundtest.Dalarnas, moved(-1)); err != nil {
			t.Errorf("one that begins the day before: %v", err)
		}
		if err := publish(draft); roundtest.Key(err) != "lifetime.not_published" {
			t.Errorf("a plan is published: %v", err)
		}
		if err := edit(before, 1); roundtest.Key(err) != "days.0.day lifetime.retired_by_then" {
			t.Errorf("a round is moved to the day: %v", err)
		}
		if err := edit(promised, 7); err != nil {
			t.Errorf("a promised round cannot be moved: %v", err)
		}
		p, err := round.PromisedFrom(roundtest.Ctx, d.Reader(), roundtest.Producers, w.Course, 0, from)
		roundtest.Must(t, err)
		if len(p.Rounds) != 2 || p.Plans != 1 || p.Rounds[0].Days != 1 || p.Rounds[1].Days != 2 || p.Days() != 3 {
			t.Errorf("promised from %s is %+v", from, p)
		}
		if _, err := round.PromisedFrom(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, w.Course, 0, from); roundtest.Key(err) != "fault.forbidden" {
			t.Errorf("a region asks for the whole country: %v", err)
		}
	})
}

func TestARoundIsGivenInTheEditionThatStandsOnItsFirstDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return catalogue.AddEdition(roundtest.Ctx, tx, w.Course, 2, roundtest.Today-1, "")
		}))
		editions, err := catalogue.Editions(roundtest.Ctx, d.Reader(), w.Course)
		roundtest.Must(t, err)
		id := w.Published(w.Plan())
		withdraw := func(n int, on clock.Day) {
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				return lifetime.Withdraw(roundtest.Ctx, tx, roundtest.System, editions[2-n].ID, "Fel", on.At(9, 0))
			}))
		}
		is := func(name string, want int) {
			t.Helper()
			r := w.Get(roundtest.System, id)
			if r.Edition != want || (r.EditionID == nil) != (want == 0) {
				t.Errorf("%s the round is given in edition %d, want %d", name, r.Edition, want)
			}
		}
		is("as planned", 2)
		withdraw(2, roundtest.First+1)
		is("withdrawn after its first day", 2)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return lifetime.Reinstate(roundtest.Ctx, tx, roundtest.System, editions[0].ID, (roundtest.First+1).At(10, 0))
		}))
		withdraw(2, roundtest.Today)
		is("withdrawn before it", 1)
		withdraw(1, roundtest.Today)
		is("with none left", 0)
		n := planning.PlanOf(w.Get(roundtest.System, id))
		n.Label = "Ny etikett"
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return planning.Edit(roundtest.Ctx, tx, roundtest.Dalarnas, id, w.Get(roundtest.System, id).Version, n, roundtest.Now)
		}))
		if _, err := w.Planned(roundtest.Dalarnas, w.Plan()); roundtest.Key(err) != "days.0.day round.no_edition" {
			t.Errorf("a round without an edition is planned: %v", err)
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return lifetime.Reinstate(roundtest.Ctx, tx, roundtest.System, editions[0].ID, roundtest.Now)
		}))
		is("reinstated", 2)
	})
}
