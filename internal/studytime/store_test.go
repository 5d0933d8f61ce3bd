package studytime_test

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/db/dbtest"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/planning"
	"yrkesresan/internal/round"
	"yrkesresan/internal/round/roundtest"
	"yrkesresan/internal/seat"
	"yrkesresan/internal/studytime"
)

// The unit's day is First, 13–15: see roundtest.
var (
	ctx    = roundtest.Ctx
	before = studytime.Slot{Day: roundtest.First - 3, Starts: "13:00", Ends: "15:00"}
)

func tx(d *db.DB, f func(tx *db.Tx) error) string { return roundtest.Key(d.Write(ctx, f)) }

func set(d *db.DB, v access.Viewer, day int64, part studytime.Part, slot studytime.Slot, persons ...int64) string {
	return tx(d, func(tx *db.Tx) error { return studytime.Set(ctx, tx, v, day, part, slot, persons, roundtest.Now) })
}

func TestAManagerSetsTimeForTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		held := w.Local(w.Occasion(), w.Homes...)
		day := held.CourseDays[0].ID
		for _, c := range []struct {
			name    string
			viewer  access.Viewer
			part    studytime.Part
			persons []int64
			want    string
		}{
			{"an employee sets nobody's", w.Worker(w.Homes[0], w.North), studytime.Before, w.Homes[:1], "fault.forbidden"},
			{"nor does the region", roundtest.Dalarnas, studytime.Before, w.Homes[:1], "fault.forbidden"},
			{"another unit's manager", w.OtherChief, studytime.Before, w.Homes[:1], "fault.not_found"},
			{"another municipality", w.BorlangeAdmin, studytime.Before, w.Homes[:1], "fault.not_found"},
			{"for nobody", w.Chief, studytime.Before, nil, "person studytime.nobody_chosen"},
			{"for who has no seat", w.Admin, studytime.Before, []int64{w.Neighbour}, "fault.not_found"},
			{"for themselves", w.Chief, studytime.Teaching, []int64{w.Chief.PersonID}, "fault.not_found"},
			{"a learner does not teach", w.Chief, studytime.Teaching, w.Homes[:1], "person studytime.does_not_teach"},
			{"a trainer learns nothing here", w.Admin, studytime.Before, []int64{w.Chief.PersonID}, "person studytime.teaches"},
			{"a trainer prepares", w.Admin, studytime.Teaching, []int64{w.Chief.PersonID}, ""},
			{"a shift", w.Chief, studytime.Before, w.Homes[:2], ""},
			{"the same again", w.Chief, studytime.Before, w.Homes[:1], "person studytime.busy_time"},
			{"one of them again is nobody of them", w.Chief, studytime.Before, []int64{w.Homes[2], w.Homes[0]}, "person studytime.busy_time"},
			{"the third alone", w.Chief, studytime.Before, w.Homes[2:], ""},
		} {
			if got := set(d, c.viewer, day, c.part, before, c.persons...); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		if got := set(d, w.Chief, day, studytime.Before, studytime.Slot{Day: before.Day, Starts: "15:00", Ends: "15:30"}, w.Homes[0]); got != "" {
			t.Errorf("a time that begins as the other ends: %q", got)
		}
		s, err := studytime.SheetOf(ctx, d.Reader(), w.Chief, day, roundtest.Today)
		roundtest.Must(t, err)
		want := map[studytime.Part]int{studytime.Before: 150}
		if len(s.People) != 3 || len(s.Times) != 4+1 || !maps.Equal(s.People[0].Set, want) {
			t.Errorf("%+v", s)
		}
		if _, err := studytime.SheetOf(ctx, d.Reader(), w.OtherChief, day, roundtest.Today); !errors.Is(err, fault.NotFound) {
			t.Errorf("another unit's manager sees it: %v", err)
		}
		days, err := studytime.Days(ctx, d.Reader(), w.Chief, roundtest.Today)
		if err != nil || len(days) != 1 || days[0].People != 3 || days[0].Given != 3 {
			t.Errorf("%v %+v", err, days)
		}
		back := func(v access.Viewer, id int64, at clock.Instant) string {
			return tx(d, func(tx *db.Tx) error { _, err := studytime.TakeBack(ctx, tx, v, id, at); return err })
		}
		first := s.Times[1].ID // before it stands what the municipality set for the manager
		if got := back(w.OtherChief, first, roundtest.Now); got != "fault.not_found" {
			t.Errorf("another takes it back: %q", got)
		}
		if got := back(w.Chief, first, before.Day.At(15, 0)); got != "studytime.been" {
			t.Errorf("what has been is taken back: %q", got)
		}
		if got := back(w.Chief, first, before.Day.At(14, 59)); got != "" {
			t.Errorf("taken back: %q", got)
		}
		if got := back(w.Chief, first, before.Day.At(14, 59)); got != "fault.not_found" {
			t.Errorf("taken back twice: %q", got)
		}
	})
}

func TestWhoIsAwayOrHasLeftGetsNoTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		day := w.Local(w.Occasion(), w.Homes...).CourseDays[0].ID
		last := before.Day - 1
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			if _, err := people.TellLeave(ctx, tx, w.Admin, w.Homes[0], clock.Period{From: before.Day, Until: &before.Day}, roundtest.Now); err != nil {
				return err
			}
			return people.Leave(ctx, tx, roundtest.System, w.Homes[1], last)
		}))
		for person, want := range map[int64]string{w.Homes[0]: "person studytime.busy_leave", w.Homes[1]: "person studytime.left", w.Homes[2]: ""} {
			if got := set(d, w.Chief, day, studytime.Before, before, person); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		if got := set(d, w.Chief, day, studytime.After, studytime.Slot{Day: roundtest.First, Starts: "14:30", Ends: "16:00"}, w.Homes[0]); got != "day studytime.wrong_side_after" {
			t.Errorf("during the course day: %q", got)
		}
	})
}

// Ten managers set the same time at once: it is set once.
func TestTwoAtOnceDoNotOverlap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		day := w.Local(w.Occasion(), w.Homes...).CourseDays[0].ID
		each := make([]func() error, 10)
		for i := range each {
			each[i] = func() error {
				return d.Write(ctx, func(tx *db.Tx) error {
					return studytime.Set(ctx, tx, w.Chief, day, studytime.Before, before, w.Homes, roundtest.Now)
				})
			}
		}
		roundtest.Together(each...)
		if n, err := db.Row(ctx, d.Reader(), db.One[int], `SELECT COUNT(*) FROM study_time`); err != nil || n != 3 {
			t.Errorf("%d times of three people (%v)", n, err)
		}
	})
}

func TestOneSaysWhetherOneGotIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		held := w.Local(w.Occasion(), w.Homes...)
		day := held.CourseDays[0].ID
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return studytime.Set(ctx, tx, w.Chief, day, studytime.Before, before, w.Homes, roundtest.Now)
		}))
		mine := func(person int64) studytime.Time {
			all, err := studytime.Mine(ctx, d.Reader(), w.Worker(person, w.North), roundtest.Today)
			if err != nil || len(all) != 1 {
				t.Fatalf("%v %+v", err, all)
			}
			return all[0]
		}
		over := before.Day.At(15, 0)
		answer := func(person, id int64, had bool, at clock.Instant) string {
			return tx(d, func(tx *db.Tx) error { return studytime.Answer(ctx, tx, w.Worker(person, w.North), id, &had, at) })
		}
		id := mine(w.Homes[0]).ID
		for _, c := range []struct {
			name   string
			person int64
			at     clock.Instant
			want   string
		}{
			{"somebody else's", w.Homes[1], over, "fault.not_found"},
			{"before it is over", w.Homes[0], over - 1, "studytime.not_yet"},
			{"when it is", w.Homes[0], over, ""},
			{"anew", w.Homes[0], over + 1, ""},
			{"when the term is over", w.Homes[0], clock.Date(2025, 7, 1).At(0, 0), "studytime.counted"},
		} {
			if got := answer(c.person, id, true, c.at); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return seat.Withdraw(ctx, tx, roundtest.System, roundtest.SeatOf(held, w.Homes[1]), roundtest.Now)
		}))
		if l := mine(w.Homes[1]).Lapsed(); l != studytime.NoSeat {
			t.Errorf("without a seat: %q", l)
		}
		if got := answer(w.Homes[1], mine(w.Homes[1]).ID, true, over); got != "studytime.lapsed" {
			t.Errorf("without a seat: %q", got)
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			return planning.Cancel(ctx, tx, roundtest.System, held.ID, round.OtherCause, "Sjukdom", roundtest.Now)
		}))
		if l := mine(w.Homes[2]).Lapsed(); l != studytime.Cancelled {
			t.Errorf("of a cancelled round: %q", l)
		}
		if l := mine(w.Homes[0]); l.Lapsed() != "" || l.Had == nil || !*l.Had {
			t.Errorf("what was answered: %+v", l)
		}
		if got := set(d, w.Chief, day, studytime.Before, studytime.Slot{Day: before.Day, Starts: "08:00", Ends: "09:00"}, w.Homes[0]); got != "studytime.cancelled" {
			t.Errorf("time around a cancelled day: %q", got)
		}
	})
}

func TestATrainerSaysWhetherTheyPreparedAtWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		held := w.Local(w.Occasion(), w.Homes...)
		day := held.CourseDays[0]
		yes := true
		say := func(person int64, at clock.Instant) string {
			return tx(d, func(tx *db.Tx) error {
				return studytime.Prepared(ctx, tx, access.Viewer{PersonID: person, Trainer: true}, day.ID, &yes, at)
			})
		}
		after := (roundtest.First + 1).At(9, 0)
		if got := say(w.Chief.PersonID, after); got != "fault.not_found" {
			t.Errorf("before the day is held: %q", got)
		}
		roundtest.Must(t, w.Save(roundtest.System, day, roundtest.All(roundtest.SeatsOf(held), round.Present), roundtest.There(day, true), after))
		if got := say(w.Homes[0], after); got != "fault.not_found" {
			t.Errorf("who did not teach: %q", got)
		}
		for range 2 {
			if got := say(w.Chief.PersonID, after); got != "" {
				t.Errorf("who taught: %q", got)
			}
		}
		if got := say(w.Chief.PersonID, clock.Date(2025, 7, 1).At(0, 0)); got != "studytime.counted" {
			t.Errorf("after the term: %q", got)
		}
		all, err := studytime.Preparations(ctx, d.Reader(), w.Chief, roundtest.Today)
		if err != nil || len(all) != 1 || all[0].AtWork == nil || !*all[0].AtWork {
			t.Errorf("%v %+v", err, all)
		}
	})
}

func TestSumsAndHours(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		persons := append([]int64{}, w.Homes...)
		for range 2 {
			persons = append(persons, w.Person("Ny", w.North))
		}
		day := w.Local(w.InMunicipality(), append(persons, w.Neighbour)...).CourseDays[0].ID
		if got := set(d, w.Admin, day, studytime.Before, before, append(persons, w.Neighbour)...); got != "" {
			t.Fatal(got)
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE study_time SET had = person_id <> $1, answered_at = 1`, persons[0])
			return err
		}))
		from, until := studytime.Term(2025, clock.Spring)
		falun, err := organisation.ByID(ctx, d.Reader(), roundtest.Falun)
		roundtest.Must(t, err)
		for _, c := range []struct {
			name                string
			viewer              access.Viewer
			today               clock.Day
			people, units, told int
		}{
			{"while the term lasts", w.Admin, until, 6, 2, 0},
			{"when it is over", w.Admin, until + 1, 6, 2, 5},
			{"a manager sees the own unit", w.Chief, until + 1, 6, 1, 5},
		} {
			s, err := studytime.OfMunicipality(ctx, d.Reader(), c.viewer, falun, from, until, c.today)
			if err != nil || s.Total.Minutes != 6*120 || s.Total.People != c.people || len(s.Lines) != c.units || s.Total.Had.People != c.told || c.told > 0 && s.Total.Had.Yes != 4*120 {
				t.Errorf("%s: %v %+v", c.name, err, s)
			}
		}
		s, err := studytime.OfRegion(ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, from, until, until+1)
		if err != nil || len(s.Lines) != 1 || s.Total.Had.People != 5 || s.Lines[0].Had != s.Total.Had {
			t.Errorf("%v %+v", err, s)
		}
		if _, err := studytime.OfRegion(ctx, d.Reader(), roundtest.Uppsalas, roundtest.Dalarna, from, until, until+1); !errors.Is(err, fault.NotFound) {
			t.Errorf("another region: %v", err)
		}
		period := studytime.Choice{From: from, Until: until}
		for _, c := range []struct {
			name   string
			viewer access.Viewer
			want   int
		}{{"the unit's manager", w.Chief, 5}, {"the other's", w.OtherChief, 1}, {"the municipality", w.Admin, 6}, {"the region", roundtest.Dalarnas, 6}, {"another region", roundtest.Uppsalas, 0}, {"another municipality", w.BorlangeAdmin, 0}} {
			all, err := studytime.HoursOf(ctx, d.Reader(), c.viewer, period)
			if err != nil || len(all) != c.want {
				t.Errorf("%s: %v %+v", c.name, err, all)
			}
		}
		nameless := roundtest.Dalarnas
		nameless.Nameless = []int64{roundtest.Falun}
		if all, err := studytime.HoursOf(ctx, d.Reader(), nameless, period); err != nil || len(all) != 0 {
			t.Errorf("a region that sees no names: %v %+v", err, all)
		}
		if _, err := studytime.HoursOf(ctx, d.Reader(), w.Worker(persons[0], w.North), period); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an employee: %v", err)
		}
	})
}

func TestProjectsWithMoneyFromOutside(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		good := studytime.Project{RegionID: roundtest.Dalarna, Name: "Växtkraft", From: roundtest.Today, Until: roundtest.Today + 1000}
		var id int64
		make := func(v access.Viewer, p studytime.Project) string {
			return tx(d, func(tx *db.Tx) (err error) {
				id, err = studytime.MakeProject(ctx, tx, v, p, roundtest.Now)
				return err
			})
		}
		long, backwards, endless := good, good, good
		longest := good
		long.Name, backwards.Until, endless.Until, longest.Until = strings.Repeat("å", 201), good.From-1, good.From+6*366, good.From+6*366-1
		for _, c := range []struct {
			name    string
			viewer  access.Viewer
			project studytime.Project
			want    string
		}{
			{"a municipality makes none", w.Admin, good, "fault.forbidden"},
			{"nor does another region", roundtest.Uppsalas, good, "fault.not_found"},
			{"without a name", roundtest.Dalarnas, studytime.Project{RegionID: roundtest.Dalarna}, "name studytime.project.name_missing"},
			{"with too long a name", roundtest.Dalarnas, long, "name studytime.project.name_long"},
			{"that ends before it begins", roundtest.Dalarnas, backwards, "until studytime.project.backwards"},
			{"that has no end", roundtest.Dalarnas, endless, "until studytime.project.too_long"},
			{"of six years", roundtest.Dalarnas, longest, ""},
			{"of the region", roundtest.Dalarnas, good, ""},
		} {
			if got := make(c.viewer, c.project); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		hours, kronor, minus := int64(100), money.Kronor(5000), int64(-1)
		grant := func(v access.Viewer, municipality int64, hours *int64) string {
			return tx(d, func(tx *db.Tx) error {
				s := studytime.ProjectShare{GrantedHours: hours, AppliedMoney: &kronor}
				s.Municipality.ID = municipality
				return studytime.Grant(ctx, tx, v, id, s, roundtest.Now)
			})
		}
		for _, c := range []struct {
			name         string
			viewer       access.Viewer
			municipality int64
			hours        *int64
			want         string
		}{
			{"a municipality that is not in it", w.Admin, roundtest.Falun, &hours, "fault.not_found"},
			{"the region puts it in", roundtest.Dalarnas, roundtest.Falun, &hours, ""},
			{"then it writes its own", w.Admin, roundtest.Falun, nil, ""},
			{"and nobody else's", w.Admin, roundtest.Borlange, &hours, "fault.not_found"},
			{"a municipality of another region", roundtest.Dalarnas, roundtest.Tierp, &hours, "fault.not_found"},
			{"fewer hours than none", roundtest.Dalarnas, roundtest.Borlange, &minus, "granted_hours studytime.project.hours_wrong"},
			{"the region puts another in", roundtest.Dalarnas, roundtest.Borlange, &hours, ""},
		} {
			if got := grant(c.viewer, c.municipality, c.hours); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		for _, c := range []struct {
			viewer access.Viewer
			want   int
		}{{roundtest.Dalarnas, 2}, {w.Admin, 1}} {
			p, err := studytime.ProjectOf(ctx, d.Reader(), c.viewer, id)
			roundtest.Must(t, err)
			shares, err := studytime.ProjectShares(ctx, d.Reader(), c.viewer, p)
			if err != nil || len(shares) != c.want || c.want == 1 && (shares[0].GrantedHours != nil || *shares[0].AppliedMoney != kronor) {
				t.Errorf("%v %+v", err, shares)
			}
			for _, share := range shares { // whose hours stand beside what was granted
				if !access.StudyHours(c.viewer).Covers(share.Municipality.Place()) {
					t.Errorf("%s is not in the reach of who sees it in the project: %+v", share.Municipality.Name, share.Municipality.Place())
				}
			}
		}
	})
}

// The sum of a time in the database is that of Lapsed: a time of each kind, told by both.
func TestSumsCountWhatHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		round := w.Local(w.InMunicipality(), append(w.Homes, w.Neighbour)...)
		day := round.CourseDays[0].ID
		from, until := studytime.Term(2025, clock.Spring)
		choice := studytime.Choice{From: from, Until: until}
		sums := func() (told, counted int) {
			for _, person := range append(w.Homes, w.Neighbour) {
				all, err := studytime.Of(ctx, d.Reader(), person, from)
				roundtest.Must(t, err)
				for _, one := range all {
					if one.Lapsed() == "" {
						told += one.Minutes()
					}
				}
			}
			all, err := studytime.HoursOf(ctx, d.Reader(), w.Admin, choice)
			roundtest.Must(t, err)
			for _, h := range all {
				counted += h.Set
			}
			return told, counted
		}
		after := studytime.Slot{Day: roundtest.First + 2, Starts: "08:05", Ends: "09:50"}
		for _, c := range []struct {
			name string
			do   func() error
			want int
		}{
			{"before", func() error {
				return d.Write(ctx, func(tx *db.Tx) error {
					return studytime.Set(ctx, tx, w.Admin, day, studytime.Before, before, w.Homes, roundtest.Now)
				})
			}, 3 * 120},
			{"and after", func() error {
				return d.Write(ctx, func(tx *db.Tx) error {
					return studytime.Set(ctx, tx, w.Admin, day, studytime.After, after, append(w.Homes, w.Neighbour), roundtest.Now)
				})
			}, 3*120 + 4*105},
			{"one has given up the seat", func() error {
				return w.Write(func(tx *db.Tx) error {
					return seat.Withdraw(ctx, tx, roundtest.System, roundtest.SeatOf(round, w.Homes[0]), roundtest.Now)
				})
			}, 2*120 + 3*105},
			{"one leaves before the second", func() error {
				return w.Write(func(tx *db.Tx) error { return people.Leave(ctx, tx, roundtest.System, w.Homes[1], after.Day-1) })
			}, 2*120 + 2*105},
			{"the day moves past the second", func() error {
				return w.Write(func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `UPDATE course_day SET day = $2 WHERE id = $1`, day, after.Day+1)
					return err
				})
			}, 2 * 120},
			{"what was answered stays", func() error {
				return w.Write(func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `UPDATE study_time SET had = TRUE, answered_at = 1 WHERE person_id = $1`, w.Homes[0])
					return err
				})
			}, 3*120 + 105},
			{"the day moves into the first", func() error {
				return w.Write(func(tx *db.Tx) error {
					_, err := db.Exec(ctx, tx, `UPDATE course_day SET day = $2, starts = '13:30' WHERE id = $1`, day, before.Day)
					return err
				})
			}, 120 + 105 + 2*105},
			{"all is cancelled", func() error {
				return w.Write(func(tx *db.Tx) error {
					return planning.Cancel(ctx, tx, roundtest.System, round.ID, "other", "Sjukdom", roundtest.Now)
				})
			}, 120 + 105},
		} {
			if err := c.do(); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if told, counted := sums(); told != c.want || counted != c.want {
				t.Errorf("%s: %d told, %d counted, want %d", c.name, told, counted, c.want)
			}
		}
	})
}

// The sums of the region's municipalities are those of their own pages, and the region's whole is they together
// and what is withheld or the region's own: also of who moved, or whose employment was taken away afterwards.
func TestTheRegionIsItsMunicipalities(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		day := w.Local(w.InMunicipality(), w.Staff...).CourseDays[0].ID
		from, until := studytime.Term(2025, clock.Spring)
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			put := func(person, employer int64, had bool) error {
				_, err := db.Exec(ctx, tx, `INSERT INTO study_time (person_id, employer_id, course_day_id, part, day, starts, ends, set_at, had, answered_at) VALUES ($1, $2, $3, 'before', $4, '09:00', '10:30', 1, $5, 1)`,
					person, employer, day, from+40, had)
				return err
			}
			for i, person := range w.Staff[:7] {
				if err := put(person, roundtest.Falun, i%2 == 0); err != nil {
					return err
				}
			}
			// One works at Borlänge, too; one never did, by what the employments say now; one is the region's own.
			return errors.Join(put(w.Others[0], roundtest.Borlange, true), put(w.Staff[0], roundtest.Borlange, true), put(w.Rss, roundtest.Dalarna, false))
		}))
		region, err := studytime.OfRegion(ctx, d.Reader(), roundtest.Dalarnas, roundtest.Dalarna, from, until, until+1)
		roundtest.Must(t, err)
		minutes, told := 0, studytime.Share{}
		for _, l := range region.Lines {
			minutes, told.Yes, told.No = minutes+l.Minutes, told.Yes+l.Had.Yes, told.No+l.Had.No
			if l.Place.Kind != organisation.Municipality {
				if l.Had.Of() > 0 || l.Minutes != 90 {
					t.Errorf("the region's own: %+v", l)
				}
				continue
			}
			own, err := studytime.OfMunicipality(ctx, d.Reader(), roundtest.Dalarnas, l.Place, from, until, until+1)
			if err != nil || own.Total.Minutes != l.Minutes || own.Total.People != l.People || own.Total.Had != l.Had {
				t.Errorf("%s: %v %+v, in the region %+v", l.Place.Name, err, own.Total, l)
			}
		}
		if len(region.Lines) != 3 || minutes != region.Total.Minutes || minutes != 10*90 {
			t.Errorf("%d places, %d minutes, the region %d", len(region.Lines), minutes, region.Total.Minutes)
		}
		// Falun tells seven; Borlänge's two and the region's one are withheld.
		if want := (studytime.Share{People: 7, Yes: 4 * 90, No: 3 * 90}); region.Total.Had != want || told.Of() != want.Of() {
			t.Errorf("%+v, by place %+v", region.Total.Had, told)
		}
	})
}

func TestHoursAreChosen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := roundtest.NewVillage(t, d)
		day := w.Local(w.InMunicipality(), append(w.Homes, w.Neighbour)...).CourseDays[0].ID
		if got := set(d, w.Admin, day, studytime.Before, before, append(w.Homes, w.Neighbour)...); got != "" {
			t.Fatal(got)
		}
		roundtest.Must(t, w.Write(func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `UPDATE employment SET shift = 'night' WHERE person_id = $1`, w.Homes[0])
			return err
		}))
		all := studytime.Choice{From: before.Day, Until: before.Day}
		night, falun, borlange, nowhere, early, late, endless := all, all, all, all, all, all, all
		night.Shift, falun.Municipalities, borlange.Municipalities, nowhere.Municipalities = people.NightShift, []int64{roundtest.Falun}, []int64{roundtest.Borlange}, []int64{}
		early.Until, early.From, late.From, late.Until = before.Day-1, before.Day-9, before.Day+1, before.Day+9
		endless.Until = endless.From + 6*366
		for _, c := range []struct {
			name   string
			choice studytime.Choice
			want   int
			fault  string
		}{
			{"its day", all, 4, ""}, {"by night", night, 1, ""}, {"Falun", falun, 4, ""}, {"Borlänge", borlange, 0, ""}, {"of nobody", nowhere, 0, ""},
			{"until the day before", early, 0, ""}, {"from the day after", late, 0, ""}, {"of a project that is longer than new ones may be", endless, 4, ""},
		} {
			found, err := studytime.HoursOf(ctx, d.Reader(), w.Admin, c.choice)
			if len(found) != c.want || roundtest.Key(err) != c.fault {
				t.Errorf("%s: %d people, %v", c.name, len(found), err)
			}
			by, err := studytime.HoursBy(ctx, d.Reader(), w.Admin, c.choice)
			if roundtest.Key(err) != c.fault || by[roundtest.Falun].Set != c.want*120 || len(by) > 1 {
				t.Errorf("%s by municipality: %v %+v", c.name, err, by)
			}
		}
	})
}
