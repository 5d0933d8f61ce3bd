package rounds

import (
	"fmt"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/demo/population"
	"yrkesresan/internal/demo/world"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// LayOut2026 lays out spring 2026, with what 2025 hides, and autumn 2026.
func (plan *Plan) LayOut2026() error {
	t := plan.Cast.Trainers
	lead := func(p *population.Person) Teacher { return Teacher{p, trainer.Lead, true} }
	with := func(p *population.Person) Teacher { return Teacher{p, trainer.Assistant, true} }
	plan.managerTrainers()

	plan.offer(offering{
		course: "uppdrag-och-ansvar", label: "våren 2026", place: FalunRoom, capacity: 22, minimum: 8, seats: 16,
		days: []clock.Day{d26(1, 27)}, team: []Teacher{lead(plan.Cast.AbuseTrainer), with(plan.Cast.RSS[1])},
	})
	for i, day := range []clock.Day{d26(2, 11), d26(3, 18), d26(4, 22)} {
		plan.offer(offering{
			course: "leda-larande-och-utveckling", label: fmt.Sprintf("våren 2026, omgång %d", i+1), place: bigRoom, capacity: 24, minimum: 10,
			seats: []int{22, 19, 24}[i], days: []clock.Day{day},
			team: []Teacher{lead(plan.Cast.RSS[i%3]), with(plan.Cast.ManagerTrainers[i%2])},
		})
	}

	// A no-show who is billed for two days, a guest who pays nothing for one, and
	// somebody who changes municipality between the second and the third day: so
	// billed, attended and pot-bearing days are three different sums.
	first := plan.offer(offering{
		course: "handlaggning-med-barnet-i-centrum", label: "våren 2026", place: FalunRoom, capacity: 22, minimum: 10, seats: 18, level: "ny",
		days: []clock.Day{d26(2, 3), d26(2, 4), d26(3, 10), d26(3, 11)}, steady: true,
		team: []Teacher{lead(t["B1"]), with(t["F2"])}, cast: []*population.Person{plan.Cast.Mover},
	})
	others := []*Seat{}
	for _, s := range first.Seats {
		if s.Who != plan.Cast.Mover {
			others = append(others, s)
		}
	}
	noShow, guest := others[0], others[1]
	plan.Cast.NoShow, plan.Cast.Guest = noShow.Who, guest.Who
	for _, day := range []int{2, 3} {
		noShow.Marks[day], noShow.Reasons[day] = round.Absent, "Kom inte, hade inte hört av sig"
	}
	noShow.Approved = nil
	guest.exemptFrom(0, "Tog igen en dag som ställdes in för RSS räkning")

	// The municipal trainer falls ill, so the RSS holds the second day alone.
	ill := plan.offer(offering{
		course: "utsatthet-och-vald", label: "våren 2026", place: FalunRoom, capacity: 22, minimum: 10, seats: 17, level: "ny",
		days: []clock.Day{d26(4, 14), d26(5, 5)}, team: []Teacher{lead(t["S1"]), with(t["R1"])},
	})
	ill.Days[1].Trainers[1].Present = false

	plan.offer(offering{
		course: "samtal-och-delaktighet", label: "våren 2026", place: FalunRoom, capacity: 24, minimum: 10, seats: 15, level: "ny",
		days: []clock.Day{d26(3, 24), d26(4, 21)}, team: []Teacher{lead(t["B2"]), with(t["B4"])},
	})
	plan.offer(offering{
		course: "handlaggning-av-lvu", label: "våren 2026", place: FalunRoom, capacity: 24, minimum: 10, seats: 17,
		days: []clock.Day{d26(5, 19), d26(6, 2)}, team: []Teacher{lead(t["F1"]), with(t["L1"])},
	})
	plan.offer(offering{
		course: "handlaggning-av-unga-lagovertradare", label: "våren 2026", place: FalunRoom, capacity: 20, minimum: 10, seats: 14,
		days: []clock.Day{d26(5, 27)}, team: []Teacher{lead(t["M1"]), with(t["A1"])},
	})

	for _, o := range []offering{
		{
			course: "handlaggning-av-unga-lagovertradare", capacity: 20, seats: 13,
			days: []clock.Day{d26(9, 17)}, team: []Teacher{lead(t["M1"]), with(t["F5"])},
		},
		{
			course: "utsatthet-och-vald", capacity: 22, seats: 15, level: "ny",
			days: []clock.Day{d26(9, 29), d26(10, 20)}, team: []Teacher{lead(t["S1"]), with(t["L2"])},
		},
		{
			course: "uppdrag-och-ansvar", capacity: 22, seats: 14,
			days: []clock.Day{d26(10, 13)}, team: []Teacher{lead(plan.Cast.AbuseTrainer), with(plan.Cast.RSS[1])},
		},
		{
			course: "handlaggning-av-lvu", capacity: 24, seats: 15,
			days: []clock.Day{d26(10, 6), d26(10, 27)}, team: []Teacher{lead(t["F1"]), with(t["F3"])},
		},
		{
			course: "leda-larande-och-utveckling", capacity: 24, seats: 21,
			days: []clock.Day{d26(9, 23)}, team: []Teacher{lead(plan.Cast.RSS[2]), with(plan.Cast.ManagerTrainers[1])},
		},
	} {
		o.label, o.place, o.minimum = "hösten 2026", FalunRoom, 10
		plan.offer(o)
	}
	return nil
}

// managerTrainers finds the municipal trainers of the managers' course: Borlänge
// and Mora lend one each.
func (plan *Plan) managerTrainers() {
	for _, municipality := range []string{"Borlänge", "Mora"} {
		for _, p := range plan.People {
			if a := p.Account(world.Funktionshinder); a != nil && len(a.Roles) == 1 && a.Is(access.Manager) && p.MunicipalityOn(a.Opened) == municipality {
				p.Title = "Verksamhetsutvecklare"
				plan.Cast.ManagerTrainers = append(plan.Cast.ManagerTrainers, p)
				p.Taken["leda-larande-och-utveckling"]++
				break
			}
		}
	}
}

func d26(month time.Month, day int) clock.Day { return clock.Date(2026, month, day) }
