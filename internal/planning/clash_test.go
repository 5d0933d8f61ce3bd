package planning

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

func TestSwedishHolidays(t *testing.T) {
	// Dates of kalendern.se's kind, checked against lag (1989:253): Easter of
	// 2025 is 20 April, of 2026 5 April, of 2038 the latest possible, 25 April.
	for day, want := range map[string]string{
		"2025-04-18": "good_friday", "2025-04-21": "easter_monday", "2025-05-29": "ascension", "2025-06-20": "midsummer_eve",
		"2025-06-21": "midsummer", "2025-11-01": "all_saints", "2026-04-03": "good_friday", "2026-05-14": "ascension",
		"2026-06-19": "midsummer_eve", "2026-10-31": "all_saints", "2027-01-06": "epiphany", "2027-06-06": "national_day",
		"2027-12-24": "christmas_eve", "2027-12-31": "new_years_eve", "2038-04-26": "easter_monday", "2026-01-01": "new_year",
		"2026-05-01": "may_day", "2026-12-25": "christmas", "2026-12-26": "boxing_day",
		"2025-04-17": "", "2026-06-18": "", "2026-12-23": "", "2026-01-05": "", "2026-11-07": "",
	} {
		d, err := clock.ParseDay(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := Holiday(d); got != want {
			t.Errorf("%s is %q, want %q", day, got, want)
		}
	}
}

func TestWhatClashesWithAPlan(t *testing.T) {
	var (
		wednesday = clock.Date(2027, 2, 3)
		saturday  = clock.Date(2027, 2, 6)
		midsummer = clock.Date(2027, 6, 25) // a Friday, midsommarafton
	)
	plan := func(day clock.Day) New {
		return New{Capacity: 20, Days: []NewDay{{
			Day: day, Starts: "09:00", Ends: "16:00", RoomID: 7, Trainers: []NewTrainer{{PersonID: 1, Role: trainer.Lead}, {PersonID: 2, Role: trainer.Assistant}},
		}}}
	}
	at := func(day clock.Day, starts, ends string) hours { return hours{day, starts, ends} }
	for name, c := range map[string]struct {
		plan    New
		Leaving []booked
		absent  []away
		rooms   []seating
		want    []Clash
	}{
		"a free day has none": {plan: plan(wednesday), rooms: []seating{{7, "Runn", 30}}},
		"a day that has been": {plan: plan(wednesday - 1), want: []Clash{{Kind: OnPast, On: wednesday - 1}}},
		"a Saturday":          {plan: plan(saturday), want: []Clash{{Kind: OnWeekend, On: saturday}}},
		"a day that was planned before it had been": {
			plan: New{Capacity: 20, Days: []NewDay{{ID: 4, Day: wednesday - 1, Starts: "09:00", Ends: "16:00"}}},
		},
		"a holiday is said by its name, and once": {
			plan: plan(midsummer), want: []Clash{{Kind: OnHoliday, On: midsummer, Name: "midsummer_eve"}},
		},
		"a trainer who holds another day": {
			plan: plan(wednesday), Leaving: []booked{{hours: at(wednesday, "15:00", "17:00"), kind: TrainerBusy, personID: 2, name: "Eva", roundID: 9, round: "Kurs, A"}},
			want: []Clash{{Kind: TrainerBusy, On: wednesday, Name: "Eva", RoundID: 9, Round: "Kurs, A", Starts: "15:00", Ends: "17:00"}},
		},
		"a trainer who is at a meeting": {
			plan: plan(wednesday), Leaving: []booked{{hours: at(wednesday, "15:00", "17:00"), kind: TrainerMeets, personID: 2, name: "Eva", round: "Träff"}},
			want: []Clash{{Kind: TrainerMeets, On: wednesday, Name: "Eva", Round: "Träff", Starts: "15:00", Ends: "17:00"}},
		},
		"a trainer who takes a course": {
			plan: plan(wednesday), Leaving: []booked{{hours: at(wednesday, "15:00", "17:00"), kind: TrainerSits, personID: 2, name: "Eva", round: "Kurs, A"}},
			want: []Clash{{Kind: TrainerSits, On: wednesday, Name: "Eva", Round: "Kurs, A", Starts: "15:00", Ends: "17:00"}},
		},
		"what ends as the other begins does not clash": {
			plan: plan(wednesday), Leaving: []booked{{hours: at(wednesday, "16:00", "18:00"), kind: TrainerBusy, personID: 2}, {hours: at(wednesday, "07:00", "09:00"), kind: RoomTaken, roomID: 7}},
		},
		"the same time another day does not clash": {plan: plan(wednesday), Leaving: []booked{{hours: at(wednesday+1, "09:00", "16:00"), kind: TrainerBusy, personID: 2}}},
		"somebody else's day does not clash":       {plan: plan(wednesday), Leaving: []booked{{hours: at(wednesday, "09:00", "16:00"), kind: TrainerBusy, personID: 3}}},
		"a room that is taken": {
			plan: plan(wednesday), Leaving: []booked{{hours: at(wednesday, "12:00", "13:00"), kind: RoomTaken, roomID: 7, name: "Runn", region: "Dalarna"}},
			want: []Clash{{Kind: RoomTaken, On: wednesday, Name: "Runn", Region: "Dalarna", Starts: "12:00", Ends: "13:00"}},
		},
		"a trainer who cannot": {
			plan: plan(wednesday), absent: []away{{1, "Per", wednesday - 2, wednesday}, {2, "Eva", wednesday + 1, wednesday + 3}, {3, "Ola", wednesday, wednesday}},
			want: []Clash{{Kind: TrainerAway, On: wednesday, Name: "Per"}},
		},
		"a room with fewer seats": {
			plan: plan(wednesday), rooms: []seating{{7, "Runn", 19}}, want: []Clash{{Kind: RoomSmall, On: wednesday, Name: "Runn", Seats: 19}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, clashes(c.plan, wednesday, c.Leaving, c.absent, c.rooms)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestACopyKeepsTheShapeOfTheRound(t *testing.T) {
	day := func(n int) *clock.Day { d := clock.Date(2026, 2, n); return &d }
	first := clock.Date(2026, 2, 3)
	yes := true
	d := round.Detail{
		Round: round.Round{
			ID: 4, CourseID: 5, RegionID: 20, Label: "våren 2026", Capacity: 22, Minimum: 8, FirstDay: first, LastDay: first + 29,
			SignupFrom: first - 84, SignupUntil: first - 21, DecideOn: day(1), AcceptHours: 24,
		},
		CourseDays: []round.Day{
			{ID: 1, Day: first, Starts: "09:00", Ends: "16:00", RoomID: 7, Place: "Runn", Trainers: []round.Trainer{{PersonID: 3, Role: trainer.Lead, Present: &yes}}},
			{ID: 2, Day: first + 29, Starts: "10:00", Ends: "15:00", Link: "https://example.org/a"},
		},
	}
	later := clock.Date(2027, 2, 2) // a Tuesday, too
	n := Copied(d, later)
	want := New{
		CourseID: 5, RegionID: 20, Label: "våren 2026", Capacity: 22, Minimum: 8, SignupFrom: later - 84, SignupUntil: later - 21, AcceptHours: 24, CopiedFrom: 4,
		Days: []NewDay{
			{Day: later, Starts: "09:00", Ends: "16:00", RoomID: 7, Place: "Runn", Trainers: []NewTrainer{{PersonID: 3, Role: trainer.Lead}}},
			{Day: later + 29, Starts: "10:00", Ends: "15:00", Link: "https://example.org/a"},
		},
	}
	decide := later - 2
	want.DecideOn = &decide
	if diff := cmp.Diff(want, n); diff != "" {
		t.Error(diff)
	}
	for i, nd := range n.Days {
		if nd.Day.Weekday() != d.CourseDays[i].Day.Weekday() {
			t.Errorf("day %d moved from %s to %s", i, d.CourseDays[i].Day.Weekday(), nd.Day.Weekday())
		}
	}
}

func TestTheUsualSignUpIsNeverInThePast(t *testing.T) {
	today := clock.Date(2026, 11, 23)
	for name, c := range map[string]struct{ first, from, until clock.Day }{
		"far ahead":          {today + 200, today + 200 - 84, today + 200 - 21},
		"within 12 weeks":    {today + 50, today, today + 29},
		"within 3 weeks":     {today + 10, today, today},
		"it has begun today": {today, today, today},
	} {
		t.Run(name, func(t *testing.T) {
			if from, until := UsualWindow(c.first, today); from != c.from || until != c.until {
				t.Errorf("%s to %s, want %s to %s", from, until, c.from, c.until)
			}
		})
	}
}
