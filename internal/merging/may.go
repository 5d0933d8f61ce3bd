package merging

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/economy"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/identity"
	"yrkesresan/internal/people"
)

// Wish is which two are to be one: Gone is merged into Kept. Email is the address with which
// they sign in from then on, one of the two; empty is Kept's, or Gone's when Kept has none.
type Wish struct {
	Kept, Gone int64
	Email      string
}

// hold takes both rows for the transaction, always in the same order: of two who merge the
// same people the second sees what the first did. On PostgreSQL nobody puts rows about them
// in meanwhile, either.
func hold(ctx context.Context, tx *db.Tx, a, b int64) error {
	query := `SELECT id FROM person WHERE id IN ($1, $2) ORDER BY id`
	if tx.Engine == db.Postgres {
		query += ` FOR UPDATE`
	}
	rows, err := db.Rows(ctx, tx, db.One[int64], query, a, b)
	if err == nil && len(rows) != 2 {
		err = fault.NotFound
	}
	return err
}

// administers is nil when the viewer administers the person at each employer, and may give
// each role that the person holds: whoever merges two lets each sign in as both.
func administers(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) (people.Detail, error) {
	d, err := people.Get(ctx, q, viewer, personID, day)
	if err != nil {
		return d, err
	}
	scope, some := access.MergePeople(viewer), false
	if scope.Empty() || viewer.SeenBy != 0 {
		return d, fault.Forbidden
	}
	if viewer.PersonID == personID {
		return d, fault.Conflict("merging.not_oneself")
	}
	if d.Alias != "" { // the other's name would tell who it is
		return d, fault.Conflict("merging.protected", "Name", d.Alias)
	}
	for _, e := range d.Employments {
		if e.Until == nil || *e.Until >= day {
			if !scope.Covers(e.Place(personID)) {
				return d, fault.Conflict("merging.works_elsewhere", "Name", d.Name(), "Where", e.Employer())
			}
			some = true
		}
	}
	place := access.Place{PersonID: personID}
	if e := d.EmployedOn(day); e != nil {
		place = e.Place(personID)
	}
	if !some && !scope.Covers(place) {
		return d, fault.NotFound
	}
	if err := identity.MayReaddress(ctx, q, viewer, personID, day); fault.Of(err) != nil {
		return d, fault.Conflict("merging.office", "Name", d.Name())
	} else if err != nil {
		return d, err
	}
	return d, nil
}

// pair are the two, for who may merge them.
type pair struct{ kept, gone people.Detail }

// allowed is the pair, when they may be merged.
func allowed(ctx context.Context, q db.Querier, viewer access.Viewer, w Wish, day clock.Day) (p pair, err error) {
	for _, id := range []int64{w.Kept, w.Gone} {
		if err := stillThere(ctx, q, viewer, id, day); err != nil {
			return p, err
		}
	}
	if p.kept, err = administers(ctx, q, viewer, w.Kept, day); err != nil {
		return p, err
	}
	if p.gone, err = administers(ctx, q, viewer, w.Gone, day); err != nil {
		return p, err
	}
	if w.Kept == w.Gone {
		return p, fault.Invalid("with", "merging.same")
	}
	return p, nowhereTwice(ctx, q, w)
}

// stillThere is nil for who was neither merged nor erased; who was is told of to who may see
// whom they lead to.
func stillThere(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) error {
	gone, err := db.Row(ctx, q, db.One[bool], `
		SELECT merged_into IS NOT NULL OR EXISTS (SELECT 1 FROM erasure AS e WHERE e.person_id = p.id) FROM person AS p WHERE p.id = $1`, personID)
	if err != nil || !gone {
		return err
	}
	remaining, err := people.Remaining(ctx, q, personID)
	if err != nil {
		return err
	}
	if err := people.Visible(ctx, q, viewer, remaining, day); err != nil {
		return err
	}
	return fault.Conflict("merging.gone_already")
}

// May is the person, for who may merge or split them at all: see Merge for the faults.
func May(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) (people.Detail, error) {
	return administers(ctx, q, viewer, personID, day)
}

// nowhereTwice is nil unless both were present on the same course day.
func nowhereTwice(ctx context.Context, q db.Querier, w Wish) error {
	twice, err := db.Rows(ctx, q, db.One[clock.Day], `
		WITH was AS (
			SELECT n.person_id, a.course_day_id
			FROM attendance AS a
			JOIN enrolment AS n ON n.id = a.enrolment_id
			WHERE n.person_id IN ($1, $2) AND a.mark IN ('present', 'late')
			UNION
			SELECT t.person_id, t.course_day_id
			FROM day_trainer AS t
			WHERE t.person_id IN ($1, $2) AND t.present
		)
		SELECT d.day
		FROM was AS a
		JOIN was AS b ON b.course_day_id = a.course_day_id
		JOIN course_day AS d ON d.id = a.course_day_id
		WHERE a.person_id = $1 AND b.person_id = $2
		ORDER BY d.day
		LIMIT 1`, w.Kept, w.Gone)
	if err == nil && len(twice) > 0 {
		err = fault.Conflict("merging.in_two_places", "Day", twice[0])
	}
	return err
}

// settled is what the two bring to years that are settled: who is charged and paid for which
// of their seats and days.
func settled(ctx context.Context, q db.Querier, kept, gone int64) ([]string, error) {
	const inSettled = `JOIN settlement AS s ON s.region_id = r.region_id AND CAST(s.year AS TEXT) = SUBSTR(CAST(cd.day AS TEXT), 1, 4)`
	all, err := db.Rows(ctx, q, db.One[string], `
		SELECT 'seat ' || CAST(a.course_day_id AS TEXT) || ' ' || CAST(en.id AS TEXT) || ' ' || COALESCE(CAST(COALESCE(e.municipality_id, e.region_id) AS TEXT), '')
		FROM `+economy.ParticipantDays+`
		`+inSettled+`
		WHERE en.person_id IN ($1, $2)
		UNION ALL
		SELECT 'day ' || CAST(t.course_day_id AS TEXT) || ' ' || t.role || ' ' || COALESCE(CAST(COALESCE(e.municipality_id, e.region_id) AS TEXT), '')
		FROM day_trainer AS t
		JOIN course_day AS cd ON cd.id = t.course_day_id
		JOIN round AS r ON r.id = cd.round_id
		`+inSettled+`
		LEFT JOIN employment AS e ON `+people.SendsSQL("e", "t")+` AND e.from_day <= cd.day AND (e.to_day IS NULL OR e.to_day >= cd.day)
		WHERE t.person_id IN ($1, $2) AND t.present`, kept, gone)
	slices.Sort(all)
	return all, err
}
