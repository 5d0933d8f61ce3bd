package round_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
)

// roomy is a plan with the seats, far enough ahead for seats to be given and not
// offered.
func (w *world) roomy(seats int) round.New {
	n := w.plan()
	n.Capacity, n.Minimum = seats, 0
	n.SignupUntil = today + 30
	for i := range n.Days {
		n.Days[i].Day += 50
	}
	return n
}

func (w *world) write(f func(tx *db.Tx) error) error { return w.d.Write(ctx, f) }

func (w *world) signUp(viewer access.Viewer, roundID, personID int64, at clock.Instant) (o round.Outcome, err error) {
	err = w.write(func(tx *db.Tx) error {
		o, err = round.SignUp(ctx, tx, viewer, roundID, personID, at)
		return err
	})
	return o, err
}

func (w *world) signedUp(roundID int64, persons ...int64) (all []round.Outcome) {
	w.Helper()
	for _, p := range persons {
		o, err := w.signUp(system, roundID, p, now)
		must(w.T, err)
		all = append(all, o)
		w.holds(roundID)
	}
	return all
}

func (w *world) withdraw(viewer access.Viewer, seat int64, at clock.Instant) error {
	return w.write(func(tx *db.Tx) error { return round.Withdraw(ctx, tx, viewer, seat, at) })
}

func (w *world) queue(roundID int64) []round.Entry {
	w.Helper()
	q, err := round.Queue(ctx, w.d.Reader(), system, w.get(system, roundID).Round)
	must(w.T, err)
	return q
}

// seated are the persons with a seat, in the order in which they got it.
func (w *world) seated(roundID int64) []int64 {
	w.Helper()
	ids, err := db.Rows(ctx, w.d.Reader(), db.One[int64], `SELECT person_id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL ORDER BY id`, roundID)
	must(w.T, err)
	return ids
}

// line are the persons who wait, in the queue's order.
func (w *world) line(roundID int64) (persons []int64) {
	w.Helper()
	for _, e := range w.queue(roundID) {
		if e.Position > 0 {
			persons = append(persons, e.PersonID)
		}
	}
	return persons
}

// holds fails unless the capacity is kept and nobody waits for a seat that is
// free.
func (w *world) holds(roundID int64) {
	w.Helper()
	r := w.get(system, roundID).Round
	if r.Seats+r.Offered > r.Capacity {
		w.Fatalf("%d seats and %d offers of %d", r.Seats, r.Offered, r.Capacity)
	}
	if r.CancelledAt == nil && r.Waiting > 0 && r.Free() > 0 {
		w.Fatalf("%d seats are free while %d wait", r.Free(), r.Waiting)
	}
	if got := len(w.line(roundID)); got != r.Waiting {
		w.Fatalf("%d wait, and the round says %d", got, r.Waiting)
	}
}

// together runs each at the same moment and gives their errors' keys, counted.
func together(each ...func() error) map[string]int {
	got, keys := map[string]int{}, make([]string, len(each))
	var start, done sync.WaitGroup
	start.Add(1)
	for i, f := range each {
		done.Go(func() {
			start.Wait()
			keys[i] = key(f())
		})
	}
	start.Done()
	done.Wait()
	for _, k := range keys {
		got[k]++
	}
	return got
}

func (w *world) crowd(n int) (persons []int64) {
	w.Helper()
	must(w.T, w.write(func(tx *db.Tx) error {
		for i := range n {
			id, err := db.Row(ctx, tx, db.One[int64], `
				INSERT INTO person (given_name, family_name, sort_key, created_at) VALUES ('Test', $1, $2, $3) RETURNING id`,
				fmt.Sprintf("Trängsel%03d", i), []byte{byte(i / 256), byte(i)}, now)
			if err != nil {
				return err
			}
			persons = append(persons, id)
			if _, err := db.Exec(ctx, tx, `
				INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, title, sort_key, from_day)
				SELECT $1, o.id, o.region_id, o.municipality_id, '', $2, $3 FROM organisation AS o WHERE o.id = $4`,
				id, []byte{byte(i)}, today-400, falun); err != nil {
				return err
			}
		}
		return nil
	}))
	return persons
}

func TestOfFiveHundredAtOnceTwentyTwoGetASeatAndTheOthersWaitInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.roomy(22))
		persons := w.crowd(500)
		outcomes := make([]round.Outcome, len(persons))
		var each []func() error
		for i, p := range persons {
			each = append(each, func() (err error) {
				outcomes[i], err = w.signUp(employee(p, dalarna), id, p, now)
				return err
			})
		}
		if diff := cmp.Diff(map[string]int{"": 500}, together(each...)); diff != "" {
			t.Fatal(diff)
		}
		w.holds(id)
		r := w.get(system, id).Round
		if r.Seats != 22 || r.Waiting != 478 {
			t.Fatalf("%d have a seat and %d wait", r.Seats, r.Waiting)
		}
		said := map[int64]int{} // person → the position they were told
		for i, o := range outcomes {
			if o.Status == round.Waiting {
				said[persons[i]] = o.Position
			}
		}
		// The order of the queue is that of the events, which were written one
		// transaction after the other.
		committed, err := db.Rows(ctx, d.Reader(), db.One[int64], `SELECT subject_id FROM round_event WHERE round_id = $1 AND kind = 'queued' ORDER BY id`, id)
		must(t, err)
		line := w.line(id)
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
		w := newWorld(t, d)
		id := w.published(w.roomy(22))
		persons := w.crowd(500)
		var each []func() error
		for i, p := range persons {
			each = append(each, func() error {
				return w.write(func(tx *db.Tx) error {
					o, err := round.SignUp(ctx, tx, employee(p, dalarna), id, p, now)
					if err != nil {
						return err
					}
					// What anybody else can see between two transactions.
					free, err := db.Row(ctx, tx, db.One[int], `
						SELECT r.capacity - (SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL)
						FROM round AS r WHERE r.id = $1`, id)
					if err != nil {
						return err
					}
					if free < 0 || o.Status == round.Waiting && free > 0 {
						return fmt.Errorf("%s with %d free", o.Status, free)
					}
					return nil
				})
			})
			if i%10 == 0 {
				each = append(each, func() error {
					seats, err := db.Rows(ctx, d.Reader(), db.One[int64], `SELECT id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL`, id)
					if err != nil || len(seats) == 0 {
						return err
					}
					err = w.withdraw(system, seats[rand.IntN(len(seats))], now)
					if key(err) == "round.already_withdrawn" { // somebody else chose the same
						return nil
					}
					return err
				})
			}
		}
		if diff := cmp.Diff(map[string]int{"": 550}, together(each...)); diff != "" {
			t.Fatal(diff)
		}
		w.holds(id)
		withdrawn, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NOT NULL`, id)
		must(t, err)
		if r := w.get(system, id).Round; r.Seats != 22 || r.Waiting != 478-withdrawn {
			t.Errorf("%d have a seat, %d wait, %d withdrew", r.Seats, r.Waiting, withdrawn)
		}
	})
}

// near is a round in which a freed seat is offered, with one seat taken and the
// others waiting.
func (w *world) near(persons ...int64) (id, seat int64) {
	w.Helper()
	n := w.plan()
	n.Capacity, n.Minimum = 1, 0
	id = w.published(n)
	return id, w.signedUp(id, persons...)[0].EnrolmentID
}

func TestAFreeSeatIsGivenEarlyAndOfferedNearTheRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		far := w.published(w.roomy(1))
		o := w.signedUp(far, w.staff[:3]...)
		if diff := cmp.Diff([]round.Standing{round.Enrolled, round.Waiting, round.Waiting}, []round.Standing{o[0].Status, o[1].Status, o[2].Status}); diff != "" {
			t.Fatal(diff)
		}
		must(t, w.withdraw(employee(w.staff[0], dalarna), o[0].EnrolmentID, now))
		w.holds(far)
		if diff := cmp.Diff([]int64{w.staff[1]}, w.seated(far)); diff != "" {
			t.Errorf("far ahead: %s", diff)
		}

		id, seat := w.near(w.staff[:3]...)
		must(t, w.withdraw(system, seat, now))
		w.holds(id)
		q := w.queue(id)
		if len(q) != 2 || q[0].PersonID != w.staff[1] || q[0].OfferUntil == nil || *q[0].OfferUntil != now.Add(48*time.Hour) || q[1].Position != 1 {
			t.Fatalf("the queue is %+v", q)
		}
		if r := w.get(system, id); r.Seats != 0 || r.Offered != 1 || r.Free() != 0 {
			t.Errorf("an offered seat is free: %+v", r.Round)
		}
		// It lapses when somebody comes too late, and the next is offered it.
		late := now.Add(48 * time.Hour)
		accept := func(v access.Viewer, entry int64, at clock.Instant) error {
			return w.write(func(tx *db.Tx) error { _, err := round.Accept(ctx, tx, v, entry, at); return err })
		}
		if err := accept(employee(w.staff[1], dalarna), q[0].ID, late); key(err) != "round.offer_lapsed" {
			t.Errorf("too late gives %v", err)
		}
		if err := accept(employee(w.staff[2], dalarna), q[1].ID, now); key(err) != "round.not_offered" {
			t.Errorf("without an offer gives %v", err)
		}
		if err := accept(employee(w.staff[3], dalarna), q[0].ID, now); key(err) != "fault.not_found" {
			t.Errorf("a colleague's offer gives %v", err)
		}
		must(t, round.Sweep(ctx, d, late, nil))
		w.holds(id)
		q = w.queue(id)
		if len(q) != 1 || q[0].PersonID != w.staff[2] || !q[0].Offered(late) {
			t.Fatalf("after the lapse the queue is %+v", q)
		}
		must(t, accept(employee(w.staff[2], dalarna), q[0].ID, late))
		if err := accept(employee(w.staff[2], dalarna), q[0].ID, late); key(err) != "round.entry_ended" {
			t.Errorf("accepting twice gives %v", err)
		}
		w.holds(id)
		if diff := cmp.Diff([]int64{w.staff[2]}, w.seated(id)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnOfferEndsBeforeTheRoundBegins(t *testing.T) {
	if got, want := round.OfferUntil(first, 48, (first-1).At(20, 0)), first.Start(); got != want {
		t.Errorf("until %v, want %v", got, want)
	}
	if got, want := round.OfferUntil(first, 48, now), now.Add(48*time.Hour); got != want {
		t.Errorf("until %v, want %v", got, want)
	}
	for days, want := range map[clock.Day]bool{0: true, 14: true, 15: false} {
		if round.Near(today+days, today) != want {
			t.Errorf("%d days ahead near is not %t", days, want)
		}
	}
}

func TestDecliningLeavesTheSeatToTheNext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id, seat := w.near(w.staff[:4]...)
		decline := func(v access.Viewer, entry int64) error {
			return w.write(func(tx *db.Tx) error { return round.Decline(ctx, tx, v, entry, now) })
		}
		q := w.queue(id)
		must(t, decline(employee(w.staff[2], dalarna), q[1].ID)) // leaves the queue from its middle
		w.holds(id)
		must(t, w.withdraw(system, seat, now))
		must(t, decline(employee(w.staff[1], dalarna), q[0].ID))
		w.holds(id)
		if q = w.queue(id); len(q) != 1 || q[0].PersonID != w.staff[3] || !q[0].Offered(now) {
			t.Errorf("the queue is %+v", q)
		}
		if err := decline(employee(w.staff[1], dalarna), q[0].ID); key(err) != "fault.not_found" {
			t.Errorf("a colleague's offer gives %v", err)
		}
	})
}

func TestAManagersWordComesFirstWhereTheMunicipalityWantsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		set := func(v access.Viewer, on bool) error {
			return w.write(func(tx *db.Tx) error { return round.SetManagerApproves(ctx, tx, v, falun, on, now) })
		}
		if err := set(employee(w.staff[0], dalarna), true); key(err) != "fault.not_found" {
			t.Errorf("an employee's setting gives %v", err)
		}
		must(t, set(faluns, true))
		id := w.published(w.roomy(2))
		self := employee(w.staff[0], dalarna)
		o, err := w.signUp(self, id, w.staff[0], now)
		must(t, err)
		if o.Status != round.AwaitingManager || w.get(system, id).Seats != 0 {
			t.Fatalf("outcome %+v", o)
		}
		if _, err := w.signUp(self, id, w.staff[0], now); key(err) != "round.already_waiting" {
			t.Errorf("asking twice gives %v", err)
		}
		requests, err := round.Requests(ctx, d.Reader(), faluns, today, 10)
		must(t, err)
		if len(requests) != 1 || requests[0].PersonID != w.staff[0] || requests[0].Free != 2 {
			t.Fatalf("requests %+v", requests)
		}
		if others, err := round.Requests(ctx, d.Reader(), uppsalas, today, 10); err != nil || len(others) != 0 {
			t.Errorf("another region sees %+v, %v", others, err)
		}
		// Signed up by the office, by one of another municipality: no word needed.
		for _, c := range []struct {
			viewer access.Viewer
			person int64
			want   round.Standing
		}{{faluns, w.staff[1], round.Enrolled}, {employee(w.others[0], dalarna), w.others[0], round.Enrolled}, {employee(w.others[1], dalarna), w.others[1], round.Waiting}} {
			if o, err := w.signUp(c.viewer, id, c.person, now); err != nil || o.Status != c.want {
				t.Errorf("%d gives %+v, %v, want %s", c.person, o, err, c.want)
			}
			w.holds(id)
		}
		allow := func(v access.Viewer, entry int64) (o round.Outcome, err error) {
			err = w.write(func(tx *db.Tx) error { o, err = round.Allow(ctx, tx, v, entry, now); return err })
			return o, err
		}
		if _, err := allow(self, o.EntryID); key(err) != "fault.forbidden" {
			t.Errorf("allowing oneself gives %v", err)
		}
		if _, err := allow(office(access.MunicipalAdmin, access.Municipality, borlange, dalarna), o.EntryID); key(err) != "fault.not_found" {
			t.Errorf("another municipality's word gives %v", err)
		}
		// Allowed, they wait where they asked: before who came later.
		got, err := allow(faluns, o.EntryID)
		must(t, err)
		if got.Status != round.Waiting || got.Position != 1 {
			t.Errorf("allowed gives %+v", got)
		}
		w.holds(id)
		if _, err := allow(faluns, o.EntryID); key(err) != "round.answered_already" {
			t.Errorf("allowing twice gives %v", err)
		}
		if diff := cmp.Diff([]int64{w.staff[0], w.others[1]}, w.line(id)); diff != "" {
			t.Error(diff)
		}

		// Refused, with a reason.
		refuse := func(entry int64, reason string) error {
			return w.write(func(tx *db.Tx) error { return round.Refuse(ctx, tx, faluns, entry, reason, now) })
		}
		other := w.published(w.roomy(2))
		o, err = w.signUp(self, other, w.staff[0], now)
		must(t, err)
		if err := refuse(o.EntryID, " "); key(err) != fmt.Sprintf("reason_%d round.reason_missing", o.EntryID) {
			t.Errorf("no reason gives %v", err)
		}
		must(t, refuse(o.EntryID, "Vi är för få den veckan"))
		if q := w.queue(other); len(q) != 0 {
			t.Errorf("refused, and the queue is %+v", q)
		}
		// Allowed while a seat is free it is theirs at once.
		o, err = w.signUp(self, other, w.staff[0], now)
		must(t, err)
		if got, err := allow(faluns, o.EntryID); err != nil || got.Status != round.Enrolled {
			t.Errorf("allowed gives %+v, %v", got, err)
		}
	})
}

func TestSeatsSetAsideAreKeptUntilUsedOrReleased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.roomy(4))
		setAside := func(v access.Viewer, municipality int64, seats int, on clock.Day) error {
			return w.write(func(tx *db.Tx) error { return round.SetAside(ctx, tx, v, id, municipality, seats, on, now) })
		}
		for name, c := range map[string]struct {
			err  error
			want string
		}{
			"more than there are":        {setAside(dalarnas, borlange, 5, today+10), "seats round.quota_seats"},
			"none":                       {setAside(dalarnas, borlange, 0, today+10), "seats round.quota_seats"},
			"of another region":          {setAside(dalarnas, tierp, 1, today+10), "municipality round.quota_municipality"},
			"for something that is none": {setAside(dalarnas, dalarna, 1, today+10), "municipality round.quota_municipality"},
			"released today":             {setAside(dalarnas, borlange, 1, today), "release_on round.quota_day"},
			"released after the round":   {setAside(dalarnas, borlange, 1, today+100), "release_on round.quota_day"},
			"by another region":          {setAside(uppsalas, borlange, 1, today+10), "fault.not_found"},
			"by the municipality":        {setAside(faluns, falun, 1, today+10), "fault.not_found"},
			"some":                       {setAside(dalarnas, borlange, 2, today+10), ""},
		} {
			if key(c.err) != c.want {
				t.Errorf("%s gives %q, want %q", name, key(c.err), c.want)
			}
		}
		o := w.signedUp(id, w.staff[:4]...)
		if o[1].Status != round.Enrolled || o[2].Status != round.Waiting {
			t.Fatalf("outcomes %+v", o)
		}
		if r := w.get(system, id); r.Seats != 2 || r.SetAside != 2 || r.Free() != 0 || r.Waiting != 2 {
			t.Fatalf("round %+v", r.Round)
		}
		if o := w.signedUp(id, w.others[0]); o[0].Status != round.Enrolled {
			t.Errorf("one of Borlänge gets %+v", o)
		}
		if r := w.get(system, id); r.SetAside != 1 {
			t.Errorf("%d are set aside", r.SetAside)
		}
		// One of Falun's gives up: Falun's next takes it, Borlänge's stays kept.
		must(t, w.withdraw(system, o[0].EnrolmentID, now))
		w.holds(id)
		if diff := cmp.Diff([]int64{w.staff[1], w.others[0], w.staff[2]}, w.seated(id)); diff != "" {
			t.Error(diff)
		}
		must(t, w.write(func(tx *db.Tx) error { return round.Release(ctx, tx, dalarnas, id, borlange, now) }))
		w.holds(id)
		if err := w.write(func(tx *db.Tx) error { return round.Release(ctx, tx, dalarnas, id, borlange, now) }); key(err) != "round.quota_released" {
			t.Errorf("releasing twice gives %v", err)
		}
		if r := w.get(system, id); r.Seats != 4 || r.Waiting != 0 {
			t.Errorf("released: %+v", r.Round)
		}

		// The day releases too.
		id = w.published(w.roomy(1))
		must(t, setAside(dalarnas, borlange, 1, today+3))
		if o := w.signedUp(id, w.staff[0]); o[0].Status != round.Waiting {
			t.Fatalf("outcome %+v", o)
		}
		must(t, round.Sweep(ctx, d, (today+2).At(23, 0), nil))
		if r := w.get(system, id); r.Seats != 0 {
			t.Error("released too early")
		}
		must(t, round.Sweep(ctx, d, (today+3).At(0, 1), nil))
		w.holds(id)
		if r := w.get(system, id); r.Seats != 1 || r.SetAside != 0 {
			t.Errorf("after the day: %+v", r.Round)
		}
	})
}

func TestASeatGoesToAColleague(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.roomy(1))
		o := w.signedUp(id, w.staff[0], w.staff[1], w.staff[2])
		replace := func(v access.Viewer, seat, colleague int64, at clock.Instant) (id int64, err error) {
			err = w.write(func(tx *db.Tx) error { id, err = round.Replace(ctx, tx, v, seat, colleague, at); return err })
			return id, err
		}
		seat := o[0].EnrolmentID
		for name, c := range map[string]struct {
			viewer    access.Viewer
			colleague int64
			want      string
		}{
			"by oneself":                  {employee(w.staff[0], dalarna), w.staff[3], "fault.not_found"},
			"by another region":           {uppsalas, w.staff[3], "fault.not_found"},
			"with another municipality's": {dalarnas, w.others[0], "person round.other_municipality"},
		} {
			if _, err := replace(c.viewer, seat, c.colleague, now); key(err) != c.want {
				t.Errorf("%s gives %v, want %s", name, err, c.want)
			}
		}
		// Past those who wait; who waited does so no longer.
		again, err := replace(faluns, seat, w.staff[2], now)
		must(t, err)
		w.holds(id)
		if diff := cmp.Diff([]int64{w.staff[2]}, w.seated(id)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]int64{w.staff[1]}, w.line(id)); diff != "" {
			t.Error(diff)
		}
		replaces, err := db.Row(ctx, d.Reader(), db.One[int64], `SELECT replaces_id FROM enrolment WHERE id = $1`, again)
		must(t, err)
		if replaces != seat {
			t.Errorf("replaces %d, want %d", replaces, seat)
		}
		if _, err := replace(faluns, seat, w.staff[4], now); key(err) != "round.already_withdrawn" {
			t.Errorf("a seat given away gives %v", err)
		}
	})
}

func TestASeatIsMovedToAnotherRoundOfTheCourse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.published(w.roomy(1)), w.published(w.roomy(1))
		inA, inB := w.signedUp(a, w.staff[0], w.staff[1]), w.signedUp(b, w.staff[2])
		move := func(v access.Viewer, seat, to int64) error {
			return w.write(func(tx *db.Tx) error { _, err := round.Move(ctx, tx, v, seat, to, now); return err })
		}
		self := employee(w.staff[0], dalarna)
		if err := move(self, inA[0].EnrolmentID, b); key(err) != "round.full" {
			t.Errorf("a full round gives %v", err)
		}
		if diff := cmp.Diff([]int64{w.staff[0]}, w.seated(a)); diff != "" {
			t.Errorf("a refused move gave the seat up: %s", diff)
		}
		must(t, w.withdraw(system, inB[0].EnrolmentID, now))
		if err := move(employee(w.staff[1], dalarna), inA[0].EnrolmentID, b); key(err) != "fault.not_found" {
			t.Errorf("a colleague's seat gives %v", err)
		}
		must(t, move(self, inA[0].EnrolmentID, b))
		w.holds(a)
		w.holds(b)
		if diff := cmp.Diff([][]int64{{w.staff[1]}, {w.staff[0]}}, [][]int64{w.seated(a), w.seated(b)}); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMovesThatCrossBothHappenOrDoNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 6 {
			a, b := w.published(w.roomy(2)), w.published(w.roomy(2))
			inA, inB := w.signedUp(a, w.staff[0]), w.signedUp(b, w.staff[1])
			move := func(seat, to int64) func() error {
				return func() error {
					return w.write(func(tx *db.Tx) error { _, err := round.Move(ctx, tx, system, seat, to, now); return err })
				}
			}
			if diff := cmp.Diff(map[string]int{"": 2}, together(move(inA[0].EnrolmentID, b), move(inB[0].EnrolmentID, a))); diff != "" {
				t.Fatal(diff)
			}
			if diff := cmp.Diff([][]int64{{w.staff[1]}, {w.staff[0]}}, [][]int64{w.seated(a), w.seated(b)}); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func TestACrowdMovesBothWaysAtOnceAndLosesNoSeat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		// The first round is full and two wait; the other has six seats free.
		people := w.crowd(26)
		a, b := w.published(w.roomy(12)), w.published(w.roomy(16))
		seats := append(w.signedUp(a, people[:12]...), w.signedUp(b, people[12:22]...)...)
		w.signedUp(a, people[22:24]...)
		var all []func() error
		var tries atomic.Int32
		for i, o := range seats {
			to := b
			if i >= 12 {
				to = a
			}
			all = append(all, func() error {
				return w.write(func(tx *db.Tx) error {
					tries.Add(1)
					_, err := round.Move(ctx, tx, system, o.EnrolmentID, to, now)
					return err
				})
			})
		}
		// Some come and go in between.
		for _, id := range []int64{a, b} {
			for _, p := range people[24:] {
				all = append(all, func() error { _, err := w.signUp(system, id, p, now); return err })
			}
		}
		got := together(all...)
		if got[""]+got["round.full"] != len(all) {
			t.Fatalf("moves ended so: %v", got)
		}
		// A deadlock would end one of the two, which is then tried again.
		if n := tries.Load(); int(n) != len(seats) {
			t.Errorf("%d moves took %d tries", len(seats), n)
		}
		if got[""] < 4+4 { // two of the six seats may go to those who come
			t.Errorf("only %d moved where at least four could: %v", got[""]-4, got)
		}
		w.holds(a)
		w.holds(b)
		// Everybody who had a seat has one, and one only.
		count := map[int64]int{}
		for _, p := range append(w.seated(a), w.seated(b)...) {
			count[p]++
		}
		for _, p := range people[:22] {
			if count[p] != 1 {
				t.Errorf("person %d has %d seats", p, count[p])
			}
		}
	})
}

func TestOfTwoAtOnceOneIsFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 6 {
			id, seat := w.near(w.staff[:3]...)
			must(t, w.withdraw(system, seat, now))
			entry := w.queue(id)[0].ID
			accept := func(at clock.Instant) func() error {
				return func() error {
					return w.write(func(tx *db.Tx) error { _, err := round.Accept(ctx, tx, system, entry, at); return err })
				}
			}
			if diff := cmp.Diff(map[string]int{"": 1, "round.entry_ended": 1}, together(accept(now), accept(now))); diff != "" {
				t.Fatalf("two accept: %s", diff)
			}
			w.holds(id)

			// The answer comes in the last moment, while the sweep runs.
			id, seat = w.near(w.staff[:3]...)
			must(t, w.withdraw(system, seat, now))
			entry = w.queue(id)[0].ID
			late := now.Add(48 * time.Hour)
			got := together(accept(late-1), func() error { return round.Sweep(ctx, d, late, nil) })
			if got[""] != 2 && (got[""] != 1 || got["round.offer_lapsed"] != 1) {
				t.Fatalf("accept and lapse: %v", got)
			}
			w.holds(id)
			if r := w.get(system, id); r.Seats+r.Offered != 1 {
				t.Fatalf("accept and lapse leave %+v", r.Round)
			}

			id, seat = w.near(w.staff[:1]...)
			got = together(
				func() error {
					return w.write(func(tx *db.Tx) error { _, err := round.Replace(ctx, tx, system, seat, w.staff[4], now); return err })
				},
				func() error { return w.withdraw(system, seat, now) },
			)
			if diff := cmp.Diff(map[string]int{"": 1, "round.already_withdrawn": 1}, got); diff != "" {
				t.Fatalf("replace and withdraw: %s", diff)
			}
			w.holds(id)
		}
	})
}

func TestSeveralAreSignedUpAtOnceEachOrTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.roomy(3))
		w.signedUp(id, w.staff[0])
		many := func(v access.Viewer, all bool, persons ...int64) (r []round.Result, err error) {
			err = w.write(func(tx *db.Tx) error { r, err = round.SignUpMany(ctx, tx, v, id, persons, all, now); return err })
			return r, err
		}
		if _, err := many(faluns, true, w.staff[1:4]...); key(err) != "round.too_few_seats" {
			t.Errorf("too many together give %v", err)
		}
		if r := w.get(system, id); r.Seats != 1 || r.Waiting != 0 {
			t.Errorf("refused, and the round is %+v", r.Round)
		}
		got, err := many(faluns, false, w.staff[0], w.staff[1], w.others[0], w.staff[2], w.staff[3])
		must(t, err)
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
		w.holds(id)
	})
}

func TestAWishEndsWithASeat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		self := employee(w.staff[0], dalarna)
		wish := func(v access.Viewer, person int64) (id int64, err error) {
			err = w.write(func(tx *db.Tx) error { id, err = round.Wish(ctx, tx, v, w.course, person, now); return err })
			return id, err
		}
		_, err := wish(self, w.staff[0])
		must(t, err)
		if _, err := wish(faluns, w.staff[0]); key(err) != "round.already_wished" {
			t.Errorf("wishing twice gives %v", err)
		}
		if _, err := wish(self, w.staff[1]); key(err) != "fault.not_found" {
			t.Errorf("a colleague's wish gives %v", err)
		}
		back, err := wish(faluns, w.staff[1])
		must(t, err)
		if all, err := round.Wishes(ctx, d.Reader(), dalarnas, dalarna, w.course, today, 10); err != nil || len(all) != 2 {
			t.Errorf("wishes %+v, %v", all, err)
		}
		unwish := func(v access.Viewer) error {
			return w.write(func(tx *db.Tx) error { return round.Unwish(ctx, tx, v, back, now) })
		}
		if err := unwish(self); key(err) != "fault.not_found" {
			t.Errorf("taking a colleague's back gives %v", err)
		}
		must(t, unwish(employee(w.staff[1], dalarna)))
		if err := unwish(faluns); key(err) != "round.wish_ended" {
			t.Errorf("taking it back twice gives %v", err)
		}
		w.signedUp(w.published(w.roomy(1)), w.staff[0])
		if mine, err := round.MyInterests(ctx, d.Reader(), self); err != nil || len(mine) != 0 {
			t.Errorf("with a seat the wishes are %+v, %v", mine, err)
		}
	})
}

func TestAfterTheLastDayOnlyThoseWhoManageTakeASeatBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.roomy(1))
		must(t, w.write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE round SET withdraw_until = $2 WHERE id = $1`, id, today+1)
			return err
		}))
		seat := w.signedUp(id, w.staff[0])[0].EnrolmentID
		late := (today + 2).At(8, 0)
		for _, v := range []access.Viewer{employee(w.staff[0], dalarna), faluns} {
			if err := w.withdraw(v, seat, late); key(err) != "round.withdraw_closed" {
				t.Errorf("too late gives %v", err)
			}
		}
		must(t, w.withdraw(dalarnas, seat, late))
	})
}

func TestTheQueueEndsWithTheRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		how := func(id int64) (all []string) {
			all, err := db.Rows(ctx, d.Reader(), db.One[string], `SELECT COALESCE(ended_how, 'open') FROM queue_entry WHERE round_id = $1 ORDER BY id`, id)
			must(t, err)
			return all
		}
		id, seat := w.near(w.staff[:3]...)
		must(t, w.withdraw(system, seat, now))
		must(t, w.write(func(tx *db.Tx) error { return round.Cancel(ctx, tx, dalarnas, id, round.TooFewSeats, "För få", now) }))
		if diff := cmp.Diff([]string{"cancelled", "cancelled"}, how(id)); diff != "" {
			t.Error(diff)
		}
		id, _ = w.near(w.staff[:3]...)
		must(t, round.Sweep(ctx, d, first.At(0, 5), nil))
		if diff := cmp.Diff([]string{"lapsed", "lapsed"}, how(id)); diff != "" {
			t.Error(diff)
		}
		told := func(id int64) (all []int64) {
			news, err := round.NewsAfter(ctx, d.Reader(), id, 0)
			must(t, err)
			for _, n := range news {
				if n.Kind == round.GotNoSeat {
					all = append(all, n.SubjectID)
				}
			}
			return all
		}
		if diff := cmp.Diff(w.staff[1:3], told(id)); diff != "" {
			t.Errorf("who got no seat: %s", diff)
		}
		// Who let an offer go by hears that, and those behind that there is no seat.
		id, seat = w.near(w.staff[:3]...)
		must(t, w.withdraw(system, seat, now))
		must(t, round.Sweep(ctx, d, first.At(0, 5), nil))
		must(t, round.Sweep(ctx, d, first.At(0, 6), nil))
		if diff := cmp.Diff(w.staff[2:3], told(id)); diff != "" {
			t.Errorf("who got no seat behind an offer: %s", diff)
		}
		if err := w.write(func(tx *db.Tx) error {
			return round.Decline(ctx, tx, system, w.entryOf(id, w.staff[2]), first.At(8, 0))
		}); key(err) != "round.entry_ended" {
			t.Errorf("leaving a queue that is over: %v", err)
		}
	})
}

func (w *world) entryOf(roundID, personID int64) int64 {
	w.Helper()
	id, err := db.Row(ctx, w.d.Reader(), db.One[int64], `SELECT MAX(id) FROM queue_entry WHERE round_id = $1 AND person_id = $2`, roundID, personID)
	must(w.T, err)
	return id
}

// model is the rules of seats in a few lines: who has a seat, who is offered
// one, who waits.
type model struct {
	capacity int
	near     bool
	seats    []int64
	offers   []int64
	line     []int64
}

func (m *model) settle() {
	for len(m.line) > 0 && len(m.seats)+len(m.offers) < m.capacity {
		next := m.line[0]
		m.line = m.line[1:]
		if m.near {
			m.offers = append(m.offers, next)
		} else {
			m.seats = append(m.seats, next)
		}
	}
}

func without(all []int64, one int64) []int64 {
	return slices.DeleteFunc(slices.Clone(all), func(p int64) bool { return p == one })
}

func TestAnySequenceOfStepsLeavesWhatTheRulesSay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rapid.Check(t, func(rt *rapid.T) {
			m := model{capacity: rapid.IntRange(1, 3).Draw(rt, "capacity"), near: rapid.Bool().Draw(rt, "near")}
			n := w.roomy(m.capacity)
			if m.near {
				n = w.plan()
				n.Capacity, n.Minimum = m.capacity, 0
			}
			id := w.published(n)
			ids := map[int64]int64{} // person → seat
			entries := map[int64]int64{}
			at := now
			for range rapid.IntRange(1, 25).Draw(rt, "steps") {
				person := rapid.SampledFrom(w.staff).Draw(rt, "person")
				at++
				switch rapid.SampledFrom([]string{"sign up", "sign up", "sign up", "withdraw", "accept", "decline", "replace", "more"}).Draw(rt, "step") {
				case "sign up":
					if slices.Contains(m.seats, person) || slices.Contains(m.offers, person) || slices.Contains(m.line, person) {
						continue
					}
					if _, err := w.signUp(system, id, person, at); err != nil {
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
					if err := w.withdraw(system, ids[person], at); err != nil {
						rt.Fatal(err)
					}
					m.seats = without(m.seats, person)
				case "accept":
					if !slices.Contains(m.offers, person) {
						continue
					}
					if err := w.write(func(tx *db.Tx) error { _, err := round.Accept(ctx, tx, system, entries[person], at); return err }); err != nil {
						rt.Fatal(err)
					}
					m.offers, m.seats = without(m.offers, person), append(m.seats, person)
				case "decline":
					if !slices.Contains(m.offers, person) && !slices.Contains(m.line, person) {
						continue
					}
					if err := w.write(func(tx *db.Tx) error { return round.Decline(ctx, tx, system, entries[person], at) }); err != nil {
						rt.Fatal(err)
					}
					m.offers, m.line = without(m.offers, person), without(m.line, person)
				case "replace":
					if len(m.seats) == 0 || slices.Contains(m.seats, person) {
						continue
					}
					if err := w.write(func(tx *db.Tx) error {
						_, err := round.Replace(ctx, tx, system, ids[m.seats[0]], person, at)
						return err
					}); err != nil {
						rt.Fatal(err)
					}
					m.seats = append(m.seats[1:], person)
					m.offers, m.line = without(m.offers, person), without(m.line, person)
				case "more":
					m.capacity++
					if err := w.write(func(tx *db.Tx) error {
						if _, err := db.Exec(ctx, tx, `UPDATE round SET capacity = capacity + 1 WHERE id = $1`, id); err != nil {
							return err
						}
						return round.Settle(ctx, tx, system, id, at)
					}); err != nil {
						rt.Fatal(err)
					}
				}
				m.settle()
				w.holds(id)
				seats, err := db.Rows(ctx, d.Reader(), func(s *[2]int64) []any { return []any{&s[0], &s[1]} },
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
				for _, e := range w.queue(id) {
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
