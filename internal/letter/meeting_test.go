package letter_test

import (
	"fmt"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"

	"yrkesresan/internal/access"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/letter"
	"yrkesresan/internal/trainer"
)

func TestATrainerMeetingIsInTheCalendarsOfItsGuests(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.write(func(tx *db.Tx) error {
			for _, p := range []int64{w.teacher, w.carol} {
				if _, err := trainer.Recruit(ctx, tx, dalarnas, trainer.New{PersonID: p, CourseID: w.course, RegionID: dalarna, On: today - 10}); err != nil {
					return err
				}
			}
			return nil
		})
		n := trainer.NewMeeting{
			RegionID: dalarna, Title: "Utbildarträff, höst", Day: first, Starts: "13:00", Ends: "16:30", Place: "Sal Åkern", Agenda: "Körschema", Invited: trainer.Invited{Courses: []int64{w.course}},
		}
		var id int64
		// Each change is asked for twice, as when two press at once.
		change := func(f func(tx *db.Tx) error) {
			t.Helper()
			w.write(func(tx *db.Tx) error {
				if err := f(tx); err != nil {
					return err
				}
				return letter.AfterMeeting(ctx, tx, id, site, now)
			})
			w.write(func(tx *db.Tx) error { return letter.AfterMeeting(ctx, tx, id, site, now) })
		}
		answer := func(person int64, a trainer.Answer) {
			t.Helper()
			change(func(tx *db.Tx) error {
				return trainer.AnswerMeeting(ctx, tx, access.Viewer{PersonID: person, Trainer: true}, id, a, today)
			})
		}
		replan := func(n trainer.NewMeeting) {
			t.Helper()
			change(func(tx *db.Tx) error { return trainer.ChangeMeeting(ctx, tx, dalarnas, id, n, today) })
		}
		w.work(now)
		change(func(tx *db.Tx) (err error) {
			id, err = trainer.PlanMeeting(ctx, tx, dalarnas, n, today)
			return err
		})
		got := w.next(2)
		ulla, carol := got["ulla@example.org"][0], got["carol@example.org"][0]
		if ulla.Subject != "Inbjudan: Utbildarträff, höst, ons 4\u00a0november 2026" || !strings.HasPrefix(carol.Subject, "Invitation: Utbildarträff, höst, ") {
			t.Errorf("the subjects are %q and %q", ulla.Subject, carol.Subject)
		}
		link := fmt.Sprintf("https://yrkesresan.example.org/trainer-meetings/%d", id)
		for _, want := range []string{"Hej Ulla!", "kl.\u00a013–16.30", "Plats: Sal Åkern", "Dagordning:\nKörschema", "Svara här: " + link, "Yrkesresan, Dalarna"} {
			if !strings.Contains(ulla.Text, want) {
				t.Errorf("the letter lacks %q:\n%s", want, ulla.Text)
			}
		}
		uid := calendar.MeetingUID(id, w.teacher)
		is := func(what string, l entry, method, sequence, start, status string) {
			t.Helper()
			if l.Method != method || l.UID != uid || l.Sequence != sequence || !strings.HasPrefix(l.Start, start) || l.Status != status {
				t.Errorf("%s: the entry is %+v", what, l)
			}
		}
		is("invited", w.entry(ulla), "REQUEST", "0", "2026-11-04 13:00", "CONFIRMED")
		if !strings.Contains(strings.ReplaceAll(ulla.Calendar, "\n ", ""), "PARTSTAT=NEEDS-ACTION") {
			t.Errorf("the guest has answered before they were asked:\n%s", ulla.Calendar)
		}

		// Who says no has it no longer, and hears no more until they are asked anew.
		answer(w.carol, trainer.Accepted)
		answer(w.teacher, trainer.Declined)
		is("declined", w.entry(w.next(1)["ulla@example.org"][0]), "CANCEL", "1", "2026-11-04 13:00", "CANCELLED")
		n.Place = "Sal Runn"
		replan(n)
		if l := w.next(1)["carol@example.org"][0]; w.entry(l).Sequence != "1" || w.entry(l).Location != "Sal Runn" || !strings.HasPrefix(l.Subject, "Changed: ") {
			t.Errorf("another place: %q, %+v", l.Subject, w.entry(l))
		}
		n.Agenda = "Mer"
		replan(n) // nothing that stands in a calendar
		n.Day++
		replan(n)
		got = w.next(2)
		is("another day", w.entry(got["ulla@example.org"][0]), "REQUEST", "2", "2026-11-05 13:00", "CONFIRMED")
		m, err := trainer.MeetingByID(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		if m.Accepted+m.Declined != 0 {
			t.Errorf("on another day %d and %d have answered", m.Accepted, m.Declined)
		}

		// What calendars take in by themselves and what they fetch is the same entry.
		var token string
		w.write(func(tx *db.Tx) (err error) {
			token, err = calendar.Make(ctx, tx, access.Viewer{PersonID: w.teacher}, 0, now)
			return err
		})
		feed := func() []*ics.VEvent {
			t.Helper()
			text, err := calendar.Read(ctx, d.Reader(), token, site.Base, now)
			must(t, err)
			c, err := ics.ParseCalendar(strings.NewReader(text))
			must(t, err)
			return c.Events()
		}
		all := feed()
		if len(all) != 1 || all[0].Id() != uid || all[0].GetProperty(ics.ComponentPropertySequence).Value != "2" {
			t.Fatalf("the feed holds %v", all)
		}
		if starts, err := all[0].GetStartAt(); err != nil || clock.At(starts) != (first+1).At(13, 0) {
			t.Errorf("the feed's meeting begins at %v, %v", starts, err)
		}

		change(func(tx *db.Tx) error { return trainer.CancelMeeting(ctx, tx, dalarnas, id, now) })
		got = w.next(2)
		is("cancelled", w.entry(got["ulla@example.org"][0]), "CANCEL", "3", "2026-11-05 13:00", "CANCELLED")
		if len(feed()) != 0 {
			t.Error("the feed holds a cancelled meeting")
		}
		w.quiet()
		letters, err := letter.MeetingLetters(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		if len(letters) != 8 || letters[0].Kind != letter.MeetingCancelled || letters[0].SentAt == nil {
			t.Errorf("%d letters are kept, the last %+v", len(letters), letters[0])
		}
		if _, err := letter.MeetingLetters(ctx, d.Reader(), access.Viewer{PersonID: w.teacher, Trainer: true}, id); err == nil {
			t.Error("a guest reads what others were written")
		}
	})
}
