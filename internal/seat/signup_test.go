package seat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestOfFiveHundredAtOnceTwentyTwoGetASeatAndTheOthersWaitInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(22))
		persons := w.Crowd(500)
		outcomes := make([]seat.Outcome, len(persons))
		var each []func() error
		for i, p := range persons {
			each = append(each, func() (err error) {
				outcomes[i], err = w.SignUp(roundtest.Employee(p, roundtest.Dalarna), id, p, roundtest.Now)
				return err
			})
		}
		if diff := cmp.Diff(map[string]int{"": 500}, roundtest.Together(each...)); diff != "" {
			t.Fatal(diff)
		}
		w.Holds(id)
		r := w.Get(roundtest.System, id).Round
		if r.Seats != 22 || r.Waiting != 478 {
			t.Fatalf("%d have a seat and %d wait", r.Seats, r.Waiting)
		}
		said := map[int64]int{} // person → the position they were told
		for i, o := range outcomes {
			if o.Status == seat.Waiting {
				said[persons[i]] = o.Position
			}
		}
		// The order of the queue is that of the events, which were written one
		// transaction after the other.
		committed, err := db.Rows(roundtest.Ctx, d.Reader(), db.One[int64], `SELECT subject_id FROM round_event WHERE round_id = $1 AND kind = 'queued' ORDER BY id`, id)
		roundtest.Must(t, err)
		line := w.Line(id)
		if diff := cmp.Diff(committed, line); diff != "" {
			t.Errorf("the queue's order is not that of the commits: %s", diff)
		}
		for i, p := range line {
			if said[p] != i+1 {
				t.Fatalf("number %d was told %d", i+1, said[p])
			}
		}
	})
}

func TestWithWithdrawalsInBetweenNoSeatIsEmptyWhileSomebodyWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(22))
		persons := w.Crowd(500)
		var each []func() error
		for i, p := range persons {
			each = append(each, func() error {
				return w.Write(func(tx *db.Tx) error {
					o, err := seat.SignUp(roundtest.Ctx, tx, roundtest.Employee(p, roundtest.Dalarna), id, p, roundtest.Now)
					if err != nil {
						return err
					}
					// What anybody else can see between two transactions.
					free, err := db.Row(roundtest.Ctx, tx, db.One[int], `
						SELECT r.capacity - (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)
						FROM round AS r WHERE r.id = $1`, id)
					if err != nil {
						return err
					}
					if free < 0 || o.Status == seat.Waiting && free > 0 {
						return fmt.Errorf("%s with %d free", o.Status, free)
					}
					return nil
				})
			})
			if i%10 == 0 {
				each = append(each, func() error {
					seats, err := db.Rows(roundtest.Ctx, d.Reader(), db.One[int64], `SELECT id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, id)
					if err != nil || len(seats) == 0 {
						return err
					}
					err = w.Withdraw(roundtest.System, seats[rand.IntN(len(seats))], roundtest.Now)
					if roundtest.Key(err) == "round.already_withdrawn" { // somebody else chose the same
						return nil
					}
					return err
				})
			}
		}
		if diff := cmp.Diff(map[string]int{"": 550}, roundtest.Together(each...)); diff != "" {
			t.Fatal(diff)
		}
		w.Holds(id)
		withdrawn, err := db.Row(roundtest.Ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NOT NULL`, id)
		roundtest.Must(t, err)
		if r := w.Get(roundtest.System, id).Round; r.Seats != 22 || r.Waiting != 478-withdrawn {
			t.Errorf("%d have a seat, %d wait, %d withdrew", r.Seats, r.Waiting, withdrawn)
		}
	})
}

func TestAManagersWordComesFirstWhereTheMunicipalityWantsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		set := func(v access.Viewer, on bool) error {
			return w.Write(func(tx *db.Tx) error {
				return people.SetManagerApproves(roundtest.Ctx, tx, v, roundtest.Falun, on, roundtest.Now)
			})
		}
		if err := set(roundtest.Employee(w.Staff[0], roundtest.Dalarna), true); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("an employee's setting gives %v", err)
		}
		roundtest.Must(t, set(roundtest.Faluns, true))
		id := w.Published(w.Roomy(2))
		self := roundtest.Employee(w.Staff[0], roundtest.Dalarna)
		o, err := w.SignUp(self, id, w.Staff[0], roundtest.Now)
		roundtest.Must(t, err)
		if o.Status != seat.AwaitingManager || w.Get(roundtest.System, id).Seats != 0 {
			t.Fatalf("outcome %+v", o)
		}
		if _, err := w.SignUp(self, id, w.Staff[0], roundtest.Now); roundtest.Key(err) != "round.already_waiting" {
			t.Errorf("asking twice gives %v", err)
		}
		requests, err := seat.Requests(roundtest.Ctx, d.Reader(), roundtest.Faluns, roundtest.Today)
		roundtest.Must(t, err)
		if len(requests) != 1 || requests[0].PersonID != w.Staff[0] || requests[0].Free != 2 {
			t.Fatalf("requests %+v", requests)
		}
		if others, err := seat.Requests(roundtest.Ctx, d.Reader(), roundtest.Uppsalas, roundtest.Today); err != nil || len(others) != 0 {
			t.Errorf("another region sees %+v, %v", others, err)
		}
		// Signed up by the office, by one of another municipality: no word needed.
		for _, c := range []struct {
			viewer access.Viewer
			person int64
			want   seat.Standing
		}{{roundtest.Faluns, w.Staff[1], seat.Enrolled}, {roundtest.Employee(w.Others[0], roundtest.Dalarna), w.Others[0], seat.Enrolled}, {roundtest.Employee(w.Others[1], roundtest.Dalarna), w.Others[1], seat.Waiting}} {
			if o, err := w.SignUp(c.viewer, id, c.person, roundtest.Now); err != nil || o.Status != c.want {
				t.Errorf("%d gives %+v, %v, want %s", c.person, o, err, c.want)
			}
			w.Holds(id)
		}
		allow := func(v access.Viewer, entry int64) (o seat.Outcome, err error) {
			err = w.Write(func(tx *db.Tx) error { o, err = seat.Allow(roundtest.Ctx, tx, v, entry, roundtest.Now); return err })
			return o, err
		}
		if _, err := allow(self, o.EntryID); roundtest.Key(err) != "fault.forbidden" {
			t.Errorf("allowing oneself gives %v", err)
		}
		if _, err := allow(roundtest.Office(access.MunicipalAdmin, access.Municipality, roundtest.Borlange, roundtest.Dalarna), o.EntryID); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("another municipality's word gives %v", err)
		}
		// Allowed, they wait where they asked: before who came later.
		got, err := allow(roundtest.Faluns, o.EntryID)
		roundtest.Must(t, err)
		if got.Status != seat.Waiting || got.Position != 1 {
			t.Errorf("allowed gives %+v", got)
		}
		w.Holds(id)
		if _, err := allow(roundtest.Faluns, o.EntryID); roundtest.Key(err) != "round.answered_already" {
			t.Errorf("allowing twice gives %v", err)
		}
		if diff := cmp.Diff([]int64{w.Staff[0], w.Others[1]}, w.Line(id)); diff != "" {
			t.Error(diff)
		}

		// Refused, with a reason.
		refuse := func(entry int64, reason string) error {
			return w.Write(func(tx *db.Tx) error {
				return seat.Refuse(roundtest.Ctx, tx, roundtest.Faluns, entry, reason, roundtest.Now)
			})
		}
		other := w.Published(w.Roomy(2))
		o, err = w.SignUp(self, other, w.Staff[0], roundtest.Now)
		roundtest.Must(t, err)
		if err := refuse(o.EntryID, " "); roundtest.Key(err) != fmt.Sprintf("reason_%d round.reason_missing", o.EntryID) {
			t.Errorf("no reason gives %v", err)
		}
		roundtest.Must(t, refuse(o.EntryID, "Vi är för få den veckan"))
		if q := w.Queue(other); len(q) != 0 {
			t.Errorf("refused, and the queue is %+v", q)
		}
		// Allowed while a seat is free it is theirs at once.
		o, err = w.SignUp(self, other, w.Staff[0], roundtest.Now)
		roundtest.Must(t, err)
		if got, err := allow(roundtest.Faluns, o.EntryID); err != nil || got.Status != seat.Enrolled {
			t.Errorf("allowed gives %+v, %v", got, err)
		}
	})
}

func TestSeatsSetAsideAreKeptUntilUsedOrReleased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(4))
		setAside := func(v access.Viewer, municipality int64, seats int, on clock.Day) error {
			return w.Write(func(tx *db.Tx) error {
				return seat.SetAside(roundtest.Ctx, tx, v, id, municipality, seats, on, roundtest.Now)
			})
		}
		for name, c := range map[string]struct {
			err  error
			want string
		}{
			"more than there are":        {setAside(roundtest.Dalarnas, roundtest.Borlange, 5, roundtest.Today+10), "seats round.quota_seats"},
			"none":                       {setAside(roundtest.Dalarnas, roundtest.Borlange, 0, roundtest.Today+10), "seats round.quota_seats"},
			"of another region":          {setAside(roundtest.Dalarnas, roundtest.Tierp, 1, roundtest.Today+10), "municipality round.quota_municipality"},
			"for something that is none": {setAside(roundtest.Dalarnas, roundtest.Dalarna, 1, roundtest.Today+10), "municipality round.quota_municipality"},
			"released today":             {setAside(roundtest.Dalarnas, roundtest.Borlange, 1, roundtest.Today), "release_on round.quota_day"},
			"released after the round":   {setAside(roundtest.Dalarnas, roundtest.Borlange, 1, roundtest.Today+100), "release_on round.quota_day"},
			"by another region":          {setAside(roundtest.Uppsalas, roundtest.Borlange, 1, roundtest.Today+10), "fault.not_found"},
			"by the municipality":        {setAside(roundtest.Faluns, roundtest.Falun, 1, roundtest.Today+10), "fault.not_found"},
			"released the day after it":  {setAside(roundtest.Dalarnas, roundtest.Borlange, 1, roundtest.First+51), "release_on round.quota_day"},
			"released as it begins":      {setAside(roundtest.Dalarnas, roundtest.Borlange, 1, roundtest.First+50), ""},
			"released tomorrow":          {setAside(roundtest.Dalarnas, roundtest.Borlange, 1, roundtest.Today+1), ""},
			"all there are":              {setAside(roundtest.Dalarnas, roundtest.Borlange, 4, roundtest.Today+10), ""},
			"one too many":               {setAside(roundtest.Dalarnas, roundtest.Borlange, 5, roundtest.First), "seats round.quota_seats"},
			"some":                       {setAside(roundtest.Dalarnas, roundtest.Borlange, 2, roundtest.Today+10), ""},
		} {
			if roundtest.Key(c.err) != c.want {
				t.Errorf("%s gives %q, want %q", name, roundtest.Key(c.err), c.want)
			}
		}
		o := w.SignedUp(id, w.Staff[:4]...)
		if o[1].Status != seat.Enrolled || o[2].Status != seat.Waiting {
			t.Fatalf("outcomes %+v", o)
		}
		if r := w.Get(roundtest.System, id); r.Seats != 2 || r.SetAside != 2 || r.Free() != 0 || r.Waiting != 2 {
			t.Fatalf("round %+v", r.Round)
		}
		if o := w.SignedUp(id, w.Others[0]); o[0].Status != seat.Enrolled {
			t.Errorf("one of Borlänge gets %+v", o)
		}
		if r := w.Get(roundtest.System, id); r.SetAside != 1 {
			t.Errorf("%d are set aside", r.SetAside)
		}
		// One of Falun's gives up: Falun's next takes it, Borlänge's stays kept.
		roundtest.Must(t, w.Withdraw(roundtest.System, o[0].EnrolmentID, roundtest.Now))
		w.Holds(id)
		if diff := cmp.Diff([]int64{w.Staff[1], w.Others[0], w.Staff[2]}, w.Seated(id)); diff != "" {
			t.Error(diff)
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return seat.Release(roundtest.Ctx, tx, roundtest.Dalarnas, id, roundtest.Borlange, roundtest.Now)
		}))
		w.Holds(id)
		if err := w.Write(func(tx *db.Tx) error {
			return seat.Release(roundtest.Ctx, tx, roundtest.Dalarnas, id, roundtest.Borlange, roundtest.Now)
		}); roundtest.Key(err) != "round.quota_released" {
			t.Errorf("releasing twice gives %v", err)
		}
		if r := w.Get(roundtest.System, id); r.Seats != 4 || r.Waiting != 0 {
			t.Errorf("released: %+v", r.Round)
		}

		// The day releases too.
		id = w.Published(w.Roomy(1))
		roundtest.Must(t, setAside(roundtest.Dalarnas, roundtest.Borlange, 1, roundtest.Today+3))
		if o := w.SignedUp(id, w.Staff[0]); o[0].Status != seat.Waiting {
			t.Fatalf("outcome %+v", o)
		}
		roundtest.Must(t, seat.Sweep(roundtest.Ctx, d, (roundtest.Today+2).At(23, 0), nil))
		if r := w.Get(roundtest.System, id); r.Seats != 0 {
			t.Error("released too early")
		}
		roundtest.Must(t, seat.Sweep(roundtest.Ctx, d, (roundtest.Today+3).At(0, 1), nil))
		w.Holds(id)
		if r := w.Get(roundtest.System, id); r.Seats != 1 || r.SetAside != 0 {
			t.Errorf("after the day: %+v", r.Round)
		}
	})
}

func TestOfTwoAtOnceOneIsFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		for range 6 {
			id, enrolment := w.Near(w.Staff[:3]...)
			roundtest.Must(t, w.Withdraw(roundtest.System, enrolment, roundtest.Now))
			entry := w.Queue(id)[0].ID
			accept := func(at clock.Instant) func() error {
				return func() error {
					return w.Write(func(tx *db.Tx) error {
						_, err := seat.Accept(roundtest.Ctx, tx, roundtest.System, entry, at)
						return err
					})
				}
			}
			if diff := cmp.Diff(map[string]int{"": 1, "round.entry_ended": 1}, roundtest.Together(accept(roundtest.Now), accept(roundtest.Now))); diff != "" {
				t.Fatalf("two accept: %s", diff)
			}
			w.Holds(id)

			// The answer comes in the last moment, while the sweep runs.
			id, enrolment = w.Near(w.Staff[:3]...)
			roundtest.Must(t, w.Withdraw(roundtest.System, enrolment, roundtest.Now))
			entry = w.Queue(id)[0].ID
			late := roundtest.Now.Add(48 * time.Hour)
			got := roundtest.Together(accept(late-1), func() error { return seat.Sweep(roundtest.Ctx, d, late, nil) })
			if got[""] != 2 && (got[""] != 1 || got["round.offer_lapsed"] != 1) {
				t.Fatalf("accept and lapse: %v", got)
			}
			w.Holds(id)
			if r := w.Get(roundtest.System, id); r.Seats+r.Offered != 1 {
				t.Fatalf("accept and lapse leave %+v", r.Round)
			}

			id, enrolment = w.Near(w.Staff[:1]...)
			got = roundtest.Together(
				func() error {
					return w.Write(func(tx *db.Tx) error {
						_, err := seat.Replace(roundtest.Ctx, tx, roundtest.System, enrolment, w.Staff[4], roundtest.Now)
						return err
					})
				},
				func() error { return w.Withdraw(roundtest.System, enrolment, roundtest.Now) },
			)
			if diff := cmp.Diff(map[string]int{"": 1, "round.already_withdrawn": 1}, got); diff != "" {
				t.Fatalf("replace and withdraw: %s", diff)
			}
			w.Holds(id)
		}
	})
}

func TestSeveralAreSignedUpAtOnceEachOrTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(3))
		w.SignedUp(id, w.Staff[0])
		many := func(v access.Viewer, all bool, persons ...int64) (r []seat.Result, err error) {
			err = w.Write(func(tx *db.Tx) error {
				r, err = seat.SignUpMany(roundtest.Ctx, tx, v, id, persons, all, roundtest.Now)
				return err
			})
			return r, err
		}
		if _, err := many(roundtest.Faluns, true, w.Staff[1:4]...); roundtest.Key(err) != "round.too_few_seats" {
			t.Errorf("too many together give %v", err)
		}
		if r := w.Get(roundtest.System, id); r.Seats != 1 || r.Waiting != 0 {
			t.Errorf("refused, and the round is %+v", r.Round)
		}
		got, err := many(roundtest.Faluns, false, w.Staff[0], w.Staff[1], w.Others[0], w.Staff[2], w.Staff[3])
		roundtest.Must(t, err)
		var words []string
		for _, r := range got {
			word := string(r.Status)
			if r.Fault != nil {
				word = r.Fault.Key
			}
			words = append(words, word)
		}
		if diff := cmp.Diff([]string{"round.already_enrolled", "enrolled", "fault.not_found", "enrolled", "waiting"}, words); diff != "" {
			t.Error(diff)
		}
		w.Holds(id)
	})
}

func TestAWishEndsWithASeat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		self := roundtest.Employee(w.Staff[0], roundtest.Dalarna)
		wish := func(v access.Viewer, person int64) (id int64, err error) {
			err = w.Write(func(tx *db.Tx) error {
				id, err = seat.Wish(roundtest.Ctx, tx, v, w.Course, person, roundtest.Now)
				return err
			})
			return id, err
		}
		_, err := wish(self, w.Staff[0])
		roundtest.Must(t, err)
		if _, err := wish(roundtest.Faluns, w.Staff[0]); roundtest.Key(err) != "round.already_wished" {
			t.Errorf("wishing twice gives %v", err)
		}
		if _, err := wish(self, w.Staff[1]); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("a colleague's wish gives %v", err)
		}
		back, err := wish(roundtest.Faluns, w.Staff[1])
		roundtest.Must(t, err)
		if all, err := seat.Wishes(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, w.Course, roundtest.Today); err != nil || len(all) != 2 {
			t.Errorf("wishes %+v, %v", all, err)
		}
		unwish := func(v access.Viewer) error {
			return w.Write(func(tx *db.Tx) error { return seat.Unwish(roundtest.Ctx, tx, v, back, roundtest.Now) })
		}
		if err := unwish(self); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("taking a colleague's back gives %v", err)
		}
		roundtest.Must(t, unwish(roundtest.Employee(w.Staff[1], roundtest.Dalarna)))
		if err := unwish(roundtest.Faluns); roundtest.Key(err) != "round.wish_ended" {
			t.Errorf("taking it back twice gives %v", err)
		}
		w.SignedUp(w.Published(w.Roomy(1)), w.Staff[0])
		if mine, err := seat.MyInterests(roundtest.Ctx, d.Reader(), self); err != nil || len(mine) != 0 {
			t.Errorf("with a seat the wishes are %+v, %v", mine, err)
		}
	})
}

func TestAfterTheLastDayOnlyThoseWhoManageTakeASeatBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		n, last := w.Roomy(2), roundtest.Today+1
		n.WithdrawUntil = &last
		id := w.Published(n)
		roundtest.Must(t, w.Withdraw(roundtest.Employee(w.Staff[1], roundtest.Dalarna), w.SignedUp(id, w.Staff[1])[0].EnrolmentID, last.At(23, 59)))
		enrolment := w.SignedUp(id, w.Staff[0])[0].EnrolmentID
		late := (roundtest.Today + 2).At(8, 0)
		for _, v := range []access.Viewer{roundtest.Employee(w.Staff[0], roundtest.Dalarna), roundtest.Faluns} {
			if err := w.Withdraw(v, enrolment, late); roundtest.Key(err) != "round.withdraw_closed" {
				t.Errorf("too late gives %v", err)
			}
		}
		roundtest.Must(t, w.Withdraw(roundtest.Dalarnas, enrolment, late))
	})
}

func TestSignUpIsOpenFromItsFirstDayThroughItsLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		n := w.Roomy(9)
		n.SignupFrom, n.SignupUntil = roundtest.Today+2, roundtest.Today+4
		id := w.Published(n)
		for i, c := range []struct {
			name string
			at   clock.Instant
			want string
		}{
			{"the minute before", (roundtest.Today + 1).At(23, 59), "round.signup_closed"},
			{"as its first day begins", (roundtest.Today + 2).Start(), ""},
			{"as its last day ends", (roundtest.Today + 4).At(23, 59), ""},
			{"the day after", (roundtest.Today + 5).Start(), "round.signup_closed"},
		} {
			if _, err := w.SignUp(roundtest.Employee(w.Staff[i], roundtest.Dalarna), id, w.Staff[i], c.at); roundtest.Key(err) != c.want {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

func TestNobodyLeavesARoundThatHasBegun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(2))
		o := w.SignedUp(id, w.Staff[:2]...)
		first := roundtest.First + 50
		roundtest.Must(t, w.Withdraw(roundtest.Employee(w.Staff[0], roundtest.Dalarna), o[0].EnrolmentID, first.Start()-1))
		if err := w.Withdraw(roundtest.Employee(w.Staff[1], roundtest.Dalarna), o[1].EnrolmentID, first.Start()); roundtest.Key(err) != "round.has_begun" {
			t.Errorf("as it begins: %v", err)
		}
	})
}

func TestAnySequenceOfStepsLeavesWhatTheRulesSay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		rapid.Check(t, func(rt *rapid.T) {
			m := model{capacity: rapid.IntRange(1, 3).Draw(rt, "capacity"), near: rapid.Bool().Draw(rt, "near")}
			n := w.Roomy(m.capacity)
			if m.near {
				n = w.Plan()
				n.Capacity, n.Minimum = m.capacity, 0
			}
			id := w.Published(n)
			ids := map[int64]int64{} // person → seat
			entries := map[int64]int64{}
			at := roundtest.Now
			for range rapid.IntRange(1, 25).Draw(rt, "steps") {
				person := rapid.SampledFrom(w.Staff).Draw(rt, "person")
				at++
				switch rapid.SampledFrom([]string{"sign up", "sign up", "sign up", "withdraw", "accept", "decline", "replace", "more"}).Draw(rt, "step") {
				case "sign up":
					if slices.Contains(m.seats, person) || slices.Contains(m.offers, person) || slices.Contains(m.line, person) {
						continue
					}
					if _, err := w.SignUp(roundtest.System, id, person, at); err != nil {
						rt.Fatal(err)
					}
					if len(m.seats)+len(m.offers) < m.capacity {
						m.seats = append(m.seats, person)
					} else {
						m.line = append(m.line, person)
					}
				case "withdraw":
					if !slices.Contains(m.seats, person) {
						continue
					}
					if err := w.Withdraw(roundtest.System, ids[person], at); err != nil {
						rt.Fatal(err)
					}
					m.seats = without(m.seats, person)
				case "accept":
					if !slices.Contains(m.offers, person) {
						continue
					}
					if err := w.Write(func(tx *db.Tx) error {
						_, err := seat.Accept(roundtest.Ctx, tx, roundtest.System, entries[person], at)
						return err
					}); err != nil {
						rt.Fatal(err)
					}
					m.offers, m.seats = without(m.offers, person), append(m.seats, person)
				case "decline":
					if !slices.Contains(m.offers, person) && !slices.Contains(m.line, person) {
						continue
					}
					if err := w.Write(func(tx *db.Tx) error { return seat.Decline(roundtest.Ctx, tx, roundtest.System, entries[person], at) }); err != nil {
						rt.Fatal(err)
					}
					m.offers, m.line = without(m.offers, person), without(m.line, person)
				case "replace":
					if len(m.seats) == 0 || slices.Contains(m.seats, person) {
						continue
					}
					if err := w.Write(func(tx *db.Tx) error {
						_, err := seat.Replace(roundtest.Ctx, tx, roundtest.System, ids[m.seats[0]], person, at)
						return err
					}); err != nil {
						rt.Fatal(err)
					}
					m.seats = append(m.seats[1:], person)
					m.offers, m.line = without(m.offers, person), without(m.line, person)
				case "more":
					m.capacity++
					if err := w.Write(func(tx *db.Tx) error {
						if _, err := db.Exec(roundtest.Ctx, tx, `UPDATE round SET capacity = capacity + 1 WHERE id = $1`, id); err != nil {
							return err
						}
						return seat.Settle(roundtest.Ctx, tx, roundtest.System, id, at)
					}); err != nil {
						rt.Fatal(err)
					}
				}
				m.settle()
				w.Holds(id)
				seats, err := db.Rows(roundtest.Ctx, d.Reader(), func(s *[2]int64) []any { return []any{&s[0], &s[1]} },
					`SELECT person_id, id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL ORDER BY id`, id)
				if err != nil {
					rt.Fatal(err)
				}
				var got model
				got.capacity, got.near = m.capacity, m.near
				clear(ids)
				for _, s := range seats {
					got.seats, ids[s[0]] = append(got.seats, s[0]), s[1]
				}
				clear(entries)
				for _, e := range w.Queue(id) {
					entries[e.PersonID] = e.ID
					if e.OfferUntil != nil {
						got.offers = append(got.offers, e.PersonID)
					} else {
						got.line = append(got.line, e.PersonID)
					}
				}
				// An offer's place in the list is that of its entry, not of the offer.
				want := m
				want.offers = slices.Sorted(slices.Values(m.offers))
				got.offers = slices.Sorted(slices.Values(got.offers))
				empty := func(all []int64) []int64 {
					if len(all) == 0 {
						return nil
					}
					return all
				}
				want.seats, want.offers, want.line = empty(want.seats), empty(want.offers), empty(want.line)
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(model{})); diff != "" {
					rt.Fatal(diff)
				}
			}
		})
	})
}
