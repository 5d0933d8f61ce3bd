package seat_test

import (
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

func TestASeatSaysWhichEmployerSends(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(5))
		borlanges := roundtest.Office(access.MunicipalAdmin, access.Municipality, roundtest.Borlange, roundtest.Dalarna)
		sender := func(enrolment int64) int64 {
			t.Helper()
			employer, err := db.Row(roundtest.Ctx, d.Reader(), db.One[int64], `SELECT COALESCE(employer_id, 0) FROM enrolment WHERE id = $1`, enrolment)
			roundtest.Must(t, err)
			return employer
		}
		for _, person := range w.Staff[:3] {
			roundtest.Must(t, w.Write(func(tx *db.Tx) error {
				return people.EmployToo(roundtest.Ctx, tx, roundtest.System, person, roundtest.Borlange, roundtest.Today, "")
			}))
		}
		signUp := func(viewer access.Viewer, person int64) int64 {
			t.Helper()
			o, err := w.SignUp(viewer, id, person, roundtest.Now)
			roundtest.Must(t, err)
			return o.EnrolmentID
		}
		// Whose administrator signs up sends; who signs up themselves is sent by the main one.
		own := signUp(roundtest.Employee(w.Staff[0], roundtest.Dalarna), w.Staff[0])
		by := signUp(borlanges, w.Staff[1])
		regional := signUp(roundtest.Dalarnas, w.Staff[2])
		single := signUp(roundtest.Faluns, w.Staff[3])
		for name, c := range map[string]struct{ enrolment, want int64 }{
			"themselves": {own, roundtest.Falun}, "the second employer": {by, roundtest.Borlange}, "the region": {regional, roundtest.Falun}, "who has one employer": {single, 0},
		} {
			if got := sender(c.enrolment); got != c.want {
				t.Errorf("%s signed up: %d sends, want %d", name, got, c.want)
			}
		}
		if senders, err := seat.Senders(roundtest.Ctx, d.Reader(), roundtest.Faluns, single, roundtest.Today); err != nil || senders != nil {
			t.Errorf("who has one employer is asked: %v, %v", senders, err)
		}
		if senders, err := seat.Senders(roundtest.Ctx, d.Reader(), roundtest.Uppsalas, by, roundtest.Today); err != nil || senders != nil {
			t.Errorf("a stranger is asked: %v, %v", senders, err)
		}

		change := func(viewer access.Viewer, enrolment, employer int64) string {
			return roundtest.Key(w.Write(func(tx *db.Tx) error {
				return seat.SentBy(roundtest.Ctx, tx, viewer, enrolment, employer, roundtest.Now)
			}))
		}
		for _, c := range []struct {
			name     string
			viewer   access.Viewer
			employer int64
			want     string
		}{
			{"an employer that is not theirs", roundtest.Faluns, roundtest.Tierp, fault.NotFound.Key},
			{"somebody who has nothing to do with them", roundtest.Uppsalas, roundtest.Falun, fault.NotFound.Key},
			{"the other employer", roundtest.Faluns, roundtest.Falun, ""},
			{"the same once more", roundtest.Faluns, roundtest.Falun, ""},
		} {
			if got := change(c.viewer, by, c.employer); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		if got := sender(by); got != roundtest.Falun {
			t.Errorf("%d sends", got)
		}

		// Who leaves the employer that sends gives its seat back, and no other.
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			if err := seat.SentBy(roundtest.Ctx, tx, roundtest.Dalarnas, regional, roundtest.Borlange, roundtest.Now); err != nil {
				return err
			}
			for _, person := range w.Staff[:3] {
				if err := people.LeaveEmployer(roundtest.Ctx, tx, roundtest.System, person, roundtest.Borlange, roundtest.Today+1); err != nil {
					return err
				}
				if _, err := seat.GiveUp(roundtest.Ctx, tx, roundtest.System, person, "", roundtest.Now); err != nil {
					return err
				}
			}
			return nil
		}))
		w.Holds(id)
		for name, c := range map[string]struct {
			person int64
			stays  bool
		}{"sent by the main one": {w.Staff[0], true}, "moved to the main one": {w.Staff[1], true}, "sent by the one that they left": {w.Staff[2], false}} {
			stays := false
			for _, seated := range w.Seated(id) {
				stays = stays || seated == c.person
			}
			if stays != c.stays {
				t.Errorf("%s: stays %v", name, stays)
			}
		}
	})
}

// Seats are set aside for the employer that sends.
func TestSeatsSetAsideAreTakenByWhoIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Roomy(1))
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			if err := people.EmployToo(roundtest.Ctx, tx, roundtest.System, w.Staff[0], roundtest.Borlange, roundtest.Today, ""); err != nil {
				return err
			}
			return seat.SetAside(roundtest.Ctx, tx, roundtest.Dalarnas, id, roundtest.Borlange, 1, roundtest.Today+5, roundtest.Now)
		}))
		if o, err := w.SignUp(roundtest.Faluns, id, w.Staff[0], roundtest.Now); err != nil || o.Status != seat.Waiting {
			t.Errorf("sent by Falun: %v, %v", o.Status, err)
		}
		entry := w.EntryOf(id, w.Staff[0])
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `UPDATE queue_entry SET employer_id = $2 WHERE id = $1`, entry, roundtest.Borlange)
			if err != nil {
				return err
			}
			return seat.Settle(roundtest.Ctx, tx, roundtest.System, id, roundtest.Now)
		}))
		if seated := w.Seated(id); len(seated) != 1 {
			t.Fatalf("%v have seats", seated)
		}
		if employer, err := db.Row(roundtest.Ctx, d.Reader(), db.One[int64], `SELECT employer_id FROM enrolment WHERE round_id = $1`, id); err != nil || employer != roundtest.Borlange {
			t.Errorf("%d sends, %v: the seat forgot who sends", employer, err)
		}
	})
}
