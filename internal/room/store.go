package room

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/i18n"
)

func manages(viewer access.Viewer, regionID int64) bool {
	return access.ManageRounds(viewer).Covers(access.Place{RegionID: regionID})
}

const columns = `
	id,
	region_id,
	name,
	address,
	seats,
	equipment,
	accessibility,
	cost_ore,
	closed_on`

func (r *Room) columns() []any {
	return []any{&r.ID, &r.RegionID, &r.Name, &r.Address, &r.Seats, &r.Equipment, &r.Accessibility, &r.Cost, &r.ClosedOn}
}

// All are the region's rooms by name in Swedish order, those that are closed
// last.
func All(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, today clock.Day) ([]Room, error) {
	if !manages(viewer, regionID) {
		return nil, fault.NotFound
	}
	return db.Rows(ctx, q, (*Room).columns, `
		SELECT`+columns+`
		FROM room
		WHERE region_id = $1
		ORDER BY closed_on IS NOT NULL AND closed_on <= $2, sort_key, id`, regionID, today)
}

// ForPlanners are the region's rooms that are open on the day, by name, for those
// who plan local rounds in it: without what they cost.
func ForPlanners(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, today clock.Day) ([]Room, error) {
	if access.PlanLocally(viewer).Empty() || !access.Rounds(viewer).Covers(access.Place{RegionID: regionID}) {
		return nil, fault.NotFound
	}
	rooms, err := db.Rows(ctx, q, (*Room).columns, `
		SELECT`+columns+`
		FROM room
		WHERE region_id = $1
		AND (closed_on IS NULL OR closed_on > $2)
		ORDER BY sort_key, id`, regionID, today)
	for i := range rooms {
		rooms[i].Cost = 0
	}
	return rooms, err
}

// Get is the room.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, roomID int64) (Room, error) {
	r, err := db.Row(ctx, q, (*Room).columns, `SELECT`+columns+` FROM room WHERE id = $1`, roomID)
	if err == nil && !manages(viewer, r.RegionID) {
		return Room{}, fault.NotFound
	}
	return r, err
}

// Add makes a room of r.RegionID; a name that the region has already is a fault
// of the field name.
func Add(ctx context.Context, tx *db.Tx, viewer access.Viewer, r Room) (int64, error) {
	if !manages(viewer, r.RegionID) {
		return 0, fault.NotFound
	}
	if err := r.check(); err != nil {
		return 0, err
	}
	ids, err := db.Rows(ctx, tx, db.One[int64], `
		INSERT INTO room (region_id, name, address, seats, equipment, accessibility, cost_ore, sort_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (region_id, name) DO NOTHING
		RETURNING id`, r.RegionID, r.Name, r.Address, r.Seats, r.Equipment, r.Accessibility, r.Cost, i18n.SortKey(r.Name))
	if err != nil {
		return 0, err
	}
	if len(ids) == 0 {
		return 0, fault.Invalid("name", "room.name_taken")
	}
	return ids[0], nil
}

// Change writes all of the room but its region. Days already planned keep the
// room, and their place follows by round.FollowRoom.
func Change(ctx context.Context, tx *db.Tx, viewer access.Viewer, r Room) error {
	old, err := Get(ctx, tx, viewer, r.ID)
	if err != nil {
		return err
	}
	if err := r.check(); err != nil {
		return err
	}
	taken, err := db.Row(ctx, tx, db.One[bool],
		`SELECT EXISTS (SELECT 1 FROM room WHERE region_id = $1 AND name = $2 AND id <> $3)`, old.RegionID, r.Name, r.ID)
	if err != nil {
		return err
	}
	if taken {
		return fault.Invalid("name", "room.name_taken")
	}
	_, err = db.Exec(ctx, tx, `
		UPDATE room
		SET name = $2, address = $3, seats = $4, equipment = $5, accessibility = $6, cost_ore = $7, closed_on = $8, sort_key = $9
		WHERE id = $1`, r.ID, r.Name, r.Address, r.Seats, r.Equipment, r.Accessibility, r.Cost, r.ClosedOn, i18n.SortKey(r.Name))
	return err
}

// Year is how much each of the region's rooms is used in the year; rooms that
// are not used are left out.
func Year(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, year int) (map[int64]Use, error) {
	if !manages(viewer, regionID) {
		return nil, fault.NotFound
	}
	uses, err := db.Rows(ctx, q, func(u *Use) []any { return []any{&u.RoomID, &u.Days, &u.Cost} }, `
		SELECT
			o.id,
			COUNT(DISTINCT d.day),
			COUNT(DISTINCT d.day) * o.cost_ore
		FROM room AS o
		JOIN course_day AS d ON d.room_id = o.id
		JOIN round AS r ON r.id = d.round_id
		WHERE o.region_id = $1
		AND d.day BETWEEN $2 AND $3
		AND r.cancelled_at IS NULL
		GROUP BY o.id, o.cost_ore`, regionID, clock.YearStart(year), clock.YearEnd(year))
	byRoom := make(map[int64]Use, len(uses))
	for _, u := range uses {
		byRoom[u.RoomID] = u
	}
	return byRoom, err
}
