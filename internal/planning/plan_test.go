package planning_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/trainer"
)

func TestAPlanIsFilledInFromTheCatalogue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id, err := w.Planned(roundtest.Dalarnas, w.Plan())
		roundtest.Must(t, err)
		got := w.Get(roundtest.Dalarnas, id)
		if got.Delivery != catalogue.Regional || got.TariffKind != "authority" || got.EditionID == nil || got.Edition != 1 || got.Region != "Dalarna" {
			t.Errorf("got %+v", got.Round)
		}
		if got.FirstDay != roundtest.First || got.LastDay != roundtest.First+1 || got.Days != 2 || got.Status(roundtest.Today) != round.Planned {
			t.Errorf("got %s to %s, %d days, %s", got.FirstDay, got.LastDay, got.Days, got.Status(roundtest.Today))
		}
		want := []round.Trainer{
			{PersonID: w.Rss, Name: "Test Kursledare", Role: trainer.Lead, RSS: true},
			{PersonID: w.Borlange, Name: "Test Utbildare", Role: trainer.Assistant, MunicipalityID: roundtest.Borlange, Municipality: "Borlänge"},
		}
		if diff := cmp.Diff(want, got.CourseDays[0].Trainers); diff != "" {
			t.Error(diff)
		}

		n := w.Plan()
		n.RegionID, n.Label = 0, "Nationell"
		id, err = w.Planned(roundtest.Producers, n)
		roundtest.Must(t, err)
		if got := w.Get(roundtest.Producers, id); got.Delivery != catalogue.National || got.TariffKind != "" || !got.National() {
			t.Errorf("the national round is %+v", got.Round)
		}
	})
}

func TestWhatIsWrongWithAPlanIsSaidPerField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		for name, c := range map[string]struct {
			viewer access.Viewer
			change func(n *planning.New)
			want   string
		}{
			"no label":                     {roundtest.Dalarnas, func(n *planning.New) { n.Label = " " }, "label round.label_missing"},
			"no seats":                     {roundtest.Dalarnas, func(n *planning.New) { n.Capacity, n.Minimum = 0, 0 }, "capacity round.capacity_wrong"},
			"a minimum above the capacity": {roundtest.Dalarnas, func(n *planning.New) { n.Minimum = 23 }, "minimum round.minimum_wrong"},
			"sign-up that ends first":      {roundtest.Dalarnas, func(n *planning.New) { n.SignupFrom = n.SignupUntil + 1 }, "signup_until round.signup_backwards"},
			"sign-up after the first day":  {roundtest.Dalarnas, func(n *planning.New) { n.SignupUntil = roundtest.First + 1 }, "signup_until round.signup_after_start"},
			"no days":                      {roundtest.Dalarnas, func(n *planning.New) { n.Days = nil }, "days round.days_missing"},
			"days that go backwards":       {roundtest.Dalarnas, func(n *planning.New) { n.Days[1].Day = roundtest.First - 1 }, "days.1.day round.days_backwards"},
			"two days at the same time":    {roundtest.Dalarnas, func(n *planning.New) { n.Days[1].Day = roundtest.First }, "days.1.day round.days_backwards"},
			"a time that is none":          {roundtest.Dalarnas, func(n *planning.New) { n.Days[0].Starts = "24:00" }, "days.0.starts round.time_wrong"},
			"an end before the start":      {roundtest.Dalarnas, func(n *planning.New) { n.Days[1].Ends = "08:59" }, "days.1.ends round.ends_before_start"},
			"an end past midnight":         {roundtest.Dalarnas, func(n *planning.New) { n.Days[1].Starts, n.Days[1].Ends = "22:00", "01:00" }, "days.1.ends round.ends_before_start"},
			"an hour that the clocks skip": {roundtest.Dalarnas, func(n *planning.New) {
				n.Days = n.Days[:1]
				n.Days[0].Day, n.Days[0].Starts = clock.Date(2027, time.March, 28), "02:30"
			}, "days.0.starts round.time_skipped"},
			"an end in that hour": {roundtest.Dalarnas, func(n *planning.New) {
				n.Days = n.Days[:1]
				n.Days[0].Day, n.Days[0].Starts, n.Days[0].Ends = clock.Date(2027, time.March, 28), "01:00", "02:00"
			}, "days.0.ends round.time_skipped"},
			"a trainer twice":         {roundtest.Dalarnas, func(n *planning.New) { n.Days[1].Trainers = append(n.Days[1].Trainers, n.Days[1].Trainers[0]) }, "days.1.trainers round.trainer_twice"},
			"a role that is none":     {roundtest.Dalarnas, func(n *planning.New) { n.Days[1].Trainers = []planning.NewTrainer{{PersonID: w.Rss, Role: "x"}} }, "days.1.trainers round.role_wrong"},
			"a delivery that is none": {roundtest.Dalarnas, func(n *planning.New) { n.Delivery = "x" }, "delivery round.delivery_wrong"},
			"a day before the first edition": {roundtest.Dalarnas, func(n *planning.New) {
				n.Days[0].Day, n.SignupFrom, n.SignupUntil = roundtest.Today-501, roundtest.Today-600, roundtest.Today-600
			}, "days.0.day round.no_edition"},
			"an unknown course": {roundtest.Dalarnas, func(n *planning.New) { n.CourseID = 999 }, "fault.not_found"},
			"an unknown trainer": {roundtest.Dalarnas, func(n *planning.New) {
				n.Days[0].Trainers = []planning.NewTrainer{{PersonID: 9999, Role: trainer.Lead}}
			}, "fault.not_found"},
			"another region":                 {roundtest.Dalarnas, func(n *planning.New) { n.RegionID = roundtest.Uppsala }, "fault.not_found"},
			"a municipality for a region":    {roundtest.System, func(n *planning.New) { n.RegionID = roundtest.Falun }, "fault.not_found"},
			"a national one by a region":     {roundtest.Dalarnas, func(n *planning.New) { n.RegionID = 0 }, "fault.not_found"},
			"a regional one by a producer":   {roundtest.Producers, func(*planning.New) {}, "fault.not_found"},
			"somebody who manages no rounds": {roundtest.Faluns, func(*planning.New) {}, "fault.forbidden"},
		} {
			t.Run(name, func(t *testing.T) {
				n := w.Plan()
				c.change(&n)
				if _, err := w.Planned(c.viewer, n); roundtest.Key(err) != c.want {
					t.Errorf("got %s, want %s", roundtest.Key(err), c.want)
				}
			})
		}
	})
}

func TestPublishConfirmAndCancelHappenOnceAndInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id, err := w.Planned(roundtest.Dalarnas, w.Plan())
		roundtest.Must(t, err)
		publish := func(v access.Viewer) error {
			return d.Write(roundtest.Ctx, func(tx *db.Tx) error { return planning.Publish(roundtest.Ctx, tx, v, id, roundtest.Now) })
		}
		confirm := func(v access.Viewer) error {
			return d.Write(roundtest.Ctx, func(tx *db.Tx) error { return planning.Confirm(roundtest.Ctx, tx, v, id, roundtest.Now) })
		}
		cancel := func(v access.Viewer, reason string) error {
			return d.Write(roundtest.Ctx, func(tx *db.Tx) error {
				return planning.Cancel(roundtest.Ctx, tx, v, id, round.TooFewSeats, reason, roundtest.Now)
			})
		}
		for _, step := range []struct {
			name string
			err  error
			want string
		}{
			{"confirming what is not published", confirm(roundtest.Dalarnas), "round.not_published"},
			{"publishing from the neighbouring region", publish(roundtest.Uppsalas), "fault.not_found"},
			{"publishing", publish(roundtest.Dalarnas), ""},
			{"publishing again", publish(roundtest.Dalarnas), "round.already_published"},
			{"publishing by one who only sees it", publish(roundtest.Faluns), "fault.not_found"},
			{"confirming", confirm(roundtest.Dalarnas), ""},
			{"confirming again", confirm(roundtest.Dalarnas), "round.already_confirmed"},
			{"cancelling without a reason", cancel(roundtest.Dalarnas, " "), "reason round.reason_missing"},
			{"cancelling for no cause", d.Write(roundtest.Ctx, func(tx *db.Tx) error {
				return planning.Cancel(roundtest.Ctx, tx, roundtest.Dalarnas, id, "", "sjukdom", roundtest.Now)
			}), "cause round.cause_missing"},
			{"cancelling by one who only sees it", cancel(roundtest.Faluns, "sjukdom"), "fault.not_found"},
			{"cancelling", cancel(roundtest.Dalarnas, "sjukdom"), ""},
			{"cancelling again", cancel(roundtest.Dalarnas, "sjukdom"), "round.is_cancelled"},
			{"confirming what is cancelled", confirm(roundtest.Dalarnas), "round.is_cancelled"},
		} {
			if roundtest.Key(step.err) != step.want {
				t.Errorf("%s gives %q, want %q", step.name, roundtest.Key(step.err), step.want)
			}
		}
		if _, err := w.Enrol(roundtest.Dalarnas, id, w.Staff[0], roundtest.Now); roundtest.Key(err) != "round.is_cancelled" {
			t.Errorf("a seat in a cancelled round gives %v", err)
		}
		got := w.Get(roundtest.Dalarnas, id)
		if err := w.Save(roundtest.Dalarnas, got.CourseDays[0], nil, roundtest.There(got.CourseDays[0], true), roundtest.First.At(16, 0)); roundtest.Key(err) != "round.is_cancelled" {
			t.Errorf("attendance of a cancelled round gives %v", err)
		}
		if got.Status(roundtest.Today) != round.Cancelled || got.CancelReason != "sjukdom" || got.CancelCause != round.TooFewSeats {
			t.Errorf("the round is %s because of %q", got.Status(roundtest.Today), got.CancelReason)
		}
		events, err := round.History(roundtest.Ctx, d.Reader(), roundtest.Dalarnas, id)
		roundtest.Must(t, err)
		var kinds []round.Kind
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff([]round.Kind{round.WasCancelled, round.WasConfirmed, round.WasPublished, round.WasPlanned}, kinds); diff != "" {
			t.Error(diff)
		}
		if events[0].Reason != "sjukdom" || events[0].At != roundtest.Now {
			t.Errorf("the cancelling is kept as %+v", events[0])
		}
	})
}
