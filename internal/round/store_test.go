package round_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/trainer"
)

func TestAPageAndTheListShowTheSameRounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		away := w.Person("Uppsalabo", roundtest.Tierp)
		n := w.Plan()
		hidden, err := w.Planned(roundtest.System, n)
		roundtest.Must(t, err)
		n.Days[0].Trainers, n.Days[1].Trainers = nil, nil
		hiddenEmpty, err := w.Planned(roundtest.System, n)
		roundtest.Must(t, err)
		open := w.Published(n)
		n.RegionID = roundtest.Uppsala
		neighbours := w.Published(n)
		n.RegionID = 0
		national := w.Published(n)
		hiddenNational, err := w.Planned(roundtest.System, n)
		roundtest.Must(t, err)
		w.Enrolled(neighbours, w.Staff[0]) // a guest from Falun
		withdrawn := w.Enrolled(neighbours, w.Staff[2])
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return seat.Withdraw(roundtest.Ctx, tx, roundtest.System, withdrawn[0], roundtest.Now)
		}))
		every := []int64{hidden, hiddenEmpty, open, neighbours, national, hiddenNational}

		for name, c := range map[string]struct {
			viewer access.Viewer
			want   []int64
		}{
			"the product":                       {roundtest.System, every},
			"the region's administrator":        {roundtest.Dalarnas, []int64{hidden, hiddenEmpty, open, national}},
			"the neighbouring region's":         {roundtest.Uppsalas, []int64{neighbours, national}},
			"a municipality's administrator":    {roundtest.Faluns, []int64{open, national}},
			"a producer":                        {roundtest.Producers, []int64{open, neighbours, national, hiddenNational}},
			"an employee of the region":         {roundtest.Employee(w.Staff[1], roundtest.Dalarna), []int64{open, national}},
			"an employee with a seat elsewhere": {roundtest.Employee(w.Staff[0], roundtest.Dalarna), []int64{open, neighbours, national}},
			"an employee who gave it back":      {roundtest.Employee(w.Staff[2], roundtest.Dalarna), []int64{open, national}},
			"an employee of another region":     {roundtest.Employee(away, roundtest.Uppsala), []int64{neighbours, national}},
			"somebody who works nowhere":        {access.Viewer{PersonID: away}, []int64{national}},
			"a trainer of an unpublished round": {roundtest.Employee(w.Rss, roundtest.Dalarna), []int64{hidden, open, national}},
			"a national reader":                 {roundtest.Office(access.NationalReader, access.Nation, 1, 0), []int64{open, neighbours, national}},
			"nobody":                            {access.Viewer{}, nil},
		} {
			t.Run(name, func(t *testing.T) {
				page, err := round.Rounds(roundtest.Ctx, d.Reader(), c.viewer, round.Filter{})
				roundtest.Must(t, err)
				var listed, opened []int64
				for _, r := range page.Rounds {
					listed = append(listed, r.ID)
				}
				for _, id := range every {
					_, err := round.Get(roundtest.Ctx, d.Reader(), c.viewer, id)
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
		w := roundtest.NewWorld(t, d)
		roundtest.Must(t, catalogue.Install(roundtest.Ctx, d))
		lvu, err := catalogue.CourseBySlug(roundtest.Ctx, d.Reader(), "handlaggning-av-lvu")
		roundtest.Must(t, err)
		journey, err := catalogue.JourneyBySlug(roundtest.Ctx, d.Reader(), "barn-och-unga")
		roundtest.Must(t, err)
		label := func(l string, course, region int64, start clock.Day) {
			n := w.Plan()
			n.Label, n.CourseID, n.RegionID = l, course, region
			n.Days[0].Day, n.Days[1].Day = start, start+1
			w.Published(n)
		}
		label("a", w.Course, roundtest.Dalarna, roundtest.First+20)
		label("b", lvu.ID, roundtest.Dalarna, roundtest.First)
		label("c", w.Course, roundtest.Uppsala, roundtest.First+10)
		label("d", w.Course, 0, clock.YearEnd(2025)) // ends on New Year's Day
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
			"one region":               {round.Filter{RegionID: roundtest.Dalarna}, "b a", 2},
			"the national ones":        {round.Filter{RegionID: round.OnlyNational}, "d", 1},
			"one course":               {round.Filter{CourseID: lvu.ID}, "b", 1},
			"one journey":              {round.Filter{JourneyID: journey.ID}, "b", 1},
			"a year":                   {round.Filter{Year: 2026}, "d", 1},
			"another year":             {round.Filter{Year: 2025}, "b c a d", 4},
			"a year without any":       {round.Filter{Year: 2024}, "", 0},
			"from a day on":            {round.Filter{From: roundtest.First + 20}, "a d", 2},
			"up to a day":              {round.Filter{Until: roundtest.First + 10}, "b c", 2},
			"those to come":            {round.Filter{Phase: round.Coming, Today: roundtest.First + 11}, "c a d", 3},
			"those that are over":      {round.Filter{Phase: round.Past, Today: roundtest.First + 11}, "b", 1},
			"those that are cancelled": {round.Filter{Phase: round.CalledOff, Today: roundtest.First}, "", 0},
			"the second page":          {round.Filter{PerPage: 3, Page: 2}, "d", 4},
			"a page after the last":    {round.Filter{PerPage: 3, Page: 9}, "d", 4},
			"a page before the first":  {round.Filter{PerPage: 3, Page: -1}, "b c a", 4},
			"those open for sign-up":   {round.Filter{Status: round.Open, Today: roundtest.Today}, "b c a d", 4},
			"a status that is none":    {round.Filter{Status: "x", Today: roundtest.Today}, "", 0},
			"those that are confirmed": {round.Filter{Status: round.Confirmed, Today: roundtest.Today}, "", 0},
		} {
			t.Run(name, func(t *testing.T) {
				page, err := round.Rounds(roundtest.Ctx, d.Reader(), roundtest.System, c.filter)
				roundtest.Must(t, err)
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
		w := roundtest.NewWorld(t, d)
		random := rand.New(rand.NewPCG(1, 2))
		after := (roundtest.First + 1).At(18, 0)
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			for i := range 60 {
				n := w.Plan()
				n.Label = strconv.Itoa(i)
				n.SignupFrom = roundtest.Today + clock.Day(random.IntN(5))
				id, err := planning.Plan(roundtest.Ctx, tx, roundtest.System, n, roundtest.Now)
				if err != nil {
					return err
				}
				var seats []int64
				for _, p := range w.Staff[:random.IntN(3)] {
					enrolment, err := seat.Enrol(roundtest.Ctx, tx, roundtest.System, id, p, roundtest.Now)
					if err != nil {
						return err
					}
					seats = append(seats, enrolment)
				}
				var steps []error
				if random.IntN(4) > 0 {
					steps = append(steps, planning.Publish(roundtest.Ctx, tx, roundtest.System, id, roundtest.Now))
					if random.IntN(2) > 0 {
						steps = append(steps, planning.Confirm(roundtest.Ctx, tx, roundtest.System, id, roundtest.Now))
					}
				}
				if random.IntN(5) == 0 {
					steps = append(steps, planning.Cancel(roundtest.Ctx, tx, roundtest.System, id, round.TooFewSeats, "x", roundtest.Now))
				} else {
					detail, err := round.Get(roundtest.Ctx, tx, roundtest.System, id)
					steps = append(steps, err)
					for _, day := range detail.CourseDays[:random.IntN(3)] {
						var marks []attendance.Marking
						for _, s := range seats {
							marks = append(marks, attendance.Marking{EnrolmentID: s, Mark: round.Marks[random.IntN(4)/2*2]})
						}
						steps = append(steps, attendance.SaveAttendance(roundtest.Ctx, tx, roundtest.System, day.ID, marks, roundtest.There(day, true), after))
					}
					if len(seats) > 0 && random.IntN(2) > 0 {
						steps = append(steps, attendance.Approve(roundtest.Ctx, tx, roundtest.System, id,
							[]attendance.Approval{{EnrolmentID: seats[0], Reason: "x"}}, roundtest.First+1, after))
					}
				}
				if err := errors.Join(steps...); err != nil {
					return err
				}
			}
			return nil
		}))
		seen := map[round.Status]int{}
		for _, day := range []clock.Day{roundtest.Today - 1, roundtest.Today, roundtest.Today + 3, roundtest.Today + 5, roundtest.Today + 6, roundtest.First + 30} {
			every, err := round.Rounds(roundtest.Ctx, d.Reader(), roundtest.System, round.Filter{PerPage: 200})
			roundtest.Must(t, err)
			want := map[round.Status][]string{}
			for _, r := range every.Rounds {
				want[r.Status(day)] = append(want[r.Status(day)], r.Label)
				seen[r.Status(day)]++
			}
			for _, status := range round.Statuses {
				page, err := round.Rounds(roundtest.Ctx, d.Reader(), roundtest.System, round.Filter{PerPage: 200, Status: status, Today: day})
				roundtest.Must(t, err)
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

func TestParticipantsAreShownByTheViewersOffice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		id := w.Published(w.Plan())
		seats := w.Enrolled(id, w.Staff[0], w.Others[0], w.Staff[1])
		// Who moves on the round's second day is Falun's on its first.
		roundtest.Must(t, d.Write(roundtest.Ctx, func(tx *db.Tx) error {
			return people.Employ(roundtest.Ctx, tx, roundtest.System, w.Staff[1], roundtest.Borlange, roundtest.First+1, "")
		}))
		day := w.Get(roundtest.System, id).CourseDays[1]
		roundtest.Must(t, w.Save(roundtest.System, day, roundtest.All(seats, round.Late), roundtest.There(day, true), (roundtest.First+1).At(16, 0)))
		whole := []string{"Test Borlänge1, Borlänge", "Test Falun00, Falun", "Test Falun01, Falun"}
		for name, c := range map[string]struct {
			viewer access.Viewer
			want   []string
		}{
			"the region's administrator":            {roundtest.Dalarnas, whole},
			"a trainer":                             {access.Viewer{PersonID: w.Rss}, whole},
			"a municipality's administrator":        {roundtest.Faluns, whole[1:]},
			"the neighbouring one's":                {roundtest.Office(access.Manager, access.Municipality, roundtest.Borlange, roundtest.Dalarna), whole[:1]},
			"a participant":                         {roundtest.Employee(w.Staff[0], roundtest.Dalarna), whole[1:2]},
			"an employee without a seat":            {roundtest.Employee(w.Staff[5], roundtest.Dalarna), nil},
			"the steering group, who sees no names": {roundtest.Office(access.Steering, access.Region, roundtest.Dalarna, roundtest.Dalarna), nil},
		} {
			t.Run(name, func(t *testing.T) {
				detail := w.Get(c.viewer, id)
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
				for i, enrolment := range seats {
					of, e, err := round.OfEnrolment(roundtest.Ctx, d.Reader(), c.viewer, enrolment)
					sees := slices.ContainsFunc(detail.Enrolments, func(e round.Enrolment) bool { return e.ID == enrolment })
					if sees && (err != nil || of.ID != id || e.ID != enrolment) || !sees && !errors.Is(err, fault.NotFound) {
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

func TestParticipantsAndTrainersSeeTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewWorld(t, d)
		early := w.Published(w.Plan())
		n := w.Plan()
		n.Days[0].Day, n.Days[1].Day = roundtest.First+20, roundtest.First+21
		late := w.Published(n)
		w.Enrolled(late, w.Staff[0])
		seats := w.Enrolled(early, w.Staff[0], w.Staff[1])
		day := w.Get(roundtest.System, early).CourseDays[0]
		roundtest.Must(t, w.Save(roundtest.System, day, []attendance.Marking{
			{EnrolmentID: seats[0], Mark: round.Late}, {EnrolmentID: seats[1], Mark: round.Absent},
		}, roundtest.There(day, true), roundtest.First.At(16, 0)))

		mine, err := round.Mine(roundtest.Ctx, d.Reader(), roundtest.Employee(w.Staff[0], roundtest.Dalarna))
		roundtest.Must(t, err)
		if len(mine) != 2 || mine[0].ID != early || mine[1].ID != late || mine[0].EnrolmentID != seats[0] {
			t.Fatalf("mine are %+v", mine)
		}
		if diff := cmp.Diff([]round.Mark{round.Late, ""}, mine[0].Marks); diff != "" {
			t.Error(diff)
		}
		if len(mine[1].CourseDays) != 2 || mine[1].CourseDays[0].Day != roundtest.First+20 {
			t.Errorf("the days of the later one are %+v", mine[1].CourseDays)
		}
		for name, v := range map[string]access.Viewer{"nobody": {}, "the product": roundtest.System, "a colleague": roundtest.Employee(w.Staff[5], roundtest.Dalarna)} {
			if mine, err := round.Mine(roundtest.Ctx, d.Reader(), v); err != nil || len(mine) != 0 {
				t.Errorf("%s has %d rounds, %v", name, len(mine), err)
			}
		}

		held, err := trainer.MyDays(roundtest.Ctx, d.Reader(), access.Viewer{PersonID: w.Rss})
		roundtest.Must(t, err)
		if len(held) != 2 {
			t.Fatalf("the lead trainer holds %+v", held)
		}
		got := held[0]
		if got.ID != day.ID || got.RoundID != early || got.Role != trainer.Lead || got.Participants != 2 ||
			got.Days != 2 || got.Day != roundtest.First || got.HeldAt == nil || got.Place != "Falun" {
			t.Errorf("the first day is %+v", got)
		}
		if held[1].Participants != 1 || !held[1].NeedsAttendance(roundtest.First+20) {
			t.Errorf("the second day is %+v", held[1])
		}
	})
}
