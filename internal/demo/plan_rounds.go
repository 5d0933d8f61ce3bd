package demo

import (
	"fmt"
	"slices"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// The rooms of the course days.
const (
	falunRoom = "Sal Runn"
	bigRoom   = "Sal Siljan"
	online    = "Digitalt"
)

// held is one round of course-days-2025-reconstruction.csv: which of its days,
// on which dates they are laid (invented), and how many were approved.
type held struct {
	course   string
	first    int // number of its first day in the table
	days     []clock.Day
	label    string
	capacity int
	approved int
	level    string // the step that most participants stand at
}

func d25(month time.Month, day int) clock.Day { return clock.Date(2025, month, day) }

var held2025 = []held{
	{"handlaggning-med-barnet-i-centrum", 1, []clock.Day{d25(2, 4), d25(2, 5), d25(3, 4), d25(3, 5)}, "våren 2025", 24, 18, "ny"},
	{"handlaggning-av-unga-lagovertradare", 5, []clock.Day{d25(3, 20)}, "våren 2025", 20, 16, ""},
	{"handlaggning-av-unga-lagovertradare", 6, []clock.Day{d25(10, 2)}, "hösten 2025", 20, 12, ""},
	{"samtal-och-delaktighet", 7, []clock.Day{d25(4, 8), d25(4, 29)}, "våren 2025", 26, 10, "ny"},
	{"samtal-och-delaktighet", 9, []clock.Day{d25(9, 16), d25(10, 7)}, "hösten 2025", 26, 16, "ny"},
	{"utsatthet-och-vald", 11, []clock.Day{d25(5, 6), d25(5, 20)}, "våren 2025", 24, 18, "ny"},
	{"utsatthet-och-vald", 13, []clock.Day{d25(10, 14), d25(11, 4)}, "hösten 2025", 24, 17, "ny"},
	{"arbeta-med-familjehem", 15, []clock.Day{d25(5, 13)}, "våren 2025", 20, 14, ""},
	{"handlaggning-av-lvu", 16, []clock.Day{d25(11, 11), d25(12, 2)}, "hösten 2025", 24, 20, ""},
}

// rounds2025 lays out the rounds of 2025: the reconstruction's, the autumn round
// that was cancelled for too few, and the national course.
func (b *builder) rounds2025() error {
	rows, err := table("course-days-2025-reconstruction.csv", false)
	if err != nil {
		return err
	}
	byDay := map[int][]row{}
	for _, r := range rows {
		byDay[r.number("day")] = append(byDay[r.number("day")], r)
	}
	for _, h := range held2025 {
		var counts []int
		var teachers [][]teacher
		for i := range h.days {
			var of []teacher
			for _, r := range byDay[h.first+i] {
				who := b.cast.trainers[r.text("trainer")]
				if who == nil {
					return fmt.Errorf("day %d: nobody is trainer %s", h.first+i, r.text("trainer"))
				}
				of = append(of, teacher{who, trainer.Role(r.text("role")), true})
			}
			counts = append(counts, byDay[h.first+i][0].number("participants"))
			teachers = append(teachers, of)
		}
		if err := b.reconstruct(h, counts, teachers); err != nil {
			return fmt.Errorf("%s, %s: %w", h.course, h.label, err)
		}
	}

	b.offer(offering{
		course: "handlaggning-med-barnet-i-centrum", label: "hösten 2025", place: falunRoom, capacity: 24, minimum: 10, seats: 5, level: "ny",
		days:      []clock.Day{d25(10, 21), d25(10, 22), d25(11, 18), d25(11, 19)},
		team:      []teacher{{b.cast.trainers["B1"], trainer.Lead, true}, {b.cast.trainers["F2"], trainer.Assistant, true}},
		cancelled: "För få anmälda",
	})
	return nil
}

// reconstruct lays out one round so that each day has its number of
// participants and so many attended every day as were approved. The others
// missed a day and had said so.
func (b *builder) reconstruct(h held, counts []int, teachers [][]teacher) error {
	full := slices.Min(counts)
	if full < h.approved {
		return fmt.Errorf("%d approved, %d attended the smallest day", h.approved, full)
	}
	if len(counts) > 1 {
		full = h.approved
	}
	patterns := slices.Repeat([][]bool{slices.Repeat([]bool{true}, len(counts))}, full)
	left := make([]int, len(counts))
	for i := range counts {
		left[i] = counts[i] - full
	}
	for slices.Max(left) > 0 {
		days := make([]bool, len(counts))
		missed := false
		for i := range left {
			// The last of them stays away when the others were all attended.
			if days[i] = left[i] > 0 && (missed || i < len(left)-1); days[i] {
				left[i]--
			} else {
				missed = true
			}
		}
		patterns = append(patterns, days)
	}

	r := &roundPlan{
		course: h.course, region: dalarna, label: h.label, capacity: h.capacity, minimum: 10,
		signup: workday(h.days[0] - 84), until: workday(h.days[0] - 21), note: ReconstructionNote,
	}
	r.published = &r.signup
	confirmed := workday(r.until + 1)
	r.confirmed = &confirmed
	for i, day := range h.days {
		r.days = append(r.days, &dayPlan{day: day, place: falunRoom, held: true, trainers: teachers[i]})
	}
	approvedOn := workday(h.days[len(h.days)-1] + 7)
	var cast []*person
	if h.level == "ny" && slices.Contains([]string{"handlaggning-med-barnet-i-centrum", "utsatthet-och-vald"}, h.course) &&
		b.cast.employee.taken[h.course] == 0 {
		cast = append(cast, b.cast.employee)
	}
	who, err := b.pick(r, len(patterns), h.level, cast)
	if err != nil {
		return err
	}
	for i, p := range who {
		s := b.sit(r, p)
		for _, came := range patterns[i] {
			if came {
				s.mark(b.cameMark(), "")
			} else {
				s.mark(round.Excused, b.excuse())
			}
		}
		if i < h.approved {
			s.approved = &approvedOn
		}
	}
	b.rounds = append(b.rounds, r)
	return nil
}

func (s *booking) mark(m round.Mark, reason string) {
	s.marks = append(s.marks, m)
	s.reasons = append(s.reasons, reason)
}

func (b *builder) cameMark() round.Mark {
	if b.chance(5) {
		return round.Late
	}
	return round.Present
}

func (b *builder) excuse() string {
	return []string{"Sjuk", "Vård av barn", "Förhandling i tingsrätten", "Akut ärende"}[b.rnd.IntN(4)]
}

// pick chooses people for the round's seats: of the cast first, then account
// holders of the course's journey in the region, who have no seat in the course
// and nothing else on its days; those at the step before others.
func (b *builder) pick(r *roundPlan, count int, level string, cast []*person) ([]*person, error) {
	who := slices.Clone(cast)
	var first, then []*person
	for _, p := range b.shuffled(b.people) {
		if p.region != r.region && r.region != "" || slices.Contains(who, p) || !b.eligible(p, r) {
			continue
		}
		at := ""
		for _, a := range p.accounts {
			at += a.stepOn(r.days[0].day)
		}
		if level == "" || at == level {
			first = append(first, p)
		} else {
			then = append(then, p)
		}
	}
	if level != "" && len(first) > count {
		// A few of the others come too.
		keep := len(first) - count/8
		first, then = append(first[:keep:keep], then...), nil
		b.rnd.Shuffle(len(first), func(i, j int) { first[i], first[j] = first[j], first[i] })
	}
	who = append(who, first...)
	who = append(who, then...)
	if len(who) < count {
		return nil, fmt.Errorf("%s, %s: %d people for %d seats", r.course, r.label, len(who), count)
	}
	return who[:count], nil
}

// eligible tells whether the person may be given a seat in the round.
func (b *builder) eligible(p *person, r *roundPlan) bool {
	if p.taken[r.course] != 0 || b.isCast(p) {
		return false
	}
	open := false
	for _, a := range p.accounts {
		if a.opened > r.until-3 {
			continue
		}
		switch r.course {
		case "leda-larande-och-utveckling":
			open = open || a.is(people.Manager)
		case "uppdrag-och-ansvar":
			open = open || a.journey == abuse && !a.is(people.Trainer)
		case "leda-ansokan-om-lvu":
			open = open || a.journey == bou && (a.is(people.Manager) || a.stepOn(r.days[0].day) == "erfaren")
		case "lvu-for-18-20-ar":
			open = open || a.journey == bou && a.stepOn(r.days[0].day) == "van"
		default:
			open = open || a.journey == bou && a.is(people.Employee) && !a.is(people.Trainer)
		}
	}
	for _, d := range r.days {
		if p.busy[d.day] {
			return false
		}
	}
	return open
}

// isCast tells whether somebody has a part to play and so takes no other seat.
func (b *builder) isCast(p *person) bool {
	return p == b.cast.employee || p == b.cast.manager || p == b.cast.mover || p == b.cast.noShow || p == b.cast.guest
}

// sit gives the person a seat in the round.
func (b *builder) sit(r *roundPlan, p *person) *booking {
	first := r.signup
	for _, a := range p.accounts {
		if a.opened >= first && a.opened < r.until {
			first = a.opened + 1
		}
	}
	s := &booking{who: p, on: min(b.early(first, min(r.until, b.today-1)), r.until, b.today-1)}
	p.taken[r.course]++
	for _, d := range r.days {
		p.busy[d.day] = true
	}
	r.seats = append(r.seats, s)
	return s
}

// offering is a round whose participants and attendance are left to the dice.
type offering struct {
	course, label     string
	region            string // Dalarna unless told
	national          bool
	days              []clock.Day
	place             string
	capacity, minimum int
	seats             int
	level             string
	team              []teacher // on every day
	cast              []*person
	signup, until     clock.Day // 84 and 21 days before the first day unless told
	unpublished       bool
	cancelled         string // why
	unmarked          int    // so many of its last days are still without attendance
	note              string
	steady            bool // everybody comes every day
}

// offer lays out the round as it stands today. It takes fewer seats than asked
// for when there are no more people.
func (b *builder) offer(o offering) *roundPlan {
	r := &roundPlan{
		course: o.course, region: o.region, label: o.label, capacity: o.capacity, minimum: o.minimum,
		signup: o.signup, until: o.until, note: o.note,
	}
	if r.region == "" && !o.national {
		r.region = dalarna
	}
	if r.signup == 0 {
		r.signup = workday(o.days[0] - 84)
	}
	if r.until == 0 {
		r.until = workday(o.days[0] - 21)
	}
	b.rounds = append(b.rounds, r)
	for i, day := range o.days {
		d := &dayPlan{day: day, place: o.place, held: day < b.today && o.cancelled == "" && i < len(o.days)-o.unmarked}
		d.trainers = slices.Clone(o.team)
		r.days = append(r.days, d)
		for _, t := range o.team {
			t.who.busy[day] = true
		}
	}
	if o.unpublished {
		return r
	}
	published := min(r.signup, workday(b.today-12))
	r.published = &published
	confirm := workday(r.until + 1)
	switch {
	case o.cancelled != "":
		cancelled := min(confirm, b.today-1)
		r.cancelled, r.cancelReason = &cancelled, o.cancelled
	case confirm < b.today:
		r.confirmed = &confirm
	}
	if r.signup >= b.today {
		return r
	}

	count := o.seats
	who, err := b.pick(r, count, o.level, o.cast)
	for err != nil && count > 0 {
		count--
		who, err = b.pick(r, count, o.level, o.cast)
	}
	approve := workday(o.days[len(o.days)-1] + 7)
	for _, p := range who {
		s := b.sit(r, p)
		all := true
		for _, d := range r.days {
			switch {
			case !d.held:
				all = false
			case o.steady || slices.Contains(o.cast, p) || !b.chance(5):
				s.mark(b.cameMark(), "")
			default:
				s.mark(round.Excused, b.excuse())
				all = false
			}
		}
		if all && approve < b.today {
			s.approved = &approve
		}
		if o.cancelled != "" {
			// Who lost their seat may try again.
			p.taken[r.course]--
			for _, d := range r.days {
				p.busy[d.day] = false
			}
		}
	}
	return r
}

func (s *booking) exemptFrom(day int, reason string) {
	if s.exempt == nil {
		s.exempt = map[int]string{}
	}
	s.exempt[day] = reason
}
