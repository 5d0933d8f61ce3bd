package round_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/round"
)

func TestCheckInHasAGraceBeforeAndAfter(t *testing.T) {
	day := round.Day{Day: first, Starts: "09:00", Ends: "16:00"}
	for name, c := range map[string]struct {
		at   clock.Instant
		want round.Mark
		key  string
	}{
		"a minute too early":         {first.At(7, 59), "", "check_in.too_early"},
		"an hour before":             {first.At(8, 0), round.Present, ""},
		"a quarter past is in time":  {first.At(9, 15), round.Present, ""},
		"a minute more is late":      {first.At(9, 16), round.Late, ""},
		"half an hour after":         {first.At(9, 30), round.Late, ""},
		"then the trainer decides":   {first.At(9, 31), "", "check_in.closed"},
		"the day after":              {(first + 1).At(9, 0), "", "check_in.closed"},
		"the day before at the hour": {(first - 1).At(9, 0), "", "check_in.too_early"},
	} {
		t.Run(name, func(t *testing.T) {
			mark, err := day.CheckIn(c.at)
			if mark != c.want || key(err) != c.key {
				t.Errorf("got %q and %q", mark, key(err))
			}
		})
	}
}

// room is a round whose first day's screen is shown.
type room struct {
	*world
	round int64
	day   round.Day
	seats []int64
	me    access.Viewer
}

func newRoom(t *testing.T, d *db.DB) *room {
	w := newWorld(t, d)
	r := &room{world: w, round: w.published(w.plan()), me: employee(w.staff[0], dalarna)}
	r.seats = w.enrolled(r.round, w.staff[:3]...)
	r.day = w.get(system, r.round).CourseDays[0]
	return r
}

func (r *room) screen(at clock.Instant) round.Screen {
	r.Helper()
	s, err := round.OnScreen(ctx, r.d, dalarnas, r.day.ID, at)
	must(r.T, err)
	return s
}

func TestAScannedCodeChecksIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		shown := first.At(8, 50)
		code := r.screen(shown).Scan
		ticket, err := round.Scan(ctx, d.Reader(), r.day.ID, code, shown)
		must(t, err)
		other := w2(r)
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			code   string
			at     clock.Instant
			want   string
			mark   round.Mark
		}{
			{"nobody with a seat, with a true code", employee(r.others[0], dalarna), code, shown, "check_in.not_enrolled", ""},
			{"nobody with a seat, with a guessed code", employee(r.others[0], dalarna), "AAAAAAAAAAAAAAAAAAAA", shown, "check_in.code_expired", ""},
			{"two minutes after it was shown", r.me, code, shown.Add(2 * time.Minute), "check_in.code_expired", ""},
			{"the code of another day", r.me, other, shown, "check_in.code_expired", ""},
			{"no code", r.me, "", shown, "check_in.code_expired", ""},
			{"a minute after it was shown", r.me, code, shown.Add(time.Minute), "", round.Present},
			{"again, late: the first counts", r.me, r.screen(first.At(9, 20)).Scan, first.At(9, 20), "", round.Present},
			{"a scan that waited for a letter, as early as the scan", employee(r.staff[1], dalarna), ticket, shown.Add(round.ScanLife), "", round.Present},
			{"but not for ever", employee(r.staff[2], dalarna), ticket, shown.Add(round.ScanLife + time.Second), "check_in.code_expired", ""},
			{"a ticket of one's own making", employee(r.staff[2], dalarna), strings.Replace(ticket, ".", "0.", 1), shown, "check_in.code_expired", ""},
			{"late", employee(r.staff[2], dalarna), r.screen(first.At(9, 20)).Scan, first.At(9, 20), "", round.Late},
		} {
			t.Run(c.name, func(t *testing.T) {
				mine, err := round.CheckIn(ctx, d, c.viewer, r.day.ID, c.code, c.at)
				if key(err) != c.want {
					t.Fatalf("got %q, want %q", key(err), c.want)
				}
				if err == nil && (mine.Mark != c.mark || mine.Word.Source != round.SelfSaid) {
					t.Errorf("marked %q by %q", mine.Mark, mine.Word.Source)
				}
			})
		}
		if got := r.screen(shown); got.Day.Attended != 3 || got.Day.HeldAt != nil {
			t.Errorf("the screen counts %d", got.Day.Attended)
		}

		// The trainer's word counts over it, and checking in does not undo that.
		must(t, r.save(dalarnas, r.day, all(r.seats, round.Absent), there(r.day, true), first.At(9, 25)))
		mine, err := round.CheckIn(ctx, d, r.me, r.day.ID, r.screen(first.At(9, 26)).Scan, first.At(9, 26))
		if err != nil || mine.Mark != round.Absent || mine.Word.Source != round.TrainerSaid {
			t.Errorf("after the trainer's word: %+v, %v", mine.Mark, err)
		}
	})
}

// w2 is the code of another round's day.
func w2(r *room) string {
	id := r.published(r.plan())
	s, err := round.OnScreen(ctx, r.d, dalarnas, r.get(system, id).CourseDays[0].ID, first.At(8, 50))
	must(r.T, err)
	return s.Scan
}

func TestTheScreenIsForThoseWhoKeepTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		for name, viewer := range map[string]access.Viewer{"a participant": r.me, "the municipality": faluns, "the neighbours": uppsalas} {
			if _, err := round.OnScreen(ctx, d, viewer, r.day.ID, now); key(err) != "fault.not_found" {
				t.Errorf("%s: %v", name, err)
			}
		}
		// Many screens that are opened at once show the same code.
		codes := make([]string, 8)
		var done sync.WaitGroup
		for i := range codes {
			done.Go(func() { codes[i] = r.screen(first.At(8, 0)).Scan })
		}
		done.Wait()
		for _, c := range codes {
			if c != codes[0] || len(c) != 20 {
				t.Errorf("the codes are %v", codes)
				break
			}
		}
		if a, b := r.screen(first.At(8, 0)), r.screen(first.At(8, 1)); a.Scan == b.Scan || a.Typed != b.Typed {
			t.Error("the scanned code changes every minute, the typed one every five")
		}
		if a, b := r.screen(first.At(8, 0)), r.screen(first.At(8, 5)); a.Typed == b.Typed {
			t.Error("the typed code does not change")
		}
	})
}

func TestATypedCodeChecksInAndGuessingIsStopped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		at := first.At(8, 50)
		code := r.screen(at).Typed
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		typed := func(viewer access.Viewer, code string, at clock.Instant) string {
			_, err := round.CheckInTyped(ctx, d, viewer, code, at)
			return key(err)
		}
		if got := typed(employee(r.others[0], dalarna), code, at); got != "check_in.no_day" {
			t.Errorf("somebody without a day gets %q", got)
		}
		if got := typed(r.me, code[:3]+" "+code[3:], at.Add(6*time.Minute)); got != "" {
			t.Errorf("the code before, with a space: %q", got)
		}
		if got := typed(employee(r.staff[2], dalarna), code, at.Add(11*time.Minute)); got != "check_in.code_expired" {
			t.Errorf("an old code: %q", got)
		}

		guesser := employee(r.staff[1], dalarna)
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
		if count["check_in.code_expired"] != 5 || count["check_in.too_many"] != 15 {
			t.Errorf("twenty guesses at once: %v", count)
		}
		if got := typed(guesser, code, at); got != "check_in.too_many" {
			t.Errorf("the right code after too many: %q", got)
		}
		if _, err := round.CheckIn(ctx, d, guesser, r.day.ID, r.screen(at).Scan, at); key(err) != "check_in.too_many" {
			t.Errorf("the picture after too many: %v", err)
		}
		later := at.Add(11 * time.Minute)
		if got := typed(guesser, r.screen(later).Typed, later); got != "" {
			t.Errorf("eleven minutes later: %q", got)
		}
	})
}

func TestACancelledRoundHasNoCheckIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		code := r.screen(first.At(8, 50)).Scan
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			return round.Cancel(ctx, tx, dalarnas, r.round, round.NoTrainer, "sjukdom", now)
		}))
		if _, err := round.CheckIn(ctx, d, r.me, r.day.ID, code, first.At(8, 50)); key(err) != "round.is_cancelled" {
			t.Errorf("got %v", err)
		}
	})
}

func TestNobodyIsApprovedByCheckingInAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRoom(t, d)
		for i, day := range r.get(system, r.round).CourseDays {
			at := (first + clock.Day(i)).At(8, 50)
			s, err := round.OnScreen(ctx, d, dalarnas, day.ID, at)
			must(t, err)
			_, err = round.CheckIn(ctx, d, r.me, day.ID, s.Scan, at)
			must(t, err)
		}
		mine := func() bool {
			for _, e := range r.get(system, r.round).Enrolments {
				if e.ID == r.seats[0] {
					return e.Approvable()
				}
			}
			return false
		}
		if mine() || r.get(system, r.round).Awaiting != 0 {
			t.Error("checking in on both days is enough")
		}
		for i, day := range r.get(system, r.round).CourseDays {
			must(t, r.save(dalarnas, day, all(r.seats, round.Present), there(day, true), (first+clock.Day(i)).At(16, 0)))
		}
		if !mine() || r.get(system, r.round).Awaiting != 3 {
			t.Error("the trainer's word is not")
		}
	})
}
