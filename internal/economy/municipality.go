package economy

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/organisation"
)

// MunicipalityDay is one course day as it concerns one municipality. Of the Day, Charges, Charged and
// Participants are the municipality's own; Counts are of the whole day, and so is Pot where the
// municipality had a trainer there; elsewhere Pot has no trainers, shares or amounts.
type MunicipalityDay struct {
	Day
	Own          Counts
	Participants []Participant
	TrainerDays  int
	Share        money.Ore // of the day's pot
}

// MunicipalityYear is one municipality's year: what it pays for its participants and gets for its
// trainers, in all regions that gave them course days (as a rule its own). Settlements and
// Differences hold its own lines alone, one settlement per region that has settled the year.
type MunicipalityYear struct {
	MunicipalitySum
	Year        int
	Days        []MunicipalityDay // by date
	Settlements []Settlement
	Differences []Difference
}

// MunicipalityYearOf is the municipality's year; fault.Forbidden or fault.NotFound when its money is
// not the viewer's to see.
func MunicipalityYearOf(ctx context.Context, q db.Querier, viewer access.Viewer, municipalityID int64, year int) (MunicipalityYear, error) {
	m, err := organisation.ByID(ctx, q, municipalityID)
	if err != nil {
		return MunicipalityYear{}, err
	}
	if m.Kind != organisation.Municipality || year < minYear || year > maxYear {
		return MunicipalityYear{}, fault.NotFound
	}
	if err := access.MunicipalMoney(viewer).Allow(m.Place()); err != nil {
		return MunicipalityYear{}, err
	}
	y := MunicipalityYear{Year: year, MunicipalitySum: MunicipalitySum{Municipality: Ref{ID: m.ID, Name: m.Name}}}
	from, until := clock.YearStart(year), clock.YearEnd(year)
	regions, err := db.Rows(ctx, q, db.One[int64], `
		SELECT r.region_id
		FROM employment AS e
		JOIN enrolment AS en ON en.person_id = e.person_id
		JOIN attendance AS a ON a.enrolment_id = en.id
		JOIN course_day AS cd ON cd.id = a.course_day_id
		JOIN round AS r ON r.id = cd.round_id
		WHERE e.municipality_id = $1
		AND cd.day >= $2
		AND cd.day <= $3
		AND e.from_day <= cd.day
		AND (e.to_day IS NULL OR e.to_day >= cd.day)
		AND `+Counting+`
		UNION
		SELECT r.region_id
		FROM employment AS e
		JOIN day_trainer AS t ON t.person_id = e.person_id
		JOIN course_day AS cd ON cd.id = t.course_day_id
		JOIN round AS r ON r.id = cd.round_id
		WHERE e.municipality_id = $1
		AND cd.day >= $2
		AND cd.day <= $3
		AND e.from_day <= cd.day
		AND (e.to_day IS NULL OR e.to_day >= cd.day)
		AND `+Counting+`
		UNION
		SELECT s.region_id
		FROM settlement AS s
		JOIN settlement_line AS l ON l.settlement_id = s.id AND l.municipality_id = $1
		WHERE s.year = $4
		ORDER BY 1`, m.ID, from, until, year)
	if err != nil {
		return y, err
	}
	for _, id := range regions {
		region, err := organisation.ByID(ctx, q, id)
		if err != nil {
			return y, err
		}
		whole, err := yearOf(ctx, q, region, year)
		if err != nil {
			return y, err
		}
		y.add(whole)
	}
	slices.SortStableFunc(y.Days, func(a, b MunicipalityDay) int { return int(a.Date - b.Date) })

	people, err := participants(ctx, q, viewer, part{
		condition: "e.municipality_id = $1 AND cd.day >= $2 AND cd.day <= $3",
		args:      []any{m.ID, from, until},
	}, func(int64) bool { return true })
	if err != nil {
		return y, err
	}
	for i := range y.Days {
		y.Days[i].Participants = people[y.Days[i].ID]
	}
	return y, nil
}

// add takes the municipality's part of a region's year.
func (y *MunicipalityYear) add(whole Year) {
	id := y.Municipality.ID
	for _, s := range whole.Municipalities {
		if s.Municipality.ID == id {
			y.Counts.add(s.Counts)
			y.TrainerDays += s.TrainerDays
			y.Charged += s.Charged
			y.Share += s.Share
			y.SettledCharged += s.SettledCharged
			y.SettledShare += s.SettledShare
		}
	}
	for _, d := range whole.Days {
		if own, concerned := d.of(id); concerned {
			y.Days = append(y.Days, own)
		}
	}
	if whole.Settlement != nil {
		y.Settlements = append(y.Settlements, whole.Settlement.of(id))
	}
	for _, d := range whole.Differences {
		if d.Municipality.ID == id {
			y.Differences = append(y.Differences, d)
		}
	}
}

// of is the day as it concerns the municipality, and whether it does.
func (d Day) of(municipalityID int64) (MunicipalityDay, bool) {
	m := MunicipalityDay{Day: d}
	m.Charges, m.Charged = nil, 0
	for _, c := range d.Charges {
		if c.Municipality.ID == municipalityID {
			m.Charges, m.Charged, m.Own = []Charge{c}, c.Amount, c.Counts
		}
	}
	for _, t := range d.Pot.Trainers {
		if !t.RSS && t.Organisation.ID == municipalityID {
			m.TrainerDays++
		}
	}
	for _, s := range d.Pot.Shares {
		if !s.RSS && s.Organisation.ID == municipalityID {
			m.Share += s.Amount
		}
	}
	if m.TrainerDays == 0 {
		m.Pot = DayPot{PotDay: PotDay{Ref: d.Pot.Ref, Course: d.Pot.Course}}
	}
	return m, m.TrainerDays > 0 || m.Charges != nil
}
