package trainer

import (
	"context"
	"errors"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
)

// The team of a region is for those who manage its rounds; for others there is
// none (fault.NotFound).

func manages(viewer access.Viewer, regionID int64) bool {
	return access.ManageRounds(viewer).Covers(access.Place{RegionID: regionID})
}

// Recruit takes somebody into the team of a course in a region. Who had ended
// comes back and begins anew; what was stays, for the years in which they began and
// ended. fault.Conflict "trainer.already_recruited".
func Recruit(ctx context.Context, tx *db.Tx, viewer access.Viewer, n New) (int64, error) {
	if !manages(viewer, n.RegionID) {
		return 0, fault.NotFound
	}
	if _, err := db.Exec(ctx, tx, `
		INSERT INTO trainer_before (person_id, course_id, region_id, recruited_on, ready_on, ended_on, end_reason, end_word)
		SELECT person_id, course_id, region_id, recruited_on, ready_on, ended_on, end_reason, end_word
		FROM trainer
		WHERE person_id = $1
		AND course_id = $2
		AND region_id = $3
		AND ended_on < $4`, n.PersonID, n.CourseID, n.RegionID, n.On); err != nil {
		return 0, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO trainer (person_id, course_id, region_id, recruited_on)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, course_id, region_id) DO UPDATE
		SET recruited_on = excluded.recruited_on, ready_on = NULL, ended_on = NULL, end_reason = NULL, end_word = ''
		WHERE trainer.ended_on < excluded.recruited_on
		RETURNING id`, n.PersonID, n.CourseID, n.RegionID, n.On)
	switch {
	case errors.Is(err, fault.NotFound): // neither inserted nor come back
		return 0, fault.Conflict("trainer.already_recruited")
	case db.IsCheck(err):
		return 0, fault.NotFound
	}
	return id, err
}

// Ready says that the member can teach from the day on.
func Ready(ctx context.Context, tx *db.Tx, viewer access.Viewer, memberID int64, on clock.Day) error {
	m, err := member(ctx, tx, viewer, memberID)
	if err != nil {
		return err
	}
	if on < m.RecruitedOn || m.EndedOn != nil {
		return fault.Invalid("on", "trainer.not_in_team_then")
	}
	_, err = db.Exec(ctx, tx, `UPDATE trainer SET ready_on = $2 WHERE id = $1`, memberID, on)
	return err
}

// End says that the member leaves the team, and why; on is the last day. Of who has ended it says both anew.
func End(ctx context.Context, tx *db.Tx, viewer access.Viewer, memberID int64, on clock.Day, why Why) error {
	m, err := member(ctx, tx, viewer, memberID)
	if err != nil {
		return err
	}
	if on < m.RecruitedOn {
		return fault.Invalid("on", "trainer.not_in_team_then")
	}
	if err := why.Check(); err != nil {
		return err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Team, m.PersonID); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE trainer SET ended_on = $2, end_reason = $3, end_word = $4 WHERE id = $1`, memberID, on, why.Reason, why.Words())
	return err
}

// member finds a member of a team that the viewer manages.
func member(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Member, error) {
	m, err := db.Row(ctx, q, func(m *Member) []any {
		return []any{&m.ID, &m.PersonID, &m.RegionID, &m.RecruitedOn, &m.EndedOn, &m.Why.Reason, &m.Why.Word}
	},
		`SELECT id, person_id, region_id, recruited_on, ended_on, COALESCE(end_reason, ''), end_word FROM trainer WHERE id = $1`, id)
	if err == nil && !manages(viewer, m.RegionID) {
		err = fault.NotFound
	}
	return m, err
}

// MemberOf is the member, with name and course, for those who manage the team.
func MemberOf(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (Member, error) {
	m, err := member(ctx, q, viewer, id)
	if err != nil {
		return m, err
	}
	type named struct{ name, course string }
	n, err := db.Row(ctx, q, func(n *named) []any { return []any{&n.name, &n.course} }, `
		SELECT TRIM(p.given_name || ' ' || p.family_name), c.name
		FROM trainer AS t
		JOIN person AS p ON p.id = t.person_id
		JOIN course AS c ON c.id = t.course_id
		WHERE t.id = $1`, id)
	m.Name, m.Course = n.name, n.course
	return m, err
}

// TeamOf is the region in whose team the member is, for those who manage it.
func TeamOf(ctx context.Context, q db.Querier, viewer access.Viewer, memberID int64) (regionID int64, err error) {
	m, err := member(ctx, q, viewer, memberID)
	return m.RegionID, err
}

// Team are all who are or were in a team of the region, by course and name in
// Swedish order.
func Team(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, today clock.Day) ([]Member, error) {
	if !manages(viewer, regionID) {
		return nil, fault.NotFound
	}
	return db.Rows(ctx, q, func(m *Member) []any {
		return []any{&m.ID, &m.PersonID, &m.Name, &m.Municipality, &m.MunicipalityID, &m.RegionID, &m.CourseID, &m.Course, &m.RecruitedOn, &m.ReadyOn, &m.EndedOn, &m.Why.Reason, &m.Why.Word}
	}, `
		SELECT
			t.id,
			t.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(m.name, ''),
			COALESCE(m.id, 0),
			t.region_id,
			t.course_id,
			c.name,
			t.recruited_on,
			t.ready_on,
			t.ended_on,
			COALESCE(t.end_reason, ''),
			t.end_word
		FROM trainer AS t
		JOIN course AS c ON c.id = t.course_id
		JOIN person AS p ON p.id = t.person_id
		LEFT JOIN employed AS e ON e.main AND e.person_id = t.person_id AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		WHERE t.region_id = $1
		ORDER BY c.sort_key, p.sort_key, t.id`, regionID, today)
}

// MyDays are the course days that the viewer holds, has held, or is or was asked
// to hold, the earliest first.
func MyDays(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Day, error) {
	return daysOf(ctx, q, viewer.PersonID)
}

// Coming are the person's course days from today on, and earlier ones without a
// list, for those whom DoneIn answers: what they hold or are asked to hold. None
// of a round that was cancelled, and none that they have declined.
func Coming(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) ([]Day, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	days, err := daysOf(ctx, q, personID)
	return slices.DeleteFunc(days, func(d Day) bool {
		return d.HeldAt != nil || d.CancelledAt != nil || d.Standing == HasDeclined
	}), err
}

func daysOf(ctx context.Context, q db.Querier, personID int64) ([]Day, error) {
	type row struct {
		Day
		asked  *clock.Instant
		answer Answer
	}
	rows, err := db.Rows(ctx, q, func(d *row) []any {
		return []any{
			&d.ID, &d.RoundID, &d.Round, &d.Course, &d.Ordinal, &d.Days, &d.Day.Day, &d.Starts, &d.Ends,
			&d.Place, &d.Link, &d.Role, &d.asked, &d.answer, &d.Participants, &d.HeldAt, &d.CancelledAt,
		}
	}, `
		SELECT
			d.id,
			r.id,
			r.label,
			c.name,
			d.ordinal,
			(SELECT COUNT(*) FROM course_day AS o WHERE o.round_id = r.id),
			d.day,
			d.starts,
			d.ends,
			d.place,
			d.link,
			t.role,
			t.asked_at,
			COALESCE(t.answer, ''),
			(SELECT COUNT(*) FROM enrolment AS e WHERE e.round_id = r.id AND e.withdrawn_at IS NULL),
			d.held_at,
			r.cancelled_at
		FROM day_trainer AS t
		JOIN course_day AS d ON d.id = t.course_day_id
		JOIN round AS r ON r.id = d.round_id
		JOIN course AS c ON c.id = r.course_id
		WHERE t.person_id = $1
		AND r.deleted_at IS NULL
		ORDER BY d.day, d.starts, d.id`, personID)
	days := make([]Day, len(rows))
	for i, r := range rows {
		r.Standing = StandingOf(r.asked, r.answer)
		days[i] = r.Day
	}
	return days, err
}

// Contact is somebody of a day's team and how to reach them.
type Contact struct {
	PersonID int64
	Name     string
	Role     Role
	Standing Standing
	Email    string // empty: none known
}

// Contacts are those who hold the course day, lead trainers first, for the
// trainers of its round; for others there are none.
func Contacts(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64) ([]Contact, error) {
	type row struct {
		Contact
		asked  *clock.Instant
		answer Answer
	}
	rows, err := db.Rows(ctx, q, func(c *row) []any {
		return []any{&c.PersonID, &c.Name, &c.Role, &c.asked, &c.answer, &c.Email}
	}, `
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			t.role,
			t.asked_at,
			COALESCE(t.answer, ''),
			`+people.AddressSQL("p")+`
		FROM course_day AS d
		JOIN day_trainer AS t ON t.course_day_id = d.id
		JOIN person AS p ON p.id = t.person_id
		WHERE d.id = $1
		AND COALESCE(t.answer, '') <> 'declined'
		AND EXISTS (
			SELECT 1
			FROM course_day AS o
			JOIN day_trainer AS me ON me.course_day_id = o.id
			WHERE o.round_id = d.round_id
			AND me.person_id = $2
			AND COALESCE(me.answer, '') <> 'declined'
		)
		ORDER BY t.role, p.sort_key, p.id`, dayID, viewer.PersonID)
	all := make([]Contact, len(rows))
	for i, r := range rows {
		r.Standing = StandingOf(r.asked, r.answer)
		all[i] = r.Contact
	}
	return all, err
}
