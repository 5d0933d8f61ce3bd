package privacy

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/people"
	"yrkesresan/internal/round"
)

// See is something of a person that others may see or do.
type See string

// What there is to see or do.
const (
	SeePage     See = "page"     // name, address, workplace, accounts, courses, seats
	SeeTime     See = "time"     // and to say when they are away
	SeeChange   See = "change"   // to change all of it, give seats, register courses
	SeeErase    See = "erase"    // to erase them
	SeeSessions See = "sessions" // where they are signed in, and to end it
	SeeAudit    See = "audit"    // to take out who has seen what, by number
	SeeAsThem   See = "as_them"  // to ask to see the pages as they do
	SeeRound    See = "round"    // as a participant in a round: name, workplace, attendance
)

// Key is the message key of what is seen.
func (s See) Key() string { return "privacy.see_" + string(s) }

// rules are what decides each: the very rules that the pages ask.
var rules = []struct {
	See
	covers func(access.Viewer, access.Place) bool
}{
	{SeePage, func(v access.Viewer, p access.Place) bool { return access.People(v).Covers(p) }},
	{SeeTime, func(v access.Viewer, p access.Place) bool { return access.Staff(v).Covers(p) }},
	{SeeChange, func(v access.Viewer, p access.Place) bool { return access.ManagePeople(v).Covers(p) }},
	{SeeErase, func(v access.Viewer, p access.Place) bool { return access.ErasePeople(v).Covers(p) }},
	{SeeSessions, func(v access.Viewer, p access.Place) bool { return access.Sessions(v).Covers(p) }},
	{SeeAudit, func(v access.Viewer, p access.Place) bool { return access.ReadAudit(v).Covers(p) }},
	{SeeAsThem, func(v access.Viewer, p access.Place) bool { return access.SeeAsOthers(v) && access.People(v).Covers(p) }},
}

// SeenBy is what the viewer may see of somebody at the place.
func SeenBy(viewer access.Viewer, place access.Place) (sees []See) {
	for _, r := range rules {
		if r.covers(viewer, place) {
			sees = append(sees, r.See)
		}
	}
	return sees
}

// Sight is somebody who may see something of a person, and by which of their roles.
type Sight struct {
	PersonID int64
	Name     string
	Roles    []access.Grant // at the person's workplace or above it
	Rounds   []string       // that they hold days of, with the person among the participants
	Sees     []See
}

// Sights are who may see something of the person on the day, other than themselves: those
// who hold a role at their workplace or above it, in that order, and the trainers of their
// rounds. It asks the rules and the pages' own questions for each of them. It is for the
// person and for who may change what concerns them; others are fault.NotFound.
func Sights(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) ([]Sight, error) {
	d, err := people.Get(ctx, q, viewer, personID, day)
	if err != nil {
		return nil, err
	}
	places := workplaces(d, day)
	if personID != viewer.PersonID && !slices.ContainsFunc(places, access.ManagePeople(viewer).Covers) {
		return nil, fault.NotFound
	}
	var at []int64 // the organisations where and above where they work
	for _, p := range places {
		at = append(at, p.UnitID, p.MunicipalityID, p.RegionID)
		if p.UnitID == 0 {
			continue
		}
		district, err := db.Row(ctx, q, db.One[int64], `SELECT `+organisation.DistrictSQL("$1", "$2"), p.UnitID, day)
		if err != nil {
			return nil, err
		}
		at = append(at, district)
	}
	in, args := db.In("o.id", at)
	var b db.Builder
	b.Add(`		SELECT g.person_id
		FROM role_grant AS g
		JOIN organisation AS o ON o.id = g.organisation_id
		WHERE g.from_day <= ?
		AND (g.to_day IS NULL OR g.to_day >= ?)
		AND g.person_id <> ?
		AND (o.kind = 'nation' OR `+in+`)
		ORDER BY CASE o.kind WHEN 'unit' THEN 1 WHEN 'municipality' THEN 2 WHEN 'region' THEN 3 ELSE 4 END, g.person_id`,
		append([]any{day, day, personID}, args...)...)
	holders, err := db.Rows(ctx, q, db.One[int64], b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	var all []Sight
	known := map[int64]bool{}
	for _, id := range holders {
		if known[id] {
			continue
		}
		known[id] = true
		v, _, err := identity.Viewer(ctx, q, id, day)
		if err != nil {
			return nil, err
		}
		if d.Alias != "" && slices.ContainsFunc(places, func(p access.Place) bool {
			return access.Guard(v).Covers(access.Place{MunicipalityID: p.MunicipalityID})
		}) {
			v.Opened = []int64{personID} // they may, with a reason
		}
		s := Sight{PersonID: id, Name: v.Name, Sees: seenAt(v, places)}
		if len(s.Sees) == 0 {
			continue
		}
		for _, g := range v.Grants {
			if g.Level == access.Nation || slices.Contains(at, g.OrganisationID) {
				s.Roles = append(s.Roles, g)
			}
		}
		all = append(all, s)
	}
	return withTrainers(ctx, q, all, personID, day)
}

// workplaces are where somebody works on the day, worked last, or else will work.
func workplaces(d people.Detail, day clock.Day) (places []access.Place) {
	for _, e := range d.Employments {
		if e.Holds(day) {
			places = append(places, e.Place(d.ID))
		}
	}
	if e := d.EmployedOn(day); len(places) == 0 && e != nil {
		return []access.Place{e.Place(d.ID)}
	}
	if len(places) == 0 {
		return []access.Place{{PersonID: d.ID}}
	}
	return places
}

// seenAt is what the viewer sees of somebody who works at the places.
func seenAt(viewer access.Viewer, places []access.Place) (sees []See) {
	for _, p := range places {
		for _, s := range SeenBy(viewer, p) {
			if !slices.Contains(sees, s) {
				sees = append(sees, s)
			}
		}
	}
	return sees
}

// seats is how many of somebody's rounds are looked at, the latest first.
const seats = 20

// withTrainers adds who sees the person among the participants of a round of theirs.
func withTrainers(ctx context.Context, q db.Querier, all []Sight, personID int64, day clock.Day) ([]Sight, error) {
	type pair struct{ round, trainer int64 }
	pairs, err := db.Rows(ctx, q, func(p *pair) []any { return []any{&p.round, &p.trainer} }, `
		SELECT DISTINCT y.round_id, t.person_id
		FROM day_trainer AS t
		JOIN course_day AS y ON y.id = t.course_day_id
		WHERE t.person_id <> $1
		AND y.round_id IN (
			SELECT n.round_id
			FROM enrolment AS n
			JOIN round AS r ON r.id = n.round_id
			WHERE n.person_id = $1
			AND n.withdrawn_at IS NULL
			ORDER BY r.last_day DESC, r.id
			LIMIT $2
		)
		ORDER BY y.round_id, t.person_id`, personID, seats)
	if err != nil {
		return nil, err
	}
	viewers := map[int64]access.Viewer{}
	for _, p := range pairs {
		v, ok := viewers[p.trainer]
		if !ok {
			if v, _, err = identity.Viewer(ctx, q, p.trainer, day); err != nil {
				return nil, err
			}
			viewers[p.trainer] = v
		}
		r, err := round.Get(ctx, q, v, p.round)
		if fault.Of(err) != nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(r.Enrolments, func(e round.Enrolment) bool { return e.PersonID == personID }) {
			continue
		}
		at := slices.IndexFunc(all, func(s Sight) bool { return s.PersonID == p.trainer })
		if at < 0 {
			at = len(all)
			all = append(all, Sight{PersonID: p.trainer, Name: v.Name})
		}
		all[at].Rounds = append(all[at].Rounds, r.Course+", "+r.Label)
		if !slices.Contains(all[at].Sees, SeeRound) {
			all[at].Sees = append(all[at].Sees, SeeRound)
		}
	}
	return all, nil
}
