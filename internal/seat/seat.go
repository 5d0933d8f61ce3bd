package seat

import (
	"context"
	"slices"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/round"
)

// Seat is the viewer's own seat in a round of a course.
type Seat struct {
	EnrolmentID int64
	RoundID     int64
	CourseID    int64
	Label       string
	Delivery    catalogue.Delivery
	Local       bool  // of a local round
	EditionID   int64 // in which the round is given, 0: none, or not known
	Withdrawn   bool  // that edition is: nobody new begins it
	FirstDay    clock.Day
	LastDay     clock.Day
	ApprovedOn  *clock.Day
	Days        []SeatDay // in their order
}

// Held tells whether the attendance of every day is saved.
func (s Seat) Held() bool {
	return !slices.ContainsFunc(s.Days, func(d SeatDay) bool { return d.HeldAt == nil })
}

// SeatDay is a course day of the round with what is said about the viewer.
type SeatDay struct {
	round.Day
	Mark   round.Mark // empty: nobody has said
	Source round.Source
}

// SeatIn is the viewer's seat in the course's last round that they are in; nil
// when they are in none, and of cancelled rounds.
func SeatIn(ctx context.Context, q db.Querier, viewer access.Viewer, courseID int64) (*Seat, error) {
	all, err := seats(ctx, q, viewer, "r.course_id = $2", courseID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// SeatedSince are those who have SeatIn in the round, by person with when they
// got the seat: what they share with the course's trainers from then on is for
// the trainers of this round, and what they shared before was for others. It
// asks no viewer: it is for those who lead the round's days.
func SeatedSince(ctx context.Context, q db.Querier, roundID int64) (map[int64]clock.Instant, error) {
	type row struct {
		person int64
		since  clock.Instant
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any { return []any{&r.person, &r.since} }, `
		SELECT
			n.person_id,
			n.enrolled_at
		FROM round AS r
		JOIN enrolment AS n ON n.round_id = r.id AND n.withdrawn_at IS NULL
		WHERE r.id = $1
		AND NOT EXISTS (
			SELECT 1
			FROM enrolment AS o
			JOIN round AS l ON l.id = o.round_id
			WHERE o.person_id = n.person_id
			AND o.withdrawn_at IS NULL
			AND l.course_id = r.course_id
			AND l.cancelled_at IS NULL
			AND (l.last_day, l.id) > (r.last_day, r.id)
		)`, roundID)
	all := make(map[int64]clock.Instant, len(rows))
	for _, r := range rows {
		all[r.person] = r.since
	}
	return all, err
}

// SeatsSince are the viewer's seats in rounds that end on the day or later, the
// last round first, without those of cancelled rounds.
func SeatsSince(ctx context.Context, q db.Querier, viewer access.Viewer, day clock.Day) ([]Seat, error) {
	return seats(ctx, q, viewer, "r.last_day >= $2", day)
}

func seats(ctx context.Context, q db.Querier, viewer access.Viewer, condition string, arg any) ([]Seat, error) {
	type row struct {
		Seat
		SeatDay
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{
			&r.EnrolmentID, &r.RoundID, &r.CourseID, &r.Label, &r.Delivery, &r.Local, &r.EditionID, &r.Withdrawn, &r.FirstDay, &r.LastDay, &r.ApprovedOn,
			&r.ID, &r.Ordinal, &r.Day.Day, &r.Starts, &r.Ends, &r.Place, &r.Link, &r.HeldAt, &r.Mark, &r.Source,
		}
	}, `
		SELECT
			n.id,
			r.id,
			r.course_id,
			r.label,
			r.delivery,
			r.municipality_id IS NOT NULL,
			CASE WHEN `+lifetime.OverSQL("ed.id")+` THEN 0 ELSE COALESCE(ed.id, 0) END,
			`+lifetime.WithdrawnSQL("ed.id")+`,
			r.first_day,
			r.last_day,
			n.approved_on,
			d.id,
			d.ordinal,
			d.day,
			d.starts,
			d.ends,
			d.place,
			d.link,
			d.held_at,
			COALESCE(a.mark, ''),
			COALESCE(a.source, '')
		FROM enrolment AS n
		JOIN round AS r ON r.id = n.round_id
		JOIN course_day AS d ON d.round_id = r.id
		LEFT JOIN edition AS ed ON ed.id = `+lifetime.RoundEditionSQL("r")+`
		LEFT JOIN attendance AS a ON a.course_day_id = d.id AND a.enrolment_id = n.id
		WHERE n.person_id = $1
		AND n.withdrawn_at IS NULL
		AND r.cancelled_at IS NULL
		AND `+condition+`
		ORDER BY r.last_day DESC, r.id DESC, d.ordinal`, viewer.PersonID, arg)
	var all []Seat
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].RoundID != r.RoundID {
			all = append(all, r.Seat)
		}
		last := &all[len(all)-1]
		last.Days = append(last.Days, r.SeatDay)
	}
	return all, err
}

// Edition is the one that the seat's round begins in, 0 for none; nil has none.
func (s *Seat) Edition() int64 {
	if s == nil || s.Withdrawn {
		return 0
	}
	return s.EditionID
}

// Attended tells whether every day's mark says that the viewer was there.
func (s *Seat) Attended() bool {
	for _, d := range s.Days {
		if !d.Mark.Attended() {
			return false
		}
	}
	return true
}

// Coming is the first day from today on of which nothing is said yet; nil when
// there is none. Who has checked in today goes on to the next.
func (s *Seat) Coming(today clock.Day) *SeatDay {
	for i, d := range s.Days {
		if d.Day.Day >= today && d.HeldAt == nil && d.Mark == "" {
			return &s.Days[i]
		}
	}
	return nil
}
