package attendance_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
)

// said is somebody's mark with whose word it is.
type said struct {
	Mark   round.Mark
	Reason string
	Source round.Source
}

// sheet is what the day's list says about each seat.
func sheet(w *roundtest.World, day int64) map[int64]said {
	w.Helper()
	s, err := round.SheetOf(roundtest.Ctx, w.D.Reader(), roundtest.System, day)
	roundtest.Must(w.T, err)
	all := map[int64]said{}
	for _, e := range s.Enrolments {
		all[e.ID] = said{e.Marks[0], e.Reasons[0], e.Words[0].Source}
	}
	return all
}

// send saves marks one by one and gives each its outcome, or the fault's key.
func send(w *roundtest.World, viewer access.Viewer, day int64, now clock.Instant, sent ...attendance.SentMark) []string {
	w.Helper()
	var answers []attendance.Receipt
	err := w.D.Write(roundtest.Ctx, func(tx *db.Tx) (err error) {
		answers, err = attendance.SaveMarks(roundtest.Ctx, tx, viewer, day, sent, now)
		return err
	})
	if err != nil {
		return []string{roundtest.Key(err)}
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
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[:2]...)
		day := w.Get(roundtest.System, id).CourseDays[0]
		roundtest.Must(t, w.Save(roundtest.Dalarnas, day, roundtest.All(seats, round.Present), roundtest.There(day, true), roundtest.First.At(16, 0)))
		list := func(second attendance.Marking) []attendance.Marking {
			second.EnrolmentID = seats[1]
			return []attendance.Marking{{EnrolmentID: seats[0], Mark: round.Present}, second}
		}
		for _, c := range []struct {
			name   string
			at     clock.Instant
			second attendance.Marking
			want   string
			then   said
		}{
			{"on the day nobody asks why", roundtest.First.At(23, 59), attendance.Marking{Mark: round.Absent}, "", said{round.Absent, "", round.TrainerSaid}},
			{"the day after a reason is missing", (roundtest.First + 1).At(0, 0), attendance.Marking{Mark: round.Late, Why: " "}, "why attendance.correction_unexplained", said{round.Absent, "", round.TrainerSaid}},
			{"saying the same again needs none", (roundtest.First + 1).At(0, 1), attendance.Marking{Mark: round.Absent}, "", said{round.Absent, "", round.TrainerSaid}},
			{"with a reason it is a correction", (roundtest.First + 1).At(9, 0), attendance.Marking{Mark: round.Present, Why: "satt längst bak"}, "", said{round.Present, "", round.Corrected}},
			{"a new reason for being late explains too", (roundtest.First + 2).At(9, 0), attendance.Marking{Mark: round.Late, Reason: "tåget"}, "", said{round.Late, "tåget", round.Corrected}},
			{"an old one does not", (roundtest.First + 3).At(9, 0), attendance.Marking{Mark: round.Excused, Reason: "tåget"}, "why attendance.correction_unexplained", said{round.Late, "tåget", round.Corrected}},
		} {
			t.Run(c.name, func(t *testing.T) {
				if err := w.Save(roundtest.Dalarnas, day, list(c.second), roundtest.There(day, true), c.at); roundtest.Key(err) != c.want {
					t.Errorf("got %q, want %q", roundtest.Key(err), c.want)
				}
				if diff := cmp.Diff(map[int64]said{seats[0]: {round.Present, "", round.TrainerSaid}, seats[1]: c.then}, sheet(w, day.ID)); diff != "" {
					t.Error(diff)
				}
			})
		}
		events, err := round.History(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id)
		roundtest.Must(t, err)
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
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[:3]...)
		foreign := w.Enrolled(w.Published(w.Plan()), w.Staff[0])[0]
		day := w.Get(roundtest.System, id).CourseDays[0]
		one, two := access.Viewer{PersonID: w.Borlange, Trainer: true}, access.Viewer{PersonID: w.Rss, Trainer: true}
		at, now := roundtest.First.At(9, 10), roundtest.First.At(12, 0)
		mark := func(key string, enrolment int64, m round.Mark, at clock.Instant) attendance.SentMark {
			return attendance.SentMark{Key: key, EnrolmentID: enrolment, Mark: m, At: at}
		}
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			now    clock.Instant
			sent   []attendance.SentMark
			want   []string
		}{
			{"the day before", one, (roundtest.First - 1).At(12, 0), []attendance.SentMark{mark("x", seats[0], round.Present, at)}, []string{"round.day_ahead"}},
			{"a participant", roundtest.Employee(w.Staff[0], roundtest.Dalarna), now, []attendance.SentMark{mark("x", seats[0], round.Present, at)}, []string{"fault.not_found"}},
			{"nothing", one, now, nil, nil},
			{"two good ones among bad ones", one, now, []attendance.SentMark{
				mark("a", seats[0], round.Present, at), mark("f", foreign, round.Present, at), mark("b", seats[1], round.Late, at),
				mark("w", seats[1], "asleep", at), mark("", seats[1], round.Absent, at), {Key: "t", TrainerID: w.Others[0], Mark: round.Present, At: at},
			}, []string{"saved", "attendance.seat_gone", "saved", "round.mark_wrong", "round.mark_wrong", "attendance.trainer_gone"}},
			{"the same again", one, now, []attendance.SentMark{mark("a", seats[0], round.Absent, at), mark("b", seats[1], round.Late, at)}, []string{"saved", "saved"}},
			{"by another trainer", two, now, []attendance.SentMark{mark("a", seats[0], round.Absent, at)}, []string{"attendance.key_used"}},
			{"an older mark of another trainer", two, now, []attendance.SentMark{mark("c", seats[0], round.Absent, at.Add(-time.Second))}, []string{"older"}},
			{"and again", two, now, []attendance.SentMark{mark("c", seats[0], round.Absent, at.Add(-time.Second))}, []string{"older"}},
			{"two of one seat", two, now, []attendance.SentMark{mark("d", seats[2], round.Present, at), mark("e", seats[2], round.Excused, at.Add(time.Second))}, []string{"saved", "saved"}},
			{"a change the day after", two, (roundtest.First + 1).At(9, 0), []attendance.SentMark{mark("g", seats[2], round.Absent, (roundtest.First+1).At(8, 0))}, []string{"attendance.change_unexplained"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				if diff := cmp.Diff(c.want, send(w, c.viewer, day.ID, c.now, c.sent...)); diff != "" {
					t.Error(diff)
				}
			})
		}
		want := map[int64]said{
			seats[0]: {round.Present, "", round.TrainerSaid}, seats[1]: {round.Late, "", round.TrainerSaid}, seats[2]: {round.Excused, "", round.TrainerSaid},
		}
		if diff := cmp.Diff(want, sheet(w, day.ID)); diff != "" {
			t.Error(diff)
		}
		by, err := db.Rows(roundtest.Ctx, d.Reader(), db.One[int64], `SELECT marked_by FROM attendance WHERE course_day_id = $1 ORDER BY enrolment_id`, day.ID)
		roundtest.Must(t, err)
		if diff := cmp.Diff([]int64{w.Borlange, w.Borlange, w.Rss}, by); diff != "" {
			t.Error(diff)
		}

		// The list is whole when also the trainers have been spoken of.
		if got := w.Get(roundtest.System, id); got.Held != 0 {
			t.Error("the day is held before anybody said who taught")
		}
		send(w, one, day.ID, now, attendance.SentMark{Key: "h", TrainerID: w.Rss, Mark: round.Present, At: at}, attendance.SentMark{Key: "i", TrainerID: w.Borlange, Mark: round.Present, At: at})
		if got := w.Get(roundtest.System, id); got.Held != 1 || *got.CourseDays[0].HeldAt != now {
			t.Errorf("the day is not held: %+v", got.CourseDays[0])
		}
		if got := send(w, two, day.ID, now, attendance.SentMark{Key: "j", TrainerID: w.Rss, Mark: round.Absent, At: at.Add(-time.Second)}); !slices.Equal(got, []string{"saved"}) || !*w.Get(roundtest.System, id).CourseDays[0].Trainers[0].Present {
			t.Errorf("an older word about a trainer counts (%v)", got)
		}
	})
}

func TestAMarkMadeOnTheDayIsTheDaysWordAlsoWhenItArrivesLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[:2]...)
		day := w.Get(roundtest.System, id).CourseDays[0]
		roundtest.Must(t, w.Save(roundtest.Dalarnas, day, roundtest.All(seats, round.Present), roundtest.There(day, true), roundtest.First.At(9, 0)))
		for name, c := range map[string]struct {
			seat  int64
			at    clock.Instant
			now   clock.Instant
			want  string
			then  round.Source
			after round.Mark
		}{
			"three days later":      {seats[0], roundtest.First.At(15, 0), (roundtest.First + 3).At(9, 0), "saved", round.TrainerSaid, round.Absent},
			"after weeks it is not": {seats[1], roundtest.First.At(15, 0), (roundtest.First + 30).At(9, 0), "attendance.change_unexplained", round.TrainerSaid, round.Present},
		} {
			t.Run(name, func(t *testing.T) {
				got := send(w, dalarnasPerson(w), day.ID, c.now, attendance.SentMark{Key: name, EnrolmentID: c.seat, Mark: round.Absent, At: c.at})
				if !slices.Equal(got, []string{c.want}) {
					t.Errorf("got %v", got)
				}
				if s := sheet(w, day.ID)[c.seat]; s.Source != c.then || s.Mark != c.after {
					t.Errorf("the list says %+v", s)
				}
			})
		}
	})
}

// dalarnasPerson manages Dalarna's rounds and is somebody.
func dalarnasPerson(w *roundtest.World) access.Viewer {
	v := roundtest.Dalarnas
	v.PersonID = w.Rss
	return v
}

func TestAMarkSentManyTimesAtOnceIsReceivedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[:2]...)
		day := w.Get(roundtest.System, id).CourseDays[0]
		roundtest.Must(t, w.Save(roundtest.Dalarnas, day, roundtest.All(seats, round.Present), roundtest.There(day, true), roundtest.First.At(9, 0)))
		teacher := access.Viewer{PersonID: w.Borlange, Trainer: true}
		outcomes := make([][]string, 20)
		var start, done sync.WaitGroup
		start.Add(1)
		for i := range outcomes {
			done.Go(func() {
				start.Wait()
				outcomes[i] = send(w, teacher, day.ID, roundtest.First.At(12, i), attendance.SentMark{Key: "once", EnrolmentID: seats[0], Mark: round.Absent, At: roundtest.First.At(10, 0)})
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
			got, err := db.Row(roundtest.Ctx, d.Reader(), db.One[int], query)
			roundtest.Must(t, err)
			if got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
	})
}

func BenchmarkSaveAListOfTwenty(b *testing.B) {
	d := dbtest.Open(b, dbtest.SQLite(b))
	t := &testing.T{}
	w := roundtest.NewWorld(t, d)
	persons := slices.Clone(w.Staff)
	for i := range 10 {
		persons = append(persons, w.Person(fmt.Sprintf("Till%02d", i), roundtest.Falun))
	}
	id := w.Published(w.Plan())
	seats := w.Enrolled(id, persons...)
	day := w.Get(roundtest.System, id).CourseDays[0]
	teacher := access.Viewer{PersonID: w.Borlange, Trainer: true}
	b.ResetTimer()
	for i := range b.N {
		mark := []round.Mark{round.Present, round.Late}[i%2] // each list changes every mark
		if err := w.Save(teacher, day, roundtest.All(seats, mark), roundtest.There(day, true), roundtest.First.At(9, 0).Add(time.Duration(i)*time.Microsecond)); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWhatIsWrittenInAListHasAnEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		n := w.Plan()
		n.Days = n.Days[:1]
		id := w.Published(n)
		seats := w.Enrolled(id, w.Staff[:1]...)
		day := w.Get(roundtest.System, id).CourseDays[0]
		most, more := strings.Repeat("å", 500), strings.Repeat("å", 501)
		for i, c := range []struct {
			name, key, reason, want string
		}{
			{"a mark has a key", "", "", "round.mark_wrong"},
			{"of sixty-four characters at most", strings.Repeat("k", 64), "", "saved"},
			{"not of one more", strings.Repeat("k", 65), "", "round.mark_wrong"},
			{"a reason has five hundred characters", "most", most, "saved"},
			{"not one more", "more", more, "round.mark_wrong"},
		} {
			sent := attendance.SentMark{Key: c.key, EnrolmentID: seats[0], Mark: round.Late, Reason: c.reason, At: roundtest.First.At(9, i)}
			if got := send(w, dalarnasPerson(w), day.ID, roundtest.First.At(10, 0), sent); !slices.Equal(got, []string{c.want}) {
				t.Errorf("%s: got %v", c.name, got)
			}
		}
		list := func(reason string) string {
			err := w.Save(roundtest.Dalarnas, day, []attendance.Marking{{EnrolmentID: seats[0], Mark: round.Absent, Reason: reason}}, roundtest.There(day, true), roundtest.First.At(16, 0))
			return roundtest.Key(err)
		}
		if got := list(more); !strings.HasSuffix(got, "round.reason_too_long") {
			t.Errorf("a list with a reason that is too long gives %q", got)
		}
		if got := list(most); got != "" {
			t.Errorf("a list with the longest reason gives %q", got)
		}
		approve := func(reason string) string {
			return roundtest.Key(w.Approve(roundtest.Dalarnas, id, roundtest.First, roundtest.First.At(17, 0), attendance.Approval{EnrolmentID: seats[0], Reason: reason}))
		}
		if got := approve(more); !strings.HasSuffix(got, "round.reason_too_long") {
			t.Errorf("an approval with a reason that is too long gives %q", got)
		}
		if got := approve(most); got != "" {
			t.Errorf("an approval with the longest reason gives %q", got)
		}
	})
}
