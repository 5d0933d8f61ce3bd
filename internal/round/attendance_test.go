package round_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
)

func TestWhoseWordCounts(t *testing.T) {
	const early, late clock.Instant = 1, 2
	own, trainers, correction := round.SelfSaid, round.TrainerSaid, round.Corrected
	for name, c := range map[string]struct {
		old, arrived round.Word
		want         bool
	}{
		"the first word counts":                                  {round.Word{}, round.Word{own, early}, true},
		"a trainer counts over one's own word":                   {round.Word{own, early}, round.Word{trainers, late}, true},
		"also when the trainer spoke before":                     {round.Word{own, late}, round.Word{trainers, early}, true},
		"one's own word does not count over a trainer":           {round.Word{trainers, early}, round.Word{own, late}, false},
		"a correction counts over a trainer":                     {round.Word{trainers, early}, round.Word{correction, late}, true},
		"a correction counts over one's own word":                {round.Word{own, early}, round.Word{correction, late}, true},
		"a trainer who arrives late does not undo a correction":  {round.Word{correction, early}, round.Word{trainers, late}, false},
		"of two trainers the one who spoke last counts":          {round.Word{trainers, early}, round.Word{trainers, late}, true},
		"a trainer's older word arrives too late":                {round.Word{trainers, late}, round.Word{trainers, early}, false},
		"a later correction counts over an earlier one":          {round.Word{correction, early}, round.Word{correction, late}, true},
		"an older correction does not":                           {round.Word{correction, late}, round.Word{correction, early}, false},
		"who has checked in is not made late by doing it again":  {round.Word{own, early}, round.Word{own, late}, false},
		"two words of one moment: the one that arrived last one": {round.Word{trainers, late}, round.Word{trainers, late}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := round.Counts(c.old, c.arrived); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// said is somebody's mark with whose word it is.
type said struct {
	Mark   round.Mark
	Reason string
	Source round.Source
}

// sheet is what the day's list says about each seat.
func (w *world) sheet(day int64) map[int64]said {
	w.Helper()
	s, err := round.Attendance(ctx, w.d.Reader(), system, day)
	must(w.T, err)
	all := map[int64]said{}
	for _, e := range s.Enrolments {
		all[e.ID] = said{e.Marks[0], e.Reasons[0], e.Words[0].Source}
	}
	return all
}

// send saves marks one by one and gives each its outcome, or the fault's key.
func (w *world) send(viewer access.Viewer, day int64, now clock.Instant, sent ...round.SentMark) []string {
	w.Helper()
	var answers []round.Receipt
	err := w.d.Write(ctx, func(tx *db.Tx) (err error) {
		answers, err = round.SaveMarks(ctx, tx, viewer, day, sent, now)
		return err
	})
	if err != nil {
		return []string{key(err)}
	}
	var outcomes []string
	for i, a := range answers {
		if a.Key != sent[i].Key {
			w.Errorf("answer %d is about %s, want %s", i, a.Key, sent[i].Key)
		}
		if a.Fault != nil {
			outcomes = append(outcomes, a.Fault.Key)
		} else {
			outcomes = append(outcomes, string(a.Outcome))
		}
	}
	return outcomes
}

func TestChangingADayThatIsOverIsACorrectionWithAReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[:2]...)
		day := w.get(system, id).CourseDays[0]
		must(t, w.save(dalarnas, day, all(seats, round.Present), there(day, true), first.At(16, 0)))
		list := func(second round.Marking) []round.Marking {
			second.EnrolmentID = seats[1]
			return []round.Marking{{EnrolmentID: seats[0], Mark: round.Present}, second}
		}
		for _, c := range []struct {
			name   string
			at     clock.Instant
			second round.Marking
			want   string
			then   said
		}{
			{"on the day nobody asks why", first.At(23, 59), round.Marking{Mark: round.Absent}, "", said{round.Absent, "", round.TrainerSaid}},
			{"the day after a reason is missing", (first + 1).At(0, 0), round.Marking{Mark: round.Late, Why: " "}, "why attendance.correction_unexplained", said{round.Absent, "", round.TrainerSaid}},
			{"saying the same again needs none", (first + 1).At(0, 1), round.Marking{Mark: round.Absent}, "", said{round.Absent, "", round.TrainerSaid}},
			{"with a reason it is a correction", (first + 1).At(9, 0), round.Marking{Mark: round.Present, Why: "satt längst bak"}, "", said{round.Present, "", round.Corrected}},
			{"a new reason for being late explains too", (first + 2).At(9, 0), round.Marking{Mark: round.Late, Reason: "tåget"}, "", said{round.Late, "tåget", round.Corrected}},
			{"an old one does not", (first + 3).At(9, 0), round.Marking{Mark: round.Excused, Reason: "tåget"}, "why attendance.correction_unexplained", said{round.Late, "tåget", round.Corrected}},
		} {
			t.Run(c.name, func(t *testing.T) {
				if err := w.save(dalarnas, day, list(c.second), there(day, true), c.at); key(err) != c.want {
					t.Errorf("got %q, want %q", key(err), c.want)
				}
				if diff := cmp.Diff(map[int64]said{seats[0]: {round.Present, "", round.TrainerSaid}, seats[1]: c.then}, w.sheet(day.ID)); diff != "" {
					t.Error(diff)
				}
			})
		}
		events, err := round.History(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		var reasons []string
		for _, e := range events {
			if e.Kind == round.MarkChanged {
				reasons = append(reasons, e.Reason)
			}
		}
		if diff := cmp.Diff([]string{"tåget", "satt längst bak", ""}, reasons); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMarksSentOneByOneArriveOnceUnderTheRightTrainer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[:3]...)
		foreign := w.enrolled(w.published(w.plan()), w.staff[0])[0]
		day := w.get(system, id).CourseDays[0]
		one, two := access.Viewer{PersonID: w.borlange, Trainer: true}, access.Viewer{PersonID: w.rss, Trainer: true}
		at, now := first.At(9, 10), first.At(12, 0)
		mark := func(key string, seat int64, m round.Mark, at clock.Instant) round.SentMark {
			return round.SentMark{Key: key, EnrolmentID: seat, Mark: m, At: at}
		}
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			now    clock.Instant
			sent   []round.SentMark
			want   []string
		}{
			{"the day before", one, (first - 1).At(12, 0), []round.SentMark{mark("x", seats[0], round.Present, at)}, []string{"round.day_ahead"}},
			{"a participant", employee(w.staff[0], dalarna), now, []round.SentMark{mark("x", seats[0], round.Present, at)}, []string{"fault.not_found"}},
			{"nothing", one, now, nil, nil},
			{"two good ones among bad ones", one, now, []round.SentMark{
				mark("a", seats[0], round.Present, at), mark("f", foreign, round.Present, at), mark("b", seats[1], round.Late, at),
				mark("w", seats[1], "asleep", at), mark("", seats[1], round.Absent, at), {Key: "t", TrainerID: w.others[0], Mark: round.Present, At: at},
			}, []string{"saved", "attendance.seat_gone", "saved", "round.mark_wrong", "round.mark_wrong", "attendance.trainer_gone"}},
			{"the same again", one, now, []round.SentMark{mark("a", seats[0], round.Absent, at), mark("b", seats[1], round.Late, at)}, []string{"saved", "saved"}},
			{"by another trainer", two, now, []round.SentMark{mark("a", seats[0], round.Absent, at)}, []string{"attendance.key_used"}},
			{"an older mark of another trainer", two, now, []round.SentMark{mark("c", seats[0], round.Absent, at.Add(-time.Second))}, []string{"older"}},
			{"and again", two, now, []round.SentMark{mark("c", seats[0], round.Absent, at.Add(-time.Second))}, []string{"older"}},
			{"two of one seat", two, now, []round.SentMark{mark("d", seats[2], round.Present, at), mark("e", seats[2], round.Excused, at.Add(time.Second))}, []string{"saved", "saved"}},
			{"a change the day after", two, (first + 1).At(9, 0), []round.SentMark{mark("g", seats[2], round.Absent, (first+1).At(8, 0))}, []string{"attendance.change_unexplained"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				if diff := cmp.Diff(c.want, w.send(c.viewer, day.ID, c.now, c.sent...)); diff != "" {
					t.Error(diff)
				}
			})
		}
		want := map[int64]said{
			seats[0]: {round.Present, "", round.TrainerSaid}, seats[1]: {round.Late, "", round.TrainerSaid}, seats[2]: {round.Excused, "", round.TrainerSaid},
		}
		if diff := cmp.Diff(want, w.sheet(day.ID)); diff != "" {
			t.Error(diff)
		}
		by, err := db.Rows(ctx, d.Reader(), db.One[int64], `SELECT marked_by FROM attendance WHERE course_day_id = $1 ORDER BY enrolment_id`, day.ID)
		must(t, err)
		if diff := cmp.Diff([]int64{w.borlange, w.borlange, w.rss}, by); diff != "" {
			t.Error(diff)
		}

		// The list is whole when also the trainers have been spoken of.
		if got := w.get(system, id); got.Held != 0 {
			t.Error("the day is held before anybody said who taught")
		}
		w.send(one, day.ID, now, round.SentMark{Key: "h", TrainerID: w.rss, Mark: round.Present, At: at}, round.SentMark{Key: "i", TrainerID: w.borlange, Mark: round.Present, At: at})
		if got := w.get(system, id); got.Held != 1 || *got.CourseDays[0].HeldAt != now {
			t.Errorf("the day is not held: %+v", got.CourseDays[0])
		}
		if got := w.send(two, day.ID, now, round.SentMark{Key: "j", TrainerID: w.rss, Mark: round.Absent, At: at.Add(-time.Second)}); !slices.Equal(got, []string{"saved"}) || !*w.get(system, id).CourseDays[0].Trainers[0].Present {
			t.Errorf("an older word about a trainer counts (%v)", got)
		}
	})
}

func TestAMarkMadeOnTheDayIsTheDaysWordAlsoWhenItArrivesLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[:2]...)
		day := w.get(system, id).CourseDays[0]
		must(t, w.save(dalarnas, day, all(seats, round.Present), there(day, true), first.At(9, 0)))
		for name, c := range map[string]struct {
			seat  int64
			at    clock.Instant
			now   clock.Instant
			want  string
			then  round.Source
			after round.Mark
		}{
			"three days later":      {seats[0], first.At(15, 0), (first + 3).At(9, 0), "saved", round.TrainerSaid, round.Absent},
			"after weeks it is not": {seats[1], first.At(15, 0), (first + 30).At(9, 0), "attendance.change_unexplained", round.TrainerSaid, round.Present},
		} {
			t.Run(name, func(t *testing.T) {
				got := w.send(dalarnasPerson(w), day.ID, c.now, round.SentMark{Key: name, EnrolmentID: c.seat, Mark: round.Absent, At: c.at})
				if !slices.Equal(got, []string{c.want}) {
					t.Errorf("got %v", got)
				}
				if s := w.sheet(day.ID)[c.seat]; s.Source != c.then || s.Mark != c.after {
					t.Errorf("the list says %+v", s)
				}
			})
		}
	})
}

// dalarnasPerson manages Dalarna's rounds and is somebody.
func dalarnasPerson(w *world) access.Viewer {
	v := dalarnas
	v.PersonID = w.rss
	return v
}

func TestAMarkSentManyTimesAtOnceIsReceivedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[:2]...)
		day := w.get(system, id).CourseDays[0]
		must(t, w.save(dalarnas, day, all(seats, round.Present), there(day, true), first.At(9, 0)))
		teacher := access.Viewer{PersonID: w.borlange, Trainer: true}
		outcomes := make([][]string, 20)
		var start, done sync.WaitGroup
		start.Add(1)
		for i := range outcomes {
			done.Go(func() {
				start.Wait()
				outcomes[i] = w.send(teacher, day.ID, first.At(12, i), round.SentMark{Key: "once", EnrolmentID: seats[0], Mark: round.Absent, At: first.At(10, 0)})
			})
		}
		start.Done()
		done.Wait()
		for i, o := range outcomes {
			if !slices.Equal(o, []string{"saved"}) {
				t.Errorf("sending %d gives %v", i, o)
			}
		}
		for query, want := range map[string]int{
			`SELECT COUNT(*) FROM mark_receipt`:                            1,
			`SELECT COUNT(*) FROM round_event WHERE kind = 'mark_changed'`: 1,
			`SELECT COUNT(*) FROM attendance WHERE mark = 'absent'`:        1,
		} {
			got, err := db.Row(ctx, d.Reader(), db.One[int], query)
			must(t, err)
			if got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
	})
}

func BenchmarkSaveAListOfTwenty(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	t := &testing.T{}
	w := newWorld(t, d)
	persons := slices.Clone(w.staff)
	for i := range 10 {
		persons = append(persons, w.person(fmt.Sprintf("Till%02d", i), falun))
	}
	id := w.published(w.plan())
	seats := w.enrolled(id, persons...)
	day := w.get(system, id).CourseDays[0]
	teacher := access.Viewer{PersonID: w.borlange, Trainer: true}
	b.ResetTimer()
	for i := range b.N {
		mark := []round.Mark{round.Present, round.Late}[i%2] // each list changes every mark
		if err := w.save(teacher, day, all(seats, mark), there(day, true), first.At(9, 0).Add(time.Duration(i)*time.Microsecond)); err != nil {
			b.Fatal(err)
		}
	}
}
