package municipalgroup

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/organisation"
)

// Members are all that the group has had, has and will have, in Swedish order, the earliest
// first of each. fault.Forbidden and fault.NotFound as in access.Scope.Allow.
func Members(ctx context.Context, q db.Querier, viewer access.Viewer, g Group) ([]Member, error) {
	if err := access.Groups(viewer).Allow(g.Place()); err != nil {
		return nil, err
	}
	return members(ctx, q, g.ID)
}

func members(ctx context.Context, q db.Querier, groupID int64) ([]Member, error) {
	return db.Rows(ctx, q, func(m *Member) []any {
		o := &m.Municipality
		return []any{&m.ID, &o.ID, &o.Kind, &o.RegionID, &o.MunicipalityID, &o.Slug, &o.Name, &m.From, &m.Until}
	}, `
		SELECT
			m.id,
			o.id,
			o.kind,
			o.region_id,
			o.id,
			o.slug,
			o.name,
			m.from_day,
			m.to_day
		FROM municipal_group_member AS m
		JOIN organisation AS o ON o.id = m.municipality_id
		WHERE m.group_id = $1
		ORDER BY o.sort_key, m.from_day, m.id`, groupID)
}

// Join makes a municipality of the region a member in the period, which lies in the group's.
// fault.Invalid "municipality" when it is none of the region's, fault.Conflict
// "groups.member_already" when it is a member on a day of the period.
func Join(ctx context.Context, tx *db.Tx, viewer access.Viewer, groupID, municipalityID int64, p clock.Period, now clock.Instant) error {
	g, err := hold(ctx, tx, groupID, access.ManageGroups(viewer))
	if err != nil {
		return err
	}
	m, err := organisation.ByID(ctx, tx, municipalityID)
	if err != nil || m.Kind != organisation.Municipality || m.RegionID != g.RegionID {
		return fault.Invalid("municipality", "groups.member_missing")
	}
	if err := g.within(p); err != nil {
		return err
	}
	if p.Until == nil {
		p.Until = g.Until
	}
	n, err := db.Exec(ctx, tx, `
		INSERT INTO municipal_group_member (group_id, municipality_id, from_day, to_day, told_at, told_by)
		SELECT g.id, o.id, $3, $4, $5, $6
		FROM municipal_group AS g
		CROSS JOIN organisation AS o
		WHERE g.id = $1
		AND o.id = $2
		AND NOT EXISTS (
			SELECT 1
			FROM municipal_group_member AS m
			WHERE m.group_id = $1
			AND m.municipality_id = $2
			AND m.from_day <= $7
			AND (m.to_day IS NULL OR m.to_day >= $3)
		)`, groupID, municipalityID, p.From, p.Until, now, viewer.ActorID(), endOf(p))
	if err == nil && n == 0 || db.IsUnique(err) {
		return fault.Conflict("groups.member_already", "Municipality", m.Name)
	}
	return err
}

// endOf is the last day of the period, the last that there is for one that still runs.
func endOf(p clock.Period) clock.Day {
	if p.Until != nil {
		return *p.Until
	}
	return clock.Date(9999, 12, 31)
}

// Leave lets a membership end with the day last; one that would end before it has begun is
// taken away. fault.NotFound when the group has none of that number, fault.Conflict
// "groups.left_already" when it has ended by then, fault.Invalid "last" as for a role.
func Leave(ctx context.Context, tx *db.Tx, viewer access.Viewer, groupID, memberID int64, last clock.Day, now clock.Instant) error {
	if _, err := hold(ctx, tx, groupID, access.ManageGroups(viewer)); err != nil {
		return err
	}
	return end(ctx, tx, `municipal_group_member`, `told_at`, groupID, memberID, last, now)
}

// end lets a row of the table end with the day last.
func end(ctx context.Context, tx *db.Tx, table, told string, groupID, id int64, last clock.Day, now clock.Instant) error {
	type row struct {
		from clock.Day
		told clock.Instant
	}
	r, err := db.Row(ctx, tx, func(r *row) []any { return []any{&r.from, &r.told} }, `SELECT from_day, `+told+` FROM `+table+` WHERE id = $1 AND group_id = $2`, id, groupID)
	if err != nil {
		return err
	}
	gone, err := ended(r.from, last, r.told, now)
	if err != nil {
		return err
	}
	var n int64
	if gone {
		n, err = db.Exec(ctx, tx, `DELETE FROM `+table+` WHERE id = $1`, id)
	} else {
		n, err = db.Exec(ctx, tx, `UPDATE `+table+` SET to_day = $2 WHERE id = $1 AND (to_day IS NULL OR to_day > $2)`, id, last)
	}
	if err == nil && n == 0 {
		err = fault.Conflict("groups.left_already")
	}
	return err
}

// ShareHistory are the group's shares, those from the latest day first. fault.Forbidden and
// fault.NotFound as in access.Scope.Allow.
func ShareHistory(ctx context.Context, q db.Querier, viewer access.Viewer, g Group) ([]Shares, error) {
	if err := access.Groups(viewer).Allow(g.Place()); err != nil {
		return nil, err
	}
	type row struct {
		from clock.Day
		Share
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		o := &r.Municipality
		return []any{&r.from, &o.ID, &o.Kind, &o.RegionID, &o.MunicipalityID, &o.Slug, &o.Name, &r.Percent}
	}, `
		SELECT
			s.from_day,
			o.id,
			o.kind,
			o.region_id,
			o.id,
			o.slug,
			o.name,
			s.percent
		FROM municipal_group_share AS s
		JOIN organisation AS o ON o.id = s.municipality_id
		WHERE s.group_id = $1
		ORDER BY s.from_day DESC, o.sort_key, o.id`, g.ID)
	var all []Shares
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].From != r.from {
			all = append(all, Shares{From: r.from})
		}
		last := &all[len(all)-1]
		last.Of = append(last.Of, r.Share)
	}
	return all, err
}

// SetShares says what each member of the day pays from then on; said again for the same day it
// takes the place of what was said. fault.Invalid with the fields of ShareField.
func SetShares(ctx context.Context, tx *db.Tx, viewer access.Viewer, groupID int64, from clock.Day, percent map[int64]int64, now clock.Instant) error {
	g, err := hold(ctx, tx, groupID, access.PlanForGroups(viewer))
	if err != nil {
		return err
	}
	if err := g.within(clock.Period{From: from}); err != nil {
		return err
	}
	all, err := members(ctx, tx, groupID)
	if err != nil {
		return err
	}
	there := On(all, from)
	if err := checkPercent(there, percent); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM municipal_group_share WHERE group_id = $1 AND from_day = $2`, groupID, from); err != nil {
		return err
	}
	rows := make([][]any, len(there))
	for i, m := range there {
		rows[i] = []any{groupID, from, m.ID, percent[m.ID], now, viewer.ActorID()}
	}
	return db.Insert(ctx, tx, "municipal_group_share", []string{"group_id", "from_day", "municipality_id", "percent", "told_at", "told_by"}, rows)
}
