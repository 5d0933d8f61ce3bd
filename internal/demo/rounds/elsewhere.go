package rounds

import (
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/data"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// LayOutElsewhere lays out rounds of other regions, and the national round of 2025.
func (plan *Plan) LayOutElsewhere() error {
	// Leda ansökan om LVU is national: seven from Dalarna, the others from elsewhere.
	national := &Round{
		Course: "leda-ansokan-om-lvu", Label: "hösten 2025", Capacity: 40, Minimum: 10,
		Signup: clock.Date(2025, 9, 1), Until: clock.Date(2025, 11, 3),
		Days: []*Day{{Day: clock.Date(2025, 11, 20), Place: online, Held: true}},
	}
	rows, err := data.Table("bou-courses-2025.csv", true)
	if err != nil {
		return err
	}
	approved := map[string]int{}
	for _, r := range rows {
		approved[r.Text("course")] = r.Number("approved_participants")
	}
	confirmed, on := clock.Date(2025, 11, 5), clock.Date(2025, 11, 27)
	national.Published, national.Confirmed = &national.Signup, &confirmed
	for _, from := range []struct {
		region string
		seats  int
	}{{world.Dalarna, approved["Leda ansökan om LVU"]}, {"uppsala", 4}, {"gavleborg", 3}} {
		national.Region = from.region
		who, err := plan.pick(national, from.seats, "", nil)
		if err != nil {
			return err
		}
		for _, p := range who {
			s := plan.sit(national, p)
			s.mark(round.Present, "")
			s.Approved = &on
		}
	}
	national.Region = ""
	plan.Rounds = append(plan.Rounds, national)

	for _, o := range []offering{
		{course: "samtal-och-delaktighet", region: "uppsala", days: []clock.Day{d26(4, 15), d26(5, 6)}, seats: 9, place: "Uppsala, Stationsgatan"},
		{course: "handlaggning-av-unga-lagovertradare", region: "gavleborg", days: []clock.Day{d26(3, 26)}, seats: 8, place: "Gävle, Drottninggatan"},
	} {
		o.label, o.capacity, o.minimum = "våren 2026", 20, 6
		team := plan.Cast.ElsewhereTrainers[o.region]
		o.team = []Teacher{{team[0], trainer.Lead, true}, {team[1], trainer.Assistant, true}}
		plan.offer(o)
	}
	return nil
}
