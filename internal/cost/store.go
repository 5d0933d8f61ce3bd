package cost

import (
	"context"
	"fmt"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/money"
	"yrkesresan/internal/round"
)

// Kept tells whether the viewer may see and write what the round's days cost: those of
// a region's own rounds. National and local ones are not the region's to pay.
func Kept(viewer access.Viewer, r round.Round) bool {
	return !r.National() && !r.Local() && access.Costs(viewer).Covers(access.Place{RegionID: r.RegionID})
}

// Field is how a form names what a day costs, and how the faults of Write name it.
func Field(w Written) string { return fmt.Sprintf("cost.%d.%s", w.DayID, w.Kind) }

// last is the condition that the cost k is the last one of its day and kind.
const last = `k.id = (SELECT MAX(l.id) FROM day_cost AS l WHERE l.course_day_id = k.course_day_id AND l.kind = k.kind)`

func read(ctx context.Context, q db.Querier, b *db.Builder) ([]Day, error) {
	type row struct {
		Day
		kind   Kind
		amount *money.Ore
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.ID, &r.Day.Day, &r.RoundID, &r.Round, &r.Course, &r.Cancelled, &r.kind, &r.amount}
	}, b.String(), b.Args()...)
	var days []Day
	for _, r := range rows {
		if len(days) == 0 || days[len(days)-1].ID != r.ID {
			r.Known = map[Kind]money.Ore{}
			days = append(days, r.Day)
		}
		if r.amount != nil {
			days[len(days)-1].Known[r.kind] = *r.amount
		}
	}
	return days, err
}

const dayColumns = `
		SELECT
			d.id,
			d.day,
			r.id,
			r.label,
			%s,
			r.cancelled_at IS NOT NULL,
			COALESCE(k.kind, ''),
			k.amount_ore
		FROM round AS r
		JOIN course AS c ON c.id = r.course_id
		JOIN course_day AS d ON d.round_id = r.id
		LEFT JOIN day_cost AS k ON k.course_day_id = d.id AND ` + last

// OfRound are the days of the round with their costs, in order; fault.NotFound for
// those who do not administer the region's money.
func OfRound(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) ([]Day, error) {
	d, err := round.Head(ctx, q, viewer, roundID)
	if err == nil && !Kept(viewer, d.Round) {
		err = fault.NotFound
	}
	if err != nil {
		return nil, err
	}
	var b db.Builder
	b.Add(fmt.Sprintf(dayColumns, catalogue.TitleSQL("c"))+`
		WHERE r.id = ?
		ORDER BY d.ordinal, k.kind`, roundID)
	return read(ctx, q, &b)
}

// OfYear are the region's course days of the year with their costs, by day, those of
// cancelled rounds too; fault.NotFound for those who do not administer its money.
func OfYear(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, year int) ([]Day, error) {
	if !access.Costs(viewer).Covers(access.Place{RegionID: regionID}) {
		return nil, fault.NotFound
	}
	var b db.Builder
	b.Add(fmt.Sprintf(dayColumns, catalogue.TitleSQL("c"))+`
		WHERE r.region_id = ?
		AND r.municipality_id IS NULL
		AND r.deleted_at IS NULL
		AND d.day BETWEEN ? AND ?
		ORDER BY d.day, d.starts, d.id, k.kind`, regionID, clock.YearStart(year), clock.YearEnd(year))
	return read(ctx, q, &b)
}

// Write writes what differs from what is known of the round's days, and tells how many
// facts were new. Each wrong amount is a fault of its Field.
func Write(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID int64, all []Written, now clock.Instant) (int, error) {
	if err := round.Hold(ctx, tx, roundID); err != nil {
		return 0, err
	}
	days, err := OfRound(ctx, tx, viewer, roundID)
	if err != nil {
		return 0, err
	}
	if err := check(all, Field); err != nil {
		return 0, err
	}
	known := map[int64]map[Kind]money.Ore{}
	for _, d := range days {
		known[d.ID] = d.Known
	}
	var rows [][]any
	for _, w := range all {
		of, ours := known[w.DayID]
		if !ours {
			return 0, fault.NotFound
		}
		amount, was := of[w.Kind]
		if was == (w.Amount != nil) && (!was || amount == *w.Amount) {
			continue
		}
		rows = append(rows, []any{w.DayID, w.Kind, w.Amount, now, viewer.ActorID()})
	}
	return len(rows), db.Insert(ctx, tx, "day_cost", []string{"course_day_id", "kind", "amount_ore", "written_at", "written_by"}, rows)
}

// History is what was written of the round's days, the latest first, for those whom
// OfRound answers.
func History(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) ([]Fact, error) {
	if _, err := OfRound(ctx, q, viewer, roundID); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(f *Fact) []any { return []any{&f.Day, &f.Kind, &f.Amount, &f.At, &f.By} }, `
		SELECT
			d.day,
			k.kind,
			k.amount_ore,
			k.written_at,
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), '')
		FROM day_cost AS k
		JOIN course_day AS d ON d.id = k.course_day_id
		LEFT JOIN person AS p ON p.id = k.written_by
		WHERE d.round_id = $1
		ORDER BY k.id DESC`, roundID)
}
