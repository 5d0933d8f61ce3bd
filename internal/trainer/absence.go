package trainer

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Absence is a stretch of days, both ends included, on which a trainer cannot
// hold a course day.
type Absence struct {
	ID   int64
	From clock.Day
	To   clock.Day
	Note string
}

// The longest absence, in days, and the longest note, in characters.
const (
	maxAbsence = 366
	maxNote    = 300
)

// InTeam tells whether the viewer is in the trainer team of any course on the
// day: those are who a region looks for when it staffs a day. Who only leads
// occasions of the own workplace is in none.
func InTeam(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) (bool, error) {
	if !viewer.Has(access.Trainer) {
		return false, nil
	}
	return db.Row(ctx, q, db.One[bool], `
		SELECT EXISTS (SELECT 1 FROM trainer AS t WHERE t.person_id = $1 AND (t.ended_on IS NULL OR t.ended_on >= $2))`, viewer.PersonID, today)
}

// CannotHold says that the viewer cannot on the days from the first to the last.
// Only those say so who are InTeam (fault.Forbidden), and for themselves alone.
func CannotHold(ctx context.Context, tx *db.Tx, viewer access.Viewer, a Absence, today clock.Day) error {
	in, err := InTeam(ctx, tx, viewer, today)
	if err != nil {
		return err
	}
	if !in {
		return fault.Forbidden
	}
	a.Note = strings.Join(strings.Fields(a.Note), " ")
	var checks fault.Checks
	checks.Require(a.From <= a.To, "to_day", "trainer.absence_backwards")
	checks.Require(a.To >= today, "to_day", "trainer.absence_over")
	checks.Require(a.To-a.From < maxAbsence, "to_day", "trainer.absence_long")
	checks.Require(utf8.RuneCountInString(a.Note) <= maxNote, "note", "round.text_too_long", "Max", maxNote)
	if err := checks.Err(); err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `
		INSERT INTO trainer_absence (person_id, from_day, to_day, note)
		VALUES ($1, $2, $3, $4)`, viewer.PersonID, a.From, a.To, a.Note)
	return err
}

// CanAgain takes one of the viewer's own absences back.
func CanAgain(ctx context.Context, tx *db.Tx, viewer access.Viewer, absenceID int64) error {
	n, err := db.Exec(ctx, tx, `DELETE FROM trainer_absence WHERE id = $1 AND person_id = $2`, absenceID, viewer.PersonID)
	if err == nil && n == 0 {
		err = fault.NotFound
	}
	return err
}

// MyAbsences are the viewer's own from the day on, the earliest first.
func MyAbsences(ctx context.Context, q db.Querier, viewer access.Viewer, today clock.Day) ([]Absence, error) {
	return db.Rows(ctx, q, func(a *Absence) []any { return []any{&a.ID, &a.From, &a.To, &a.Note} }, `
		SELECT
			id,
			from_day,
			to_day,
			note
		FROM trainer_absence
		WHERE person_id = $1
		AND to_day >= $2
		ORDER BY from_day, id`, viewer.PersonID, today)
}

// EngagementKind is why a trainer is not free on a day.
type EngagementKind string

// The kinds.
const (
	IsAway    EngagementKind = "absence" // has said that they cannot
	HoldsDay  EngagementKind = "day"     // holds another course day, or is asked to
	AtMeeting EngagementKind = "meeting" // is invited to a trainer meeting
	HasSeat   EngagementKind = "seat"    // takes a course
)

// Key is the kind's message key.
func (k EngagementKind) Key() string { return "trainer.engagement." + string(k) }

// Engagement is what takes a trainer's day. What is the course or the meeting,
// empty when it belongs to a region that the viewer does not manage; an absence
// takes the whole day and has no times.
type Engagement struct {
	PersonID     int64
	Kind         EngagementKind
	What         string
	Starts, Ends string
}

// Engagements are what takes the day of those who are in a team of the region
// then, by person; who is not in the map is free. RegionID 0 asks for the teams
// of all regions, for those who manage national rounds. exceptDayID is the
// course day that one asks for, which is no obstacle to itself; 0 for none.
func Engagements(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, day clock.Day, exceptDayID int64) (map[int64][]Engagement, error) {
	if !manages(viewer, regionID) && (regionID != 0 || !access.ManageNationalRounds(viewer)) {
		return nil, fault.NotFound
	}
	type row struct {
		Engagement
		region int64
	}
	rows, err := db.Rows(ctx, q, func(e *row) []any {
		return []any{&e.PersonID, &e.Kind, &e.What, &e.Starts, &e.Ends, &e.region}
	}, `
		SELECT
			t.person_id,
			t.kind,
			t.what,
			t.starts,
			t.ends,
			t.region_id
		FROM (
			SELECT a.person_id, 'absence' AS kind, '' AS what, '' AS starts, '' AS ends, 0 AS region_id
			FROM trainer_absence AS a
			WHERE a.from_day <= $1
			AND a.to_day >= $1
			UNION ALL
			SELECT h.person_id, 'day', c.name || ', ' || r.label, d.starts, d.ends, COALESCE(r.region_id, 0)
			FROM course_day AS d
			JOIN day_trainer AS h ON h.course_day_id = d.id
			JOIN round AS r ON r.id = d.round_id
			JOIN course AS c ON c.id = r.course_id
			WHERE d.day = $1
			AND d.id <> $3
			AND r.cancelled_at IS NULL
			AND COALESCE(h.answer, '') <> 'declined'
			UNION ALL
			SELECT n.person_id, 'seat', c.name || ', ' || r.label, d.starts, d.ends, COALESCE(r.region_id, 0)
			FROM course_day AS d
			JOIN round AS r ON r.id = d.round_id
			JOIN course AS c ON c.id = r.course_id
			JOIN enrolment AS n ON n.round_id = r.id AND n.withdrawn_at IS NULL
			WHERE d.day = $1
			AND d.id <> $3
			AND r.cancelled_at IS NULL
			UNION ALL
			SELECT g.person_id, 'meeting', m.title, m.starts, m.ends, m.region_id
			FROM trainer_meeting AS m
			JOIN trainer_meeting_guest AS g ON g.meeting_id = m.id
			WHERE m.day = $1
			AND m.cancelled_at IS NULL
			AND COALESCE(g.answer, '') <> 'declined'
		) AS t
		WHERE EXISTS (
			SELECT 1
			FROM trainer AS m
			WHERE m.person_id = t.person_id
			AND (m.region_id = $2 OR $2 = 0)
			AND (m.ended_on IS NULL OR m.ended_on >= $1)
		)
		ORDER BY t.person_id, t.starts, t.kind, t.what`, day, regionID, exceptDayID)
	if err != nil {
		return nil, err
	}
	all := map[int64][]Engagement{}
	for _, r := range rows {
		if r.region != 0 && !manages(viewer, r.region) {
			r.What = ""
		}
		all[r.PersonID] = append(all[r.PersonID], r.Engagement)
	}
	return all, nil
}

// AwayOn are the days among the given ones on which each of the persons has said that
// they cannot, for those who manage rounds somewhere.
func AwayOn(ctx context.Context, q db.Querier, viewer access.Viewer, persons []int64, days []clock.Day) (map[int64]map[clock.Day]bool, error) {
	all := map[int64]map[clock.Day]bool{}
	if access.ManageRounds(viewer).Empty() && !access.ManageNationalRounds(viewer) {
		return nil, fault.NotFound
	}
	if len(persons) == 0 || len(days) == 0 {
		return all, nil
	}
	is, args := db.In("person_id", persons)
	var b db.Builder
	b.Add("SELECT person_id, from_day, to_day FROM trainer_absence WHERE "+is, args...).
		Add("AND from_day <= ? AND to_day >= ?", slices.Max(days), slices.Min(days))
	type absence struct {
		person   int64
		from, to clock.Day
	}
	rows, err := db.Rows(ctx, q, func(a *absence) []any { return []any{&a.person, &a.from, &a.to} }, b.String(), b.Args()...)
	for _, r := range rows {
		if all[r.person] == nil {
			all[r.person] = map[clock.Day]bool{}
		}
		for _, day := range days {
			all[r.person][day] = all[r.person][day] || r.from <= day && day <= r.to
		}
	}
	return all, err
}
