package demo

import (
	"cmp"
	"embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

//go:embed data/*.csv
var data embed.FS

// The journeys and courses that the plan calls by name.
const (
	bou   = "barn-och-unga"
	funk  = "funktionshinder-utforare"
	abuse = "skadligt-bruk-och-beroende"
	elder = "aldre-utforare"
)

var basCourses = []string{"bas-1", "bas-2", "bas-3", "bas-4", "bas-5"}

// lastHistory is the day until which the demo's history reaches whatever the
// clock shows: a machine whose clock is behind still gets a whole 2025.
var lastHistory = clock.Date(2026, 7, 1)

// place is where somebody works or holds an office: a unit, or by name a
// municipality or a region; the empty place is the nation.
type place struct {
	unit         *unit
	municipality string
	region       string
}

type unit struct {
	municipality string
	name         string
	id           int64 // given by Load
}

type person struct {
	given, family, email, title string
	at                          place
	from                        clock.Day
	moves                       []move
	accounts                    []*account
	offices                     []office
	completions                 []completion
	responses                   []response

	region string         // of the first employment
	taken  map[string]int // courses in whose rounds they have a seat, by round
	busy   map[clock.Day]bool
	id     int64 // given by Load
}

type move struct {
	to   place
	from clock.Day
}

type account struct {
	journey string
	opened  clock.Day
	roles   []people.Role
	steps   []step // the first holds from the opening
}

type step struct {
	slug string
	from clock.Day
}

type office struct {
	role access.Role
	at   place
	from clock.Day
}

type completion struct {
	course string
	on     clock.Day
}

// response is an answer to a course's evaluation; grade 0 is the best of five.
type response struct {
	course string
	on     clock.Day
	grade  int
	text   string
}

// team is somebody's membership of a course's team of trainers.
type team struct {
	who       *person
	course    string
	region    string
	recruited clock.Day
	ready     *clock.Day
}

type roundPlan struct {
	course             string
	region             string // empty: national
	label              string
	capacity, minimum  int
	signup, until      clock.Day
	days               []*dayPlan
	seats              []*booking
	published          *clock.Day
	confirmed          *clock.Day
	cancelled          *clock.Day
	cancelReason, note string
}

type dayPlan struct {
	day      clock.Day
	place    string
	held     bool
	trainers []teacher
}

type teacher struct {
	who     *person
	role    trainer.Role
	present bool
}

type booking struct {
	who      *person
	on       clock.Day
	marks    []round.Mark // by day, as far as they have been held
	reasons  []string
	exempt   map[int]string // by day from 0, why no fee is charged
	approved *clock.Day
}

// plan is everything that Load carries out.
type plan struct {
	today  clock.Day
	units  []*unit
	people []*person
	teams  []team
	rounds []*roundPlan

	trainers map[string]*person // of the reconstruction, as in cast
}

// builder makes a plan. Its dice fall the same way every time.
type builder struct {
	plan
	rnd    *rand.Rand
	names  namer
	byUnit map[string][]*unit // units of a municipality and a journey
	cast   cast
}

// cast are the people who are met again by a part that they play.
type cast struct {
	trainers                   map[string]*person // of the reconstruction: B1, F2, S1 …
	employee, manager, mover   *person
	abuseTrainer               *person
	managerTrainers            []*person // of the managers' course: Borlänge's and Mora's
	rss                        []*person
	elsewhereTrainers          map[string][]*person
	noShow, guest, lateTrainer *person
}

// newPlan lays out the demo as it stands on the day. It fails when a table is
// broken or cannot be met by any people.
func newPlan(today clock.Day) (*plan, error) {
	rnd := rand.New(rand.NewPCG(2025, 303)) //nolint:gosec // a demo wants the same dice every time
	b := &builder{
		rnd:    rnd,
		names:  namer{rnd: rnd, given: map[string]bool{}},
		plan:   plan{today: max(today, lastHistory)},
		byUnit: map[string][]*unit{},
		cast: cast{
			trainers:          map[string]*person{},
			elsewhereTrainers: map[string][]*person{},
		},
	}
	for _, part := range []func() error{
		b.barnOchUnga, b.funktionshinder, b.rss, b.rounds2025, b.year2026, b.elsewhere,
		b.evaluations, b.rounds2026, b.coming, b.offices,
	} {
		if err := part(); err != nil {
			return nil, fmt.Errorf("plan the demo: %w", err)
		}
	}
	b.teamUp()
	b.plan.trainers = b.cast.trainers
	return &b.plan, nil
}

// table is one of our tables without its last row, the printed total.
func table(name string, total bool) ([]row, error) {
	rows, err := db.Table(data, "data/"+name)
	if err != nil {
		return nil, err
	}
	if total {
		rows = rows[:len(rows)-1]
	}
	all := make([]row, len(rows))
	for i, r := range rows {
		all[i] = row{r, name}
	}
	return all, nil
}

type row struct {
	columns map[string]string
	table   string
}

func (r row) text(column string) string { return r.columns[column] }

// number panics on what is not one: the tables are compiled in and tested.
func (r row) number(column string) int {
	n, err := strconv.Atoi(r.columns[column])
	if err != nil {
		panic(fmt.Sprintf("%s, column %s: %v", r.table, column, err))
	}
	return n
}

// between is a working day from the first to the last, both included; any day
// when there is none among them, and the first working day from first on when
// last comes before it.
func (b *builder) between(first, last clock.Day) clock.Day {
	if last <= first {
		return workday(first)
	}
	day := first.AddDate(0, 0, b.rnd.IntN(int(last-first)+1))
	if w := workday(day); w <= last {
		return w
	}
	for w := last; w >= first; w-- {
		if workday(w) == w {
			return w
		}
	}
	return day
}

// early is a working day that more often lies in the first half.
func (b *builder) early(first, last clock.Day) clock.Day {
	return min(b.between(first, last), b.between(first, last))
}

// workday is the day, or the next one that offices are open on.
func workday(day clock.Day) clock.Day {
	for {
		_, month, date := day.Date()
		holiday := month == 12 && date >= 24 && date <= 26 || month == 1 && (date == 1 || date == 6) ||
			month == 5 && date == 1 || month == 6 && date == 6
		if w := int(day.Weekday()); w >= 1 && w <= 5 && !holiday {
			return day
		}
		day++
	}
}

func (b *builder) chance(percent int) bool { return b.rnd.IntN(100) < percent }

func (b *builder) shuffled(all []*person) []*person {
	all = slices.Clone(all)
	b.rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// person adds somebody who works at the place.
func (b *builder) person(at place, region, title string, from clock.Day) *person {
	p := &person{title: title, at: at, from: from, region: region, taken: map[string]int{}, busy: map[clock.Day]bool{}}
	p.given, p.family, p.email = b.names.next()
	b.people = append(b.people, p)
	return p
}

// member adds somebody at a unit with an account in the journey.
func (b *builder) member(u *unit, region, title, journey string, opened clock.Day, stepSlug string, roles ...people.Role) *person {
	p := b.person(place{unit: u}, region, title, opened.AddDate(0, 0, -3-b.rnd.IntN(900)))
	p.open(journey, opened, stepSlug, roles...)
	return p
}

func (p *person) open(journey string, opened clock.Day, stepSlug string, roles ...people.Role) {
	a := &account{journey: journey, opened: opened, roles: roles}
	if stepSlug != "" {
		a.steps = []step{{stepSlug, opened}}
	}
	p.accounts = append(p.accounts, a)
}

func (p *person) account(journey string) *account {
	for _, a := range p.accounts {
		if a.journey == journey {
			return a
		}
	}
	return nil
}

func (a *account) is(role people.Role) bool { return slices.Contains(a.roles, role) }

// stepOn is the account's step on the day, empty for none.
func (a *account) stepOn(day clock.Day) string {
	slug := ""
	for _, s := range a.steps {
		if s.from <= day {
			slug = s.slug
		}
	}
	return slug
}

// municipality is where the person was employed on the day.
func (p *person) municipalityOn(day clock.Day) string {
	at := p.at
	for _, m := range p.moves {
		if m.from <= day {
			at = m.to
		}
	}
	if at.unit != nil {
		return at.unit.municipality
	}
	return at.municipality
}

// completed is how many of the courses the person has completed.
func (p *person) completed(courses []string) int {
	n := 0
	for _, c := range p.completions {
		if slices.Contains(courses, c.course) {
			n++
		}
	}
	return n
}

// unitsOf are the municipality's units for the journey, made when first asked
// for.
func (b *builder) unitsOf(municipality, journey string, count int, name func(i int) string) []*unit {
	key := municipality + "/" + journey
	for i := len(b.byUnit[key]); i < max(1, count); i++ {
		u := &unit{municipality: municipality, name: name(i)}
		b.units = append(b.units, u)
		b.byUnit[key] = append(b.byUnit[key], u)
	}
	return b.byUnit[key]
}

// teamUp gives every trainer of a region's rounds a place in the course's team.
func (b *builder) teamUp() {
	type key struct {
		who            *person
		course, region string
	}
	seen := map[key]bool{}
	rounds := slices.Clone(b.rounds)
	slices.SortStableFunc(rounds, func(x, y *roundPlan) int { return cmp.Compare(x.days[0].day, y.days[0].day) })
	for _, r := range rounds {
		if r.region == "" {
			continue
		}
		for _, d := range r.days {
			for _, t := range d.trainers {
				k := key{t.who, r.course, r.region}
				if seen[k] {
					continue
				}
				seen[k] = true
				ready := d.day - 20
				b.teams = append(b.teams, team{t.who, r.course, r.region, d.day - 80, &ready})
			}
		}
	}
	recruited := b.today - 12
	b.teams = append(b.teams, team{b.cast.lateTrainer, "arbeta-med-familjehem", "dalarna", recruited, nil})
}
