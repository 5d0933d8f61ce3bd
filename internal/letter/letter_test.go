package letter_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/mail/mailtest"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
)

const (
	dalarna int64 = 20
	falun   int64 = 2080
)

var (
	ctx      = context.Background()
	system   = access.System()
	dalarnas = access.Viewer{Grants: []access.Grant{{Role: access.Regional, Level: access.Region, OrganisationID: dalarna, RegionID: dalarna}}}
	// Sign-up is open; the two course days are in thirty and thirty-one days.
	today = clock.Date(2026, 10, 5)
	now   = today.At(12, 0)
	first = today + 30
	site  = letter.Site{Base: "https://yrkesresan.example.org", From: calendar.Party{Name: "Yrkesresan", Email: "no-reply@example.org"}}
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a course of two days in Åland's hall, three employees of Falun, of
// whom one reads English, and a trainer; with a mail server.
type world struct {
	*testing.T
	d              *db.DB
	server         *mailtest.Server
	course         int64
	asa, bo, carol int64
	teacher        int64
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, d: d, server: mailtest.Open(t)}
	must(t, organisation.Install(ctx, d))
	must(t, jobs.Migrate(ctx, d))
	w.write(func(tx *db.Tx) (err error) {
		w.course, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "samtal", Name: "Samtal, möten och språk", Days: 2, TariffKind: "authority"}, catalogue.Regional, today-500)
		return err
	})
	w.asa, w.bo, w.carol = w.person("Åsa", "asa", "sv"), w.person("Bo", "bo", "sv"), w.person("Carol", "carol", "en")
	w.teacher = w.person("Ulla", "ulla", "sv")
	return w
}

func (w *world) write(f func(tx *db.Tx) error) {
	w.Helper()
	must(w.T, w.d.Write(ctx, f))
}

func (w *world) person(given, mailbox, language string) (id int64) {
	w.Helper()
	w.write(func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: given, FamilyName: "Öberg", Email: mailbox + "@example.org"}, falun, today-400, "", now)
		if err == nil {
			_, err = db.Exec(ctx, tx, `UPDATE person SET language = $2 WHERE id = $1`, id, language)
		}
		return err
	})
	return id
}

func (w *world) plan(seats int) planning.New {
	teachers := []planning.NewTrainer{{PersonID: w.teacher, Role: trainer.Lead}}
	return planning.New{
		CourseID: w.course, RegionID: dalarna, Label: "Omgång 1", Capacity: seats, Minimum: 0,
		SignupFrom: today - 5, SignupUntil: first - 1,
		Days: []planning.NewDay{
			{Day: first, Starts: "09:00", Ends: "16:00", Place: "Sal Åkern, Falun", Trainers: teachers},
			{Day: first + 1, Starts: "08:30", Ends: "12:00", Link: "https://example.org/mote", Trainers: slices.Clone(teachers)},
		},
	}
}

func (w *world) published(seats int) (id int64) {
	w.Helper()
	w.write(func(tx *db.Tx) (err error) {
		if id, err = planning.Plan(ctx, tx, dalarnas, w.plan(seats), now); err != nil {
			return err
		}
		return planning.Publish(ctx, tx, dalarnas, id, now)
	})
	return id
}

// change does something to the round and lets it give its letters.
func (w *world) change(id int64, at clock.Instant, f func(tx *db.Tx) error) {
	w.Helper()
	w.write(func(tx *db.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return letter.After(ctx, tx, id, at)
	})
}

func (w *world) signUp(id int64, persons ...int64) (seats []int64) {
	w.Helper()
	for _, p := range persons {
		w.change(id, now, func(tx *db.Tx) error {
			o, err := seat.SignUp(ctx, tx, system, id, p, now)
			seats = append(seats, o.EnrolmentID)
			return err
		})
	}
	return seats
}

// work runs the jobs as one program does, until the test ends or stop is called.
func (w *world) work(at clock.Instant) (stop func()) {
	w.Helper()
	q, err := jobs.Open(ctx, w.d, slog.New(slog.DiscardHandler))
	must(w.T, err)
	sender, err := mail.Open(w.server.Address(), "Yrkesresan <no-reply@example.org>", clock.Fixed(at))
	must(w.T, err)
	letter.Handle(q, w.d, clock.Fixed(at), sender, site)
	must(w.T, q.Start(ctx))
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			must(w.T, q.Stop(ctx))
		}
	}
	w.Cleanup(stop)
	return stop
}

// next are the next letters, by whom they reached and in the order of their
// parts.
func (w *world) next(n int) map[string][]mailtest.Letter {
	w.Helper()
	got := map[string][]mailtest.Letter{}
	for range n {
		l := w.server.Next(w.T)
		got[l.To] = append(got[l.To], l)
	}
	for _, all := range got {
		slices.SortFunc(all, func(a, b mailtest.Letter) int { return strings.Compare(start(a), start(b)) })
	}
	return got
}

// entry is what a letter's calendar part says, read by another's eyes.
type entry struct {
	Method, UID, Sequence, Start, End, Summary, Location, Status string
}

func start(l mailtest.Letter) string {
	_, after, _ := strings.Cut(l.Calendar, "DTSTART;TZID=Europe/Stockholm:")
	return after
}

func (w *world) entry(l mailtest.Letter) entry {
	w.Helper()
	if l.Calendar == "" {
		w.Fatalf("%q has no calendar part", l.Subject)
	}
	// What comes as text has the mail server's line ends, what is attached its own.
	if strings.ReplaceAll(l.Attached, "\r\n", "\n") != l.Calendar {
		w.Errorf("what is attached as %q differs from the calendar part", l.Attachment)
	}
	if strings.Contains(strings.ReplaceAll(l.Attached, "\r\n", ""), "\n") {
		w.Error("a line of the calendar object does not end in CR LF (RFC 5545 § 3.1)")
	}
	for line := range strings.SplitSeq(l.Attached, "\r\n") {
		if len(line) > 75 {
			w.Errorf("a line of the calendar part has %d bytes (RFC 5545 § 3.1): %s", len(line), line)
		}
	}
	c, err := ics.ParseCalendar(strings.NewReader(l.Attached))
	must(w.T, err)
	if len(c.Events()) != 1 || len(c.Timezones()) != 1 {
		w.Fatalf("%d events and %d time zones", len(c.Events()), len(c.Timezones()))
	}
	e := c.Events()[0]
	value := func(p ics.ComponentProperty) string {
		if v := e.GetProperty(p); v != nil {
			return v.Value
		}
		return ""
	}
	got := entry{
		UID: value(ics.ComponentPropertyUniqueId), Sequence: value(ics.ComponentPropertySequence), Summary: value(ics.ComponentPropertySummary),
		Location: value(ics.ComponentPropertyLocation), Status: value(ics.ComponentPropertyStatus),
	}
	for _, p := range c.CalendarProperties {
		if p.IANAToken == "METHOD" {
			got.Method = p.Value
		}
	}
	if !strings.EqualFold(l.CalendarMethod, got.Method) {
		w.Errorf("the part's method is %s, the object's %s", l.CalendarMethod, got.Method)
	}
	if value(ics.ComponentPropertyOrganizer) != "mailto:no-reply@example.org" || value(ics.ComponentPropertyAttendee) != "mailto:"+l.To {
		w.Errorf("from %s to %s", value(ics.ComponentPropertyOrganizer), value(ics.ComponentPropertyAttendee))
	}
	starts, err := e.GetStartAt()
	must(w.T, err)
	ends, err := e.GetEndAt()
	must(w.T, err)
	got.Start, got.End = starts.In(clock.Stockholm).Format("2006-01-02 15:04"), ends.In(clock.Stockholm).Format("2006-01-02 15:04")
	return got
}

func TestASeatGivesALetterAndAnEntryForEachDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(2)
		days := w.days(id)
		w.signUp(id, w.asa, w.carol)
		w.work(now)
		got := w.next(4)
		hers := got["asa@example.org"]
		if len(hers) != 2 {
			t.Fatalf("Åsa got %d letters", len(hers))
		}
		if want := "Du har en plats: Samtal, möten och språk, 4–5\u00a0november 2026"; hers[0].Subject != want {
			t.Errorf("subject %q, want %q", hers[0].Subject, want)
		}
		for _, line := range []string{
			"Hej Åsa!", "Kursdag 1: ons 4\u00a0november 2026 kl.\u00a09–16", "Plats: Sal Åkern, Falun", "Kursdag 2: tors 5\u00a0november 2026 kl.\u00a08.30–12",
			"Länk: https://example.org/mote", "Avboka senast 3\u00a0november 2026", fmt.Sprintf("https://yrkesresan.example.org/rounds/%d", id), "Yrkesresan, Dalarna",
		} {
			if !strings.Contains(hers[0].Text, line) {
				t.Errorf("the letter lacks %q:\n%s", line, hers[0].Text)
			}
		}
		want := []entry{
			{"REQUEST", calendar.UIDOf(days[0], w.asa), "0", "2026-11-04 09:00", "2026-11-04 16:00", "Samtal, möten och språk, kursdag 1 av 2", "Sal Åkern, Falun", "CONFIRMED"},
			{"REQUEST", calendar.UIDOf(days[1], w.asa), "0", "2026-11-05 08:30", "2026-11-05 12:00", "Samtal, möten och språk, kursdag 2 av 2", "https://example.org/mote", "CONFIRMED"},
		}
		if diff := cmp.Diff(want, []entry{w.entry(hers[0]), w.entry(hers[1])}); diff != "" {
			t.Error(diff)
		}
		if carols := got["carol@example.org"]; !strings.HasPrefix(carols[0].Subject, "You have a seat: ") || !strings.Contains(carols[0].Text, "Hello Carol,") {
			t.Errorf("Carol reads English and got %q:\n%s", carols[0].Subject, carols[0].Text)
		}
	})
}

func (w *world) days(id int64) []int64 {
	w.Helper()
	d, err := round.Get(ctx, w.d.Reader(), system, id)
	must(w.T, err)
	var ids []int64
	for _, day := range d.CourseDays {
		ids = append(ids, day.ID)
	}
	return ids
}

func TestEntriesAreChangedAndTakenOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(5)
		days := w.days(id)
		seats := w.signUp(id, w.asa)
		w.work(now)
		w.next(2)

		edit := func(change func(n *planning.New)) {
			w.change(id, now, func(tx *db.Tx) error {
				detail, err := round.Get(ctx, tx, dalarnas, id)
				if err != nil {
					return err
				}
				n := planning.PlanOf(detail)
				change(&n)
				return planning.Edit(ctx, tx, dalarnas, id, detail.Version, n, now)
			})
		}
		// A day that moves is changed alone, under the name it had.
		edit(func(n *planning.New) { n.Days[0].Starts, n.Days[0].Place = "10:00", "Sal Runn" })
		hers := w.next(3)["asa@example.org"] // and the trainer gets her two days
		if got := w.entry(hers[0]); got.UID != calendar.UIDOf(days[0], w.asa) || got.Sequence != "1" || got.Start != "2026-11-04 10:00" || got.Location != "Sal Runn" || got.Method != "REQUEST" {
			t.Errorf("changed to %+v", got)
		}
		if !strings.HasPrefix(hers[0].Subject, "Ändrat: ") {
			t.Errorf("subject %q", hers[0].Subject)
		}
		// A day that is left out is taken out, though it is there no more.
		edit(func(n *planning.New) { n.Days = n.Days[:1] })
		hers = w.next(2)["asa@example.org"]
		if got := w.entry(hers[0]); got.UID != calendar.UIDOf(days[1], w.asa) || got.Sequence != "1" || got.Method != "CANCEL" || got.Status != "CANCELLED" || got.Start != "2026-11-05 08:30" {
			t.Errorf("taken out by %+v", got)
		}
		// Who gives the seat back loses what is left, and gets it again with a
		// higher number.
		w.change(id, now, func(tx *db.Tx) error { return seat.Withdraw(ctx, tx, system, seats[0], now) })
		hers = w.next(1)["asa@example.org"]
		if got := w.entry(hers[0]); got.Sequence != "2" || got.Method != "CANCEL" || !strings.HasPrefix(hers[0].Subject, "Avbokad: ") {
			t.Errorf("%q takes out by %+v", hers[0].Subject, got)
		}
		w.signUp(id, w.asa)
		hers = w.next(1)["asa@example.org"]
		if got := w.entry(hers[0]); got.Sequence != "3" || got.Method != "REQUEST" || got.UID != calendar.UIDOf(days[0], w.asa) {
			t.Errorf("back by %+v", got)
		}
		// And a cancelled round takes it from everybody, with the reason.
		w.signUp(id, w.bo)
		w.next(1)
		w.change(id, now, func(tx *db.Tx) error {
			return planning.Cancel(ctx, tx, dalarnas, id, round.TooFewSeats, "För få anmälda", now)
		})
		got := w.next(3)
		for _, to := range []string{"asa@example.org", "bo@example.org"} {
			if e := w.entry(got[to][0]); e.Method != "CANCEL" || !strings.Contains(got[to][0].Text, "Skäl: För få anmälda") {
				t.Errorf("%s: %+v\n%s", to, e, got[to][0].Text)
			}
		}
		if u := got["ulla@example.org"]; len(u) != 1 || !strings.HasPrefix(u[0].Subject, "Inställd: ") {
			t.Errorf("the trainer got %v", u)
		}
	})
}

func TestALetterThatOnlyTakesOutADaySaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(5)
		seats := w.signUp(id, w.asa)
		w.work(now)
		w.next(2)
		w.change(id, now, func(tx *db.Tx) error { return seat.Withdraw(ctx, tx, system, seats[0], now) })
		hers := w.next(2)["asa@example.org"]
		if first, second := hers[0].Subject, hers[1].Subject; !strings.HasPrefix(first, "Avbokad: ") || !strings.HasPrefix(second, "Tas bort ur kalendern: ") {
			t.Errorf("the subjects are %q and %q", first, second)
		}
	})
}

func TestEachEventGivesItsLettersOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var refused atomic.Int32
		w.server.Refuse = func(string) string {
			if refused.Add(1) <= 2 {
				return "451 4.3.0 come back later"
			}
			return ""
		}
		// What was loaded with its history gives none.
		old := w.published(5)
		w.write(func(tx *db.Tx) error {
			if _, err := seat.SignUp(ctx, tx, system, old, w.bo, now); err != nil {
				return err
			}
			return letter.Forget(ctx, tx)
		})
		// Two programs do the work, and it is asked for far too often.
		id := w.published(1)
		w.work(now)
		w.work(now)
		w.signUp(id, w.asa)
		w.signUp(id, w.bo)
		for range 5 {
			w.change(id, now, func(*db.Tx) error { return nil })
			w.change(old, now, func(*db.Tx) error { return nil })
			w.write(func(tx *db.Tx) error { return letter.Write(ctx, tx, id, site, now) })
		}
		got := w.next(3)
		if len(got["asa@example.org"]) != 2 || len(got["bo@example.org"]) != 1 || !strings.Contains(got["bo@example.org"][0].Text, "nummer 1 i kön") {
			t.Errorf("letters %v", got)
		}
		ids := map[string]bool{}
		for _, all := range got {
			for _, l := range all {
				ids[l.Header.Get("Message-ID")] = true
			}
		}
		if len(ids) != 3 {
			t.Errorf("%d names of three letters", len(ids))
		}
		w.quiet()
		list, err := letter.Letters(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		sent := 0
		for _, l := range list {
			sent += l.Sent
			if l.Recipients != 1 || l.Bounced != 0 {
				t.Errorf("%+v", l)
			}
		}
		if len(list) != 2 || sent != 2 {
			t.Errorf("%d letters are kept, %d as sent: %+v", len(list), sent, list)
		}
	})
}

func TestThoseWhoStillWaitWhenTheRoundBeginsAreTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(1)
		w.signUp(id, w.asa, w.bo, w.carol)
		w.write(func(tx *db.Tx) error { return letter.Forget(ctx, tx) })
		at := first.At(0, 1)
		stop := w.work(at)
		for range 2 {
			must(t, seat.Sweep(ctx, d, at, letter.After))
		}
		got := w.next(2)
		stop()
		if n := w.server.Waiting(); n > 0 || len(got["bo@example.org"]) != 1 || len(got["carol@example.org"]) != 1 {
			t.Fatalf("%d more letters, %v", n, got)
		}
		l := got["bo@example.org"][0]
		if want := "Det blev ingen plats: Samtal, möten och språk, 4–5\u00a0november 2026"; l.Subject != want {
			t.Errorf("the subject is %q, want %q", l.Subject, want)
		}
		if !strings.Contains(l.Text, "anmäla intresse") || !strings.Contains(l.Text, fmt.Sprintf("/rounds/%d", id)) || l.Calendar != "" {
			t.Errorf("the letter says %q, with the calendar part %q", l.Text, l.Calendar)
		}
		if l := got["carol@example.org"][0]; !strings.HasPrefix(l.Subject, "There was no seat: ") {
			t.Errorf("in English: %q", l.Subject)
		}
	})
}

// quiet fails when another letter comes.
func (w *world) quiet() {
	w.Helper()
	time.Sleep(2500 * time.Millisecond) // jobs are asked for once a second
	if n := w.server.Waiting(); n > 0 {
		w.Errorf("%d letters too many, the first %q", n, w.server.Next(w.T).Subject)
	}
}
