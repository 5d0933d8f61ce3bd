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

// Unexempt takes the exemption back; fault.NotFound when there is none.
func Unexempt(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID, enrolmentID int64) error {
	if err := exemptible(ctx, tx, viewer, dayID, enrolmentID); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `DELETE FROM fee_exemption WHERE course_day_id = $1 AND enrolment_id = $2`, dayID, enrolmentID)
	if err == nil && n == 0 {
		return fault.NotFound
	}
	return err
}

// exemptible tells whether the seat is one of the day's round and the viewer's to exempt. A national
// round has no region, so nobody is exempted there.
func exemptible(ctx context.Context, tx *db.Tx, viewer access.Viewer, dayID, enrolmentID int64) error {
	regionID, err := db.Row(ctx, tx, db.One[int64], `
		SELECT r.region_id
		FROM course_day AS cd
		JOIN round AS r ON r.id = cd.round_id
		JOIN enrolment AS en ON en.round_id = cd.round_id
		WHERE cd.id = $1
		AND en.id = $2
		AND r.region_id IS NOT NULL`, dayID, enrolmentID)
	if err != nil {
		return err
	}
	return allow(access.Settle(viewer), access.Place{RegionID: regionID})
}
