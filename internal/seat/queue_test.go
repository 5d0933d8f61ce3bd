package seat_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestAFreeSeatIsGivenEarlyAndOfferedNearTheRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		far := w.Published(w.Roomy(1))
		o := w.SignedUp(far, w.Staff[:3]...)
		if diff := cmp.Diff([]seat.Standing{seat.Enrolled, seat.Waiting, seat.Waiting}, []seat.Standing{o[0].Status, o[1].Status, o[2].Status}); diff != "" {
			t.Fatal(diff)
		}
		roundtest.Must(t, w.Withdraw(roundtest.Employee(w.Staff[0], roundtest.Dalarna), o[0].EnrolmentID, roundtest.Now))
		w.Holds(far)
		if diff := cmp.Diff([]int64{w.Staff[1]}, w.Seated(far)); diff != "" {
			t.Errorf("far ahead: %s", diff)
		}

		id, enrolment := w.Near(w.Staff[:3]...)
		roundtest.Must(t, w.Withdraw(roundtest.System, enrolment, roundtest.Now))
		w.Holds(id)
		q := w.Queue(id)
		if len(q) != 2 || q[0].PersonID != w.Staff[1] || q[0].OfferUntil == nil || *q[0].OfferUntil != roundtest.Now.Add(48*time.Hour) || q[1].Position != 1 {
			t.Fatalf("the queue is %+v", q)
		}
		if r := w.Get(roundtest.System, id); r.Seats != 0 || r.Offered != 1 || r.Free() != 0 {
			t.Errorf("an offered seat is free: %+v", r.Round)
		}
		// It lapses when somebody comes too late, and the next is offered it.
		late := roundtest.Now.Add(48 * time.Hour)
		accept := func(v access.Viewer, entry int64, at clock.Instant) error {
			return w.Write(func(tx *db.Tx) error { _, err := seat.Accept(roundtest.Ctx, tx, v, entry, at); return err })
		}
		if err := accept(roundtest.Employee(w.Staff[1], roundtest.Dalarna), q[0].ID, late); roundtest.Key(err) != "round.offer_lapsed" {
			t.Errorf("too late gives %v", err)
		}
		if err := accept(roundtest.Employee(w.Staff[2], roundtest.Dalarna), q[1].ID, roundtest.Now); roundtest.Key(err) != "round.not_offered" {
			t.Errorf("without an offer gives %v", err)
		}
		if err := accept(roundtest.Employee(w.Staff[3], roundtest.Dalarna), q[0].ID, roundtest.Now); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("a colleague's offer gives %v", err)
		}
		roundtest.Must(t, seat.Sweep(roundtest.Ctx, d, late, nil))
		w.Holds(id)
		q = w.Queue(id)
		if len(q) != 1 || q[0].PersonID != w.Staff[2] || !q[0].Offered(late) {
			t.Fatalf("after the lapse the queue is %+v", q)
		}
		roundtest.Must(t, accept(roundtest.Employee(w.Staff[2], roundtest.Dalarna), q[0].ID, late))
		if err := accept(roundtest.Employee(w.Staff[2], roundtest.Dalarna), q[0].ID, late); roundtest.Key(err) != "round.entry_ended" {
			t.Errorf("accepting twice gives %v", err)
		}
		w.Holds(id)
		if diff := cmp.Diff([]int64{w.Staff[2]}, w.Seated(id)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAnOfferEndsBeforeTheRoundBegins(t *testing.T) {
	if got, want := seat.OfferUntil(roundtest.First, 48, (roundtest.First-1).At(20, 0)), roundtest.First.Start(); got != want {
		t.Errorf("until %v, want %v", got, want)
	}
	if got, want := seat.OfferUntil(roundtest.First, 48, roundtest.Now), roundtest.Now.Add(48*time.Hour); got != want {
		t.Errorf("until %v, want %v", got, want)
	}
	for days, want := range map[clock.Day]bool{0: true, 14: true, 15: false} {
		if seat.Near(roundtest.Today+days, roundtest.Today) != want {
			t.Errorf("%d days ahead near is not %t", days, want)
		}
	}
}

func TestDecliningLeavesTheSeatToTheNext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id, enrolment := w.Near(w.Staff[:4]...)
		decline := func(v access.Viewer, entry int64) error {
			return w.Write(func(tx *db.Tx) error { return seat.Decline(roundtest.Ctx, tx, v, entry, roundtest.Now) })
		}
		q := w.Queue(id)
		roundtest.Must(t, decline(roundtest.Employee(w.Staff[2], roundtest.Dalarna), q[1].ID)) // leaves the queue from its middle
		w.Holds(id)
		roundtest.Must(t, w.Withdraw(roundtest.System, enrolment, roundtest.Now))
		roundtest.Must(t, decline(roundtest.Employee(w.Staff[1], roundtest.Dalarna), q[0].ID))
		w.Holds(id)
		if q = w.Queue(id); len(q) != 1 || q[0].PersonID != w.Staff[3] || !q[0].Offered(roundtest.Now) {
			t.Errorf("the queue is %+v", q)
		}
		if err := decline(roundtest.Employee(w.Staff[1], roundtest.Dalarna), q[0].ID); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("a colleague's offer gives %v", err)
		}
	})
}

// Until the round begins a seat that becomes free goes to who waits; from then on those
// who manage it decide.
func TestASeatThatBecomesFreeOnTheFirstDayGoesToNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		for at, want := range map[clock.Instant]bool{roundtest.First.Start() - 1: true, roundtest.First.Start(): false} {
			id, enrolment := w.Near(w.Staff[:2]...)
			roundtest.Must(t, w.Withdraw(roundtest.Dalarnas, enrolment, at))
			if offered := len(w.Seated(id)) > 0 || slices.ContainsFunc(w.Queue(id), func(e seat.Entry) bool { return e.OfferUntil != nil }); offered != want {
				t.Errorf("at %v the seat goes to who waits: %v, want %v", at, offered, want)
			}
		}
	})
}

func TestTheQueueEndsWithTheRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		how := func(id int64) (all []string) {
			all, err := db.Rows(roundtest.Ctx, d.Reader(), db.One[string], `SELECT COALESCE(ended_how, 'open') FROM queue_entry WHERE round_id = $1 ORDER BY id`, id)
			roundtest.Must(t, err)
			return all
		}
		id, enrolment := w.Near(w.Staff[:3]...)
		roundtest.Must(t, w.Withdraw(roundtest.System, enrolment, roundtest.Now))
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, roundtest.Dalarnas, id, round.TooFewSeats, "För få", roundtest.Now)
		}))
		if diff := cmp.Diff([]string{"cancelled", "cancelled"}, how(id)); diff != "" {
			t.Error(diff)
		}
		id, _ = w.Near(w.Staff[:3]...)
		roundtest.Must(t, seat.Sweep(roundtest.Ctx, d, roundtest.First.At(0, 5), nil))
		if diff := cmp.Diff([]string{"lapsed", "lapsed"}, how(id)); diff != "" {
			t.Error(diff)
		}
		told := func(id int64) (all []int64) {
			news, err := round.NewsAfter(roundtest.Ctx, d.Reader(), id, 0)
			roundtest.Must(t, err)
			for _, n := range news {
				if n.Kind == round.GotNoSeat {
					all = append(all, n.SubjectID)
				}
			}
			return all
		}
		if diff := cmp.Diff(w.Staff[1:3], told(id)); diff != "" {
			t.Errorf("who got no seat: %s", diff)
		}
		// Who let an offer go by hears that, and those behind that there is no seat.
		id, enrolment = w.Near(w.Staff[:3]...)
		roundtest.Must(t, w.Withdraw(roundtest.System, enrolment, roundtest.Now))
		roundtest.Must(t, seat.Sweep(roundtest.Ctx, d, roundtest.First.At(0, 5), nil))
		roundtest.Must(t, seat.Sweep(roundtest.Ctx, d, roundtest.First.At(0, 6), nil))
		if diff := cmp.Diff(w.Staff[2:3], told(id)); diff != "" {
			t.Errorf("who got no seat behind an offer: %s", diff)
		}
		if err := w.Write(func(tx *db.Tx) error {
			return seat.Decline(roundtest.Ctx, tx, roundtest.System, w.EntryOf(id, w.Staff[2]), roundtest.First.At(8, 0))
		}); roundtest.Key(err) != "round.entry_ended" {
			t.Errorf("leaving a queue that is over: %v", err)
		}
	})
}
