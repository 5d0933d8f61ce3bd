package seed

import (
	"context"
	"fmt"
	"sort"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/organisation"
)

type region struct {
	id             int64
	municipalities []*municipality
	staff          []*person // project leader, administrator, RSS trainer
	// Those with an account, by journey as in plan.journeys, in a drawn order.
	members [][]*person
}

type municipality struct {
	id          int64
	region      *region
	name        string
	inhabitants int
	people      int
	units       []*unit
}

type unit struct {
	id      int64
	of      *municipality
	name    string
	manager *person
}

type person struct {
	id            int64
	given, family string
	title         string
	key           []byte
	region        *region
	unit          *unit // nil for the staff of an RSS or of the nation
	from          clock.Day
	left          *clock.Day
	before        *municipality // where they worked until moved
	moved         clock.Day

	journey        int // in plan.journeys; -1 without an account
	opened         clock.Day
	steps          []dated
	manager, admin bool
	trainer        *clock.Day // from when on
	done           uint64     // courses completed, by course.bit
	grants         []grant
}

// dated is a step from a day on, until the next.
type dated struct {
	step int64
	from clock.Day
}

type grant struct {
	role         access.Role
	organisation int64
}

// lastDay is the last day on which the person takes part; today when still.
func (p *person) lastDay(today clock.Day) clock.Day {
	if p.left != nil {
		return *p.left
	}
	return today
}

// roles are those of the account, with the day each began.
func (p *person) roles(add func(access.Role, clock.Day)) {
	if p.manager {
		add(access.Manager, p.opened)
	} else {
		add(access.Employee, p.opened)
	}
	if p.admin {
		add(access.MunicipalAdmin, p.opened)
	}
	if p.trainer != nil {
		add(access.Trainer, *p.trainer)
	}
}

// readCountry reads the regions and municipalities and deals out the people by
// inhabitants, at least one to each municipality.
func (p *plan) readCountry(ctx context.Context, tx *db.Tx, count int) error {
	regions, err := organisation.Regions(ctx, tx)
	if err != nil {
		return err
	}
	byID := map[int64]*region{}
	for _, r := range regions {
		own := &region{id: r.ID, members: make([][]*person, len(p.journeys))}
		p.regions = append(p.regions, own)
		byID[r.ID] = own
	}
	type row struct {
		id, region  int64
		name        string
		inhabitants int
	}
	rows, err := db.Rows(ctx, tx, func(r *row) []any { return []any{&r.id, &r.region, &r.name, &r.inhabitants} }, `
		SELECT
			m.id,
			m.region_id,
			m.name,
			(SELECT i.people FROM inhabitants AS i WHERE i.municipality_id = m.id ORDER BY i.year DESC LIMIT 1)
		FROM organisation AS m
		WHERE m.kind = 'municipality'
		ORDER BY m.id`)
	if err != nil {
		return err
	}
	all := 0
	for _, r := range rows {
		m := &municipality{id: r.id, region: byID[r.region], name: r.name, inhabitants: r.inhabitants}
		m.region.municipalities = append(m.region.municipalities, m)
		p.municipalities = append(p.municipalities, m)
		all += m.inhabitants
	}
	// One each, and the others by largest remainder.
	rest := count - len(p.municipalities)
	left := rest
	remainder := func(m *municipality) int { return m.inhabitants * rest % all }
	for _, m := range p.municipalities {
		m.people = 1 + m.inhabitants*rest/all
		left -= m.people - 1
	}
	order := append([]*municipality(nil), p.municipalities...)
	sort.SliceStable(order, func(i, j int) bool { return remainder(order[i]) > remainder(order[j]) })
	for _, m := range order[:left] {
		m.people++
	}
	return nil
}

const perUnit = 30

// settle makes the units and the people in them. Those of one journey sit
// together.
func (p *plan) settle() {
	before := 0 // people dealt out, so that the parts hold for the whole country
	for _, m := range p.municipalities {
		journeys := make([]int, len(p.journeys))
		rest := m.people
		for j := range p.journeys[:len(parts)-1] {
			part := p.journeys[j].part
			journeys[j] = min(rest, (before+m.people)*part/10_000-before*part/10_000)
			rest -= journeys[j]
		}
		journeys[len(parts)-1] = rest
		before += m.people
		p.settleMunicipality(m, journeys)
	}
	for _, r := range p.regions {
		for i, title := range []string{"Projektledare", "Administratör", "Utbildare"} {
			staff := p.newPerson(title)
			staff.region, staff.journey = r, -1
			staff.from = p.between(clock.Date(2018, 1, 1), clock.Date(2022, 6, 30))
			if i < 2 {
				staff.grants = []grant{{access.Regional, r.id}}
			}
			r.staff = append(r.staff, staff)
		}
		largest := r.municipalities[0]
		for _, m := range r.municipalities {
			if m.people > largest.people {
				largest = m
			}
		}
		director := largest.units[len(largest.units)-1].manager
		director.title = "Socialchef"
		director.grants = append(director.grants, grant{access.Steering, r.id})
	}
	for _, n := range []struct {
		role  access.Role
		count int
		title string
	}{{access.National, 2, "Projektledare"}, {access.NationalReader, 1, "Utredare"}, {access.Producer, 4, "Kursproducent"}, {access.Operator, 1, "Systemförvaltare"}} {
		for range n.count {
			staff := p.newPerson(n.title)
			staff.journey, staff.from = -1, clock.Date(2022, 9, 1)
			staff.grants = []grant{{n.role, organisation.NationID}}
			p.nationals = append(p.nationals, staff)
		}
	}
}

func (p *plan) newPerson(title string) *person {
	n := &person{id: int64(len(p.people) + 1), title: title}
	p.name(n)
	n.key = i18n.SortKey(n.family + " " + n.given)
	p.people = append(p.people, n)
	return n
}

func (p *plan) settleMunicipality(m *municipality, journeys []int) {
	sizes := make([]int, max(1, (m.people+perUnit/2)/perUnit))
	for i := range sizes {
		sizes[i] = m.people*(i+1)/len(sizes) - m.people*i/len(sizes)
		if i%2 == 1 {
			move := min(p.IntN(9), sizes[i-1]-1)
			sizes[i-1], sizes[i] = sizes[i-1]-move, sizes[i]+move
		}
	}
	taken := map[string]bool{}
	journey := 0
	for _, size := range sizes {
		u := &unit{id: int64(10_001 + len(p.units)), of: m}
		p.units = append(p.units, u)
		m.units = append(m.units, u)
		for i := range size {
			for journeys[journey] == 0 {
				journey++
			}
			journeys[journey]--
			if i == 0 {
				u.name = p.unitName(taken, journey)
			}
			p.employ(u, journey)
		}
	}
	admin := p.people[len(p.people)-1] // of the last unit, who manages nobody when there is another
	admin.admin, admin.left = true, nil
	admin.grants = append(admin.grants, grant{access.MunicipalAdmin, m.id})
}

// unitName is one that no other unit of the municipality has.
func (p *plan) unitName(taken map[string]bool, journey int) string {
	base := pick(p, unitKinds[journey]) + " " + pick(p, unitPlaces)
	name := base
	for i := 2; taken[name]; i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	taken[name] = true
	return name
}

// employ makes somebody of the unit; the first is its manager.
func (p *plan) employ(u *unit, journey int) {
	n := p.newPerson(pick(p, titles[journey]))
	j := p.journeys[journey]
	n.unit, n.region, n.journey = u, u.of.region, journey
	n.from = p.between(clock.Date(2004, 1, 1), p.today-60)
	if p.chance(300) { // the trade has many newcomers
		n.from = p.between(p.today.AddDate(-3, 0, 0), p.today-60)
	}
	n.opened = p.between(max(j.opens, n.from), p.today-1)
	switch {
	case u.manager == nil:
		u.manager, n.manager, n.title = n, true, "Enhetschef"
		n.grants = append(n.grants, grant{access.Manager, u.id})
	case p.chance(20) && n.opened < p.today-30:
		left := p.between(n.opened+10, p.today-2)
		n.left = &left
	}
	if earliest := max(n.from+200, p.today.AddDate(-4, 0, 0)); p.chance(100) && earliest < p.today-10 && (n.left == nil || earliest < *n.left) {
		n.moved = p.between(earliest, n.lastDay(p.today-10))
		n.before = pick(p, p.municipalities)
	}
	if !n.manager && !p.chance(30) {
		n.steps = p.steps(n, j)
	}
	n.region.members[journey] = append(n.region.members[journey], n)
}

// steps are the person's, by years in the profession where the steps have such
// bounds.
func (p *plan) steps(n *person, j *journey) []dated {
	first := dated{j.steps[0].ID, n.opened}
	if j.steps[0].UpToYears == nil {
		if later := n.opened + 240; p.chance(150) && later < n.lastDay(p.today) {
			return []dated{first, {j.steps[1].ID, p.between(later, n.lastDay(p.today))}}
		}
		return []dated{first}
	}
	var all []dated
	for i, s := range j.steps {
		from := n.opened
		if s.OverYears != nil {
			from = max(from, n.from.AddDate(*s.OverYears, 0, 1))
		}
		if from > n.lastDay(p.today) {
			break
		}
		if i > 0 && from == n.opened {
			all = all[:0] // was beyond the former step already
		}
		all = append(all, dated{s.ID, from})
	}
	return all
}
