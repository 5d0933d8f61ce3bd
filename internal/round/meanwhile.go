package round

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// MeanwhileKind is how somebody is taken.
type MeanwhileKind string

// The kinds.
const (
	HasSeat   MeanwhileKind = "seat"    // in another round
	Holds     MeanwhileKind = "day"     // a course day, or is asked to
	AtMeeting MeanwhileKind = "meeting" // is invited to a trainer meeting
)

// Key is the kind's message key.
func (k MeanwhileKind) Key() string { return "signup.meanwhile_" + string(k) }

// Meanwhile is what else somebody has at the hours of a round. What is the course
// with its round's label, or the meeting's title; empty when the viewer is neither
// they nor in an office over them or over that round.
type Meanwhile struct {
	PersonID     int64
	Kind         MeanwhileKind
	RoundID      int64 // 0: of a meeting
	What         string
	Day          clock.Day
	Starts, Ends string // "09:00"
}

// Meanwhiles are what else each of the persons has at the hours of the round's
// days, by person and in order of time; who is not in the map is free. It advises
// and never blocks. What ends when the other begins is no trouble.
func Meanwhiles(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64, persons []int64) (map[int64][]Meanwhile, error) {
	all := map[int64][]Meanwhile{}
	if len(persons) == 0 {
		return all, nil
	}
	const meets = ` AND mine.day = d.day AND mine.starts < d.ends AND d.starts < mine.ends`
	var b db.Builder
	b.Add(`
		WITH x AS (
			SELECT n.person_id, 'seat' AS kind, `+catalogue.TitleSQL("c")+` || ', ' || r.label AS what, d.day, d.starts, d.ends,
				COALESCE(r.region_id, 0) AS region_id, COALESCE(r.municipality_id, 0) AS municipality_id, COALESCE(r.unit_id, 0) AS unit_id, r.id AS round_id
			FROM enrolment AS n
			JOIN round AS r ON r.id = n.round_id
			JOIN course AS c ON c.id = r.course_id
			JOIN course_day AS d ON d.round_id = r.id
			JOIN course_day AS mine ON mine.round_id = ?`+meets+`
			WHERE n.withdrawn_at IS NULL
			AND r.cancelled_at IS NULL
			AND r.id <> ?`, roundID, roundID)
	in := func(column string) {
		is, args := db.In(column, persons)
		b.Add("AND "+is, args...)
	}
	in("n.person_id")
	b.Add(`
			UNION ALL
			SELECT t.person_id, 'day', `+catalogue.TitleSQL("c")+` || ', ' || r.label, d.day, d.starts, d.ends,
				COALESCE(r.region_id, 0), COALESCE(r.municipality_id, 0), COALESCE(r.unit_id, 0), r.id
			FROM day_trainer AS t
			JOIN course_day AS d ON d.id = t.course_day_id
			JOIN round AS r ON r.id = d.round_id
			JOIN course AS c ON c.id = r.course_id
			JOIN course_day AS mine ON mine.round_id = ?`+meets+`
			WHERE COALESCE(t.answer, '') <> 'declined'
			AND r.cancelled_at IS NULL
			AND r.id <> ?`, roundID, roundID)
	in("t.person_id")
	b.Add(`
			UNION ALL
			SELECT t.person_id, 'meeting', d.title, d.day, d.starts, d.ends, d.region_id, 0, 0, 0
			FROM trainer_meeting_guest AS t
			JOIN trainer_meeting AS d ON d.id = t.meeting_id
			JOIN course_day AS mine ON mine.round_id = ?`+meets+`
			WHERE COALESCE(t.answer, '') <> 'declined'
			AND d.cancelled_at IS NULL`, roundID)
	in("t.person_id")
	theirs, args := access.Staff(viewer).Where(access.Columns{Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id"})
	b.Add(`
		)
		SELECT DISTINCT x.person_id, x.kind, x.what, x.day, x.starts, x.ends, x.region_id, x.municipality_id, x.unit_id, x.round_id,
			EXISTS (
				SELECT 1
				FROM employed AS e
				WHERE e.person_id = x.person_id
				AND e.from_day <= x.day
				AND (e.to_day IS NULL OR e.to_day >= x.day)
				AND `+theirs+`
			) AS covered
		FROM x
		ORDER BY x.person_id, x.day, x.starts, x.kind, x.what`, args...)
	type row struct {
		Meanwhile
		at      access.Place
		covered bool
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.PersonID, &r.Kind, &r.What, &r.Day, &r.Starts, &r.Ends, &r.at.RegionID, &r.at.MunicipalityID, &r.at.UnitID, &r.RoundID, &r.covered}
	}, b.String(), b.Args()...)
	for _, r := range rows {
		if !r.covered && r.PersonID != viewer.PersonID && !ManagesAt(viewer, r.at) {
			r.What = ""
		}
		all[r.PersonID] = append(all[r.PersonID], r.Meanwhile)
	}
	return all, err
}
