package seat

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/people"
)

// Taken is a round in which somebody has or had a seat, as others see it. Held
// counts the days whose attendance is saved, Attended those of them on which
// they were there.
type Taken struct {
	RoundID     int64
	RegionID    int64 // 0 for a national one
	Course      string
	Label       string
	FirstDay    clock.Day
	LastDay     clock.Day
	Days        int
	Held        int
	Attended    int
	Decided     bool // somebody has decided who is approved, after all days were held
	ApprovedOn  *clock.Day
	WithdrawnAt *clock.Instant
	CancelledAt *clock.Instant
}

// TakenBy are the person's rounds, the newest first, if the viewer may see the
// person. Which of the rounds the viewer may open, round.Seen says.
func TakenBy(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Taken, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(t *Taken) []any {
		return []any{
			&t.RoundID, &t.RegionID, &t.Course, &t.Label, &t.FirstDay, &t.LastDay, &t.Days, &t.Held, &t.Attended, &t.Decided,
			&t.ApprovedOn, &t.WithdrawnAt, &t.CancelledAt,
		}
	}, `
		SELECT
			r.id,
			COALESCE(r.region_id, 0),
			`+catalogue.TitleSQL("c")+`,
			r.label,
			r.first_day,
			r.last_day,
			(SELECT COUNT(*) FROM course_day AS d WHERE d.round_id = r.id),
			(SELECT COUNT(*) FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NOT NULL),
			(SELECT COUNT(*) FROM attendance AS a WHERE a.enrolment_id = n.id AND a.mark IN ('present', 'late')),
			NOT EXISTS (SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NULL)
				AND (r.municipality_id IS NOT NULL
					OR EXISTS (SELECT 1 FROM enrolment AS o WHERE o.round_id = r.id AND o.approved_at IS NOT NULL)
					OR EXISTS (SELECT 1 FROM round_event AS v WHERE v.round_id = r.id AND v.subject_id = n.person_id AND v.kind = 'unapproved')),
			n.approved_on,
			n.withdrawn_at,
			r.cancelled_at
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		JOIN course AS c ON c.id = r.course_id
		WHERE n.person_id = $1
		ORDER BY r.first_day DESC, n.id DESC`, personID)
}

// StaffDay is a coming course day of one of the viewer's staff.
type StaffDay struct {
	PersonID int64
	Name     string
	RoundID  int64
	CourseID int64
	Course   string
	Day      clock.Day
	Starts   string // "09:00"
	Ends     string
	Place    string
}

// StaffDays are the coming course days, from today on, of those whom the
// viewer leads, the earliest first. Days of cancelled rounds are left out.
// unitID 0 asks for every unit.
func StaffDays(ctx context.Context, q db.Querier, viewer access.Viewer, unitID int64, today clock.Day) ([]StaffDay, error) {
	condition, args := access.Team(viewer).Where(access.Columns{
		Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id",
	})
	var b db.Builder
	b.Add(`
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			r.id,
			r.course_id,
			`+catalogue.TitleSQL("c")+`,
			d.day,
			d.starts,
			d.ends,
			d.place
		FROM employed AS e
		JOIN person AS p ON p.id = e.person_id
		JOIN enrolment AS n ON n.person_id = e.person_id
		JOIN round AS r ON r.id = n.round_id
		JOIN course AS c ON c.id = r.course_id
		JOIN course_day AS d ON d.round_id = r.id
		WHERE `+condition, args...).
		Add(`AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
			AND n.withdrawn_at IS NULL
			AND r.cancelled_at IS NULL
			AND d.day >= ?`, today, today, today)
	if unitID != 0 {
		b.Add("AND e.organisation_id = ?", unitID)
	}
	if viewer.PersonID != 0 {
		b.Add("AND e.person_id <> ?", viewer.PersonID)
	}
	b.Add("ORDER BY d.day, d.starts, e.sort_key, e.id")
	return db.Rows(ctx, q, func(d *StaffDay) []any {
		return []any{&d.PersonID, &d.Name, &d.RoundID, &d.CourseID, &d.Course, &d.Day, &d.Starts, &d.Ends, &d.Place}
	}, b.String(), b.Args()...)
}
