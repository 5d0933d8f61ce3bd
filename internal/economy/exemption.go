package economy

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Exempt frees a participant-day from the fee, with the reason. It fails on the field reason;
// fault.Conflict when it is free already; fault.NotFound when the seat is not one of the day's round
// or the viewer may not settle the region's years. In a settled year it becomes a difference.
func Exempt(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID, enrolmentID int64, reason string, now clock.Instant) error {
	if err := exemptible(ctx, tx, viewer, dayID, enrolmentID); err != nil {
		return err
	}
	reason, err := reasoned(reason)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO fee_exemption (course_day_id, enrolment_id, reason, granted_at, granted_by)
		VALUES ($1, $2, $3, $4, $5)`, dayID, enrolmentID, reason, now, viewer.ActorID())
	if db.IsUnique(err) {
		return fault.Conflict("economy.exempt_already")
	}
	return err
}

// Unexempt takes the exemption back and keeps that it was there; fault.NotFound when none holds.
func Unexempt(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID, enrolmentID int64, now clock.Instant) error {
	if err := exemptible(ctx, tx, viewer, dayID, enrolmentID); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `
		UPDATE fee_exemption
		SET withdrawn_at = $3, withdrawn_by = $4
		WHERE course_day_id = $1
		AND enrolment_id = $2
		AND withdrawn_at IS NULL`, dayID, enrolmentID, now, viewer.ActorID())
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// Exemption is a participant-day that is or was freed from the fee. The names are empty for what the
// product itself did, as when data were loaded.
type Exemption struct {
	Name        string
	Reason      string
	GrantedAt   clock.Instant
	GrantedBy   string
	WithdrawnAt *clock.Instant
	WithdrawnBy string
}

// Exemptions are those of the course day, the latest first, for who may settle the region's years;
// none for others.
func Exemptions(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64) ([]Exemption, error) {
	var b db.Builder
	b.Add(`
		SELECT
			TRIM(p.given_name || ' ' || p.family_name),
			x.reason,
			x.granted_at,
			COALESCE(TRIM(g.given_name || ' ' || g.family_name), ''),
			x.withdrawn_at,
			COALESCE(TRIM(w.given_name || ' ' || w.family_name), '')
		FROM fee_exemption AS x
		JOIN enrolment AS en ON en.id = x.enrolment_id
		JOIN round AS r ON r.id = en.round_id
		JOIN person AS p ON p.id = en.person_id
		LEFT JOIN person AS g ON g.id = x.granted_by
		LEFT JOIN person AS w ON w.id = x.withdrawn_by
		WHERE x.course_day_id = ?`, dayID)
	condition, args := access.Settle(viewer).Where(access.Columns{Region: "r.region_id"})
	b.Add("AND ("+condition+") ORDER BY x.id DESC", args...)
	return db.Rows(ctx, q, func(x *Exemption) []any {
		return []any{&x.Name, &x.Reason, &x.GrantedAt, &x.GrantedBy, &x.WithdrawnAt, &x.WithdrawnBy}
	}, b.String(), b.Args()...)
}

// exemptible tells whether the seat is one of the day's round and the viewer's to exempt. A national
// round has no region and a municipality's own no fee, so nobody is exempted there.
func exemptible(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID, enrolmentID int64) error {
	regionID, err := db.Row(ctx, tx, db.One[int64], `
		SELECT r.region_id
		FROM course_day AS cd
		JOIN round AS r ON r.id = cd.round_id
		JOIN enrolment AS en ON en.round_id = cd.round_id
		WHERE cd.id = $1
		AND en.id = $2
		AND r.region_id IS NOT NULL
		AND r.municipality_id IS NULL`, dayID, enrolmentID)
	if err != nil {
		return err
	}
	return access.Settle(viewer).Allow(access.Place{RegionID: regionID})
}
