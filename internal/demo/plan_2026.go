package demo

import (
	"fmt"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

func d26(month time.Month, day int) clock.Day { return clock.Date(2026, month, day) }

// places is how many people of a journey work where.
type places []struct {
	municipality string
	count        int
}

// year2026 adds who came in 2026, and what was learnt then.
func (b *builder) year2026() error {
	// Barn och unga: new caseworkers.
	for _, at := range (places{{"Borlänge", 8}, {"Falun", 9}, {"Ludvika", 5}, {"Mora", 3}, {"Avesta", 3}, {"Leksand", 2}, {"Hedemora", 2}}) {
		units := b.byUnit[at.municipality+"/"+bou]
		for i := range at.count {
			b.member(units[i%len(units)], dalarna, "Socialsekreterare", bou, b.early(d26(1, 7), d26(6, 12)), "ny", people.Employee)
		}
	}
	// Funktionshinder utförare: more accounts, and those who had some go on to the
	// next courses. Borlänge has stood still since New Year: 334 of its 533
	// employees lack BAS 3, which is what its plan is for.
	for _, at := range (places{{"Leksand", 25}, {"Mora", 32}, {"Falun", 50}, {"Vansbro", 8}, {"Orsa", 14}, {"Ludvika", 16}}) {
		units := b.unitsOf(at.municipality, funk, (at.count+9)/18, funkUnit)
		for i := range at.count {
			b.member(units[i%len(units)], dalarna, careTitles[i%len(careTitles)], funk, b.early(d26(1, 7), d26(6, 12)), "bas", people.Employee)
		}
	}
	published := map[string]clock.Day{"bas-5": d26(3, 9)}
	for _, p := range b.people {
		a := p.account(funk)
		if a == nil || !a.is(people.Employee) || p.municipalityOn(a.opened) == "Borlänge" {
			continue
		}
		day := max(a.opened, d26(1, 8))
		for next := p.completed(basCourses); next < len(basCourses) && b.chance(38); next++ {
			day = b.between(max(day+10, published[basCourses[next]]), d26(6, 20))
			if day > d26(6, 24) {
				break
			}
			p.completions = append(p.completions, completion{basCourses[next], day})
		}
	}
	b.abuse()
	b.elder()

	// Somebody changes municipality between two days of a round.
	for _, p := range b.people {
		if a := p.account(bou); a != nil && p.municipalityOn(clock.YearEnd(2025)) == "Hedemora" && len(a.steps) > 0 &&
			!a.is(people.Manager) && a.opened < d26(1, 1) && p.taken["handlaggning-med-barnet-i-centrum"] == 0 {
			b.cast.mover = p
			p.moves = append(p.moves, move{place{unit: b.byUnit["Säter/"+bou][0]}, d26(3, 2)})
			return nil
		}
	}
	return fmt.Errorf("nobody in Hedemora can change municipality")
}

// abuse makes the people of Skadligt bruk och beroende.
func (b *builder) abuse() {
	steps := []string{"ny", "van", "erfaren"}
	n := 0
	for _, at := range (places{
		{"Falun", 16}, {"Borlänge", 15}, {"Ludvika", 8}, {"Avesta", 7}, {"Mora", 6}, {"Hedemora", 4}, {"Leksand", 4}, {"Rättvik", 4},
		{"Säter", 3}, {"Smedjebacken", 3}, {"Gagnef", 2}, {"Malung-Sälen", 1}, {"Vansbro", 1}, {"Orsa", 1},
	}) {
		u := b.unitsOf(at.municipality, abuse, 1, func(int) string { return "Vuxenenheten" })[0]
		for i := range at.count {
			n++
			switch {
			case i == 0 && at.count > 3:
				b.member(u, dalarna, "Enhetschef", abuse, b.early(clock.Date(2025, 9, 8), d26(2, 20)), "", people.Manager)
			case i == 1 && at.municipality == "Falun":
				b.cast.abuseTrainer = b.member(u, dalarna, "Förste socialsekreterare", abuse, clock.Date(2025, 9, 15), "erfaren", people.Employee, people.Trainer)
			default:
				b.member(u, dalarna, "Socialsekreterare", abuse, b.early(clock.Date(2025, 9, 15), d26(5, 20)), steps[n%len(steps)], people.Employee)
			}
		}
	}
}

// elderCourses are invented: no source names a course of Äldre utförare.
var elderCourses = []struct {
	slug, name, short string
	published         clock.Day
}{
	{"aldre-bas-1", "Bemötande i äldreomsorgen", "ÄLDRE BAS 1", clock.Date(2025, 12, 15)},
	{"aldre-bas-2", "Vanliga sjukdomar hos äldre", "ÄLDRE BAS 2", clock.Date(2026, 2, 16)},
	{"aldre-bas-3", "Måltid och munhälsa", "ÄLDRE BAS 3", clock.Date(2026, 4, 20)},
}

var elderUnits = []string{"Hemtjänst Norra", "Särskilt boende Tallgården", "Hemtjänst Södra", "Särskilt boende Källbacken", "Hemtjänst Centrum", "Dagverksamhet Solrosen"}

// elder makes the first people of Äldre utförare.
func (b *builder) elder() {
	titles := []string{"Undersköterska", "Undersköterska", "Vårdbiträde"}
	for _, at := range (places{{"Borlänge", 96}, {"Falun", 84}, {"Mora", 40}, {"Ludvika", 34}, {"Leksand", 30}, {"Rättvik", 22}, {"Säter", 18}}) {
		units := b.unitsOf(at.municipality, elder, min(at.count/15, len(elderUnits)), func(i int) string { return elderUnits[i] })
		for i := range at.count {
			u := units[i%len(units)]
			if i < len(units) {
				b.member(u, dalarna, "Enhetschef", elder, b.early(clock.Date(2025, 12, 15), d26(2, 27)), "", people.Manager)
				continue
			}
			p := b.member(u, dalarna, titles[i%len(titles)], elder, b.early(clock.Date(2025, 12, 15), d26(6, 5)), "bas", people.Employee)
			day := p.account(elder).opened
			for n, course := range elderCourses {
				if !b.chance(70 - 20*n) {
					break
				}
				if day = b.between(max(day+8, course.published+5), max(day+50, course.published+60)); day > d26(6, 24) {
					break
				}
				p.completions = append(p.completions, completion{course.slug, day})
			}
		}
	}
}

// rounds2026 lays out spring 2026, with what 2025 hides, and autumn 2026.
func (b *builder) rounds2026() error {
	t := b.cast.trainers
	lead := func(p *person) teacher { return teacher{p, trainer.Lead, true} }
	with := func(p *person) teacher { return teacher{p, trainer.Assistant, true} }
	b.managerTrainers()

	b.offer(offering{
		course: "uppdrag-och-ansvar", label: "våren 2026", place: falunRoom, capacity: 22, minimum: 8, seats: 16,
		days: []clock.Day{d26(1, 27)}, team: []teacher{lead(b.cast.abuseTrainer), with(b.cast.rss[1])},
	})
	for i, day := range []clock.Day{d26(2, 11), d26(3, 18), d26(4, 22)} {
		b.offer(offering{
			course: "leda-larande-och-utveckling", label: fmt.Sprintf("våren 2026, omgång %d", i+1), place: bigRoom, capacity: 24, minimum: 10,
			seats: []int{22, 19, 24}[i], days: []clock.Day{day},
			team: []teacher{lead(b.cast.rss[i%3]), with(b.cast.managerTrainers[i%2])},
		})
	}

	// A no-show who is billed for two days, a guest who pays nothing for one, and
	// somebody who changes municipality between the second and the third day: so
	// billed, attended and pot-bearing days are three different sums.
	first := b.offer(offering{
		course: "handlaggning-med-barnet-i-centrum", label: "våren 2026", place: falunRoom, capacity: 22, minimum: 10, seats: 18, level: "ny",
		days: []clock.Day{d26(2, 3), d26(2, 4), d26(3, 10), d26(3, 11)}, steady: true,
		team: []teacher{lead(t["B1"]), with(t["F2"])}, cast: []*person{b.cast.mover},
	})
	others := []*booking{}
	for _, s := range first.seats {
		if s.who != b.cast.mover {
			others = append(others, s)
		}
	}
	noShow, guest := others[0], others[1]
	b.cast.noShow, b.cast.guest = noShow.who, guest.who
	for _, day := range []int{2, 3} {
		noShow.marks[day], noShow.reasons[day] = round.Absent, "Kom inte, hade inte hört av sig"
	}
	noShow.approved = nil
	guest.exemptFrom(0, "Tog igen en dag som ställdes in för RSS räkning")

	// The municipal trainer falls ill, so the RSS holds the second day alone.
	ill := b.offer(offering{
		course: "utsatthet-och-vald", label: "våren 2026", place: falunRoom, capacity: 22, minimum: 10, seats: 17, level: "ny",
		days: []clock.Day{d26(4, 14), d26(5, 5)}, team: []teacher{lead(t["S1"]), with(t["R1"])},
	})
	ill.days[1].trainers[1].present = false

	b.offer(offering{
		course: "samtal-och-delaktighet", label: "våren 2026", place: falunRoom, capacity: 24, minimum: 10, seats: 15, level: "ny",
		days: []clock.Day{d26(3, 24), d26(4, 21)}, team: []teacher{lead(t["B2"]), with(t["B4"])},
	})
	b.offer(offering{
		course: "handlaggning-av-lvu", label: "våren 2026", place: falunRoom, capacity: 24, minimum: 10, seats: 17,
		days: []clock.Day{d26(5, 19), d26(6, 2)}, team: []teacher{lead(t["F1"]), with(t["L1"])},
	})
	b.offer(offering{
		course: "handlaggning-av-unga-lagovertradare", label: "våren 2026", place: falunRoom, capacity: 20, minimum: 10, seats: 14,
		days: []clock.Day{d26(5, 27)}, team: []teacher{lead(t["M1"]), with(t["A1"])},
	})

	for _, o := range []offering{
		{
			course: "handlaggning-av-unga-lagovertradare", capacity: 20, seats: 13,
			days: []clock.Day{d26(9, 17)}, team: []teacher{lead(t["M1"]), with(t["F5"])},
		},
		{
			course: "utsatthet-och-vald", capacity: 22, seats: 15, level: "ny",
			days: []clock.Day{d26(9, 29), d26(10, 20)}, team: []teacher{lead(t["S1"]), with(t["L2"])},
		},
		{
			course: "uppdrag-och-ansvar", capacity: 22, seats: 14,
			days: []clock.Day{d26(10, 13)}, team: []teacher{lead(b.cast.abuseTrainer), with(b.cast.rss[1])},
		},
		{
			course: "handlaggning-av-lvu", capacity: 24, seats: 15,
			days: []clock.Day{d26(10, 6), d26(10, 27)}, team: []teacher{lead(t["F1"]), with(t["F3"])},
		},
		{
			course: "leda-larande-och-utveckling", capacity: 24, seats: 21,
			days: []clock.Day{d26(9, 23)}, team: []teacher{lead(b.cast.rss[2]), with(b.cast.managerTrainers[1])},
		},
	} {
		o.label, o.place, o.minimum = "hösten 2026", falunRoom, 10
		b.offer(o)
	}
	return nil
}

// managerTrainers finds the municipal trainers of the managers' course: Borlänge
// and Mora lend one each.
func (b *builder) managerTrainers() {
	for _, municipality := range []string{"Borlänge", "Mora"} {
		for _, p := range b.people {
			if a := p.account(funk); a != nil && len(a.roles) == 1 && a.is(people.Manager) && p.municipalityOn(a.opened) == municipality {
				p.title = "Verksamhetsutvecklare"
				b.cast.managerTrainers = append(b.cast.managerTrainers, p)
				p.taken["leda-larande-och-utveckling"]++
				break
			}
		}
	}
}

// term is the term of the day as rounds are called by it.
func term(day clock.Day) string {
	if _, month, _ := day.Date(); month < 7 {
		return fmt.Sprintf("våren %d", day.Year())
	}
	return fmt.Sprintf("hösten %d", day.Year())
}

// termDay is the working day so many days of term after the day: July and
// Christmas, when no courses are given, do not count.
func termDay(day clock.Day, count int) clock.Day {
	closed := func() bool {
		_, month, date := day.Date()
		return month == 7 || month == 12 && date >= 20 || month == 1 && date <= 7
	}
	for count > 0 || closed() || workday(day) != day {
		if day++; !closed() {
			count--
		}
	}
	return day
}

// meets tells whether one of the team holds another round that day.
func (o offering) meets(day clock.Day) bool {
	for _, t := range o.team {
		if t.who.busy[day] {
			return true
		}
	}
	return false
}

// coming lays out what lies around today, whenever that is: rounds in every
// state that somebody has to do something about.
func (b *builder) coming() error {
	t := b.cast.trainers
	lead := func(p *person) teacher { return teacher{p, trainer.Lead, true} }
	with := func(p *person) teacher { return teacher{p, trainer.Assistant, true} }
	in := func(days ...int) []clock.Day {
		all := make([]clock.Day, len(days))
		for i, n := range days {
			all[i] = termDay(b.today, n)
		}
		return all
	}
	last := func(days int) []clock.Day {
		day := b.today.AddDate(0, 0, -days)
		for workday(day) != day {
			day--
		}
		return []clock.Day{day}
	}
	for _, o := range []offering{
		{ // yesterday, and nobody has said who came
			course: "arbeta-med-familjehem", capacity: 20, seats: 12, days: last(1), unmarked: 1,
			team: []teacher{lead(t["B1"]), with(t["F4"])},
		},
		{ // held, to be approved
			course: "samtal-och-delaktighet", capacity: 22, seats: 12, days: append(last(24), last(3)...), level: "ny",
			team: []teacher{lead(t["B2"]), with(t["B3"])},
		},
		{ // full, to be confirmed
			course: "utsatthet-och-vald", capacity: 14, seats: 14, days: in(18, 32), level: "ny", until: b.today - 1,
			team: []teacher{lead(t["S1"]), with(t["R1"])},
		},
		{ // nearly full
			course: "handlaggning-med-barnet-i-centrum", capacity: 16, seats: 15, days: in(30, 31, 58, 59), level: "ny",
			team: []teacher{lead(t["B1"]), with(t["F2"])},
		},
		{ // open, with plenty of room
			course: "samtal-och-delaktighet", capacity: 24, seats: 9, days: in(36, 57), level: "ny", cast: []*person{b.cast.employee},
			team: []teacher{lead(t["B2"]), with(t["B4"])}, note: "Ta med eget exempel från handläggningen.",
		},
		{ // open, for managers
			course: "leda-larande-och-utveckling", capacity: 24, seats: 11, days: in(40), cast: []*person{b.cast.manager},
			team: []teacher{lead(b.cast.rss[1]), with(b.cast.managerTrainers[0])},
		},
		{ // open, with too few so far
			course: "uppdrag-och-ansvar", capacity: 20, seats: 4, days: in(43),
			team: []teacher{lead(b.cast.abuseTrainer), with(b.cast.rss[2])},
		},
		{ // cancelled
			course: "arbeta-med-familjehem", capacity: 20, seats: 3, days: in(15), cancelled: "För få anmälda",
			team: []teacher{lead(t["M1"]), with(t["F4"])},
		},
		{ // published, sign-up opens later
			course: "handlaggning-av-unga-lagovertradare", capacity: 20, days: in(104),
			team: []teacher{lead(t["M1"]), with(t["A1"])},
		},
		{ // planned, seen by the RSS alone
			course: "handlaggning-av-lvu", capacity: 24, days: in(88, 109), unpublished: true,
			team: []teacher{lead(t["F1"]), with(t["L1"])},
		},
		{ // national, open
			course: "lvu-for-18-20-ar", national: true, capacity: 60, seats: 17, days: in(47), place: online,
		},
		{
			course: "samtal-och-delaktighet", region: "uppsala", capacity: 20, seats: 8, days: in(33, 54), place: "Uppsala, Stationsgatan",
			team: []teacher{lead(b.cast.elsewhereTrainers["uppsala"][0]), with(b.cast.elsewhereTrainers["uppsala"][1])},
		},
		{
			course: "utsatthet-och-vald", region: "gavleborg", capacity: 18, seats: 6, days: in(38, 52), place: "Gävle, Drottninggatan",
			team: []teacher{lead(b.cast.elsewhereTrainers["gavleborg"][0]), with(b.cast.elsewhereTrainers["gavleborg"][1])},
		},
		{ // today, whatever day it is: the room where people check in
			course: "handlaggning-av-unga-lagovertradare", capacity: 20, seats: 12, days: []clock.Day{b.today}, cast: []*person{b.cast.employee},
			team: []teacher{lead(t["B1"]), with(t["A1"])},
		},
	} {
		for i := range o.days {
			for o.days[i] > b.today && (i > 0 && o.days[i] <= o.days[i-1] || o.meets(o.days[i])) {
				o.days[i] = termDay(o.days[i], 1)
			}
		}
		o.label, o.minimum = term(o.days[0]), 8
		if o.place == "" {
			o.place = falunRoom
		}
		b.offer(o)
	}
	return nil
}

// elsewhere makes people, offices and rounds of other regions, and the national
// round of 2025.
func (b *builder) elsewhere() error {
	for _, region := range []struct {
		slug   string
		people places
	}{
		{slug: "uppsala", people: places{{"Uppsala", 15}, {"Enköping", 6}, {"Tierp", 4}}},
		{slug: "gavleborg", people: places{{"Gävle", 11}, {"Sandviken", 6}, {"Hudiksvall", 5}}},
	} {
		admin := b.person(place{region: region.slug}, region.slug, "Regional projektledare", clock.Date(2022, 1, 3))
		admin.office(access.Regional, place{region: region.slug}, clock.Date(2022, 1, 3))
		for _, at := range region.people {
			units := b.unitsOf(at.municipality, bou, 1+at.count/8, bouUnit(1+at.count/8))
			for i := range at.count {
				u := units[i%len(units)]
				switch i {
				case 0:
					b.member(u, region.slug, "Enhetschef", bou, b.between(clock.Date(2022, 9, 5), clock.Date(2024, 5, 1)), "", people.Manager)
				case 1:
					p := b.member(u, region.slug, "Förste socialsekreterare", bou, clock.Date(2023, 1, 16), "erfaren", people.Employee, people.Trainer)
					b.cast.elsewhereTrainers[region.slug] = append(b.cast.elsewhereTrainers[region.slug], p)
				default:
					b.member(u, region.slug, "Socialsekreterare", bou, b.early(clock.Date(2024, 2, 1), clock.Date(2025, 9, 30)),
						[]string{"ny", "van", "ny", "erfaren"}[i%4], people.Employee)
				}
			}
		}
	}

	// Leda ansökan om LVU is national: seven from Dalarna, the others from elsewhere.
	national := &roundPlan{
		course: "leda-ansokan-om-lvu", label: "hösten 2025", capacity: 40, minimum: 10,
		signup: clock.Date(2025, 9, 1), until: clock.Date(2025, 11, 3),
		days: []*dayPlan{{day: clock.Date(2025, 11, 20), place: online, held: true}},
	}
	rows, err := table("bou-courses-2025.csv", true)
	if err != nil {
		return err
	}
	approved := map[string]int{}
	for _, r := range rows {
		approved[r.text("course")] = r.number("approved_participants")
	}
	confirmed, on := clock.Date(2025, 11, 5), clock.Date(2025, 11, 27)
	national.published, national.confirmed = &national.signup, &confirmed
	for _, from := range []struct {
		region string
		seats  int
	}{{dalarna, approved["Leda ansökan om LVU"]}, {"uppsala", 4}, {"gavleborg", 3}} {
		national.region = from.region
		who, err := b.pick(national, from.seats, "", nil)
		if err != nil {
			return err
		}
		for _, p := range who {
			s := b.sit(national, p)
			s.mark(round.Present, "")
			s.approved = &on
		}
	}
	national.region = ""
	b.rounds = append(b.rounds, national)

	for _, o := range []offering{
		{course: "samtal-och-delaktighet", region: "uppsala", days: []clock.Day{d26(4, 15), d26(5, 6)}, seats: 9, place: "Uppsala, Stationsgatan"},
		{course: "handlaggning-av-unga-lagovertradare", region: "gavleborg", days: []clock.Day{d26(3, 26)}, seats: 8, place: "Gävle, Drottninggatan"},
	} {
		o.label, o.capacity, o.minimum = "våren 2026", 20, 6
		team := b.cast.elsewhereTrainers[o.region]
		o.team = []teacher{{team[0], trainer.Lead, true}, {team[1], trainer.Assistant, true}}
		b.offer(o)
	}
	return nil
}
