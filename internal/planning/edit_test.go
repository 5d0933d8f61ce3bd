package planning_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	rooms "yrkesresan/internal/room"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
)

func TestAPlanIsChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		before := w.Get(roundtest.Dalarnas, id)
		runn := w.Room("Sal Runn", 30)

		n := planning.PlanOf(before)
		day := roundtest.First - 3
		n.Label, n.Capacity, n.WithdrawUntil, n.AcceptHours = "Ny", 12, &day, 24
		n.Days[0].RoomID = runn
		n.Days[1].Day += 7
		n.Days[1].Trainers = []planning.NewTrainer{{PersonID: w.Rss, Role: trainer.Lead}}
		n.Days = append(n.Days, planning.NewDay{Day: roundtest.First + 20, Starts: "10:00", Ends: "12:00", Link: "https://example.org/rum"})
		roundtest.Must(t, w.Edit(roundtest.Dalarnas, id, before.Version, n))

		after := w.Get(roundtest.Dalarnas, id)
		if after.Label != "Ny" || after.Capacity != 12 || *after.WithdrawUntil != day || after.AcceptHours != 24 || after.Version != before.Version+1 ||
			after.LastDay != roundtest.First+20 || len(after.CourseDays) != 3 {
			t.Errorf("the round is %+v", after.Round)
		}
		if got := after.CourseDays[0]; got.ID != before.CourseDays[0].ID || got.Place != "Sal Runn, Falun" || got.RoomID != runn {
			t.Errorf("the first day is %+v", got)
		}
		if got := after.CourseDays[1]; got.ID != before.CourseDays[1].ID || got.Day != roundtest.First+8 || len(got.Trainers) != 1 || got.Trainers[0].PersonID != w.Rss {
			t.Errorf("the second day is %+v", got)
		}
		want := []round.Kind{round.WasChanged, round.DayAdded, round.DayChanged, round.DayChanged, round.WasPlanned, round.WasPublished, round.TrainerAdded, round.TrainerRemoved}
		slices.Sort(want)
		if diff := cmp.Diff(want, w.Kinds(id, 0)); diff != "" {
			t.Error(diff)
		}

		t.Run("nothing changed writes no event, and days can be left out", func(t *testing.T) {
			events := len(w.Kinds(id, 0))
			roundtest.Must(t, w.Edit(roundtest.Dalarnas, id, after.Version, planning.PlanOf(after)))
			if got := len(w.Kinds(id, 0)); got != events {
				t.Errorf("%d events, want %d", got, events)
			}
			n := planning.PlanOf(after)
			n.Days = n.Days[1:]
			roundtest.Must(t, w.Edit(roundtest.Dalarnas, id, after.Version+1, n))
			if got := w.Get(roundtest.Dalarnas, id); len(got.CourseDays) != 2 || got.FirstDay != roundtest.First+8 || got.CourseDays[0].Ordinal != 1 {
				t.Errorf("the days are %+v", got.CourseDays)
			}
		})
	})
}

func TestTheSecondEditorIsToldAndNothingIsOverwritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seen := w.Get(roundtest.Dalarnas, id)
		one, two := planning.PlanOf(seen), planning.PlanOf(seen)
		one.Label, two.Label = "Den första", "Den andra"
		roundtest.Must(t, w.Edit(roundtest.Dalarnas, id, seen.Version, one))
		if got := roundtest.Key(w.Edit(roundtest.Dalarnas, id, seen.Version, two)); got != "round.changed_meanwhile" {
			t.Errorf("the second was told %q", got)
		}
		if got := w.Get(roundtest.Dalarnas, id).Label; got != "Den första" {
			t.Errorf("the round is called %q", got)
		}
	})
}

func TestWhatAPlanCannotBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[:3]...)
		closed := w.Room("Stängd", 30)
		roundtest.Must(t, w.D.Write(roundtest.Ctx, func(tx *db.Tx) error {
			r, err := rooms.Get(roundtest.Ctx, tx, roundtest.Dalarnas, closed)
			if err == nil {
				r.ClosedOn = &roundtest.First
				err = rooms.Change(roundtest.Ctx, tx, roundtest.Dalarnas, r)
			}
			return err
		}))
		seen := w.Get(roundtest.Dalarnas, id)
		roundtest.Must(t, w.Save(roundtest.Dalarnas, seen.CourseDays[0], roundtest.All(seats, round.Present), roundtest.There(seen.CourseDays[0], true), roundtest.First.At(16, 0)))
		for name, c := range map[string]struct {
			change func(*planning.New)
			want   string
		}{
			"dates in the wrong order":       {func(n *planning.New) { n.Days[1].Day = roundtest.First - 1 }, "days.1.day round.days_backwards"},
			"a trainer twice in a day":       {func(n *planning.New) { n.Days[1].Trainers = append(n.Days[1].Trainers, n.Days[1].Trainers[0]) }, "days.1.trainers round.trainer_twice"},
			"fewer seats than taken":         {func(n *planning.New) { n.Capacity = 2 }, "capacity round.capacity_taken"},
			"a minimum above the capacity":   {func(n *planning.New) { n.Capacity, n.Minimum = 5, 6 }, "minimum round.minimum_wrong"},
			"it ends before it starts":       {func(n *planning.New) { n.Days[1].Ends = "08:00" }, "days.1.ends round.ends_before_start"},
			"no time of day":                 {func(n *planning.New) { n.Days[1].Starts = "9" }, "days.1.starts round.time_wrong"},
			"sign-up after the first day":    {func(n *planning.New) { n.SignupUntil = roundtest.First + 1 }, "signup_until round.signup_after_start"},
			"a decision after the first day": {func(n *planning.New) { day := roundtest.First + 1; n.DecideOn = &day }, "decide_on round.decide_on_wrong"},
			"to withdraw before sign-up":     {func(n *planning.New) { day := roundtest.Today - 1; n.WithdrawUntil = &day }, "withdraw_until round.withdraw_until_wrong"},
			"three weeks to answer an offer": {func(n *planning.New) { n.AcceptHours = 21 * 24 }, "accept_hours round.accept_hours_wrong"},
			"a link that is none":            {func(n *planning.New) { n.Days[1].Link = "javascript:alert(1)" }, "days.1.link round.link_wrong"},
			"a room that is closed by then":  {func(n *planning.New) { n.Days[1].RoomID = closed }, "days.1.room round.room_closed"},
			"a room of nobody":               {func(n *planning.New) { n.Days[1].RoomID = 99999 }, "days.1.room round.room_unknown"},
			"a step of another journey":      {func(n *planning.New) { n.StepID = 1 }, "step round.step_wrong"},
			"no days":                        {func(n *planning.New) { n.Days = nil }, "days round.days_missing"},
			"a day with attendance moved":    {func(n *planning.New) { n.Days[0].Starts = "08:00" }, "days.0.day round.day_is_held"},
			"a day with attendance left out": {func(n *planning.New) { n.Days = n.Days[1:] }, "days round.day_is_held_stays"},
			"a day of another round":         {func(n *planning.New) { n.Days[1].ID = 99999 }, "fault.not_found"},
			"a trainer who is nobody": {func(n *planning.New) {
				n.Days[1].Trainers = []planning.NewTrainer{{PersonID: 99999, Role: trainer.Lead}}
			}, "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				n := planning.PlanOf(seen)
				c.change(&n)
				if got := roundtest.Key(w.Edit(roundtest.Dalarnas, id, seen.Version, n)); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			})
		}
		if got := w.Get(roundtest.Dalarnas, id); got.Version != seen.Version {
			t.Error("a refused plan was saved")
		}
		for name, viewer := range map[string]access.Viewer{"the neighbour": roundtest.Uppsalas, "a municipality": roundtest.Faluns, "a participant": roundtest.Employee(w.Staff[0], roundtest.Dalarna)} {
			if got := roundtest.Key(w.Edit(viewer, id, seen.Version, planning.PlanOf(seen))); got != "fault.not_found" {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
}

func TestMoreSeatsGoToThoseWhoWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		n := w.Plan()
		n.Capacity = 2
		id := w.Published(n)
		w.Enrolled(id, w.Staff[:2]...)
		for _, p := range w.Staff[2:4] {
			roundtest.Must(t, w.D.Write(roundtest.Ctx, func(tx *db.Tx) error {
				_, err := seat.SignUp(roundtest.Ctx, tx, roundtest.System, id, p, roundtest.Now)
				return err
			}))
		}
		seen := w.Get(roundtest.Dalarnas, id)
		n = planning.PlanOf(seen)
		n.Capacity = 3
		roundtest.Must(t, w.Edit(roundtest.Dalarnas, id, seen.Version, n))
		if got := w.Get(roundtest.Dalarnas, id); got.Seats+got.Offered != 3 {
			t.Errorf("%d seats and %d offers of 3", got.Seats, got.Offered)
		}
	})
}

func TestClashesAreFoundInEveryRegion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		runn := w.Room("Sal Runn", 30)
		ours := w.Plan()
		ours.Days[0].RoomID = runn
		id := w.Published(ours)
		roundtest.Must(t, w.D.Write(roundtest.Ctx, func(tx *db.Tx) error {
			_, err := db.Exec(roundtest.Ctx, tx, `INSERT INTO trainer_absence (person_id, from_day, to_day) VALUES ($1, $2, $3)`, w.Rss, roundtest.First-1, roundtest.First)
			return err
		}))
		find := func(viewer access.Viewer, n planning.New, except int64) (found []planning.Clash) {
			t.Helper()
			found, err := planning.Clashes(roundtest.Ctx, d.Reader(), viewer, n, except, roundtest.Today)
			roundtest.Must(t, err)
			return found
		}
		kinds := func(found []planning.Clash) (all []planning.ClashKind) {
			for _, c := range found {
				all = append(all, c.Kind)
			}
			slices.Sort(all)
			return all
		}
		if diff := cmp.Diff([]planning.ClashKind{planning.TrainerAway}, kinds(find(roundtest.Dalarnas, ours, id))); diff != "" {
			t.Errorf("a round is no obstacle for itself: %s", diff)
		}
		second := find(roundtest.Dalarnas, ours, 0)
		if diff := cmp.Diff([]planning.ClashKind{planning.TrainerAway, planning.RoomTaken, planning.TrainerBusy, planning.TrainerBusy, planning.TrainerBusy}, kinds(second)); diff != "" {
			t.Error(diff)
		}
		for _, c := range second {
			if c.Kind == planning.TrainerBusy && (c.RoundID != id || c.Round != "Kurs, Omgång 1") {
				t.Errorf("%+v does not say with which round", c)
			}
		}
		theirs := w.Plan()
		theirs.RegionID = roundtest.Uppsala
		for _, c := range find(roundtest.Uppsalas, theirs, 0) {
			if c.RoundID != 0 || c.Round != "" || c.Kind == planning.TrainerBusy && c.Region != "Dalarna" {
				t.Errorf("the neighbour is told %+v", c)
			}
		}
		if found := find(roundtest.Faluns, ours, 0); found != nil {
			t.Errorf("a municipality is told %v", found)
		}
		roundtest.Must(t, w.D.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, roundtest.System, id, round.TooFewSeats, "För få", roundtest.Now)
		}))
		if diff := cmp.Diff([]planning.ClashKind{planning.TrainerAway}, kinds(find(roundtest.Dalarnas, ours, 0))); diff != "" {
			t.Errorf("a cancelled round is no obstacle: %s", diff)
		}

		guest := ours.Days[0].Trainers[0].PersonID
		change := func(sql string, args ...any) {
			t.Helper()
			roundtest.Must(t, w.D.Write(roundtest.Ctx, func(tx *db.Tx) error { _, err := db.Exec(roundtest.Ctx, tx, sql, args...); return err }))
		}
		change(`INSERT INTO trainer_meeting (region_id, title, day, starts, ends) VALUES ($1, 'Träff', $2, '15:00', '17:00')`, roundtest.Dalarna, roundtest.First)
		change(`INSERT INTO trainer_meeting_guest (meeting_id, person_id) SELECT id, $1 FROM trainer_meeting`, guest)
		met := func(found []planning.Clash) (titles []string) {
			for _, c := range found {
				if c.Kind == planning.TrainerMeets {
					titles = append(titles, c.Round)
				}
			}
			return titles
		}
		if diff := cmp.Diff([]string{"Träff"}, met(find(roundtest.Dalarnas, ours, 0))); diff != "" {
			t.Errorf("a trainer meeting is an obstacle: %s", diff)
		}
		if diff := cmp.Diff([]string{""}, met(find(roundtest.Uppsalas, theirs, 0))); diff != "" {
			t.Errorf("the neighbour is told that there is one: %s", diff)
		}
		change(`UPDATE trainer_meeting_guest SET answer = 'declined'`)
		if found := met(find(roundtest.Dalarnas, ours, 0)); found != nil {
			t.Errorf("who has declined the meeting is said to be at %q", found)
		}
	})
}

func TestARegionsYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		w.Enrolled(id, w.Staff[:3]...)
		cancelled := w.Plan()
		cancelled.Label = "Omgång 2"
		off := w.Published(cancelled)
		roundtest.Must(t, w.D.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return planning.Cancel(roundtest.Ctx, tx, roundtest.System, off, round.TooFewSeats, "För få", roundtest.Now)
		}))
		next := w.Plan()
		next.Days[0].Day, next.Days[1].Day = clock.Date(2026, 1, 13), clock.Date(2026, 1, 14)
		w.Published(next)

		plan, err := round.Year(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, 2025, clock.YearStart(2025), clock.YearEnd(2025), roundtest.Today)
		roundtest.Must(t, err)
		at := slices.IndexFunc(plan.Courses, func(c round.CourseYear) bool { return c.ID == w.Course })
		if at < 0 {
			t.Fatal("the course is not in the plan")
		}
		c := plan.Courses[at]
		if len(c.Rounds) != 2 || c.Missing() != 1 || !c.Regional {
			t.Errorf("%d rounds, %d missing", len(c.Rounds), c.Missing())
		}
		r := c.Rounds[0]
		if r.ID != id || r.Seats != 3 || len(r.CourseDays) != 2 || r.Status(roundtest.Today) != round.Open {
			t.Errorf("the first round is %+v", r)
		}
		if got := []int{r.CourseDays[0].Lacks(), r.CourseDays[1].Lacks()}; got[0] != 0 || got[1] != 1 {
			t.Errorf("the days lack %v trainers", got)
		}
		for name, viewer := range map[string]access.Viewer{"the neighbour": roundtest.Uppsalas, "a municipality": roundtest.Faluns} {
			if _, err := round.Year(roundtest.Ctx, d.Reader(), viewer, roundtest.Dalarna, 2025, clock.YearStart(2025), clock.YearEnd(2025), roundtest.Today); roundtest.Key(err) != "fault.not_found" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWhoCouldHoldADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		roundtest.Must(t, w.D.Write(roundtest.Ctx, func(tx *db.Tx) error {
			id, err := trainer.Recruit(roundtest.Ctx, tx, roundtest.Dalarnas, trainer.New{PersonID: w.Borlange, CourseID: w.Course, RegionID: roundtest.Dalarna, On: roundtest.Today - 30})
			if err == nil {
				err = trainer.Ready(roundtest.Ctx, tx, roundtest.Dalarnas, id, roundtest.Today-10)
			}
			return err
		}))
		found, err := planning.Candidates(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, w.Course, roundtest.Dalarna, roundtest.Today)
		roundtest.Must(t, err)
		want := []planning.Candidate{{PersonID: w.Borlange, Name: "Test Utbildare", Municipality: "Borlänge", InTeam: true, Ready: true}}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Error(diff)
		}
		if _, err := planning.Candidates(roundtest.Ctx, d.Reader(), roundtest.Uppsalas, w.Course, roundtest.Dalarna, roundtest.Today); roundtest.Key(err) != "fault.not_found" {
			t.Errorf("the neighbour: %v", err)
		}
	})
}
