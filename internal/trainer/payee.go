package trainer

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// Payee is an employer that may be paid for a trainer's day: a municipality, or for RSS
// staff the region.
type Payee struct {
	PersonID   int64
	EmployerID int64
	Name       string
	Paid       bool // it is the one
}

// Payees are the employers of those trainers of the day who have several, for those who
// manage its round. fault.NotFound for others.
func Payees(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64) ([]Payee, error) {
	day, err := payingDay(ctx, q, viewer, dayID)
	if err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(p *Payee) []any { return []any{&p.PersonID, &p.EmployerID, &p.Name, &p.Paid} }, `
		SELECT
			t.person_id,
			COALESCE(w.municipality_id, w.region_id),
			o.name,
			`+people.SendsSQL("w", "t")+`
		FROM day_trainer AS t
		JOIN employed AS w ON w.person_id = t.person_id AND w.from_day <= $2 AND (w.to_day IS NULL OR w.to_day >= $2)
		JOIN organisation AS o ON o.id = COALESCE(w.municipality_id, w.region_id)
		WHERE t.course_day_id = $1
		AND EXISTS (
			SELECT 1
			FROM employment AS other
			WHERE other.person_id = t.person_id
			AND other.id <> w.id
			AND other.from_day <= $2
			AND (other.to_day IS NULL OR other.to_day >= $2)
		)
		ORDER BY t.person_id, w.main DESC, w.id`, dayID, day)
}

// Pay says which of a trainer's employers is paid for the day. fault.NotFound for those who
// do not manage its round, fault.Invalid "employer" when it is none of the trainer's that day.
func Pay(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID, personID, employerID int64) error {
	payees, err := Payees(ctx, tx, viewer, dayID)
	if err != nil {
		return err
	}
	for _, p := range payees {
		if p.PersonID == personID && p.EmployerID == employerID {
			_, err := db.Exec(ctx, tx, `UPDATE day_trainer SET employer_id = $3 WHERE course_day_id = $1 AND person_id = $2`, dayID, personID, employerID)
			return err
		}
	}
	return fault.Invalid("employer", "trainer.no_such_payee")
}

// payingDay is the date of the day, for those who manage its round.
func payingDay(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64) (clock.Day, error) {
	type row struct {
		region int64
		day    clock.Day
	}
	r, err := db.Row(ctx, q, func(r *row) []any { return []any{&r.region, &r.day} }, `
		SELECT COALESCE(r.region_id, 0), d.day
		FROM course_day AS d
		JOIN round AS r ON r.id = d.round_id
		WHERE d.id = $1`, dayID)
	if err == nil && !manages(viewer, r.region) && (r.region != 0 || !access.ManageNationalRounds(viewer)) {
		err = fault.NotFound
	}
	return r.day, err
}
