package row

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// HeadingsOf are what the municipality has said of headings, for those who manage its people.
func HeadingsOf(ctx context.Context, q db.Querier, viewer access.Viewer, m organisation.Organisation) ([]Heading, error) {
	if err := access.ManagePeople(viewer).Allow(m.Place()); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(h *Heading) []any { return []any{&h.Text, &h.Means} }, `
		SELECT heading, means
		FROM staff_heading
		WHERE municipality_id = $1
		ORDER BY heading`, m.ID)
}

// Mean says what the heading means in the municipality's files from now on; "" forgets what was
// said. fault.Invalid "means" for what is no column, "heading" for none.
func Mean(ctx context.Context, tx *db.Tx, viewer access.Viewer, m organisation.Organisation, heading string, means Column, now clock.Instant) error {
	if err := access.ManagePeople(viewer).Allow(m.Place()); err != nil {
		return err
	}
	if heading = Fold(heading); heading == "" {
		return fault.Invalid("heading", "intake.no_such_heading")
	}
	if means == "" {
		_, err := db.Exec(ctx, tx, `DELETE FROM staff_heading WHERE municipality_id = $1 AND heading = $2`, m.ID, heading)
		return err
	}
	if _, ok := ColumnOf(string(means)); !ok && means != Ignored {
		return fault.Invalid("means", "intake.no_such_column")
	}
	_, err := db.Exec(ctx, tx, `
		INSERT INTO staff_heading (municipality_id, heading, means, told_at, told_by)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (municipality_id, heading) DO UPDATE SET means = excluded.means, told_at = excluded.told_at, told_by = excluded.told_by`,
		m.ID, heading, means, now, viewer.ActorID())
	return err
}
