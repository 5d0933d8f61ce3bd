package attendance_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
)

func TestCheckInHasAGraceBeforeAndAfter(t *testing.T) {
	day := round.Day{Day: roundtest.First, Starts: "09:00", Ends: "16:00"}
	for name, c := range map[string]struct {
		at   clock.Instant
		want round.Mark
		key  string
	}{
		"a minute too early":         {roundtest.First.At(7, 59), "", "attendance.check_in.too_early"},
		"an hour before":             {roundtest.First.At(8, 0), round.Present, ""},
		"a quarter past is in time":  {roundtest.First.At(9, 15), round.Present, ""},
		"a minute more is late":      {roundtest.First.At(9, 16), round.Late, ""},
		"half an hour after":         {roundtest.First.At(9, 30), round.Late, ""},
		"then the trainer decides":   {roundtest.First.At(9, 31), "", "attendance.check_in.closed"},
		"the day after":              {(roundtest.First + 1).At(9, 0), "", "attendance.check_in.closed"},
		"the day before at the hour": {(roundtest.First - 1).At(9, 0), "", "attendance.check_in.too_early"},
	} {
		t.Run(name, func(t *testing.T) {
			mark, err := attendance.MarkAt(day, c.at)
			if mark != c.want || roundtest.Key(err) != c.key {
				t.Errorf("got %q and %q", mark, roundtest.Key(err))
			}
		})
	}
}

func TestAScannedCodeChecksIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := roundtest.NewLesson(t, d)
		shown := roundtest.First.At(8, 50)
		code := r.Screen(shown).Scan
		ticket, err := attendance.Scan(roundtest.Ctx, d.Reader(), r.Day.ID, code, shown)
		roundtest.Must(t, err)
		other := roundtest.W2(r)
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			code   string
			at     clock.Instant
			want   string
			mark   round.Mark
		}{
			{"nobody with a seat, with a true code", roundtest.Employee(r.Others[0], roundtest.Dalarna), code, shown, "attendance.check_in.not_enrolled", ""},
			{"nobody with a seat, with a guessed code", roundtest.Employee(r.Others[0], roundtest.Dalarna), "AAAAAAAAAAAAAAAAAAAA", shown, "attendance.check_in.code_expired", ""},
			{"two minutes after it was shown", r.Me, code, shown.Add(2 * time.Minute), "attendance.check_in.code_expired", ""},
			{"the code of another day", r.Me, other, shown, "attendance.check_in.code_expired", ""},
			{"no code", r.Me, "", shown, "attendance.check_in.code_expired", ""},
			{"a minute after it was shown", r.Me, code, shown.Add(time.Minute), "", round.Present},
			{"again, late: the first counts", r.Me, r.Screen(roundtest.First.At(9, 20)).Scan, roundtest.First.At(9, 20), "", round.Present},
			{"a scan that waited for a letter, as early as the scan", roundtest.Employee(r.Staff[1], roundtest.Dalarna), ticket, shown.Add(20 * time.Minute), "", round.Present},
			{"but not for ever", roundtest.Employee(r.Staff[2], roundtest.Dalarna), ticket, shown.Add(20*time.Minute + time.Second), "attendance.check_in.code_expired", ""},
			{"a ticket of one's own making", roundtest.Employee(r.Staff[2], roundtest.Dalarna), strings.Replace(ticket, ".", "0.", 1), shown, "attendance.check_in.code_expired", ""},
			{"late", roundtest.Employee(r.Staff[2], roundtest.Dalarna), r.Screen(roundtest.First.At(9, 20)).Scan, roundtest.First.At(9, 20), "", round.Late},
		} {
			t.Run(c.name, func(t *testing.T) {
				mine, err := attendance.CheckIn(roundtest.Ctx, d, c.viewer, r.Day.ID, c.code, c.at)
				if roundtest.Key(err) != c.want {
					t.Fatalf("got %q, want %q", roundtest.Key(err), c.want)
				}
				if err == nil && (mine.Mark != c.mark || mine.Word.Source != round.SelfSaid) {
					t.Errorf("marked %q by %q", mine.Mark, mine.Word.Source)
				}
			})
		}
		if got := r.Screen(shown); got.Day.Attended != 3 || got.Day.HeldAt != nil {
			t.Errorf("the screen counts %d", got.Day.Attended)
		}

		// The trainer's word counts over it, and checking in does not undo that.
		roundtest.Must(t, r.Save(roundtest.Dalarnas, r.Day, roundtest.All(r.Seats, round.Absent), roundtest.There(r.Day, true), roundtest.First.At(9, 25)))
		mine, err := attendance.CheckIn(roundtest.Ctx, d, r.Me, r.Day.ID, r.Screen(roundtest.First.At(9, 26)).Scan, roundtest.First.At(9, 26))
		if err != nil || mine.Mark != round.Absent || mine.Word.Source != round.TrainerSaid {
			t.Errorf("after the trainer's word: %+v, %v", mine.Mark, err)
		}
	})
}

func TestTheScreenIsForThoseWhoKeepTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := roundtest.NewLesson(t, d)
		for name, viewer := range map[string]access.Viewer{"a participant": r.Me, "the municipality": roundtest.Faluns, "the neighbours": roundtest.Uppsalas} {
			if _, err := attendance.OnScreen(roundtest.Ctx, d, viewer, r.Day.ID, roundtest.Now); roundtest.Key(err) != "fault.not_found" {
				t.Errorf("%s: %v", name, err)
			}
		}
		// Many screens that are opened at once show the same code.
		codes := make([]string, 8)
		var done sync.WaitGroup
		for i := range codes {
			done.Go(func() { codes[i] = r.Screen(roundtest.First.At(8, 0)).Scan })
		}
		done.Wait()
		for _, c := range codes {
			if c != codes[0] || len(c) != 20 {
				t.Errorf("the codes are %v", codes)
				break
			}
		}
		if a, b := r.Screen(roundtest.First.At(8, 0)), r.Screen(roundtest.First.At(8, 1)); a.Scan == b.Scan || a.Typed != b.Typed {
			t.Error("the scanned code changes every minute, the typed one every five")
		}
		if a, b := r.Screen(roundtest.First.At(8, 0)), r.Screen(roundtest.First.At(8, 5)); a.Typed == b.Typed {
			t.Error("the typed code does not change")
		}
	})
}

func TestATypedCodeChecksInAndGuessingIsStopped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := roundtest.NewLesson(t, d)
		at := roundtest.First.At(8, 50)
		code := r.Screen(at).Typed
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		typed := func(viewer access.Viewer, code string, at clock.Instant) string {
			_, err := attendance.CheckInTyped(roundtest.Ctx, d, viewer, code, at)
			return roundtest.Key(err)
		}
		if got := typed(roundtest.Employee(r.Others[0], roundtest.Dalarna), code, at); got != "attendance.check_in.no_day" {
			t.Errorf("somebody without a day gets %q", got)
		}
		if got := typed(r.Me, code[:3]+" "+code[3:], at.Add(6*time.Minute)); got != "" {
			t.Errorf("the code before, with a space: %q", got)
		}
		if got := typed(roundtest.Employee(r.Staff[2], roundtest.Dalarna), code, at.Add(11*time.Minute)); got != "attendance.check_in.code_expired" {
			t.Errorf("an old code: %q", got)
		}

		guesser := roundtest.Employee(r.Staff[1], roundtest.Dalarna)
		results := make([]string, 20)
		var start, done sync.WaitGroup
		start.Add(1)
		for i := range results {
			done.Go(func() {
				start.Wait()
				results[i] = typed(guesser, wrong, at)
			})
		}
		start.Done()
		done.Wait()
		count := map[string]int{}
		for _, k := range results {
			count[k]++
		}
		if count["attendance.check_in.code_expired"] != 5 || count["attendance.check_in.too_many"] != 15 {
			t.Errorf("twenty guesses at once: %v", count)
		}
		if got := typed(guesser, code, at); got != "attendance.check_in.too_many" {
			t.Errorf("the right code after too many: %q", got)
		}
		if _, err := attendance.CheckIn(roundtest.Ctx, d, guesser, r.Day.ID, r.Screen(at).Scan, at); roundtest.Key(err) != "attendance.check_in.too_many" {
			t.Errorf("the picture after too many: %v", err)
		}
		later := at.Add(11 * time.Minute)
		if got := typed(guesser, r.Screen(later).Typed, later); got != "" {
			t.Errorf("eleven minutes later: %q", got)
		}
	})
}

func TestACancelledRoundHasNoCheckIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := roundtest.NewLesson(t, d)
		code := r.Screen(roundtest.First.At(8, 50)).Scan
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, roundtest.Dalarnas, r.Round, round.NoTrainer, "sjukdom", roundtest.Now)
		}))
		if _, err := attendance.CheckIn(roundtest.Ctx, d, r.Me, r.Day.ID, code, roundtest.First.At(8, 50)); roundtest.Key(err) != "round.is_cancelled" {
			t.Errorf("got %v", err)
		}
	})
}

func TestNobodyIsApprovedByCheckingInAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := roundtest.NewLesson(t, d)
		for i, day := range r.Get(roundtest.System, r.Round).CourseDays {
			at := (roundtest.First + clock.Day(i)).At(8, 50)
			s, err := attendance.OnScreen(roundtest.Ctx, d, roundtest.Dalarnas, day.ID, at)
			roundtest.Must(t, err)
			_, err = attendance.CheckIn(roundtest.Ctx, d, r.Me, day.ID, s.Scan, at)
			roundtest.Must(t, err)
		}
		mine := func() bool {
			for _, e := range r.Get(roundtest.System, r.Round).Enrolments {
				if e.ID == r.Seats[0] {
					return e.Approvable()
				}
			}
			return false
		}
		if mine() || r.Get(roundtest.System, r.Round).Awaiting != 0 {
			t.Error("checking in on both days is enough")
		}
		for i, day := range r.Get(roundtest.System, r.Round).CourseDays {
			roundtest.Must(t, r.Save(roundtest.Dalarnas, day, roundtest.All(r.Seats, round.Present), roundtest.There(day, true), (roundtest.First+clock.Day(i)).At(16, 0)))
		}
		if !mine() || r.Get(roundtest.System, r.Round).Awaiting != 3 {
			t.Error("the trainer's word is not")
		}
	})
}
