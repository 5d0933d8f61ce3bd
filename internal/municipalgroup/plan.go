package municipalgroup

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Need is where seats are needed: a course and a municipality.
type Need struct{ CourseID, MunicipalityID int64 }

// Plan is how many seats the members need in the year, as far as it has been written.
// fault.Forbidden and fault.NotFound as in access.Scope.Allow.
func Plan(ctx context.Context, q db.Querier, viewer access.Viewer, g Group, year int) (map[Need]int, error) {
	if err := access.Groups(viewer).Allow(g.Place()); err != nil {
		return nil, err
	}
	type row struct {
		Need
		seats int
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.CourseID, &r.MunicipalityID, &r.seats} },
		`SELECT course_id, municipality_id, seats FROM municipal_group_need WHERE group_id = $1 AND year = $2`, g.ID, year)
	plan := make(map[Need]int, len(rows))
	for _, r := range rows {
		plan[r.Need] = r.seats
	}
	return plan, err
}

// SetNeeds says how many seats the members of the year need in the course; 0 is none, and who
// is not named stays as it was. fault.Invalid with the fields of NeedField, "year" for one in
// which the group is not.
func SetNeeds(ctx context.Context, tx *db.Tx, viewer access.Viewer, groupID, courseID int64, year int, seats map[int64]int, now clock.Instant) error {
	g, err := hold(ctx, tx, groupID, access.PlanForGroups(viewer))
	if err != nil {
		return err
	}
	if g.From >= clock.YearStart(year+1) || g.Until != nil && *g.Until < clock.YearStart(year) {
		return fault.Invalid("year", "groups.year_outside")
	}
	all, err := members(ctx, tx, groupID)
	if err != nil {
		return err
	}
	var checks fault.Checks
	var rows [][]any
	for _, m := range In(all, year) {
		n, told := seats[m.ID]
		checks.Require(0 <= n && n <= MostSeats, NeedField(m.ID), "groups.seats_wrong", "Most", MostSeats)
		if told {
			rows = append(rows, []any{groupID, year, courseID, m.ID, n, now, viewer.ActorID()})
		}
	}
	if err := checks.Err(); err != nil {
		return err
	}
	var needed [][]any
	for _, r := range rows {
		if _, err := db.Exec(ctx, tx, `DELETE FROM municipal_group_need WHERE group_id = $1 AND year = $2 AND course_id = $3 AND municipality_id = $4`, r[:4]...); err != nil {
			return err
		}
		if r[4] != 0 {
			needed = append(needed, r)
		}
	}
	err = db.Insert(ctx, tx, "municipal_group_need", []string{"group_id", "year", "course_id", "municipality_id", "seats", "told_at", "told_by"}, needed)
	if db.IsCheck(err) { // no such course
		return fault.NotFound
	}
	return err
}
