package people

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// ManagerApproves tells whether the municipality wants its managers to allow
// each sign-up that they have not made themselves.
func ManagerApproves(ctx context.Context, q db.Querier, municipalityID int64) (bool, error) {
	return db.Row(ctx, q, db.One[bool],
		`SELECT EXISTS (SELECT 1 FROM municipality_setting WHERE municipality_id = $1 AND manager_approves)`, municipalityID)
}

// SetManagerApproves decides it, for those who manage the municipality's people.
// Who waits for a manager's word already goes on waiting for it.
func SetManagerApproves(ctx context.Context, tx *db.Tx, viewer access.Viewer, municipalityID int64, approves bool, now clock.Instant) error {
	return set(ctx, tx, viewer, municipalityID, "manager_approves", &approves, now)
}

// set sets a municipality's setting, for those who manage its people; others get
// fault.NotFound.
func set(ctx context.Context, tx *db.Tx, viewer access.Viewer, municipalityID int64, column string, value *bool, now clock.Instant) error {
	m, err := organisation.ByID(ctx, tx, municipalityID)
	if err != nil {
		return err
	}
	if m.Kind != organisation.Municipality || !access.ManagePeople(viewer).Covers(m.Place()) {
		return fault.NotFound
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO municipality_setting (municipality_id, `+column+`, changed_at, changed_by)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (municipality_id) DO UPDATE
		SET `+column+` = excluded.`+column+`, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		municipalityID, value, now, viewer.ActorID())
	return err
}
