package studytime

import (
	"context"
	"slices"
	"strconv"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
)

// FewestShown is of how many people an answer is told at least.
const FewestShown = 5

// Share is what people have said: in minutes of study time, or in course days prepared.
type Share struct{ People, Yes, No int }

// Shown tells whether there is anything to tell.
func (s Share) Shown() bool { return s.People >= FewestShown }

// Of is all that was answered.
func (s Share) Of() int { return s.Yes + s.No }

// answer is what somebody has said, where they worked then.
type answer struct {
	person, unit, municipality int64
	minutes                    int // of study time, or 1 for a course day
	yes, said                  bool
}

func shareOf(all []answer) Share {
	var s Share
	met := map[int64]bool{}
	for _, a := range all {
		met[a.person] = true
		if a.yes {
			s.Yes += a.minutes
		} else {
			s.No += a.minutes
		}
	}
	s.People = len(met)
	return s
}

// split parts the answers by place: those of places with enough people, and the rest.
func split(all []answer, place func(answer) int64) (large map[int64][]answer, rest []answer) {
	large = map[int64][]answer{}
	for _, a := range all {
		large[place(a)] = append(large[place(a)], a)
	}
	for id, some := range large {
		if id == 0 || !shareOf(some).Shown() {
			rest = append(rest, some...)
			delete(large, id)
		}
	}
	return large, rest
}

// inMunicipality are the answers of a municipality that are told, as a whole and by unit, and those
// that are not. The whole is made of units with enough people and, when there are enough of them,
// of all others together: so it minus its units is never of too few.
func inMunicipality(all []answer) (told []answer, units map[int64][]answer, left []answer) {
	units, rest := split(all, func(a answer) int64 { return a.unit })
	for _, some := range units {
		told = append(told, some...)
	}
	if shareOf(rest).Shown() {
		return append(told, rest...), units, nil
	}
	return told, units, rest
}

// inRegion are the same of a region, by municipality: what a municipality does not tell is told in
// the region's whole when there is enough of it.
func inRegion(all []answer) (told []answer, municipalities map[int64][]answer) {
	municipalities = map[int64][]answer{}
	byMunicipality := map[int64][]answer{}
	for _, a := range all {
		byMunicipality[a.municipality] = append(byMunicipality[a.municipality], a)
	}
	var left []answer
	for id, some := range byMunicipality {
		if id == 0 { // the region's own
			left = append(left, some...)
			continue
		}
		m, _, rest := inMunicipality(some)
		municipalities[id], told, left = m, append(told, m...), append(left, rest...)
	}
	if shareOf(left).Shown() {
		told = append(told, left...)
	}
	return told, municipalities
}

// Line is a place, or all of them: how many minutes were set there for how many people, what was
// said of them, and on how many days those who taught prepared at work.
type Line struct {
	Place         organisation.Organisation
	Minutes       int
	People        int
	Had           Share // minutes
	AtWork        Share // course days
	set, prepared []answer
}

// Sums are the figures of a term by place.
type Sums struct {
	From, Until clock.Day
	Settled     bool // the term is over: only then answers are told
	Lines       []Line
	Total       Line
}

// Term is the term, "vt" or "ht", of the year.
func Term(year int, term string) (from, until clock.Day) {
	return clock.Term(strconv.Itoa(year), term, clock.YearStart(year))
}

// OfRegion are the sums of the term in the region, by municipality and, last, of the region's own: fault.NotFound for those who
// see no figures of the region. Times count at the employer who set them.
func OfRegion(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, from, until, today clock.Day) (Sums, error) {
	s := Sums{From: from, Until: until, Settled: until < today}
	if err := access.Figures(viewer).Allow(access.Place{RegionID: regionID}); err != nil {
		return s, err
	}
	all, err := organisation.Municipalities(ctx, q, regionID)
	if err != nil {
		return s, err
	}
	if err := s.read(ctx, q, "k.region_id = ?", regionID); err != nil {
		return s, err
	}
	var had, prepared []answer
	var hadBy, preparedBy map[int64][]answer
	if s.Settled {
		had, hadBy = inRegion(s.Total.answered())
		prepared, preparedBy = inRegion(s.Total.prepared)
	}
	s.Total.Had, s.Total.AtWork = shareOf(had), shareOf(prepared)
	region, err := organisation.ByID(ctx, q, regionID)
	if err != nil {
		return s, err
	}
	for _, m := range append(all, region) {
		id := m.ID
		if m.Kind == organisation.Region { // the answers of its own are told in the whole alone
			id = 0
		}
		l := s.Total.at(m, id, func(a answer) int64 { return a.municipality })
		if l.Had, l.AtWork = shareOf(hadBy[id]), shareOf(preparedBy[id]); l.Minutes+l.Had.Of()+l.AtWork.Of() > 0 {
			s.Lines = append(s.Lines, l)
		}
	}
	return s, nil
}

// OfMunicipality are the sums of the term in the municipality, by those units that the viewer holds
// an office at: fault.NotFound for those who see no figures of its region.
func OfMunicipality(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation, from, until, today clock.Day) (Sums, error) {
	s := Sums{From: from, Until: until, Settled: until < today}
	if err := access.Figures(viewer).Allow(m.Place()); err != nil {
		return s, err
	}
	if err := s.read(ctx, q, "k.id = ?", m.ID); err != nil {
		return s, err
	}
	var had, prepared []answer
	var hadBy, preparedBy map[int64][]answer
	if s.Settled {
		had, hadBy, _ = inMunicipality(s.Total.answered())
		prepared, preparedBy, _ = inMunicipality(s.Total.prepared)
	}
	s.Total.Had, s.Total.AtWork = shareOf(had), shareOf(prepared)
	units, err := organisation.Units(ctx, q, m.ID, until)
	if err != nil {
		return s, err
	}
	scope := access.StudySums(viewer)
	for _, u := range units {
		if !scope.Covers(u.Place()) {
			continue
		}
		l := s.Total.at(u, u.ID, func(a answer) int64 { return a.unit })
		if l.Had, l.AtWork = shareOf(hadBy[u.ID]), shareOf(preparedBy[u.ID]); l.Minutes+l.Had.Of()+l.AtWork.Of() > 0 {
			s.Lines = append(s.Lines, l)
		}
	}
	return s, nil
}

// answered are the times that somebody has spoken of.
func (l Line) answered() (all []answer) {
	for _, a := range l.set {
		if a.said {
			all = append(all, a)
		}
	}
	return all
}

// at is the part of the line that is set at the organisation, which the answers name by the id.
func (l Line) at(o organisation.Organisation, id int64, place func(answer) int64) Line {
	part := Line{Place: o}
	met := map[int64]bool{}
	for _, a := range l.set {
		if place(a) == id {
			part.Minutes += a.minutes
			met[a.person] = true
		}
	}
	part.People = len(met)
	return part
}

// read reads the times and preparations of the employers k that the condition says.
func (s *Sums) read(ctx context.Context, q db.Querier, employer string, id int64) error {
	type set struct {
		answer
		had, not int
	}
	var times db.Builder
	times.Add("SELECT s.person_id, COALESCE(e.organisation_id, 0), "+employerSQL+", "+minutesSQL("TRUE")+", "+minutesSQL("s.had")+", "+minutesSQL("NOT s.had")+timeFrom).
		Add("AND s.day BETWEEN ? AND ? AND k.kind IN ('municipality', 'region') AND "+employer, s.From, s.Until, id).
		Add("AND " + holdsSQL + " GROUP BY s.person_id, e.organisation_id, k.id, k.kind")
	all, err := db.Rows(ctx, q, func(s *set) []any {
		return []any{&s.person, &s.unit, &s.municipality, &s.minutes, &s.had, &s.not}
	}, times.String(), times.Args()...)
	if err != nil {
		return err
	}
	met := map[int64]bool{}
	for _, each := range all { // of a person at a unit
		s.Total.Minutes += each.minutes
		met[each.person] = true
		for _, part := range []struct {
			minutes   int
			yes, said bool
		}{{each.had, true, true}, {each.not, false, true}, {each.minutes - each.had - each.not, false, false}} {
			if part.minutes > 0 {
				s.Total.set = append(s.Total.set, answer{each.person, each.unit, each.municipality, part.minutes, part.yes, part.said})
			}
		}
	}
	s.Total.People = len(met)
	var b db.Builder
	b.Add(`SELECT t.person_id, e.organisation_id, `+employerSQL+`, s.at_work
		FROM trainer_preparation AS s
		JOIN day_trainer AS t ON t.course_day_id = s.course_day_id AND t.person_id = s.person_id
		JOIN course_day AS d ON d.id = t.course_day_id
		JOIN employment AS e ON `+people.SendsSQL("e", "t")+` AND e.from_day <= d.day AND (e.to_day IS NULL OR e.to_day >= d.day)
		JOIN organisation AS k ON k.id = COALESCE(e.municipality_id, e.region_id)
		WHERE d.day BETWEEN ? AND ?`, s.From, s.Until).
		Add("AND "+employer, id)
	s.Total.prepared, err = db.Rows(ctx, q, func(a *answer) []any {
		a.minutes = 1 // a day
		return []any{&a.person, &a.unit, &a.municipality, &a.yes}
	}, b.String(), b.Args()...)
	return err
}

// Hours are the time to learn of a person, or of several together, in minutes.
type Hours struct {
	PersonID     int64
	Name         string
	UnitID       int64
	Unit         string
	Municipality int64 // 0: the region's own
	Set          int
	Had          int
	NotHad       int
}

// Unsaid is how much of what was set nobody has spoken of yet.
func (h Hours) Unsaid() int { return h.Set - h.Had - h.NotHad }

// Plus are the hours of both together.
func (h Hours) Plus(other Hours) Hours {
	h.Set, h.Had, h.NotHad = h.Set+other.Set, h.Had+other.Had, h.NotHad+other.NotHad
	return h
}

// LongestPeriod is over how many days one asks for hours: two years. A project has its own days.
const LongestPeriod = 2 * 366

// Choice is which hours are asked for.
type Choice struct {
	From, Until    clock.Day
	Municipalities []int64 // nil: all
	Shift          people.Shift
}

// HoursOf are the hours of each person whose hours the viewer reads, in Swedish order. A person has a line for each
// unit where they worked.
func HoursOf(ctx context.Context, q db.Querier, viewer access.Viewer, c Choice) ([]Hours, error) {
	const unit = "COALESCE(e.organisation_id, 0), COALESCE(o.name, ''), "
	return hours(ctx, q, viewer, c, "p.id, TRIM(p.given_name || ' ' || p.family_name), "+unit, "p.id, p.sort_key, e.organisation_id, o.name, k.id, k.kind ORDER BY p.sort_key, p.id, k.id, e.organisation_id")
}

// HoursBy are the same hours by municipality, of those of whose people the viewer reads them all.
func HoursBy(ctx context.Context, q db.Querier, viewer access.Viewer, c Choice) (map[int64]Hours, error) {
	all, err := hours(ctx, q, viewer, c, "0, '', 0, '', ", "k.id, k.kind")
	by := map[int64]Hours{}
	for _, h := range all {
		by[h.Municipality] = h
	}
	return by, err
}

func hours(ctx context.Context, q db.Querier, viewer access.Viewer, c Choice, columns, groups string) ([]Hours, error) {
	scope := access.StudyHours(viewer)
	if scope.Empty() {
		return nil, fault.Forbidden
	}
	where, args := scope.Where(access.Columns{Region: "e.region_id", Municipality: "s.employer_id", Unit: "e.organisation_id"})
	shown, opened := people.ShownSQL(viewer, "s")
	var b db.Builder
	b.Add("SELECT "+columns+employerSQL+", "+minutesSQL("TRUE")+", "+minutesSQL("s.had")+", "+minutesSQL("NOT s.had")+timeFrom).
		Add("AND s.day BETWEEN ? AND ?", c.From, c.Until).
		Add("AND "+where+" AND "+shown, slices.Concat(args, opened)...)
	if c.Municipalities != nil {
		in, some := db.In("s.employer_id", c.Municipalities)
		b.Add("AND "+in, some...)
	}
	if c.Shift != "" {
		b.Add("AND e.shift = ?", string(c.Shift))
	}
	b.Add("AND " + holdsSQL + " GROUP BY " + groups)
	return db.Rows(ctx, q, func(h *Hours) []any {
		return []any{&h.PersonID, &h.Name, &h.UnitID, &h.Unit, &h.Municipality, &h.Set, &h.Had, &h.NotHad}
	}, b.String(), b.Args()...)
}
