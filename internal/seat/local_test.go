package seat_test

import (
	"slices"
	"testing"
	"time"

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
			return seat.SetManagerApproves(roundtest.Ctx, tx, roundtest.System, roundtest.Falun, true, roundtest.Now)
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
				rounds, err = seat.GiveUpLocal(roundtest.Ctx, tx, v.Admin, mover, "Ny arbetsplats", at)
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
