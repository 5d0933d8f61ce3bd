package rounds

import (
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/trainer"
)

// LayOutComing lays out what lies around today, whenever that is: rounds in every
// state that somebody has to do something about.
func (plan *Plan) LayOutComing() error {
	t := plan.Cast.Trainers
	lead := func(p *population.Person) Teacher { return Teacher{p, trainer.Lead, true} }
	with := func(p *population.Person) Teacher { return Teacher{p, trainer.Assistant, true} }
	in := func(days ...int) []clock.Day {
		all := make([]clock.Day, len(days))
		for i, n := range days {
			all[i] = TermDay(plan.Today, n)
		}
		return all
	}
	last := func(days int) []clock.Day {
		day := plan.Today.AddDate(0, 0, -days)
		for population.Workday(day) != day {
			day--
		}
		return []clock.Day{day}
	}
	for _, o := range []offering{
		{ // yesterday, and nobody has said who came
			course: "arbeta-med-familjehem", capacity: 20, seats: 12, days: last(1), unmarked: 1,
			team: []Teacher{lead(t["B1"]), with(t["F4"])},
		},
		{ // held, to be approved
			course: "samtal-och-delaktighet", capacity: 22, seats: 12, days: append(last(24), last(3)...), level: "ny",
			team: []Teacher{lead(t["B2"]), with(t["B3"])},
		},
		{ // full, to be confirmed
			course: "utsatthet-och-vald", capacity: 14, seats: 14, days: in(18, 32), level: "ny", until: plan.Today - 1,
			team: []Teacher{lead(t["S1"]), with(t["R1"])},
		},
		{ // nearly full
			course: "handlaggning-med-barnet-i-centrum", capacity: 16, seats: 15, days: in(30, 31, 58, 59), level: "ny",
			team: []Teacher{lead(t["B1"]), with(t["F2"])},
		},
		{ // open, with plenty of room
			course: "samtal-och-delaktighet", capacity: 24, seats: 9, days: in(36, 57), level: "ny", cast: []*population.Person{plan.Cast.Employee},
			team: []Teacher{lead(t["B2"]), with(t["B4"])}, note: "Ta med eget exempel från handläggningen.",
		},
		{ // open, for managers
			course: "leda-larande-och-utveckling", capacity: 24, seats: 11, days: in(40), cast: []*population.Person{plan.Cast.Manager},
			team: []Teacher{lead(plan.Cast.RSS[1]), with(plan.Cast.ManagerTrainers[0])},
		},
		{ // open, with too few so far
			course: "uppdrag-och-ansvar", capacity: 20, seats: 4, days: in(43),
			team: []Teacher{lead(plan.Cast.AbuseTrainer), with(plan.Cast.RSS[2])},
		},
		{ // cancelled
			course: "arbeta-med-familjehem", capacity: 20, seats: 3, days: in(15), cancelled: "För få anmälda",
			team: []Teacher{lead(t["M1"]), with(t["F4"])},
		},
		{ // published, sign-up opens later
			course: "handlaggning-av-unga-lagovertradare", capacity: 20, days: in(104),
			team: []Teacher{lead(t["M1"]), with(t["A1"])},
		},
		{ // planned, seen by the RSS alone
			course: "handlaggning-av-lvu", capacity: 24, days: in(88, 109), unpublished: true,
			team: []Teacher{lead(t["F1"]), with(t["L1"])},
		},
		{ // national, open
			course: "lvu-for-18-20-ar", national: true, capacity: 60, seats: 17, days: in(47), place: online,
		},
		{
			course: "samtal-och-delaktighet", region: "uppsala", capacity: 20, seats: 8, days: in(33, 54), place: "Uppsala, Stationsgatan",
			team: []Teacher{lead(plan.Cast.ElsewhereTrainers["uppsala"][0]), with(plan.Cast.ElsewhereTrainers["uppsala"][1])},
		},
		{
			course: "utsatthet-och-vald", region: "gavleborg", capacity: 18, seats: 6, days: in(38, 52), place: "Gävle, Drottninggatan",
			team: []Teacher{lead(plan.Cast.ElsewhereTrainers["gavleborg"][0]), with(plan.Cast.ElsewhereTrainers["gavleborg"][1])},
		},
		{ // today, whatever day it is: the room where people check in
			course: "handlaggning-av-unga-lagovertradare", capacity: 20, seats: 12, days: []clock.Day{plan.Today}, cast: []*population.Person{plan.Cast.Employee},
			team: []Teacher{lead(t["B1"]), with(t["A1"])},
		},
	} {
		for i := range o.days {
			for o.days[i] > plan.Today && (i > 0 && o.days[i] <= o.days[i-1] || o.meets(o.days[i])) {
				o.days[i] = TermDay(o.days[i], 1)
			}
		}
		o.label, o.minimum = term(o.days[0]), 8
		if o.place == "" {
			o.place = FalunRoom
		}
		plan.offer(o)
	}
	return nil
}
