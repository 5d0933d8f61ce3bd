package economy

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// Obstacle says why a course day's money is not final.
type Obstacle string

// The obstacles. Until they are gone the day counts with what is known of it.
const (
	NoTariff          Obstacle = "no_tariff"          // the region has none of the kind that day: no charge, no pot
	NoAttendance      Obstacle = "no_attendance"      // never saved
	TrainerUnmarked   Obstacle = "trainer_unmarked"   // nobody has said whether a trainer was present
	TrainerUnemployed Obstacle = "trainer_unemployed" // a trainer was present whom nobody employed: nobody to pay
)

// Key is the obstacle's message key.
func (o Obstacle) Key() string { return "economy.obstacle." + string(o) }

// Key is the message key of why something was kept; none for KeptNothing.
func (r Reason) Key() string { return "economy.kept." + string(r) }

// DayRef names a course day: Ordinal is its place in its round.
type DayRef struct {
	ID      int64
	Date    clock.Day
	Ordinal int
	Course  string
	Round   string
}

// Day is a course day with its money. Counts are of everybody, Charges per municipality in Swedish
// order, also those with nothing billed. Without a tariff nothing is charged and Pot has no shares.
type Day struct {
	DayRef
	RegionID  int64
	RoundID   int64
	CourseID  int64
	Kind      string         // of tariff
	Published *clock.Instant // of its round; nil: held before it was
	Held      bool           // its attendance was saved
	Tariff    *Tariff
	Charges   []Charge
	Charged   money.Ore
	Pot       DayPot // Name is unique within the year: the ISO date, and more where two days share it
	Obstacles []Obstacle
	Counts
}

// InBasis tells whether the day stands in the invoice basis: somebody is charged for it.
func (d Day) InBasis() bool { return d.Tariff != nil && d.Billed > 0 }

// HasPot tells whether the day has a trainer pot to split.
func (d Day) HasPot() bool { return d.Tariff != nil && d.PotBearing > 0 }

// DayCounts are the counts of a region's course days, kept apart as those of participant-days are:
// of one year it may be said that 31 days are planned, 28 were held, 27 are billed and 26 bear a pot.
type DayCounts struct {
	Planned    int // in the calendar, with a fee or without; cancelled rounds have none
	Held       int // the attendance was saved
	Billed     int // in the invoice basis
	PotBearing int // with a pot to split
}

// CountDays counts the days by what they are.
func CountDays(days []Day) DayCounts {
	var c DayCounts
	for _, d := range days {
		c.Planned++
		if d.Held {
			c.Held++
		}
		if d.InBasis() {
			c.Billed++
		}
		if d.HasPot() {
			c.PotBearing++
		}
	}
	return c
}

// Finished tells whether the day's money is final.
func (d Day) Finished() bool { return len(d.Obstacles) == 0 }

// MunicipalitySum is one municipality's year in a region: as the facts say now, and, once the year
// is settled, what was settled and corrected.
type MunicipalitySum struct {
	Municipality   Ref
	TrainerDays    int
	Charged        money.Ore
	Share          money.Ore // of the trainer pot
	SettledCharged money.Ore
	SettledShare   money.Ore
	Counts
}

// Year is a region's year: every course day that carries money, with what is charged and paid for
// it as the facts say now. Settlement is what was frozen of it, nil before. Differences are what the
// facts have come to say since; none before.
type Year struct {
	Region         Ref
	Year           int
	Days           []Day             // by date
	Free           []Day             // by date, of rounds without a fee: no money, but held as others are
	Municipalities []MunicipalitySum // in Swedish order, with those who only have settled lines
	Charged        money.Ore
	Pot            Pot // of the days with a tariff that were held
	Settlement     *Settlement
	Differences    []Difference
	Counts
}

// Result is the year's pot in the form that is printed.
func (y Year) Result() PotResult { return y.Pot.Result() }

// DayCounts counts all of the year's days, those without a fee too.
func (y Year) DayCounts() DayCounts { return CountDays(slices.Concat(y.Days, y.Free)) }

// PotOf is the pot of the days: of those that were held, or have something in it already.
func PotOf(days []Day) Pot {
	var pots []DayPot
	for _, d := range days {
		if d.Tariff != nil && (d.Held || d.HasPot()) {
			pots = append(pots, d.Pot)
		}
	}
	return SumPot(pots)
}

// Unfinished are the days whose money is not final.
func (y Year) Unfinished() []Day {
	var days []Day
	for _, d := range y.Days {
		if !d.Finished() {
			days = append(days, d)
		}
	}
	return days
}

// The years that can be asked for: days of others might not be days.
const (
	minYear = 1900
	maxYear = 9999
)

// YearOf is the region's year; fault.Forbidden or fault.NotFound when its money is not the viewer's
// to see.
func YearOf(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, year int) (Year, error) {
	region, err := regionOf(ctx, q, access.Money(viewer), regionID, year)
	if err != nil {
		return Year{}, err
	}
	return yearOf(ctx, q, region, year)
}

// regionOf is the region, if the scope covers it and the year can be one.
func regionOf(ctx context.Context, q db.Querier, scope access.Scope, regionID int64, year int) (organisation.Organisation, error) {
	region, err := organisation.ByID(ctx, q, regionID)
	if err != nil {
		return region, err
	}
	if region.Kind != organisation.Region || year < minYear || year > maxYear {
		return region, fault.NotFound
	}
	return region, scope.Allow(region.Place())
}

func yearOf(ctx context.Context, q db.Querier, region organisation.Organisation, year int) (Year, error) {
	y := Year{Region: Ref{ID: region.ID, Name: region.Name}, Year: year}
	book, err := open(ctx, q, part{
		condition: "r.region_id = $1 AND cd.day >= $2 AND cd.day <= $3",
		args:      []any{region.ID, clock.YearStart(year), clock.YearEnd(year)},
	})
	if err != nil {
		return y, err
	}
	y.Days, y.Free = book.days, book.free
	if y.Settlement, err = settlementOf(ctx, q, region.ID, year); err != nil {
		return y, err
	}
	if y.Settlement != nil {
		y.Differences = differences(*y.Settlement, lines(y.Days))
	}
	y.sum()
	return y, nil
}

// sum adds up the days and the settlement.
func (y *Year) sum() {
	sums := map[int64]*MunicipalitySum{}
	of := func(m Ref) *MunicipalitySum {
		if sums[m.ID] == nil {
			sums[m.ID] = &MunicipalitySum{Municipality: m}
		}
		return sums[m.ID]
	}
	for _, d := range y.Days {
		y.Counts.add(d.Counts)
		y.Charged += d.Charged
		for _, c := range d.Charges {
			s := of(c.Municipality)
			s.Counts.add(c.Counts)
			s.Charged += c.Amount
		}
	}
	y.Pot = PotOf(y.Days)
	for _, m := range y.Pot.Municipalities {
		s := of(m.Municipality)
		s.TrainerDays, s.Share = m.TrainerDays, m.Amount
	}
	if y.Settlement != nil {
		for _, l := range y.Settlement.All() {
			if l.Kind == ChargeLine {
				of(l.Municipality).SettledCharged += l.Amount
			} else {
				of(l.Municipality).SettledShare += l.Amount
			}
		}
	}
	for _, s := range sums {
		y.Municipalities = append(y.Municipalities, *s)
	}
	inSwedish(y.Municipalities, func(s MunicipalitySum) Ref { return s.Municipality })
}

// inSwedish sorts by name in Swedish order.
func inSwedish[T any](all []T, name func(T) Ref) {
	keys := make(map[Ref][]byte, len(all))
	for _, each := range all {
		keys[name(each)] = i18n.SortKey(name(each).Name)
	}
	slices.SortFunc(all, func(a, b T) int { return bytes.Compare(keys[name(a)], keys[name(b)]) })
}

// part is the course days that are asked for: a condition on cd and r.
type part struct {
	condition string
	args      []any
}

// book is the days of a part with their money, and the regions of the municipalities met on them.
type book struct {
	days    []Day
	free    []Day // of rounds without a fee
	regions map[int64]int64
}

// open reads the days of the part: one query for the days, one for the tariffs, one for the counts,
// one for the trainers. All days of a part belong to one region.
func open(ctx context.Context, q db.Querier, p part) (book, error) {
	b := book{regions: map[int64]int64{}}
	rows, err := db.Rows(ctx, q, func(d *Day) []any {
		return []any{&d.ID, &d.Date, &d.Ordinal, &d.Held, &d.Published, &d.RegionID, &d.RoundID, &d.Round, &d.CourseID, &d.Course, &d.Kind}
	}, `
		SELECT
			cd.id,
			cd.day,
			cd.ordinal,
			cd.held_at IS NOT NULL,
			r.published_at,
			r.region_id,
			r.id,
			r.label,
			c.id,
			c.name,
			COALESCE(r.tariff_kind, '')
		FROM course_day AS cd
		JOIN round AS r ON r.id = cd.round_id
		JOIN course AS c ON c.id = r.course_id
		WHERE `+Planned+`
		AND `+p.condition+`
		ORDER BY cd.day, cd.starts, cd.id`, p.args...)
	if err != nil || len(rows) == 0 {
		return b, err
	}
	tariffs, err := Tariffs(ctx, q, rows[0].RegionID)
	if err != nil {
		return b, err
	}
	at := make(map[int64]*Day, len(rows))
	for _, d := range rows {
		if d.Kind == "" {
			b.free = append(b.free, d)
			continue
		}
		if d.Tariff = holding(tariffs, d.Kind, d.Date, d.Published); d.Tariff == nil {
			d.Obstacles = append(d.Obstacles, NoTariff)
		}
		if !d.Held {
			d.Obstacles = append(d.Obstacles, NoAttendance)
		}
		b.days = append(b.days, d)
	}
	for i := range b.days {
		at[b.days[i].ID] = &b.days[i]
	}
	if err := b.count(ctx, q, p, at); err != nil {
		return b, err
	}
	if err := b.staff(ctx, q, p, at); err != nil {
		return b, err
	}
	for i, name := range labels(b.days) {
		d := &b.days[i]
		d.Pot.PotDay.Ref = Ref{ID: d.ID, Name: name}
		d.Pot.Course, d.Pot.Participants = d.Course, d.PotBearing
		if err := d.price(d.Tariff); err != nil {
			return b, err
		}
	}
	return b, nil
}

// price gives the day the tariff (nil: none), and from it its charges and its pot.
func (d *Day) price(t *Tariff) (err error) {
	d.Tariff, d.Charged, d.Charges = t, 0, slices.Clone(d.Charges)
	for i, c := range d.Charges {
		if d.Charges[i].Amount = 0; t != nil {
			d.Charges[i].Amount = t.Fee * money.Ore(c.Billed)
		}
		d.Charged += d.Charges[i].Amount
	}
	d.Pot = DayPot{PotDay: d.Pot.PotDay}
	if t != nil {
		d.Pot, err = t.Split(d.Pot.PotDay)
	}
	return err
}

// count gives the days their participant-days and charges.
func (b *book) count(ctx context.Context, q db.Querier, p part, at map[int64]*Day) error {
	type row struct {
		Charge
		dayID, regionID int64
	}
	rows, err := db.Rows(ctx, q, func(c *row) []any {
		return []any{&c.dayID, &c.Municipality.ID, &c.Municipality.Name, &c.regionID, &c.Billed, &c.Attended, &c.PotBearing}
	}, `
		SELECT
			cd.id,
			COALESCE(e.municipality_id, 0),
			COALESCE(m.name, ''),
			COALESCE(m.region_id, 0),
			COUNT(*) FILTER (WHERE `+Billed+`),
			COUNT(*) FILTER (WHERE `+Attended+`),
			COUNT(*) FILTER (WHERE `+PotBearing+`)
		FROM `+ParticipantDays+`
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		WHERE `+Counting+`
		AND `+p.condition+`
		GROUP BY cd.id, e.municipality_id, m.name, m.region_id, m.sort_key
		ORDER BY m.sort_key`, p.args...)
	if err != nil {
		return err
	}
	for _, c := range rows {
		d := at[c.dayID]
		if d == nil {
			continue
		}
		d.Counts.add(c.Counts)
		if c.Municipality.ID == 0 {
			continue // RSS staff and those employed nowhere: counted, and nobody's to pay
		}
		d.Charges = append(d.Charges, c.Charge)
		b.regions[c.Municipality.ID] = c.regionID
	}
	return nil
}

// staff gives the days the trainers who were present, the lead trainer first: a fixed order, since
// it decides who gets an öre that does not divide.
func (b *book) staff(ctx context.Context, q db.Querier, p part, at map[int64]*Day) error {
	type row struct {
		PotTrainer
		dayID, regionID int64
		present         *bool
		employed        bool
	}
	rows, err := db.Rows(ctx, q, func(t *row) []any {
		return []any{
			&t.dayID, &t.Person.ID, &t.Person.Name, &t.Role, &t.present, &t.employed,
			&t.Organisation.ID, &t.Organisation.Name, &t.regionID,
		}
	}, `
		SELECT
			cd.id,
			t.person_id,
			CASE WHEN p.id IN (SELECT person_id FROM protected_person) THEN '' ELSE TRIM(p.given_name || ' ' || p.family_name) END,
			t.role,
			t.present,
			e.id IS NOT NULL,
			COALESCE(e.municipality_id, 0),
			COALESCE(m.name, ''),
			COALESCE(e.region_id, 0)
		FROM day_trainer AS t
		JOIN course_day AS cd ON cd.id = t.course_day_id
		JOIN round AS r ON r.id = cd.round_id
		JOIN person AS p ON p.id = t.person_id
		LEFT JOIN employment AS e ON `+people.SendsSQL("e", "t")+`
			AND e.from_day <= cd.day AND (e.to_day IS NULL OR e.to_day >= cd.day)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		WHERE `+Counting+`
		AND COALESCE(t.answer, '') <> 'declined'
		AND `+p.condition+`
		ORDER BY cd.id, t.role, t.person_id`, p.args...)
	if err != nil {
		return err
	}
	for _, t := range rows {
		d := at[t.dayID]
		switch {
		case d == nil, t.present != nil && !*t.present:
			continue
		case t.present == nil:
			if !slices.Contains(d.Obstacles, NoAttendance) {
				d.obstruct(TrainerUnmarked)
			}
			continue
		case !t.employed:
			d.obstruct(TrainerUnemployed)
		}
		if t.Organisation.ID == 0 {
			t.RSS = true // nobody to pay
			t.Organisation = Ref{ID: t.regionID, Name: "RSS"}
		} else {
			b.regions[t.Organisation.ID] = t.regionID
		}
		d.Pot.Trainers = append(d.Pot.Trainers, t.PotTrainer)
	}
	return nil
}

func (d *Day) obstruct(o Obstacle) {
	if !slices.Contains(d.Obstacles, o) {
		d.Obstacles = append(d.Obstacles, o)
	}
}

// labels are names for the days that are told apart: the ISO date, with the course, the round and
// the day's number where it takes them.
func labels(days []Day) []string {
	forms := []func(Day) string{
		func(d Day) string { return d.Date.String() },
		func(d Day) string { return fmt.Sprintf("%s %s", d.Date, d.Course) },
		func(d Day) string { return fmt.Sprintf("%s %s, %s, %d", d.Date, d.Course, d.Round, d.Ordinal) },
		func(d Day) string {
			return fmt.Sprintf("%s %s, %s, %d (%d)", d.Date, d.Course, d.Round, d.Ordinal, d.ID)
		},
	}
	names := make([]string, len(days))
	taken := map[string]bool{}
	for _, form := range forms {
		times := map[string]int{}
		for i, d := range days {
			if names[i] == "" {
				times[form(d)]++
			}
		}
		for i, d := range days {
			if name := form(d); names[i] == "" && times[name] == 1 && !taken[name] {
				names[i], taken[name] = name, true
			}
		}
	}
	return names
}
