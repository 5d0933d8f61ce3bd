package round_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/money"
	rooms "yrkesresan/internal/room"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

func (w *world) edit(viewer access.Viewer, id int64, version int, n round.New) error {
	return w.d.Write(ctx, func(tx *db.Tx) error { return round.Edit(ctx, tx, viewer, id, version, n, now) })
}

// kinds are the events of the round after the first so many, the oldest first.
func (w *world) kinds(id int64, after int) (all []round.Kind) {
	w.Helper()
	events, err := round.History(ctx, w.d.Reader(), dalarnas, id)
	must(w.T, err)
	for _, e := range events {
		all = append(all, e.Kind)
	}
	slices.Sort(all)
	return all[min(after, len(all)):]
}

func (w *world) room(name string, seats int) (id int64) {
	w.Helper()
	must(w.T, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = rooms.Add(ctx, tx, dalarnas, rooms.Room{RegionID: dalarna, Name: name, Address: "Falun", Seats: seats, Cost: money.Kronor(500)})
		return err
	}))
	return id
}

func TestAPlanIsChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		before := w.get(dalarnas, id)
		runn := w.room("Sal Runn", 30)

		n := round.PlanOf(before)
		day := first - 3
		n.Label, n.Capacity, n.WithdrawUntil, n.AcceptHours = "Ny", 12, &day, 24
		n.Days[0].RoomID = runn
		n.Days[1].Day += 7
		n.Days[1].Trainers = []round.NewTrainer{{PersonID: w.rss, Role: trainer.Lead}}
		n.Days = append(n.Days, round.NewDay{Day: first + 20, Starts: "10:00", Ends: "12:00", Link: "https://example.org/rum"})
		must(t, w.edit(dalarnas, id, before.Version, n))

		after := w.get(dalarnas, id)
		if after.Label != "Ny" || after.Capacity != 12 || *after.WithdrawUntil != day || after.AcceptHours != 24 || after.Version != before.Version+1 ||
			after.LastDay != first+20 || len(after.CourseDays) != 3 {
			t.Errorf("the round is %+v", after.Round)
		}
		if got := after.CourseDays[0]; got.ID != before.CourseDays[0].ID || got.Place != "Sal Runn, Falun" || got.RoomID != runn {
			t.Errorf("the first day is %+v", got)
		}
		if got := after.CourseDays[1]; got.ID != before.CourseDays[1].ID || got.Day != first+8 || len(got.Trainers) != 1 || got.Trainers[0].PersonID != w.rss {
			t.Errorf("the second day is %+v", got)
		}
		want := []round.Kind{round.WasChanged, round.DayAdded, round.DayChanged, round.DayChanged, round.WasPlanned, round.WasPublished, round.TrainerAdded, round.TrainerRemoved}
		slices.Sort(want)
		if diff := cmp.Diff(want, w.kinds(id, 0)); diff != "" {
			t.Error(diff)
		}

		t.Run("nothing changed writes no event, and days can be left out", func(t *testing.T) {
			events := len(w.kinds(id, 0))
			must(t, w.edit(dalarnas, id, after.Version, round.PlanOf(after)))
			if got := len(w.kinds(id, 0)); got != events {
				t.Errorf("%d events, want %d", got, events)
			}
			n := round.PlanOf(after)
			n.Days = n.Days[1:]
			must(t, w.edit(dalarnas, id, after.Version+1, n))
			if got := w.get(dalarnas, id); len(got.CourseDays) != 2 || got.FirstDay != first+8 || got.CourseDays[0].Ordinal != 1 {
				t.Errorf("the days are %+v", got.CourseDays)
			}
		})
	})
}

func TestTheSecondEditorIsToldAndNothingIsOverwritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seen := w.get(dalarnas, id)
		one, two := round.PlanOf(seen), round.PlanOf(seen)
		one.Label, two.Label = "Den första", "Den andra"
		must(t, w.edit(dalarnas, id, seen.Version, one))
		if got := key(w.edit(dalarnas, id, seen.Version, two)); got != "round.changed_meanwhile" {
			t.Errorf("the second was told %q", got)
		}
		if got := w.get(dalarnas, id).Label; got != "Den första" {
			t.Errorf("the round is called %q", got)
		}
	})
}

func TestWhatAPlanCannotBe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[:3]...)
		closed := w.room("Stängd", 30)
		must(t, w.d.Write(ctx, func(tx *db.Tx) error {
			r, err := rooms.Get(ctx, tx, dalarnas, closed)
			if err == nil {
				r.ClosedOn = &first
				err = rooms.Change(ctx, tx, dalarnas, r)
			}
			return err
		}))
		seen := w.get(dalarnas, id)
		must(t, w.save(dalarnas, seen.CourseDays[0], all(seats, round.Present), there(seen.CourseDays[0], true), first.At(16, 0)))
		for name, c := range map[string]struct {
			change func(*round.New)
			want   string
		}{
			"dates in the wrong order":       {func(n *round.New) { n.Days[1].Day = first - 1 }, "days.1.day round.days_backwards"},
			"a trainer twice in a day":       {func(n *round.New) { n.Days[1].Trainers = append(n.Days[1].Trainers, n.Days[1].Trainers[0]) }, "days.1.trainers round.trainer_twice"},
			"fewer seats than taken":         {func(n *round.New) { n.Capacity = 2 }, "capacity round.capacity_taken"},
			"a minimum above the capacity":   {func(n *round.New) { n.Capacity, n.Minimum = 5, 6 }, "minimum round.minimum_wrong"},
			"it ends before it starts":       {func(n *round.New) { n.Days[1].Ends = "08:00" }, "days.1.ends round.ends_before_start"},
			"no time of day":                 {func(n *round.New) { n.Days[1].Starts = "9" }, "days.1.starts round.time_wrong"},
			"sign-up after the first day":    {func(n *round.New) { n.SignupUntil = first + 1 }, "signup_until round.signup_after_start"},
			"a decision after the first day": {func(n *round.New) { day := first + 1; n.DecideOn = &day }, "decide_on round.decide_on_wrong"},
			"to withdraw before sign-up":     {func(n *round.New) { day := today - 1; n.WithdrawUntil = &day }, "withdraw_until round.withdraw_until_wrong"},
			"three weeks to answer an offer": {func(n *round.New) { n.AcceptHours = 21 * 24 }, "accept_hours round.accept_hours_wrong"},
			"a link that is none":            {func(n *round.New) { n.Days[1].Link = "javascript:alert(1)" }, "days.1.link round.link_wrong"},
			"a room that is closed by then":  {func(n *round.New) { n.Days[1].RoomID = closed }, "days.1.room round.room_closed"},
			"a room of nobody":               {func(n *round.New) { n.Days[1].RoomID = 99999 }, "days.1.room round.room_unknown"},
			"a step of another journey":      {func(n *round.New) { n.StepID = 1 }, "step round.step_wrong"},
			"no days":                        {func(n *round.New) { n.Days = nil }, "days round.days_missing"},
			"a day with attendance moved":    {func(n *round.New) { n.Days[0].Starts = "08:00" }, "days.0.day round.day_is_held"},
			"a day with attendance left out": {func(n *round.New) { n.Days = n.Days[1:] }, "days round.day_is_held_stays"},
			"a day of another round":         {func(n *round.New) { n.Days[1].ID = 99999 }, "fault.not_found"},
			"a trainer who is nobody":        {func(n *round.New) { n.Days[1].Trainers = []round.NewTrainer{{PersonID: 99999, Role: trainer.Lead}} }, "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				n := round.PlanOf(seen)
				c.change(&n)
				if got := key(w.edit(dalarnas, id, seen.Version, n)); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			})
		}
		if got := w.get(dalarnas, id); got.Version != seen.Version {
			t.Error("a refused plan was saved")
		}
		for name, viewer := range map[string]access.Viewer{"the neighbour": uppsalas, "a municipality": faluns, "a participant": employee(w.staff[0], dalarna)} {
			if got := key(w.edit(viewer, id, seen.Version, round.PlanOf(seen))); got != "fault.not_found" {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
}

func TestMoreSeatsGoToThoseWhoWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.plan()
		n.Capacity = 2
		id := w.published(n)
		w.enrolled(id, w.staff[:2]...)
		for _, p := range w.staff[2:4] {
			must(t, w.d.Write(ctx, func(tx *db.Tx) error {
				_, err := round.SignUp(ctx, tx, system, id, p, now)
				return err
			}))
		}
		seen := w.get(dalarnas, id)
		n = round.PlanOf(seen)
		n.Capacity = 3
		must(t, w.edit(dalarnas, id, seen.Version, n))
		if got := w.get(dalarnas, id); got.Seats+got.Offered != 3 {
			t.Errorf("%d seats and %d offers of 3", got.Seats, got.Offered)
		}
	})
}

func TestClashesAreFoundInEveryRegion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		runn := w.room("Sal Runn", 30)
		ours := w.plan()
		ours.Days[0].RoomID = runn
		id := w.published(ours)
		must(t, w.d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO trainer_absence (person_id, from_day, to_day) VALUES ($1, $2, $3)`, w.rss, first-1, first)
			return err
		}))
		find := func(viewer access.Viewer, n round.New, except int64) (found []round.Clash) {
			t.Helper()
			found, err := round.Clashes(ctx, d.Reader(), viewer, n, except, today)
			must(t, err)
			return found
		}
		kinds := func(found []round.Clash) (all []round.ClashKind) {
			for _, c := range found {
				all = append(all, c.Kind)
			}
			slices.Sort(all)
			return all
		}
		if diff := cmp.Diff([]round.ClashKind{round.TrainerAway}, kinds(find(dalarnas, ours, id))); diff != "" {
			t.Errorf("a round is no obstacle for itself: %s", diff)
		}
		second := find(dalarnas, ours, 0)
		if diff := cmp.Diff([]round.ClashKind{round.TrainerAway, round.RoomTaken, round.TrainerBusy, round.TrainerBusy, round.TrainerBusy}, kinds(second)); diff != "" {
			t.Error(diff)
		}
		for _, c := range second {
			if c.Kind == round.TrainerBusy && (c.RoundID != id || c.Round != "Kurs, Omgång 1") {
				t.Errorf("%+v does not say with which round", c)
			}
		}
		theirs := w.plan()
		theirs.RegionID = uppsala
		for _, c := range find(uppsalas, theirs, 0) {
			if c.RoundID != 0 || c.Round != "" || c.Kind == round.TrainerBusy && c.Region != "Dalarna" {
				t.Errorf("the neighbour is told %+v", c)
			}
		}
		if found := find(faluns, ours, 0); found != nil {
			t.Errorf("a municipality is told %v", found)
		}
		must(t, w.d.Write(ctx, func(tx *db.Tx) error { return round.Cancel(ctx, tx, system, id, round.TooFewSeats, "För få", now) }))
		if diff := cmp.Diff([]round.ClashKind{round.TrainerAway}, kinds(find(dalarnas, ours, 0))); diff != "" {
			t.Errorf("a cancelled round is no obstacle: %s", diff)
		}

		guest := ours.Days[0].Trainers[0].PersonID
		change := func(sql string, args ...any) {
			t.Helper()
			must(t, w.d.Write(ctx, func(tx *db.Tx) error { _, err := db.Exec(ctx, tx, sql, args...); return err }))
		}
		change(`INSERT INTO trainer_meeting (region_id, title, day, starts, ends) VALUES ($1, 'Träff', $2, '15:00', '17:00')`, dalarna, first)
		change(`INSERT INTO trainer_meeting_guest (meeting_id, person_id) SELECT id, $1 FROM trainer_meeting`, guest)
		met := func(found []round.Clash) (titles []string) {
			for _, c := range found {
				if c.Kind == round.TrainerMeets {
					titles = append(titles, c.Round)
				}
			}
			return titles
		}
		if diff := cmp.Diff([]string{"Träff"}, met(find(dalarnas, ours, 0))); diff != "" {
			t.Errorf("a trainer meeting is an obstacle: %s", diff)
		}
		if diff := cmp.Diff([]string{""}, met(find(uppsalas, theirs, 0))); diff != "" {
			t.Errorf("the neighbour is told that there is one: %s", diff)
		}
		change(`UPDATE trainer_meeting_guest SET answer = 'declined'`)
		if found := met(find(dalarnas, ours, 0)); found != nil {
			t.Errorf("who has declined the meeting is said to be at %q", found)
		}
	})
}

func TestARegionsYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		w.enrolled(id, w.staff[:3]...)
		cancelled := w.plan()
		cancelled.Label = "Omgång 2"
		off := w.published(cancelled)
		must(t, w.d.Write(ctx, func(tx *db.Tx) error { return round.Cancel(ctx, tx, system, off, round.TooFewSeats, "För få", now) }))
		next := w.plan()
		next.Days[0].Day, next.Days[1].Day = clock.Date(2026, 1, 13), clock.Date(2026, 1, 14)
		w.published(next)

		plan, err := round.Year(ctx, d.Reader(), dalarnas, dalarna, 2025, clock.YearStart(2025), clock.YearEnd(2025), today)
		must(t, err)
		at := slices.IndexFunc(plan.Courses, func(c round.CourseYear) bool { return c.ID == w.course })
		if at < 0 {
			t.Fatal("the course is not in the plan")
		}
		c := plan.Courses[at]
		if len(c.Rounds) != 2 || c.Missing() != 1 || !c.Regional {
			t.Errorf("%d rounds, %d missing", len(c.Rounds), c.Missing())
		}
		r := c.Rounds[0]
		if r.ID != id || r.Seats != 3 || len(r.CourseDays) != 2 || r.Status(today) != round.Open {
			t.Errorf("the first round is %+v", r)
		}
		if got := []int{r.CourseDays[0].Lacks(), r.CourseDays[1].Lacks()}; got[0] != 0 || got[1] != 1 {
			t.Errorf("the days lack %v trainers", got)
		}
		for name, viewer := range map[string]access.Viewer{"the neighbour": uppsalas, "a municipality": faluns} {
			if _, err := round.Year(ctx, d.Reader(), viewer, dalarna, 2025, clock.YearStart(2025), clock.YearEnd(2025), today); key(err) != "fault.not_found" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWhoCouldHoldADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		must(t, w.d.Write(ctx, func(tx *db.Tx) error {
			id, err := trainer.Recruit(ctx, tx, dalarnas, trainer.New{PersonID: w.borlange, CourseID: w.course, RegionID: dalarna, On: today - 30})
			if err == nil {
				err = trainer.Ready(ctx, tx, dalarnas, id, today-10)
			}
			return err
		}))
		found, err := round.Candidates(ctx, d.Reader(), dalarnas, w.course, dalarna, today)
		must(t, err)
		want := []round.Candidate{{PersonID: w.borlange, Name: "Test Utbildare", Municipality: "Borlänge", InTeam: true, Ready: true}}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Error(diff)
		}
		if _, err := round.Candidates(ctx, d.Reader(), uppsalas, w.course, dalarna, today); key(err) != "fault.not_found" {
			t.Errorf("the neighbour: %v", err)
		}
	})
}
