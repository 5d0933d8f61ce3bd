package round_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/learning"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

const (
	dalarna  int64 = 20
	uppsala  int64 = 3
	falun    int64 = 2080
	borlange int64 = 2081
	tierp    int64 = 360 // in Uppsala
)

var (
	ctx    = context.Background()
	system = access.System()
	// The world's rounds are open for sign-up today and have their two days in
	// ten and eleven days.
	today = clock.Date(2025, 3, 3)
	now   = today.At(12, 0)
	first = today + 10
)

func office(role access.Role, level access.Level, id, region int64) access.Viewer {
	return access.Viewer{Grants: []access.Grant{{Role: role, Level: level, OrganisationID: id, RegionID: region}}}
}

var (
	dalarnas  = office(access.Regional, access.Region, dalarna, dalarna)
	uppsalas  = office(access.Regional, access.Region, uppsala, uppsala)
	faluns    = office(access.MunicipalAdmin, access.Municipality, falun, dalarna)
	producers = office(access.Producer, access.Nation, organisation.NationID, 0)
)

// employee is somebody who works in the region and holds no office.
func employee(id, region int64) access.Viewer {
	return access.Viewer{PersonID: id, Home: access.Place{RegionID: region, PersonID: id}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// key is the message of the fault that err is: of each wrong field, or its own.
func key(err error) string {
	f := fault.Of(err)
	switch {
	case err == nil:
		return ""
	case f == nil:
		return err.Error()
	case len(f.Fields) == 0:
		return f.Key
	}
	var all []string
	for _, field := range f.Fields {
		all = append(all, field.Name+" "+field.Key)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// world is a database with the country, a course of two days, ten employees of
// Falun and two of Borlänge, and a trainer of the RSS beside one of Borlänge.
type world struct {
	*testing.T
	d        *db.DB
	course   int64
	staff    []int64 // of Falun
	others   []int64 // of Borlänge
	rss      int64
	borlange int64 // the trainer
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, d: d}
	must(t, organisation.Install(ctx, d))
	must(t, d.Write(ctx, func(tx *db.Tx) (err error) {
		w.course, err = catalogue.Add(ctx, tx, catalogue.Course{Slug: "kurs", Name: "Kurs", Days: 2, TariffKind: "authority"}, catalogue.Regional, today-500)
		return err
	}))
	for i := range 10 {
		w.staff = append(w.staff, w.person(fmt.Sprintf("Falun%02d", i), falun))
	}
	w.others = []int64{w.person("Borlänge1", borlange), w.person("Borlänge2", borlange)}
	w.rss, w.borlange = w.person("Kursledare", dalarna), w.person("Utbildare", borlange)
	return w
}

func (w *world) person(family string, at int64) (id int64) {
	w.Helper()
	must(w.T, w.d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = people.Add(ctx, tx, system, people.NewPerson{GivenName: "Test", FamilyName: family}, at, today-400, "", now)
		return err
	}))
	return id
}

// plan is a round that passes every check.
func (w *world) plan() round.New {
	teachers := []round.NewTrainer{{PersonID: w.borlange, Role: trainer.Assistant}, {PersonID: w.rss, Role: trainer.Lead}}
	return round.New{
		CourseID: w.course, RegionID: dalarna, Label: "Omgång 1", Capacity: 22, Minimum: 2,
		SignupFrom: today, SignupUntil: today + 5,
		Days: []round.NewDay{
			{Day: first, Starts: "09:00", Ends: "16:00", Place: "Falun", Trainers: teachers},
			{Day: first + 1, Starts: "09:00", Ends: "16:00", Place: "Falun", Trainers: slices.Clone(teachers[:1])},
		},
	}
}

func (w *world) planned(viewer access.Viewer, n round.New) (id int64, err error) {
	err = w.d.Write(ctx, func(tx *db.Tx) error {
		id, err = round.Plan(ctx, tx, viewer, n, now)
		return err
	})
	return id, err
}

// published makes a round that is open for sign-up.
func (w *world) published(n round.New) int64 {
	w.Helper()
	id, err := w.planned(system, n)
	must(w.T, err)
	must(w.T, w.d.Write(ctx, func(tx *db.Tx) error { return round.Publish(ctx, tx, system, id, now) }))
	return id
}

func (w *world) enrol(viewer access.Viewer, roundID, personID int64, at clock.Instant) (id int64, err error) {
	err = w.d.Write(ctx, func(tx *db.Tx) error {
		id, err = round.Enrol(ctx, tx, viewer, roundID, personID, at)
		return err
	})
	return id, err
}

// enrolled gives each person a seat and the seats' identities in their order.
func (w *world) enrolled(roundID int64, persons ...int64) (seats []int64) {
	w.Helper()
	for _, p := range persons {
		id, err := w.enrol(system, roundID, p, now)
		must(w.T, err)
		seats = append(seats, id)
	}
	return seats
}

func (w *world) get(viewer access.Viewer, roundID int64) round.Detail {
	w.Helper()
	d, err := round.Get(ctx, w.d.Reader(), viewer, roundID)
	must(w.T, err)
	return d
}

func (w *world) save(viewer access.Viewer, day round.Day, marks []round.Marking, trainers []round.TrainerMarking, at clock.Instant) error {
	return w.d.Write(ctx, func(tx *db.Tx) error {
		return round.SaveAttendance(ctx, tx, viewer, day.ID, marks, trainers, at)
	})
}

// all marks every seat alike.
func all(seats []int64, mark round.Mark) (marks []round.Marking) {
	for _, s := range seats {
		marks = append(marks, round.Marking{EnrolmentID: s, Mark: mark})
	}
	return marks
}

// there says of every trainer of the day whether they were there.
func there(day round.Day, present bool) (marks []round.TrainerMarking) {
	for _, t := range day.Trainers {
		marks = append(marks, round.TrainerMarking{PersonID: t.PersonID, Present: present})
	}
	return marks
}

func (w *world) approve(viewer access.Viewer, roundID int64, on clock.Day, at clock.Instant, approvals ...round.Approval) error {
	return w.d.Write(ctx, func(tx *db.Tx) error { return round.Approve(ctx, tx, viewer, roundID, approvals, on, at) })
}

func (w *world) completions(personID int64) []learning.Completion {
	w.Helper()
	c, err := learning.Completions(ctx, w.d.Reader(), system, personID, today)
	must(w.T, err)
	return c
}

func TestAPlanIsFilledInFromTheCatalogue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id, err := w.planned(dalarnas, w.plan())
		must(t, err)
		got := w.get(dalarnas, id)
		if got.Delivery != catalogue.Regional || got.TariffKind != "authority" || got.EditionID == nil || got.Edition != 1 || got.Region != "Dalarna" {
			t.Errorf("got %+v", got.Round)
		}
		if got.FirstDay != first || got.LastDay != first+1 || got.Days != 2 || got.Status(today) != round.Planned {
			t.Errorf("got %s to %s, %d days, %s", got.FirstDay, got.LastDay, got.Days, got.Status(today))
		}
		want := []round.Trainer{
			{PersonID: w.rss, Name: "Test Kursledare", Role: trainer.Lead, RSS: true},
			{PersonID: w.borlange, Name: "Test Utbildare", Role: trainer.Assistant, MunicipalityID: borlange, Municipality: "Borlänge"},
		}
		if diff := cmp.Diff(want, got.CourseDays[0].Trainers); diff != "" {
			t.Error(diff)
		}

		n := w.plan()
		n.RegionID, n.Label = 0, "Nationell"
		id, err = w.planned(producers, n)
		must(t, err)
		if got := w.get(producers, id); got.Delivery != catalogue.National || got.TariffKind != "" || !got.National() {
			t.Errorf("the national round is %+v", got.Round)
		}
	})
}

func TestWhatIsWrongWithAPlanIsSaidPerField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, c := range map[string]struct {
			viewer access.Viewer
			change func(n *round.New)
			want   string
		}{
			"no label":                       {dalarnas, func(n *round.New) { n.Label = " " }, "label round.label_missing"},
			"no seats":                       {dalarnas, func(n *round.New) { n.Capacity, n.Minimum = 0, 0 }, "capacity round.capacity_wrong"},
			"a minimum above the capacity":   {dalarnas, func(n *round.New) { n.Minimum = 23 }, "minimum round.minimum_wrong"},
			"sign-up that ends first":        {dalarnas, func(n *round.New) { n.SignupFrom = n.SignupUntil + 1 }, "signup_until round.signup_backwards"},
			"sign-up after the first day":    {dalarnas, func(n *round.New) { n.SignupUntil = first + 1 }, "signup_until round.signup_after_start"},
			"no days":                        {dalarnas, func(n *round.New) { n.Days = nil }, "days round.days_missing"},
			"days that go backwards":         {dalarnas, func(n *round.New) { n.Days[1].Day = first - 1 }, "days.1.day round.days_backwards"},
			"two days at the same time":      {dalarnas, func(n *round.New) { n.Days[1].Day = first }, "days.1.day round.days_backwards"},
			"a time that is none":            {dalarnas, func(n *round.New) { n.Days[0].Starts = "24:00" }, "days.0.starts round.time_wrong"},
			"an end before the start":        {dalarnas, func(n *round.New) { n.Days[1].Ends = "08:59" }, "days.1.ends round.ends_before_start"},
			"a trainer twice":                {dalarnas, func(n *round.New) { n.Days[1].Trainers = append(n.Days[1].Trainers, n.Days[1].Trainers[0]) }, "days.1.trainers round.trainer_twice"},
			"a role that is none":            {dalarnas, func(n *round.New) { n.Days[1].Trainers = []round.NewTrainer{{PersonID: w.rss, Role: "x"}} }, "days.1.trainers round.role_wrong"},
			"a delivery that is none":        {dalarnas, func(n *round.New) { n.Delivery = "x" }, "delivery round.delivery_wrong"},
			"a day before the first edition": {dalarnas, func(n *round.New) { n.Days[0].Day, n.SignupFrom, n.SignupUntil = today-501, today-600, today-600 }, "days.0.day round.no_edition"},
			"an unknown course":              {dalarnas, func(n *round.New) { n.CourseID = 999 }, "fault.not_found"},
			"an unknown trainer":             {dalarnas, func(n *round.New) { n.Days[0].Trainers = []round.NewTrainer{{PersonID: 9999, Role: trainer.Lead}} }, "fault.not_found"},
			"another region":                 {dalarnas, func(n *round.New) { n.RegionID = uppsala }, "fault.not_found"},
			"a municipality for a region":    {system, func(n *round.New) { n.RegionID = falun }, "fault.not_found"},
			"a national one by a region":     {dalarnas, func(n *round.New) { n.RegionID = 0 }, "fault.not_found"},
			"a regional one by a producer":   {producers, func(*round.New) {}, "fault.not_found"},
			"somebody who manages no rounds": {faluns, func(*round.New) {}, "fault.forbidden"},
		} {
			t.Run(name, func(t *testing.T) {
				n := w.plan()
				c.change(&n)
				if _, err := w.planned(c.viewer, n); key(err) != c.want {
					t.Errorf("got %s, want %s", key(err), c.want)
				}
			})
		}
	})
}

func TestPublishConfirmAndCancelHappenOnceAndInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id, err := w.planned(dalarnas, w.plan())
		must(t, err)
		publish := func(v access.Viewer) error {
			return d.Write(ctx, func(tx *db.Tx) error { return round.Publish(ctx, tx, v, id, now) })
		}
		confirm := func(v access.Viewer) error {
			return d.Write(ctx, func(tx *db.Tx) error { return round.Confirm(ctx, tx, v, id, now) })
		}
		cancel := func(v access.Viewer, reason string) error {
			return d.Write(ctx, func(tx *db.Tx) error { return round.Cancel(ctx, tx, v, id, round.TooFewSeats, reason, now) })
		}
		for _, step := range []struct {
			name string
			err  error
			want string
		}{
			{"confirming what is not published", confirm(dalarnas), "round.not_published"},
			{"publishing from the neighbouring region", publish(uppsalas), "fault.not_found"},
			{"publishing", publish(dalarnas), ""},
			{"publishing again", publish(dalarnas), "round.already_published"},
			{"publishing by one who only sees it", publish(faluns), "fault.not_found"},
			{"confirming", confirm(dalarnas), ""},
			{"confirming again", confirm(dalarnas), "round.already_confirmed"},
			{"cancelling without a reason", cancel(dalarnas, " "), "reason round.reason_missing"},
			{"cancelling for no cause", d.Write(ctx, func(tx *db.Tx) error { return round.Cancel(ctx, tx, dalarnas, id, "", "sjukdom", now) }), "cause round.cause_missing"},
			{"cancelling by one who only sees it", cancel(faluns, "sjukdom"), "fault.not_found"},
			{"cancelling", cancel(dalarnas, "sjukdom"), ""},
			{"cancelling again", cancel(dalarnas, "sjukdom"), "round.is_cancelled"},
			{"confirming what is cancelled", confirm(dalarnas), "round.is_cancelled"},
		} {
			if key(step.err) != step.want {
				t.Errorf("%s gives %q, want %q", step.name, key(step.err), step.want)
			}
		}
		if _, err := w.enrol(dalarnas, id, w.staff[0], now); key(err) != "round.is_cancelled" {
			t.Errorf("a seat in a cancelled round gives %v", err)
		}
		got := w.get(dalarnas, id)
		if err := w.save(dalarnas, got.CourseDays[0], nil, there(got.CourseDays[0], true), first.At(16, 0)); key(err) != "round.is_cancelled" {
			t.Errorf("attendance of a cancelled round gives %v", err)
		}
		if got.Status(today) != round.Cancelled || got.CancelReason != "sjukdom" || got.CancelCause != round.TooFewSeats {
			t.Errorf("the round is %s because of %q", got.Status(today), got.CancelReason)
		}
		events, err := round.History(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		var kinds []round.Kind
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		if diff := cmp.Diff([]round.Kind{round.WasCancelled, round.WasConfirmed, round.WasPublished, round.WasPlanned}, kinds); diff != "" {
			t.Error(diff)
		}
		if events[0].Reason != "sjukdom" || events[0].At != now {
			t.Errorf("the cancelling is kept as %+v", events[0])
		}
	})
}

func TestAPageAndTheListShowTheSameRounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		away := w.person("Uppsalabo", tierp)
		n := w.plan()
		hidden, err := w.planned(system, n)
		must(t, err)
		n.Days[0].Trainers, n.Days[1].Trainers = nil, nil
		hiddenEmpty, err := w.planned(system, n)
		must(t, err)
		open := w.published(n)
		n.RegionID = uppsala
		neighbours := w.published(n)
		n.RegionID = 0
		national := w.published(n)
		hiddenNational, err := w.planned(system, n)
		must(t, err)
		w.enrolled(neighbours, w.staff[0]) // a guest from Falun
		withdrawn := w.enrolled(neighbours, w.staff[2])
		must(t, d.Write(ctx, func(tx *db.Tx) error { return round.Withdraw(ctx, tx, system, withdrawn[0], now) }))
		every := []int64{hidden, hiddenEmpty, open, neighbours, national, hiddenNational}

		for name, c := range map[string]struct {
			viewer access.Viewer
			want   []int64
		}{
			"the product":                       {system, every},
			"the region's administrator":        {dalarnas, []int64{hidden, hiddenEmpty, open, national}},
			"the neighbouring region's":         {uppsalas, []int64{neighbours, national}},
			"a municipality's administrator":    {faluns, []int64{open, national}},
			"a producer":                        {producers, []int64{open, neighbours, national, hiddenNational}},
			"an employee of the region":         {employee(w.staff[1], dalarna), []int64{open, national}},
			"an employee with a seat elsewhere": {employee(w.staff[0], dalarna), []int64{open, neighbours, national}},
			"an employee who gave it back":      {employee(w.staff[2], dalarna), []int64{open, national}},
			"an employee of another region":     {employee(away, uppsala), []int64{neighbours, national}},
			"somebody who works nowhere":        {access.Viewer{PersonID: away}, []int64{national}},
			"a trainer of an unpublished round": {employee(w.rss, dalarna), []int64{hidden, open, national}},
			"a national reader":                 {office(access.NationalReader, access.Nation, 1, 0), []int64{open, neighbours, national}},
			"nobody":                            {access.Viewer{}, nil},
		} {
			t.Run(name, func(t *testing.T) {
				page, err := round.Rounds(ctx, d.Reader(), c.viewer, round.Filter{})
				must(t, err)
				var listed, opened []int64
				for _, r := range page.Rounds {
					listed = append(listed, r.ID)
				}
				for _, id := range every {
					_, err := round.Get(ctx, d.Reader(), c.viewer, id)
					if err == nil {
						opened = append(opened, id)
					} else if !errors.Is(err, fault.NotFound) {
						t.Errorf("round %d gives %v", id, err)
					}
				}
				slices.Sort(listed)
				slices.Sort(c.want)
				if diff := cmp.Diff(c.want, listed); diff != "" || page.Total != len(c.want) {
					t.Errorf("listed, of %d: %s", page.Total, diff)
				}
				slices.Sort(opened)
				if diff := cmp.Diff(c.want, opened); diff != "" {
					t.Errorf("opened: %s", diff)
				}
			})
		}
	})
}

func TestListsAreNarrowedSortedAndPaged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		must(t, catalogue.Install(ctx, d))
		lvu, err := catalogue.CourseBySlug(ctx, d.Reader(), "handlaggning-av-lvu")
		must(t, err)
		journey, err := catalogue.JourneyBySlug(ctx, d.Reader(), "barn-och-unga")
		must(t, err)
		label := func(l string, course, region int64, start clock.Day) {
			n := w.plan()
			n.Label, n.CourseID, n.RegionID = l, course, region
			n.Days[0].Day, n.Days[1].Day = start, start+1
			w.published(n)
		}
		label("a", w.course, dalarna, first+20)
		label("b", lvu.ID, dalarna, first)
		label("c", w.course, uppsala, first+10)
		label("d", w.course, 0, clock.YearEnd(2025)) // ends on New Year's Day
		for name, c := range map[string]struct {
			filter round.Filter
			want   string
			total  int
		}{
			"by the first day":         {round.Filter{}, "b c a d", 4},
			"the latest first":         {round.Filter{Sort: "-day"}, "d a c b", 4},
			"by course":                {round.Filter{Sort: "course"}, "b c a d", 4},
			"by course backwards":      {round.Filter{Sort: "-course"}, "c a d b", 4},
			"an unknown order":         {round.Filter{Sort: "1; DROP TABLE round"}, "b c a d", 4},
			"one region":               {round.Filter{RegionID: dalarna}, "b a", 2},
			"the national ones":        {round.Filter{RegionID: round.OnlyNational}, "d", 1},
			"one course":               {round.Filter{CourseID: lvu.ID}, "b", 1},
			"one journey":              {round.Filter{JourneyID: journey.ID}, "b", 1},
			"a year":                   {round.Filter{Year: 2026}, "d", 1},
			"another year":             {round.Filter{Year: 2025}, "b c a d", 4},
			"a year without any":       {round.Filter{Year: 2024}, "", 0},
			"from a day on":            {round.Filter{From: first + 20}, "a d", 2},
			"up to a day":              {round.Filter{Until: first + 10}, "b c", 2},
			"those to come":            {round.Filter{Phase: round.Coming, Today: first + 11}, "c a d", 3},
			"those that are over":      {round.Filter{Phase: round.Past, Today: first + 11}, "b", 1},
			"those that are cancelled": {round.Filter{Phase: round.CalledOff, Today: first}, "", 0},
			"the second page":          {round.Filter{PerPage: 3, Page: 2}, "d", 4},
			"a page after the last":    {round.Filter{PerPage: 3, Page: 9}, "d", 4},
			"a page before the first":  {round.Filter{PerPage: 3, Page: -1}, "b c a", 4},
			"those open for sign-up":   {round.Filter{Status: round.Open, Today: today}, "b c a d", 4},
			"a status that is none":    {round.Filter{Status: "x", Today: today}, "", 0},
			"those that are confirmed": {round.Filter{Status: round.Confirmed, Today: today}, "", 0},
		} {
			t.Run(name, func(t *testing.T) {
				page, err := round.Rounds(ctx, d.Reader(), system, c.filter)
				must(t, err)
				var got []string
				for _, r := range page.Rounds {
					got = append(got, r.Label)
				}
				if strings.Join(got, " ") != c.want || page.Total != c.total {
					t.Errorf("got %v of %d, want %s of %d", got, page.Total, c.want, c.total)
				}
			})
		}
	})
}

// Round.Status and the list's condition are two texts of one rule.
func TestTheListsStatusIsTheRounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		random := rand.New(rand.NewPCG(1, 2))
		after := (first + 1).At(18, 0)
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			for i := range 60 {
				n := w.plan()
				n.Label = strconv.Itoa(i)
				n.SignupFrom = today + clock.Day(random.IntN(5))
				id, err := round.Plan(ctx, tx, system, n, now)
				if err != nil {
					return err
				}
				var seats []int64
				for _, p := range w.staff[:random.IntN(3)] {
					seat, err := round.Enrol(ctx, tx, system, id, p, now)
					if err != nil {
						return err
					}
					seats = append(seats, seat)
				}
				var steps []error
				if random.IntN(4) > 0 {
					steps = append(steps, round.Publish(ctx, tx, system, id, now))
					if random.IntN(2) > 0 {
						steps = append(steps, round.Confirm(ctx, tx, system, id, now))
					}
				}
				if random.IntN(5) == 0 {
					steps = append(steps, round.Cancel(ctx, tx, system, id, round.TooFewSeats, "x", now))
				} else {
					detail, err := round.Get(ctx, tx, system, id)
					steps = append(steps, err)
					for _, day := range detail.CourseDays[:random.IntN(3)] {
						var marks []round.Marking
						for _, s := range seats {
							marks = append(marks, round.Marking{EnrolmentID: s, Mark: round.Marks[random.IntN(4)/2*2]})
						}
						steps = append(steps, round.SaveAttendance(ctx, tx, system, day.ID, marks, there(day, true), after))
					}
					if len(seats) > 0 && random.IntN(2) > 0 {
						steps = append(steps, round.Approve(ctx, tx, system, id,
							[]round.Approval{{EnrolmentID: seats[0], Reason: "x"}}, first+1, after))
					}
				}
				if err := errors.Join(steps...); err != nil {
					return err
				}
			}
			return nil
		}))
		seen := map[round.Status]int{}
		for _, day := range []clock.Day{today - 1, today, today + 3, today + 5, today + 6, first + 30} {
			every, err := round.Rounds(ctx, d.Reader(), system, round.Filter{PerPage: 200})
			must(t, err)
			want := map[round.Status][]string{}
			for _, r := range every.Rounds {
				want[r.Status(day)] = append(want[r.Status(day)], r.Label)
				seen[r.Status(day)]++
			}
			for _, status := range round.Statuses {
				page, err := round.Rounds(ctx, d.Reader(), system, round.Filter{PerPage: 200, Status: status, Today: day})
				must(t, err)
				var got []string
				for _, r := range page.Rounds {
					got = append(got, r.Label)
				}
				if diff := cmp.Diff(want[status], got); diff != "" {
					t.Errorf("%s on %s: %s", status, day, diff)
				}
			}
		}
		for _, status := range round.Statuses {
			if seen[status] == 0 {
				t.Errorf("no round was ever %s: the test says nothing of it", status)
			}
		}
	})
}

func TestASeatIsTakenByThoseWhoMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		late := (today + 6).At(9, 0)
		for name, c := range map[string]struct {
			viewer access.Viewer
			person int64
			at     clock.Instant
			want   string
		}{
			"one's own":                              {employee(w.staff[0], dalarna), w.staff[0], now, ""},
			"a colleague's":                          {employee(w.staff[0], dalarna), w.staff[1], now, "fault.not_found"},
			"the municipality's staff":               {faluns, w.staff[0], now, ""},
			"the neighbouring municipality's":        {faluns, w.others[0], now, "fault.not_found"},
			"an unknown person's":                    {faluns, 9999, now, "fault.not_found"},
			"an unknown person's, by the product":    {system, 9999, now, "fault.not_found"},
			"by another region's administrator":      {uppsalas, w.staff[0], now, "fault.not_found"},
			"by nobody":                              {access.Viewer{}, w.staff[0], now, "fault.not_found"},
			"one's own after sign-up":                {employee(w.staff[0], dalarna), w.staff[0], late, "round.signup_closed"},
			"the municipality's staff after sign-up": {faluns, w.staff[0], late, "round.signup_closed"},
			"by the round's manager after sign-up":   {dalarnas, w.staff[0], late, ""},
			"one's own before sign-up":               {employee(w.staff[0], dalarna), w.staff[0], (today - 1).At(9, 0), "round.signup_closed"},
		} {
			t.Run(name, func(t *testing.T) {
				id := w.published(w.plan())
				if _, err := w.enrol(c.viewer, id, c.person, c.at); key(err) != c.want {
					t.Errorf("got %q, want %q", key(err), c.want)
				}
				want := 0
				if c.want == "" {
					want = 1
				}
				if got := w.get(system, id).Seats; got != want {
					t.Errorf("%d seats are taken, want %d", got, want)
				}
			})
		}
		if _, err := w.enrol(system, 9999, w.staff[0], now); key(err) != "fault.not_found" {
			t.Errorf("a seat in an unknown round gives %v", err)
		}
	})
}

func TestASeatIsGivenBackAndTakenAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := w.plan()
		n.Capacity, n.Minimum = 2, 0
		id := w.published(n)
		me := employee(w.staff[0], dalarna)
		seat, err := w.enrol(me, id, w.staff[0], now)
		must(t, err)
		w.enrolled(id, w.staff[1])
		if _, err := w.enrol(me, id, w.staff[0], now); key(err) != "round.already_enrolled" {
			t.Errorf("a second seat in a full round gives %v", err)
		}
		if _, err := w.enrol(system, id, w.staff[2], now); key(err) != "round.full" {
			t.Errorf("a third seat of two gives %v", err)
		}
		withdraw := func(v access.Viewer, seat int64, at clock.Instant) error {
			return d.Write(ctx, func(tx *db.Tx) error { return round.Withdraw(ctx, tx, v, seat, at) })
		}
		for _, step := range []struct {
			name string
			err  error
			want string
		}{
			{"giving back a colleague's", withdraw(employee(w.staff[1], dalarna), seat, now), "fault.not_found"},
			{"giving back one of another region", withdraw(uppsalas, seat, now), "fault.not_found"},
			{"giving back an unknown one", withdraw(system, 9999, now), "fault.not_found"},
			{"giving it back on the first day", withdraw(me, seat, first.At(8, 0)), "round.has_begun"},
			{"giving it back", withdraw(me, seat, now), ""},
			{"giving it back twice", withdraw(dalarnas, seat, now), "round.already_withdrawn"},
		} {
			if key(step.err) != step.want {
				t.Errorf("%s gives %q, want %q", step.name, key(step.err), step.want)
			}
		}
		again, err := w.enrol(me, id, w.staff[0], now)
		must(t, err)
		if got := w.get(me, id); got.Seats != 2 || got.EnrolmentID != again || again == seat {
			t.Errorf("seats %d, mine %d (before %d, now %d)", got.Seats, got.EnrolmentID, seat, again)
		}
	})
}

func TestAttendanceIsSavedWholeByThoseWhoMay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[:3]...)
		foreign := w.enrolled(w.published(w.plan()), w.staff[0])
		day := w.get(system, id).CourseDays[0]
		at := first.At(16, 0)
		present := all(seats, round.Present)
		teacher := access.Viewer{PersonID: w.borlange, Trainer: true}
		for name, c := range map[string]struct {
			viewer   access.Viewer
			marks    []round.Marking
			trainers []round.TrainerMarking
			at       clock.Instant
			want     string
		}{
			"the day before":        {dalarnas, present, there(day, true), (first - 1).At(23, 59), "round.day_ahead"},
			"a seat of another":     {dalarnas, append(slices.Clone(present), all(foreign, round.Present)...), there(day, true), at, fmt.Sprintf("mark_%d round.mark_foreign", foreign[0])},
			"a seat left out":       {dalarnas, present[1:], there(day, true), at, fmt.Sprintf("mark_%d round.mark_missing", seats[0])},
			"a seat twice":          {dalarnas, append(slices.Clone(present), present[0]), there(day, true), at, fmt.Sprintf("mark_%d round.mark_foreign", seats[0])},
			"a mark that is none":   {dalarnas, all(seats[:1], "x"), there(day, true), at, fmt.Sprintf("mark_%d round.mark_wrong, mark_%d round.mark_missing, mark_%d round.mark_missing", seats[0], seats[1], seats[2])},
			"a trainer left out":    {dalarnas, present, there(day, true)[1:], at, fmt.Sprintf("trainer_%d round.trainer_mark_missing", w.rss)},
			"a trainer of another":  {dalarnas, present, append(there(day, true), round.TrainerMarking{PersonID: w.others[0]}), at, fmt.Sprintf("trainer_%d round.trainer_foreign", w.others[0])},
			"a participant":         {employee(w.staff[0], dalarna), present, there(day, true), at, "fault.not_found"},
			"the municipality":      {faluns, present, there(day, true), at, "fault.not_found"},
			"the neighbours":        {uppsalas, present, there(day, true), at, "fault.not_found"},
			"a trainer of no round": {access.Viewer{PersonID: w.others[0], Trainer: true}, present, there(day, true), at, "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				if err := w.save(c.viewer, day, c.marks, c.trainers, c.at); key(err) != c.want {
					t.Errorf("got %q, want %q", key(err), c.want)
				}
				if got := w.get(system, id); got.Held != 0 || got.CourseDays[0].Attended != 0 || got.CourseDays[0].Trainers[0].Present != nil {
					t.Errorf("something was saved: %+v", got.CourseDays[0])
				}
			})
		}
		if err := w.save(system, round.Day{ID: 9999}, nil, nil, at); key(err) != "fault.not_found" {
			t.Errorf("an unknown day gives %v", err)
		}

		// A trainer of another day of the round may save this one too.
		marks := []round.Marking{
			{EnrolmentID: seats[0], Mark: round.Present}, {EnrolmentID: seats[1], Mark: round.Late},
			{EnrolmentID: seats[2], Mark: round.Absent, Reason: "sjuk"},
		}
		must(t, w.save(teacher, day, marks, there(day, true), at))
		sheet, err := round.Attendance(ctx, d.Reader(), teacher, day.ID)
		must(t, err)
		var got []round.Marking
		for _, e := range sheet.Enrolments {
			got = append(got, round.Marking{EnrolmentID: e.ID, Mark: e.Marks[0], Reason: e.Reasons[0]})
		}
		if diff := cmp.Diff(marks, got); diff != "" {
			t.Error(diff)
		}
		if sheet.Day.Attended != 2 || sheet.Day.HeldAt == nil || *sheet.Day.HeldAt != at {
			t.Errorf("the day is %+v", sheet.Day)
		}
		for _, e := range sheet.Day.Trainers {
			if e.Present == nil || !*e.Present {
				t.Errorf("%s is not marked present", e.Name)
			}
		}
		if _, err := round.Attendance(ctx, d.Reader(), faluns, day.ID); key(err) != "fault.not_found" {
			t.Errorf("the form is shown to a municipality: %v", err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return round.Withdraw(ctx, tx, dalarnas, seats[2], at) }); key(err) != "round.has_marks" {
			t.Errorf("giving back a marked seat gives %v", err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return round.Cancel(ctx, tx, dalarnas, id, round.TooFewSeats, "x", at) }); key(err) != "round.has_begun" {
			t.Errorf("cancelling a round that has begun gives %v", err)
		}
	})
}

func TestAChangedMarkIsKeptWithWhoWhenAndWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[:2]...)
		day := w.get(system, id).CourseDays[0]
		at, later := first.At(16, 0), first.At(17, 0)
		must(t, w.save(dalarnas, day, all(seats, round.Present), there(day, true), at))

		changed := all(seats, round.Present)
		changed[1] = round.Marking{EnrolmentID: seats[1], Mark: round.Absent, Reason: "fel person"}
		trainers := there(day, true)
		trainers[0].Present = false
		teacher := access.Viewer{PersonID: w.borlange}
		must(t, w.save(teacher, day, changed, trainers, later))
		must(t, w.save(teacher, day, changed, trainers, later.Add(1e9))) // says nothing new

		events, err := round.History(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		events = slices.DeleteFunc(events, func(e round.Event) bool {
			return e.Kind != round.MarkChanged && e.Kind != round.TrainerChanged && e.Kind != round.WasHeld
		})
		want := []round.Event{
			{At: later, Kind: round.TrainerChanged, By: "Test Utbildare", Subject: "Test Kursledare", Day: 1, Old: round.Present, New: round.Absent},
			{At: later, Kind: round.MarkChanged, By: "Test Utbildare", Subject: "Test Falun01", Day: 1, Old: round.Present, New: round.Absent, Reason: "fel person"},
			{At: at, Kind: round.WasHeld, Day: 1},
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
		if got := w.get(system, id).CourseDays[0]; got.Attended != 1 || *got.HeldAt != at {
			t.Errorf("attended %d, held %v", got.Attended, got.HeldAt)
		}
		if _, err := round.History(ctx, d.Reader(), faluns, id); key(err) != "fault.not_found" {
			t.Errorf("the history is shown to a municipality: %v", err)
		}
	})
}

func TestParticipantsAreShownByTheViewersOffice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[0], w.others[0], w.staff[1])
		// Who moves on the round's second day is Falun's on its first.
		must(t, d.Write(ctx, func(tx *db.Tx) error { return people.Employ(ctx, tx, system, w.staff[1], borlange, first+1, "") }))
		day := w.get(system, id).CourseDays[1]
		must(t, w.save(system, day, all(seats, round.Late), there(day, true), (first+1).At(16, 0)))
		whole := []string{"Test Borlänge1, Borlänge", "Test Falun00, Falun", "Test Falun01, Falun"}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   []string
		}{
			"the region's administrator":            {dalarnas, whole},
			"a trainer":                             {access.Viewer{PersonID: w.rss}, whole},
			"a municipality's administrator":        {faluns, whole[1:]},
			"the neighbouring one's":                {office(access.Manager, access.Municipality, borlange, dalarna), whole[:1]},
			"a participant":                         {employee(w.staff[0], dalarna), whole[1:2]},
			"an employee without a seat":            {employee(w.staff[5], dalarna), nil},
			"the steering group, who sees no names": {office(access.Steering, access.Region, dalarna, dalarna), nil},
		} {
			t.Run(name, func(t *testing.T) {
				detail := w.get(c.viewer, id)
				var got []string
				for _, e := range detail.Enrolments {
					got = append(got, e.Name+", "+e.Municipality)
					if diff := cmp.Diff([]round.Mark{"", round.Late}, e.Marks); diff != "" {
						t.Error(diff)
					}
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
				for i, seat := range seats {
					of, e, err := round.OfEnrolment(ctx, d.Reader(), c.viewer, seat)
					sees := slices.ContainsFunc(detail.Enrolments, func(e round.Enrolment) bool { return e.ID == seat })
					if sees && (err != nil || of.ID != id || e.ID != seat) || !sees && !errors.Is(err, fault.NotFound) {
						t.Errorf("seat %d: round %d, seat %d, %v", i, of.ID, e.ID, err)
					}
				}
				if detail.Seats != 3 || detail.CourseDays[1].Attended != 3 {
					t.Errorf("the counts are %d and %d, want 3 for everybody", detail.Seats, detail.CourseDays[1].Attended)
				}
			})
		}
	})
}

func TestApprovalGivesTheCompletionAndTakesItBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		seats := w.enrolled(id, w.staff[:4]...)
		foreign := w.enrolled(w.published(w.plan()), w.staff[9])[0]
		end, at := first+1, (first+1).At(17, 0)
		days := w.get(system, id).CourseDays
		must(t, w.save(system, days[0], all(seats, round.Present), there(days[0], true), first.At(17, 0)))
		last := all(seats, round.Late)
		last[1].Mark, last[3].Mark = round.Excused, round.Absent
		must(t, w.save(system, days[1], last, there(days[1], true), at))
		if got := w.get(system, id); got.Awaiting != 2 || got.Status(end) != round.Held {
			t.Errorf("%d await approval, %s; want 2, held", got.Awaiting, got.Status(end))
		}
		// One of them had completed the course before.
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := learning.Complete(ctx, tx, system, learning.New{PersonID: w.staff[2], CourseID: w.course, On: today, Source: learning.Import}, now)
			return err
		}))

		for name, c := range map[string]struct {
			viewer access.Viewer
			on     clock.Day
			seat   int64
			want   string
		}{
			"a missed day without a reason": {dalarnas, end, seats[1], fmt.Sprintf("approve_%d round.approval_reason_missing", seats[1])},
			"a seat of another round":       {dalarnas, end, foreign, fmt.Sprintf("approve_%d round.mark_foreign", foreign)},
			"a day ahead":                   {dalarnas, end + 1, seats[0], "on round.approved_ahead"},
			"a day before the last":         {dalarnas, end - 1, seats[0], "on round.approved_before_end"},
			"a trainer":                     {access.Viewer{PersonID: w.rss}, end, seats[0], "fault.not_found"},
			"the municipality":              {faluns, end, seats[0], "fault.not_found"},
			"the neighbouring region":       {uppsalas, end, seats[0], "fault.not_found"},
		} {
			t.Run(name, func(t *testing.T) {
				err := w.approve(c.viewer, id, c.on, at, round.Approval{EnrolmentID: seats[0]}, round.Approval{EnrolmentID: c.seat})
				if key(err) != c.want {
					t.Errorf("got %q, want %q", key(err), c.want)
				}
				if got := w.get(system, id).Approved; got != 0 {
					t.Errorf("%d were approved all the same", got)
				}
			})
		}

		must(t, w.approve(dalarnas, id, end, at,
			round.Approval{EnrolmentID: seats[0]}, round.Approval{EnrolmentID: seats[1], Reason: "gjorde dagen i Uppsala"}, round.Approval{EnrolmentID: seats[2]}))
		must(t, w.approve(dalarnas, id, end, at, round.Approval{EnrolmentID: seats[0]})) // stays as it is
		got := w.get(system, id)
		if got.Approved != 3 || got.Awaiting != 0 || got.Status(end) != round.Approved {
			t.Errorf("approved %d, awaiting %d, %s", got.Approved, got.Awaiting, got.Status(end))
		}
		for i, want := range []learning.Source{learning.Round, learning.Round, learning.Import, ""} {
			c := w.completions(w.staff[i])
			switch {
			case want == "" && len(c) != 0:
				t.Errorf("who was not approved has %+v", c)
			case want != "" && (len(c) != 1 || c[0].Source != want):
				t.Errorf("participant %d has %+v, want one from %s", i, c, want)
			case want == learning.Round && (c[0].On != end || *c[0].RoundID != id || c[0].Edition != 1):
				t.Errorf("participant %d has %+v", i, c[0])
			}
		}

		unapprove := func(v access.Viewer, seat int64) error {
			return d.Write(ctx, func(tx *db.Tx) error { return round.Unapprove(ctx, tx, v, seat, "fel person", at) })
		}
		for _, step := range []struct {
			name string
			err  error
			want string
		}{
			{"by a trainer", unapprove(access.Viewer{PersonID: w.rss}, seats[0]), "fault.not_found"},
			{"of an unknown seat", unapprove(system, 9999), "fault.not_found"},
			{"of who is not approved", unapprove(dalarnas, seats[3]), "round.not_approved"},
			{"of one", unapprove(dalarnas, seats[0]), ""},
			{"of who had completed before", unapprove(dalarnas, seats[2]), ""},
		} {
			if key(step.err) != step.want {
				t.Errorf("taking back the approval %s gives %q, want %q", step.name, key(step.err), step.want)
			}
		}
		if c := w.completions(w.staff[0]); len(c) != 0 {
			t.Errorf("the completion is still there: %+v", c)
		}
		if c := w.completions(w.staff[2]); len(c) != 1 {
			t.Errorf("the earlier completion is gone: %+v", c)
		}
		events, err := round.History(ctx, d.Reader(), dalarnas, id)
		must(t, err)
		if events[0].Kind != round.WasUnapproved || events[0].Reason != "fel person" || events[0].Subject != "Test Falun02" {
			t.Errorf("the last event is %+v", events[0])
		}
		if !slices.ContainsFunc(events, func(e round.Event) bool {
			return e.Kind == round.WasApproved && e.Subject == "Test Falun01" && e.Reason == "gjorde dagen i Uppsala"
		}) {
			t.Error("the reason of an approval is not kept")
		}
	})
}

func TestACompletionGoesOverToTheApprovalThatIsLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		at := (first + 3).At(9, 0)
		var rounds, seats []int64
		for i := range clock.Day(2) {
			id := w.published(w.plan())
			seat := w.enrolled(id, w.staff[0])[0]
			must(t, w.approve(system, id, first+1+i, at, round.Approval{EnrolmentID: seat, Reason: "intyg"}))
			rounds, seats = append(rounds, id), append(seats, seat)
		}
		for _, want := range [][]int64{rounds[:1], rounds[1:], nil} {
			var got []int64
			for _, c := range w.completions(w.staff[0]) {
				got = append(got, *c.RoundID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("the completion is from %v, want %v", got, want)
			}
			if len(want) > 0 {
				must(t, d.Write(ctx, func(tx *db.Tx) error { return round.Unapprove(ctx, tx, system, seats[0], "", at) }))
				seats = seats[1:]
			}
		}
	})
}

func TestParticipantsAndTrainersSeeTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		early := w.published(w.plan())
		n := w.plan()
		n.Days[0].Day, n.Days[1].Day = first+20, first+21
		late := w.published(n)
		w.enrolled(late, w.staff[0])
		seats := w.enrolled(early, w.staff[0], w.staff[1])
		day := w.get(system, early).CourseDays[0]
		must(t, w.save(system, day, []round.Marking{
			{EnrolmentID: seats[0], Mark: round.Late}, {EnrolmentID: seats[1], Mark: round.Absent},
		}, there(day, true), first.At(16, 0)))

		mine, err := round.Mine(ctx, d.Reader(), employee(w.staff[0], dalarna))
		must(t, err)
		if len(mine) != 2 || mine[0].ID != early || mine[1].ID != late || mine[0].EnrolmentID != seats[0] {
			t.Fatalf("mine are %+v", mine)
		}
		if diff := cmp.Diff([]round.Mark{round.Late, ""}, mine[0].Marks); diff != "" {
			t.Error(diff)
		}
		if len(mine[1].CourseDays) != 2 || mine[1].CourseDays[0].Day != first+20 {
			t.Errorf("the days of the later one are %+v", mine[1].CourseDays)
		}
		for name, v := range map[string]access.Viewer{"nobody": {}, "the product": system, "a colleague": employee(w.staff[5], dalarna)} {
			if mine, err := round.Mine(ctx, d.Reader(), v); err != nil || len(mine) != 0 {
				t.Errorf("%s has %d rounds, %v", name, len(mine), err)
			}
		}

		held, err := trainer.MyDays(ctx, d.Reader(), access.Viewer{PersonID: w.rss})
		must(t, err)
		if len(held) != 2 {
			t.Fatalf("the lead trainer holds %+v", held)
		}
		got := held[0]
		if got.ID != day.ID || got.RoundID != early || got.Role != trainer.Lead || got.Participants != 2 ||
			got.Days != 2 || got.Day != first || got.HeldAt == nil || got.Place != "Falun" {
			t.Errorf("the first day is %+v", got)
		}
		if held[1].Participants != 1 || !held[1].NeedsAttendance(first+20) {
			t.Errorf("the second day is %+v", held[1])
		}
	})
}

func TestSixtyAtOnceTakeTwentyTwoSeats(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := w.published(w.plan())
		persons := make([]int64, 60)
		for i := range persons {
			persons[i] = w.person(fmt.Sprintf("Trängsel%02d", i), falun)
		}
		results := make([]error, len(persons))
		var start, done sync.WaitGroup
		start.Add(1)
		for i, p := range persons {
			done.Add(1)
			go func() {
				defer done.Done()
				start.Wait()
				_, results[i] = w.enrol(employee(p, dalarna), id, p, now)
			}()
		}
		start.Done()
		done.Wait()
		got := map[string]int{}
		for _, err := range results {
			got[key(err)]++
		}
		if diff := cmp.Diff(map[string]int{"": 22, "round.full": 38}, got); diff != "" {
			t.Error(diff)
		}
		if seats := w.get(system, id).Seats; seats != 22 {
			t.Errorf("%d seats are taken", seats)
		}
	})
}

func TestTwoListsSavedAtOnceLeaveOneOfThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 8 {
			id := w.published(w.plan())
			seats := w.enrolled(id, w.staff...)
			day := w.get(system, id).CourseDays[0]
			results := make([]error, 2)
			var start, done sync.WaitGroup
			start.Add(1)
			for i, mark := range []round.Mark{round.Present, round.Absent} {
				done.Add(1)
				go func() {
					defer done.Done()
					start.Wait()
					results[i] = w.save(system, day, all(seats, mark), there(day, mark == round.Present), first.At(16, i))
				}()
			}
			start.Done()
			done.Wait()
			must(t, errors.Join(results...))
			sheet, err := round.Attendance(ctx, d.Reader(), system, day.ID)
			must(t, err)
			marks := map[round.Mark]int{}
			for _, e := range sheet.Enrolments {
				marks[e.Marks[0]]++
			}
			if len(marks) != 1 {
				t.Errorf("the lists are mixed: %v", marks)
			}
			for _, teacher := range sheet.Day.Trainers {
				if *teacher.Present != (marks[round.Present] > 0) {
					t.Errorf("the trainers are those of one list, the participants those of the other")
				}
			}
			// The list that came first was saved, the other changed it.
			events, err := round.History(ctx, d.Reader(), system, id)
			must(t, err)
			kinds := map[round.Kind]int{}
			for _, e := range events {
				kinds[e.Kind]++
			}
			if kinds[round.WasHeld] != 1 || kinds[round.MarkChanged] != len(seats) || kinds[round.TrainerChanged] != len(day.Trainers) {
				t.Errorf("the history says %v", kinds)
			}
		}
	})
}
