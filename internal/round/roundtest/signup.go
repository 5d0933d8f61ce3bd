package roundtest

import (
	"fmt"
	"sync"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/seat"
)

// Roomy is a plan with the seats, far enough ahead for seats to be given and not
// offered.
func (w *World) Roomy(seats int) planning.New {
	n := w.Plan()
	n.Capacity, n.Minimum = seats, 0
	n.SignupUntil = Today + 30
	for i := range n.Days {
		n.Days[i].Day += 50
	}
	return n
}

func (w *World) Write(f func(tx *db.Tx) error) error { return w.D.Write(Ctx, f) }

func (w *World) SignUp(viewer access.Viewer, roundID, personID int64, at clock.Instant) (o seat.Outcome, err error) {
	err = w.Write(func(tx *db.Tx) error {
		o, err = seat.SignUp(Ctx, tx, viewer, roundID, personID, at)
		return err
	})
	return o, err
}

func (w *World) SignedUp(roundID int64, persons ...int64) (all []seat.Outcome) {
	w.Helper()
	for _, p := range persons {
		o, err := w.SignUp(System, roundID, p, Now)
		Must(w.T, err)
		all = append(all, o)
		w.Holds(roundID)
	}
	return all
}

func (w *World) Withdraw(viewer access.Viewer, enrolment int64, at clock.Instant) error {
	return w.Write(func(tx *db.Tx) error { return seat.Withdraw(Ctx, tx, viewer, enrolment, at) })
}

func (w *World) Queue(roundID int64) []seat.Entry {
	w.Helper()
	q, err := seat.Queue(Ctx, w.D.Reader(), System, w.Get(System, roundID).Round)
	Must(w.T, err)
	return q
}

// Seated are the persons with a seat, in the order in which they got it.
func (w *World) Seated(roundID int64) []int64 {
	w.Helper()
	ids, err := db.Rows(Ctx, w.D.Reader(), db.One[int64], `SELECT person_id FROM enrolment WHERE round_id = $1 AND withdrawn_at IS NULL ORDER BY id`, roundID)
	Must(w.T, err)
	return ids
}

// Line are the persons who wait, in the queue's order.
func (w *World) Line(roundID int64) (persons []int64) {
	w.Helper()
	for _, e := range w.Queue(roundID) {
		if e.Position > 0 {
			persons = append(persons, e.PersonID)
		}
	}
	return persons
}

// Holds fails unless the capacity is kept and nobody waits for a seat that is
// free.
func (w *World) Holds(roundID int64) {
	w.Helper()
	r := w.Get(System, roundID).Round
	if r.Seats+r.Offered > r.Capacity {
		w.Fatalf("%d seats and %d offers of %d", r.Seats, r.Offered, r.Capacity)
	}
	if r.CancelledAt == nil && r.Waiting > 0 && r.Free() > 0 {
		w.Fatalf("%d seats are free while %d wait", r.Free(), r.Waiting)
	}
	if got := len(w.Line(roundID)); got != r.Waiting {
		w.Fatalf("%d wait, and the round says %d", got, r.Waiting)
	}
}

// Together runs each at the same moment and gives their errors' keys, counted.
func Together(each ...func() error) map[string]int {
	got, keys := map[string]int{}, make([]string, len(each))
	var start, done sync.WaitGroup
	start.Add(1)
	for i, f := range each {
		done.Go(func() {
			start.Wait()
			keys[i] = Key(f())
		})
	}
	start.Done()
	done.Wait()
	for _, k := range keys {
		got[k]++
	}
	return got
}

func (w *World) Crowd(n int) (persons []int64) {
	w.Helper()
	Must(w.T, w.Write(func(tx *db.Tx) error {
		for i := range n {
			id, err := db.Row(Ctx, tx, db.One[int64], `
				INSERT INTO person (given_name, family_name, sort_key, created_at) VALUES ('Test', $1, $2, $3) RETURNING id`,
				fmt.Sprintf("Trängsel%03d", i), []byte{byte(i / 256), byte(i)}, Now)
			if err != nil {
				return err
			}
			persons = append(persons, id)
			if _, err := db.Exec(Ctx, tx, `
				INSERT INTO employment (person_id, organisation_id, region_id, municipality_id, title, sort_key, from_day)
				SELECT $1, o.id, o.region_id, o.municipality_id, '', $2, $3 FROM organisation AS o WHERE o.id = $4`,
				id, []byte{byte(i)}, Today-400, Falun); err != nil {
				return err
			}
		}
		return nil
	}))
	return persons
}

// Near is a round in which a freed seat is offered, with one seat taken and the
// others waiting.
func (w *World) Near(persons ...int64) (id, enrolment int64) {
	w.Helper()
	n := w.Plan()
	n.Capacity, n.Minimum = 1, 0
	id = w.Published(n)
	return id, w.SignedUp(id, persons...)[0].EnrolmentID
}

func (w *World) EntryOf(roundID, personID int64) int64 {
	w.Helper()
	id, err := db.Row(Ctx, w.D.Reader(), db.One[int64], `SELECT MAX(id) FROM queue_entry WHERE round_id = $1 AND person_id = $2`, roundID, personID)
	Must(w.T, err)
	return id
}
