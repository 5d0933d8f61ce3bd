package attendance_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
)

// Completion by rule: the way of one seat, step by step.
func TestALocalRoundIsCompletedByItsAttendance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		n := v.Occasion()
		n.Days = append(n.Days, planning.NewDay{Day: roundtest.First + 1, Starts: "13:00", Ends: "15:00"})
		got := v.Local(n, v.Homes[0], v.Homes[1])
		seats := roundtest.SeatsOf(got)
		keep := func(day int, mark round.Mark, why string, at clock.Instant) {
			t.Helper()
			roundtest.Must(t, v.Save(v.Chief, got.CourseDays[day], []attendance.Marking{{EnrolmentID: seats[0], Mark: mark, Why: why}, {EnrolmentID: seats[1], Mark: round.Absent, Why: why}}, roundtest.There(got.CourseDays[day], true), at))
		}
		done := func(person int64) string {
			t.Helper()
			all := v.Completions(person)
			if len(all) == 0 {
				return ""
			}
			if len(all) > 1 || all[0].Source != learning.Local || all[0].RoundID == nil || *all[0].RoundID != got.ID {
				t.Errorf("completed as %+v", all)
			}
			return all[0].On.String()
		}
		keep(0, round.Present, "", roundtest.First.At(15, 0))
		if done(v.Homes[0]) != "" {
			t.Error("one of two days completes")
		}
		keep(1, round.Late, "", (roundtest.First+1).At(15, 0))
		if got := done(v.Homes[0]); got != (roundtest.First + 1).String() {
			t.Errorf("attended both days, completed %q", got)
		}
		if done(v.Homes[1]) != "" {
			t.Error("who was away has completed")
		}
		if now := v.Get(roundtest.System, got.ID); now.Status(roundtest.First+1) != round.Approved || now.Approved != 1 || now.Enrolments[0].ApprovedOn == nil {
			t.Errorf("the round is %s with %d approved", now.Status(roundtest.First+1), now.Approved)
		}

		// What the rule has given is not taken back by word, but by the attendance.
		err := v.Write(func(tx *db.Tx) error {
			return attendance.Unapprove(roundtest.Ctx, tx, v.Chief, seats[0], "fel", (roundtest.First+2).At(9, 0))
		})
		if roundtest.Key(err) != "round.approved_by_rule" {
			t.Errorf("unapproving gives %v", err)
		}
		completion := v.Completions(v.Homes[0])[0].ID
		err = v.Write(func(tx *db.Tx) error {
			return learning.Revoke(roundtest.Ctx, tx, roundtest.System, completion, (roundtest.First+2).At(9, 0))
		})
		if roundtest.Key(err) != "learning.from_round" {
			t.Errorf("revoking gives %v", err)
		}
		keep(1, round.Excused, "fel person", (roundtest.First+2).At(9, 0))
		if done(v.Homes[0]) != "" || v.Get(roundtest.System, got.ID).Enrolments[0].ApprovedOn != nil {
			t.Error("the completion stays without the attendance")
		}
		keep(1, round.Present, "rätt person", (roundtest.First+2).At(10, 0))
		if done(v.Homes[0]) == "" {
			t.Error("the attendance comes back without the completion")
		}

		// Somebody may be approved for a reason; that stands.
		roundtest.Must(t, v.Approve(v.Chief, got.ID, roundtest.First+2, (roundtest.First+2).At(11, 0), attendance.Approval{EnrolmentID: seats[1], Reason: "tog igen dagarna i en annan grupp"}))
		keep(0, round.Present, "en gång till", (roundtest.First+2).At(12, 0))
		if all := v.Completions(v.Homes[0]); len(all) != 1 || all[0].RecordedBy != "" {
			t.Errorf("the rule has given %+v", all)
		}
		if done(v.Homes[1]) == "" {
			t.Error("what was approved for a reason is gone")
		}
	})
}

func TestOnesOwnWordCompletesUntilTheManagerSaysOtherwise(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		got := v.Local(v.Occasion(), v.Homes...)
		day := got.CourseDays[0]
		for name, c := range map[string]struct {
			person int64
			at     clock.Instant
			want   string
		}{
			"before it begins":       {v.Homes[0], roundtest.First.At(12, 59), "round.not_reportable"},
			"long after":             {v.Homes[0], (roundtest.First + attendance.OwnWordDays + 1).At(0, 0), "round.not_reportable"},
			"somebody who is not in": {v.Neighbour, roundtest.First.At(14, 0), "fault.not_found"},
		} {
			if _, err := v.Report(c.person, day.ID, c.at); roundtest.Key(err) != c.want {
				t.Errorf("%s gives %v, want %s", name, err, c.want)
			}
		}
		for i, person := range v.Homes {
			mine, err := v.Report(person, day.ID, (roundtest.First+clock.Day(i)).At(14, 0))
			roundtest.Must(t, err)
			if mine.Mark != round.Present || mine.Word.Source != round.SelfSaid || len(v.Completions(person)) != 1 {
				t.Errorf("their own word gives %+v and %v", mine, v.Completions(person))
			}
		}
		if v.Get(roundtest.System, got.ID).Held != 0 {
			t.Error("the day is held before those who keep the list have spoken")
		}

		takeBack := func(person int64) error {
			return v.Write(func(tx *db.Tx) error {
				_, err := attendance.TakeBack(roundtest.Ctx, tx, v.Worker(person, v.North), day.ID, (roundtest.First+2).At(15, 0))
				return err
			})
		}
		roundtest.Must(t, takeBack(v.Homes[1]))
		if len(v.Completions(v.Homes[1])) != 0 {
			t.Error("what was taken back still counts")
		}

		// The manager corrects one; everybody else was there.
		seats := map[int64]int64{}
		for _, e := range got.Enrolments {
			seats[e.PersonID] = e.ID
		}
		chief := v.Chief
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			_, err := attendance.SaveMarks(roundtest.Ctx, tx, chief, day.ID, []attendance.SentMark{{Key: "x", EnrolmentID: seats[v.Homes[0]], Mark: round.Absent, At: (roundtest.First + 3).At(8, 0)}}, (roundtest.First+3).At(8, 0))
			return err
		}))
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return attendance.Everybody(roundtest.Ctx, tx, chief, day.ID, (roundtest.First+3).At(9, 0))
		}))
		if v.Get(roundtest.System, got.ID).Held != 1 {
			t.Error("the day is not held when all is said")
		}
		var counts []int
		for _, person := range v.Homes {
			counts = append(counts, len(v.Completions(person)))
		}
		if diff := cmp.Diff([]int{0, 1, 1}, counts); diff != "" {
			t.Error(diff)
		}
		if err := takeBack(v.Homes[2]); roundtest.Key(err) != "round.said_by_others" {
			t.Errorf("taking back the manager's word gives %v", err)
		}
		if mine, err := v.Report(v.Homes[0], day.ID, (roundtest.First+4).At(9, 0)); err != nil || mine.Mark != round.Absent {
			t.Errorf("one's own word counts over the manager's: %+v, %v", mine, err)
		}

		// Those who come to a regional round do not report themselves.
		regional := v.Published(v.Plan())
		v.Enrolled(regional, v.Homes[0])
		if _, err := v.Report(v.Homes[0], v.Get(roundtest.System, regional).CourseDays[0].ID, roundtest.First.At(10, 0)); roundtest.Key(err) != "round.not_reportable" {
			t.Errorf("reporting a regional day gives %v", err)
		}
	})
}

func TestOwnWordsAreConfirmedOnlyWhenThatIsSaid(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		got := v.Local(v.Occasion(), v.Homes...)
		day := got.CourseDays[0]
		at := (roundtest.First + 1).At(9, 0)
		for _, person := range v.Homes[:2] {
			if _, err := v.Report(person, day.ID, roundtest.First.At(14, 0)); err != nil {
				t.Fatal(err)
			}
		}
		seats := []int64{roundtest.SeatOf(got, v.Homes[0]), roundtest.SeatOf(got, v.Homes[1]), roundtest.SeatOf(got, v.Homes[2])}
		want := func(what string, held int, sources ...round.Source) {
			t.Helper()
			saved := sheet(v.World, day.ID)
			for i, seat := range seats {
				if saved[seat].Source != sources[i] {
					t.Errorf("%s: seat %d has the word %q, want %q", what, i, saved[seat].Source, sources[i])
				}
			}
			if n := v.Get(roundtest.System, got.ID).Held; n != held {
				t.Errorf("%s: %d days are held, want %d", what, n, held)
			}
		}
		left := func(seat int64) attendance.Marking {
			return attendance.Marking{EnrolmentID: seat, Mark: round.Present, Own: true}
		}
		if err := v.Save(v.Chief, day, []attendance.Marking{left(seats[0]), {EnrolmentID: seats[1], Mark: round.Present}}, roundtest.There(day, true), at); err == nil {
			t.Error("a list with a gap is taken")
		}
		want("refused", 0, round.SelfSaid, round.SelfSaid, "")
		roundtest.Must(t, v.Save(v.Chief, day, []attendance.Marking{left(seats[0]), left(seats[1]), {EnrolmentID: seats[2], Mark: round.Absent}}, roundtest.There(day, true), at))
		want("left as they were", 0, round.SelfSaid, round.SelfSaid, round.TrainerSaid)
		// What nobody said of themselves is not left theirs.
		roundtest.Must(t, v.Write(func(tx *db.Tx) error { return attendance.Confirm(roundtest.Ctx, tx, v.Chief, day.ID, at) }))
		want("confirmed", 1, round.TrainerSaid, round.TrainerSaid, round.TrainerSaid)
		if saved := sheet(v.World, day.ID); saved[seats[2]].Mark != round.Absent {
			t.Error("who was away is confirmed too")
		}
	})
}

func TestConfirmingLeavesThoseOfWhomNobodySpoke(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		got := v.Local(v.Occasion(), v.Homes...)
		day := got.CourseDays[0]
		if _, err := v.Report(v.Homes[0], day.ID, roundtest.First.At(14, 0)); err != nil {
			t.Fatal(err)
		}
		confirm := func(viewer access.Viewer) error {
			return v.Write(func(tx *db.Tx) error {
				return attendance.Confirm(roundtest.Ctx, tx, viewer, day.ID, roundtest.First.At(17, 0))
			})
		}
		if err := confirm(v.OtherChief); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("another unit's manager confirms: %v", err)
		}
		roundtest.Must(t, confirm(v.Chief))
		saved := sheet(v.World, day.ID)
		seat := func(i int) int64 { return roundtest.SeatOf(got, v.Homes[i]) }
		if saved[seat(0)].Source != round.TrainerSaid || saved[seat(1)].Mark != "" || saved[seat(2)].Mark != "" || v.Get(roundtest.System, got.ID).Held != 0 {
			t.Errorf("saved is %+v", saved)
		}
	})
}

func TestRequiredTasksAreAskedForToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		edition := v.Content(catalogue.Rules{Preparation: catalogue.Advise, FollowUp: catalogue.Require, FollowUpDays: 14})
		got := v.Local(v.Occasion(), v.Homes...)
		day := got.CourseDays[0]
		if got.EditionID == nil || *got.EditionID != edition {
			t.Fatalf("the round is of the edition %v", got.EditionID)
		}
		// One does the task before the day, one after it, one never: the course is
		// completed by the last of what it asks, and not before its last day.
		roundtest.Must(t, v.Does(v.Homes[0], "after", (roundtest.First-1).At(16, 0)))
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return attendance.Everybody(roundtest.Ctx, tx, v.Chief, day.ID, roundtest.First.At(17, 0))
		}))
		roundtest.Must(t, v.Does(v.Homes[1], "before", (roundtest.First+3).At(8, 0)))
		roundtest.Must(t, v.Does(v.Homes[1], "after", (roundtest.First+3).At(9, 0)))
		for i, want := range []clock.Day{roundtest.First, roundtest.First + 3, 0} {
			var on clock.Day
			if all := v.Completions(v.Homes[i]); len(all) == 1 {
				on = all[0].On
				if all[0].Edition != 2 {
					t.Errorf("person %d completed edition %d", i, all[0].Edition)
				}
			}
			if on != want {
				t.Errorf("person %d completed on %s, want %s", i, on, want)
			}
		}
	})
}

func TestNobodyIsApprovedUnpreparedWithoutAReasonWhereItIsRequired(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		w.Content(catalogue.Rules{Preparation: catalogue.Require})
		n := w.Plan()
		n.Days = n.Days[:1]
		id := w.Published(n)
		seats := w.Enrolled(id, w.Staff[:3]...)
		roundtest.Must(t, w.Does(w.Staff[0], "before", roundtest.Now))
		day := w.Get(roundtest.System, id).CourseDays[0]
		roundtest.Must(t, w.Save(roundtest.Dalarnas, day, roundtest.All(seats, round.Present), roundtest.There(day, true), roundtest.First.At(16, 0)))
		prepared, err := attendance.Preparations(roundtest.Ctx, d.Reader(), w.Get(roundtest.System, id).Round, w.Get(roundtest.System, id).Enrolments)
		roundtest.Must(t, err)
		want := map[int64]attendance.Preparation{
			w.Staff[0]: {Asked: true, Gate: true}, w.Staff[1]: {Asked: true, Gate: true, Left: 1}, w.Staff[2]: {Asked: true, Gate: true, Left: 1},
		}
		if diff := cmp.Diff(want, prepared); diff != "" {
			t.Error(diff)
		}
		both := []attendance.Approval{{EnrolmentID: seats[0]}, {EnrolmentID: seats[1]}}
		if err := w.Approve(roundtest.Dalarnas, id, roundtest.First, roundtest.First.At(17, 0), both...); roundtest.Key(err) != fmt.Sprintf("approve_%d round.approval_unprepared", seats[1]) {
			t.Errorf("approving the unprepared gives %v", err)
		}
		both[1].Reason = "gjorde förberedelsen på papper"
		roundtest.Must(t, w.Approve(roundtest.Dalarnas, id, roundtest.First, roundtest.First.At(17, 0), both...))
		for i, want := range []int{1, 1, 0} {
			if got := len(w.Completions(w.Staff[i])); got != want {
				t.Errorf("person %d has %d completions, want %d", i, got, want)
			}
		}
	})
}

func TestTwoWhoSaveTheSameListCompleteOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		v.Content(catalogue.Rules{FollowUp: catalogue.Require, FollowUpDays: 14})
		got := v.Local(v.Occasion(), v.Homes...)
		day := got.CourseDays[0]
		errs := make([]error, 12)
		var start, done sync.WaitGroup
		start.Add(1)
		for i := range errs {
			done.Go(func() {
				start.Wait()
				at := roundtest.First.At(16, 0).Add(time.Duration(i) * time.Second)
				switch i % 3 {
				case 0:
					errs[i] = v.Write(func(tx *db.Tx) error { return attendance.Everybody(roundtest.Ctx, tx, v.Chief, day.ID, at) })
				case 1:
					errs[i] = v.Does(v.Homes[i/3%3], "after", at)
				default:
					_, errs[i] = v.Report(v.Homes[i/3%3], day.ID, at)
				}
			})
		}
		start.Done()
		done.Wait()
		for i, err := range errs {
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
		for _, query := range []string{
			`SELECT COUNT(*) FROM completion`,
			`SELECT COUNT(*) FROM round_event WHERE kind = 'approved'`,
			`SELECT COUNT(*) FROM enrolment WHERE approved_at IS NOT NULL`,
		} {
			n, err := db.Row(roundtest.Ctx, d.Reader(), db.One[int], query)
			roundtest.Must(t, err)
			if n != 3 {
				t.Errorf("%s: %d, want 3", query, n)
			}
		}
	})
}

func TestWhoCompletesInTwoOccasionsKeepsOneCompletion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		a := v.Local(v.Occasion(), v.Homes[0])
		n := v.Occasion()
		n.Days = slices.Clone(n.Days)
		n.Days[0].Day++
		b := v.Local(n, v.Homes[0])
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return attendance.Everybody(roundtest.Ctx, tx, v.Chief, a.CourseDays[0].ID, roundtest.First.At(16, 0))
		}))
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return attendance.Everybody(roundtest.Ctx, tx, v.Chief, b.CourseDays[0].ID, (roundtest.First+1).At(16, 0))
		}))
		roundtest.Must(t, v.Save(v.Chief, a.CourseDays[0], []attendance.Marking{{EnrolmentID: a.Enrolments[0].ID, Mark: round.Absent, Why: "fel"}}, roundtest.There(a.CourseDays[0], true), (roundtest.First+2).At(8, 0)))
		all := v.Completions(v.Homes[0])
		if len(all) != 1 || *all[0].RoundID != b.ID || all[0].On != roundtest.First+1 || all[0].Source != learning.Local {
			t.Errorf("got %+v", all)
		}
	})
}

func TestALocalDayThatIsLeftOutAsksNothingMoreOfThoseWhoWereThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		n := v.Occasion()
		n.Days = append(n.Days, planning.NewDay{Day: roundtest.First + 1, Starts: "13:00", Ends: "15:00"})
		got := v.Local(n, v.Homes[0], v.Homes[1])
		seats := roundtest.SeatsOf(got)
		roundtest.Must(t, v.Save(v.Chief, got.CourseDays[0], []attendance.Marking{{EnrolmentID: seats[0], Mark: round.Present}, {EnrolmentID: seats[1], Mark: round.Absent}},
			roundtest.There(got.CourseDays[0], true), roundtest.First.At(15, 0)))
		got = v.Get(v.Chief, got.ID)
		n = planning.PlanOf(got)
		n.Days = n.Days[:1]
		roundtest.Must(t, v.Edit(v.Chief, got.ID, got.Version, n))
		if all := v.Completions(v.Homes[0]); len(all) != 1 || all[0].On != roundtest.First {
			t.Errorf("who was there on the day that is left has %+v", all)
		}
		if all := v.Completions(v.Homes[1]); len(all) != 0 {
			t.Errorf("who was away has %+v", all)
		}
	})
}

func TestALocalDayOfWhichPeopleHaveSpokenStaysAndADayMoreIsAskedOfThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		got := v.Local(v.Occasion(), v.Homes[0], v.Homes[1])
		_, err := v.Report(v.Homes[0], got.CourseDays[0].ID, roundtest.First.At(14, 0))
		roundtest.Must(t, err)
		roundtest.Must(t, v.Approve(v.Chief, got.ID, roundtest.First, roundtest.First.At(15, 0), attendance.Approval{EnrolmentID: roundtest.SeatOf(got, v.Homes[1]), Reason: "gick den i fjol"}))
		n := planning.PlanOf(got)
		n.Days[0].Day = roundtest.First + 7
		if err := v.Edit(v.Chief, got.ID, got.Version, n); roundtest.Key(err) != "days.0.day round.day_is_marked" {
			t.Fatalf("moving it gives %v", err)
		}
		n.Days[0].Day, n.Days[0].Ends = roundtest.First, "15:30"
		roundtest.Must(t, v.Edit(v.Chief, got.ID, got.Version, n))
		if len(v.Completions(v.Homes[0])) != 1 {
			t.Error("a completion is gone because the day was half an hour longer")
		}

		got = v.Get(v.Chief, got.ID)
		n = planning.PlanOf(got)
		n.Days = append(n.Days, planning.NewDay{Day: roundtest.First + 1, Starts: "13:00", Ends: "15:00"})
		roundtest.Must(t, v.Edit(v.Chief, got.ID, got.Version, n))
		if len(v.Completions(v.Homes[0])) != 0 {
			t.Error("who has been there on one of two days keeps the completion")
		}
		if len(v.Completions(v.Homes[1])) != 1 {
			t.Error("what was approved for a reason is gone")
		}
		got = v.Get(v.Chief, got.ID)
		_, err = v.Report(v.Homes[0], got.CourseDays[1].ID, (roundtest.First+1).At(14, 0))
		roundtest.Must(t, err)
		if all := v.Completions(v.Homes[0]); len(all) != 1 || all[0].On != roundtest.First+1 {
			t.Errorf("who was there on both days has %+v", all)
		}
	})
}

func TestWhoReportsThemselvesAndHasTasksLeftIsCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		v.Content(catalogue.Rules{Preparation: catalogue.Require})
		got := v.Local(v.Occasion(), v.Homes[0], v.Homes[1])
		_, err := v.Report(v.Homes[0], got.CourseDays[0].ID, roundtest.First.At(14, 0))
		roundtest.Must(t, err)
		if got = v.Get(v.Chief, got.ID); got.Awaiting != 1 || got.Approved != 0 {
			t.Errorf("%d have been there and have tasks left, %d are done; want one and none", got.Awaiting, got.Approved)
		}
	})
}

func TestWhatIsSharedIsForTheTrainersOfTheLastRound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := roundtest.NewVillage(t, d)
		regional := v.Published(v.Plan())
		v.Enrolled(regional, v.Homes[0], v.Homes[1])
		since := func(id int64) map[int64]clock.Instant {
			t.Helper()
			all, err := seat.SeatedSince(roundtest.Ctx, d.Reader(), id)
			roundtest.Must(t, err)
			return all
		}
		if got := since(regional); len(got) != 2 || got[v.Homes[0]] == 0 {
			t.Fatalf("in the only round are %v", got)
		}
		n := v.Occasion()
		n.Days[0].Day = v.Get(roundtest.System, regional).LastDay + 1
		local := v.Local(n, v.Homes[0])
		if diff := cmp.Diff(map[int64]clock.Instant{v.Homes[0]: roundtest.Now}, since(local.ID)); diff != "" {
			t.Error(diff)
		}
		if got := since(regional); len(got) != 1 || got[v.Homes[1]] == 0 {
			t.Errorf("still in the first round are %v", got)
		}
		roundtest.Must(t, v.Write(func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, v.Chief, local.ID, round.OtherCause, "sjuk", roundtest.Today.At(13, 0))
		}))
		if got := since(regional); len(got) != 2 {
			t.Errorf("after the second is cancelled, in the first are %v", got)
		}
	})
}
