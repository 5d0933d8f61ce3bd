package seat_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestPeopleOfTheMunicipalitySignUpForItsOccasions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		unit, whole := v.Occasion(), v.InMunicipality()
		unit.Capacity, whole.Capacity = 10, 10
		u, m := v.Local(unit).ID, v.Local(whole).ID
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return people.SetManagerApproves(roundtest.Ctx, tx, roundtest.System, roundtest.Falun, true, roundtest.Now)
		}))
		admin, guest := v.Admin, v.Person("Gäst", v.South)
		for name, c := range map[string]struct {
			viewer        access.Viewer
			round, person int64
			want          string
		}{
			"oneself asks the manager where it is asked":         {v.Worker(v.Homes[0], v.North), u, v.Homes[0], string(seat.AwaitingManager)},
			"the manager's word is enough":                       {v.Chief, u, v.Homes[1], string(seat.Enrolled)},
			"somebody of another unit does not see the unit's":   {v.Worker(v.Neighbour, v.South), u, v.Neighbour, "fault.not_found"},
			"who plans may put in somebody of another unit":      {admin, u, guest, string(seat.Enrolled)},
			"another municipality is not for the municipality's": {roundtest.Dalarnas, m, v.Others[0], "round.not_of_municipality"},
			"a manager puts their staff in the municipality's":   {v.OtherChief, m, v.Neighbour, string(seat.Enrolled)},
		} {
			t.Run(name, func(t *testing.T) {
				o, err := v.SignUp(c.viewer, c.round, c.person, roundtest.Now)
				got := string(o.Status)
				if err != nil {
					got = roundtest.Key(err)
				}
				if got != c.want {
					t.Errorf("got %s, want %s", got, c.want)
				}
			})
		}
	})
}

// Who gets another workplace takes along what is theirs; what the old
// municipality planned for its own stays with it.
func TestWhoLeavesTheMunicipalityGivesItsSeatsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		mover, colleague, before := v.Homes[0], v.Homes[1], roundtest.First.Start().Add(-48*time.Hour)
		full, ours := v.InMunicipality(), v.Plan()
		full.Capacity = 1
		local, begun, regional := v.Local(full, mover).ID, v.Local(v.Occasion(), mover).ID, v.Published(ours)
		if _, err := v.SignUp(v.Admin, local, colleague, before); err != nil {
			t.Fatal(err)
		}
		v.Enrolled(regional, mover)
		giveUp := func(at clock.Instant) (rounds []int64) {
			t.Helper()
			roundtest.Must(t, v.Write(func(tx *db.Tx) (err error) {
				rounds, err = seat.GiveUp(roundtest.Ctx, tx, v.Admin, mover, "Ny arbetsplats", at)
				return err
			}))
			return rounds
		}
		if rounds := giveUp(before); rounds != nil {
			t.Errorf("who still works there gives up %v", rounds)
		}
		// The one that has begun is theirs to finish.
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `UPDATE round SET first_day = $2 WHERE id = $1`, begun, before.Day()-1)
			return err
		}))
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return people.Employ(roundtest.Ctx, tx, roundtest.System, mover, roundtest.Borlange, before.Day(), "")
		}))
		if rounds := giveUp(before); !slices.Equal(rounds, []int64{local}) {
			t.Errorf("the seats of %v are given back, want those of %d", rounds, local)
		}
		for id, want := range map[int64]bool{local: false, begun: true, regional: true} {
			if got := slices.Contains(v.Seated(id), mover); got != want {
				t.Errorf("a seat in %d: %v, want %v", id, got, want)
			}
		}
		v.Holds(local) // and whoever waits gets it
		if len(v.Seated(local)) == 0 && !slices.ContainsFunc(v.Queue(local), func(e seat.Entry) bool { return e.OfferUntil != nil }) {
			t.Error("the seat is neither given nor offered to who waits")
		}
		if rounds := giveUp(before); rounds != nil {
			t.Errorf("once more gives up %v", rounds)
		}
	})
}

// Who has no workplace on the first day of a round has no use for its seat: it
// goes to who waits, also when several leave at once, and an open offer ends.
func TestWhoLeavesGivesEverySeatBackThatComesAfter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(3))
		w.SignedUp(id, w.Staff[:6]...) // three have seats, three wait
		leave := func(person int64, last clock.Day) error {
			return w.Write(func(tx *db.Tx) error {
				if err := people.Leave(roundtest.Ctx, tx, roundtest.System, person, last); err != nil {
					return err
				}
				_, err := seat.GiveUp(roundtest.Ctx, tx, roundtest.Faluns, person, "Slutar", roundtest.Now)
				return err
			})
		}
		first, err := db.Row(roundtest.Ctx, d.Reader(), db.One[clock.Day], `SELECT first_day FROM round WHERE id = $1`, id)
		roundtest.Must(t, err)
		// The first day is worked: the seat is theirs. The day before is not.
		roundtest.Must(t, leave(w.Staff[0], first))
		if !slices.Contains(w.Seated(id), w.Staff[0]) {
			t.Fatal("who works on the first day lost the seat")
		}
		if diff := cmp.Diff(map[string]int{"": 3}, roundtest.Together(
			func() error { return leave(w.Staff[1], first-1) },
			func() error { return leave(w.Staff[2], first-1) },
			func() error { return leave(w.Staff[4], first-1) }, // waits
		)); diff != "" {
			t.Fatal(diff)
		}
		w.Holds(id)
		seated := w.Seated(id)
		slices.Sort(seated)
		want := []int64{w.Staff[0], w.Staff[3], w.Staff[5]}
		slices.Sort(want)
		if diff := cmp.Diff(want, seated); diff != "" {
			t.Error(diff)
		}
		if line := w.Line(id); len(line) != 0 {
			t.Errorf("%v still wait", line)
		}
		gave, err := db.Rows(roundtest.Ctx, d.Reader(), db.One[int64], `SELECT subject_id FROM round_event WHERE round_id = $1 AND kind = 'withdrawn' ORDER BY subject_id`, id)
		roundtest.Must(t, err)
		// Who waits gives back a seat too, where it came to them just before they left.
		gave = slices.DeleteFunc(gave, func(person int64) bool { return person == w.Staff[4] })
		if diff := cmp.Diff([]int64{w.Staff[1], w.Staff[2]}, gave); diff != "" {
			t.Errorf("who gave a seat back: %s", diff)
		}
	})
}

// What would be given back the day after is not taken either: by nobody who
// works nowhere on the first day, whichever way leads to a seat.
func TestNobodyTakesASeatInARoundThatBeginsWhenTheyHaveLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id, other := w.Published(w.Roomy(6)), w.Published(w.Roomy(6))
		first, err := db.Row(roundtest.Ctx, d.Reader(), db.One[clock.Day], `SELECT first_day FROM round WHERE id = $1`, id)
		roundtest.Must(t, err)
		moves := w.SignedUp(other, w.Staff[1])
		gives := w.SignedUp(id, w.Staff[2])
		for person, last := range map[int64]clock.Day{w.Staff[0]: first, w.Staff[1]: first - 1, w.Staff[3]: first - 1} {
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				return people.Leave(roundtest.Ctx, tx, roundtest.System, person, last)
			}))
		}
		for name, c := range map[string]struct {
			do   func(tx *db.Tx) error
			want string
		}{
			"works on the first day": {func(tx *db.Tx) error {
				_, err := seat.SignUp(roundtest.Ctx, tx, roundtest.Faluns, id, w.Staff[0], roundtest.Now)
				return err
			}, ""},
			"signed up by the employer": {func(tx *db.Tx) error {
				_, err := seat.SignUp(roundtest.Ctx, tx, roundtest.Faluns, id, w.Staff[1], roundtest.Now)
				return err
			}, "round.leaves_before"},
			"moved from another round": {func(tx *db.Tx) error {
				_, err := seat.Move(roundtest.Ctx, tx, roundtest.Faluns, moves[0].EnrolmentID, id, roundtest.Now)
				return err
			}, "round.leaves_before"},
			"instead of a colleague": {func(tx *db.Tx) error {
				_, err := seat.Replace(roundtest.Ctx, tx, roundtest.Faluns, gives[0].EnrolmentID, w.Staff[3], roundtest.Now)
				return err
			}, "round.leaves_before"},
			"put in by who plans the round": {func(tx *db.Tx) error {
				_, err := seat.SignUp(roundtest.Ctx, tx, roundtest.Dalarnas, id, w.Staff[1], roundtest.Now)
				return err
			}, ""},
		} {
			undo := errors.New("undone")
			err := w.Write(func(tx *db.Tx) error {
				if err := c.do(tx); err != nil {
					return err
				}
				return undo
			})
			if errors.Is(err, undo) {
				err = nil
			}
			if got := roundtest.Key(err); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
		}
	})
}

func TestAnOpenOfferEndsWithWhoLeaves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(1))
		o := w.SignedUp(id, w.Staff[0], w.Staff[1], w.Staff[2])
		first, err := db.Row(roundtest.Ctx, d.Reader(), db.One[clock.Day], `SELECT first_day FROM round WHERE id = $1`, id)
		roundtest.Must(t, err)
		near := (first - 5).At(9, 0)
		roundtest.Must(t, w.Withdraw(roundtest.System, o[0].EnrolmentID, near))
		offered := func() (person int64) {
			person, err := db.Row(roundtest.Ctx, d.Reader(), db.One[int64], `SELECT COALESCE(MAX(person_id), 0) FROM queue_entry WHERE round_id = $1 AND ended_at IS NULL AND offered_at IS NOT NULL`, id)
			roundtest.Must(t, err)
			return person
		}
		if offered() != w.Staff[1] {
			t.Fatalf("the offer is %d's", offered())
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			if err := people.Leave(roundtest.Ctx, tx, roundtest.System, w.Staff[1], near.Day()); err != nil {
				return err
			}
			_, err := seat.GiveUp(roundtest.Ctx, tx, roundtest.Faluns, w.Staff[1], "Slutar", near)
			return err
		}))
		if offered() != w.Staff[2] {
			t.Errorf("the offer is %d's, want that of who was next", offered())
		}
	})
}

func TestASeatGoesAlongInsideTheRegionAndTheNewWorkplaceIsNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(1))
		w.SignedUp(id, w.Staff[0], w.Staff[1])
		first, err := db.Row(roundtest.Ctx, d.Reader(), db.One[clock.Day], `SELECT first_day FROM round WHERE id = $1`, id)
		roundtest.Must(t, err)
		move := func(person, to int64, from clock.Day) (gave, brought []int64) {
			roundtest.Must(t, w.Write(func(tx *db.Tx) (err error) {
				if err := people.Employ(roundtest.Ctx, tx, roundtest.System, person, to, from, ""); err != nil {
					return err
				}
				if gave, err = seat.GiveUp(roundtest.Ctx, tx, roundtest.Faluns, person, "", roundtest.Now); err != nil {
					return err
				}
				brought, err = seat.Brought(roundtest.Ctx, tx, roundtest.Faluns, person, to, roundtest.Now)
				return err
			}))
			return gave, brought
		}
		// From the day after the first one the old workplace still sends them.
		if gave, brought := move(w.Staff[0], roundtest.Borlange, first+1); gave != nil || brought != nil {
			t.Errorf("gave %v, brought %v", gave, brought)
		}
		// Who waits brings the place in the queue.
		if gave, brought := move(w.Staff[1], roundtest.Borlange, first); gave != nil || !slices.Equal(brought, []int64{id}) {
			t.Errorf("gave %v, brought %v", gave, brought)
		}
		w.Holds(id)
		if !slices.Equal(w.Seated(id), []int64{w.Staff[0]}) {
			t.Errorf("seated %v", w.Seated(id))
		}
	})
}
