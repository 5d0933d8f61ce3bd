package cost_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/cost"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
)

func TestASumSaysOfHowManyDaysItIsMade(t *testing.T) {
	all := map[cost.Kind]money.Ore{cost.Room: 100, cost.Refreshments: 20, cost.Lunch: 3}
	for name, c := range map[string]struct {
		days        []cost.Day
		room, total cost.Sum
	}{
		"no days":                          {},
		"what is not written is not known": {[]cost.Day{{}, {}}, cost.Sum{0, 0, 2}, cost.Sum{0, 0, 2}},
		"nothing is an amount": {
			[]cost.Day{{Known: map[cost.Kind]money.Ore{cost.Room: 0}}, {}}, cost.Sum{0, 1, 2}, cost.Sum{0, 0, 2},
		},
		"a day of which one kind is missing is not known in all": {
			[]cost.Day{{Known: all}, {Known: map[cost.Kind]money.Ore{cost.Room: 50, cost.Lunch: 7}}}, cost.Sum{150, 2, 2}, cost.Sum{180, 1, 2},
		},
		"a cancelled day counts when it cost something": {
			[]cost.Day{{Cancelled: true}, {Cancelled: true, Known: map[cost.Kind]money.Ore{cost.Room: 50}}}, cost.Sum{50, 1, 1}, cost.Sum{50, 0, 1},
		},
	} {
		if got := cost.Of(c.days, cost.Room); got != c.room {
			t.Errorf("%s: rooms %+v, want %+v", name, got, c.room)
		}
		if got := cost.Total(c.days); got != c.total {
			t.Errorf("%s: in all %+v, want %+v", name, got, c.total)
		}
	}
}

func TestWhatDaysCostIsKeptWithWhoWroteIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		writer := roundtest.Dalarnas
		writer.PersonID = w.Rss
		one, two := w.Get(roundtest.Dalarnas, id).CourseDays[0].ID, w.Get(roundtest.Dalarnas, id).CourseDays[1].ID
		ore := func(n money.Ore) *money.Ore { return &n }
		write := func(viewer access.Viewer, all ...cost.Written) (n int, err error) {
			err = d.Write(roundtest.Ctx, func(tx *db.Tx) (err error) {
				n, err = cost.Write(roundtest.Ctx, tx, viewer, id, all, roundtest.Now)
				return err
			})
			return n, err
		}
		days := func() []cost.Day {
			all, err := cost.OfRound(roundtest.Ctx, d.Reader(), writer, id)
			roundtest.Must(t, err)
			return all
		}

		both := []cost.Written{{one, cost.Room, ore(450_000)}, {one, cost.Lunch, nil}, {two, cost.Refreshments, ore(0)}}
		if n, err := write(writer, both...); err != nil || n != 2 {
			t.Fatalf("wrote %d, %v", n, err)
		}
		if n, err := write(writer, both...); err != nil || n != 0 {
			t.Errorf("the same again: %d, %v", n, err)
		}
		if got := cost.Of(days(), cost.Room); got != (cost.Sum{450_000, 1, 2}) {
			t.Errorf("rooms: %+v", got)
		}
		if got := cost.Of(days(), cost.Refreshments); got != (cost.Sum{0, 1, 2}) {
			t.Errorf("refreshments: %+v", got)
		}
		if n, err := write(writer, cost.Written{one, cost.Room, nil}); err != nil || n != 1 {
			t.Errorf("taken back: %d, %v", n, err)
		}
		if got := cost.Of(days(), cost.Room); got != (cost.Sum{0, 0, 2}) {
			t.Errorf("rooms after that: %+v", got)
		}
		facts, err := cost.History(roundtest.Ctx, d.Reader(), writer, id)
		roundtest.Must(t, err)
		if len(facts) != 3 || facts[0].Amount != nil || facts[0].By != "Test Kursledare" || facts[0].At != roundtest.Now || facts[0].Day != roundtest.First {
			t.Errorf("the history: %+v", facts)
		}

		// Its edges.
		for name, c := range map[string]struct {
			amount money.Ore
			want   string
		}{
			"less than nothing": {-1, cost.Field(cost.Written{DayID: one, Kind: cost.Lunch}) + " cost.amount_wrong"},
			"a million":         {1_000_000_00, ""},
			"an öre more":       {1_000_000_01, cost.Field(cost.Written{DayID: one, Kind: cost.Lunch}) + " cost.amount_wrong"},
		} {
			if _, err := write(writer, cost.Written{one, cost.Lunch, ore(c.amount)}); roundtest.Key(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := write(writer, cost.Written{two + 1000, cost.Lunch, ore(1)}); !errors.Is(err, fault.NotFound) {
			t.Errorf("another round's day: %v", err)
		}

		// Nobody else reads or writes it.
		for name, viewer := range map[string]access.Viewer{
			"another region":     roundtest.Uppsalas,
			"the municipality":   roundtest.Faluns,
			"the steering group": roundtest.Office(access.Steering, access.Region, roundtest.Dalarna, roundtest.Dalarna),
			"a producer":         roundtest.Producers,
			"a trainer":          {PersonID: w.Borlange, Trainer: true},
		} {
			if _, err := cost.OfRound(roundtest.Ctx, d.Reader(), viewer, id); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s reads it: %v", name, err)
			}
			if _, err := cost.OfYear(roundtest.Ctx, d.Reader(), viewer, roundtest.Dalarna, roundtest.First.Year()); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s reads the year: %v", name, err)
			}
			if _, err := cost.History(roundtest.Ctx, d.Reader(), viewer, id); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s reads who wrote: %v", name, err)
			}
			if _, err := write(viewer, both...); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s writes it: %v", name, err)
			}
		}

		// The year: what a cancelled round cost is paid all the same.
		year := func() cost.Sum {
			all, err := cost.OfYear(roundtest.Ctx, d.Reader(), writer, roundtest.Dalarna, roundtest.First.Year())
			roundtest.Must(t, err)
			return cost.Total(all)
		}
		if got := year(); got != (cost.Sum{1_000_000_00, 0, 2}) {
			t.Errorf("the year: %+v", got)
		}
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, writer, id, round.NoRoom, "Lokalen brann.", roundtest.Now)
		}))
		if diff := cmp.Diff(cost.Sum{1_000_000_00, 0, 2}, year()); diff != "" {
			t.Errorf("after it was called off: %s", diff) // both days have something written
		}
	})
}

func TestADayThatIsLeftOutTakesItsCostsAlong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		head := w.Get(roundtest.Dalarnas, id)
		amount := money.Kronor(100)
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			_, err := cost.Write(roundtest.Ctx, tx, roundtest.Dalarnas, id, []cost.Written{{head.CourseDays[1].ID, cost.Room, &amount}}, roundtest.Now)
			return err
		}))
		n := planning.PlanOf(head)
		n.Days = n.Days[:1]
		roundtest.Must(t, w.Edit(roundtest.Dalarnas, id, head.Version, n))
		days, err := cost.OfRound(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id)
		roundtest.Must(t, err)
		if got := cost.Total(days); got != (cost.Sum{0, 0, 1}) {
			t.Errorf("left: %+v", got)
		}
	})
}
