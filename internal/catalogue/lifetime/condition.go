package lifetime

import (
	"context"
	"strings"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
)

// StandsSQL is the condition on an edition, known by the alias, that somebody new
// begins it on the day: it was published, and is not withdrawn. One that is only tried
// has no day, and never stands.
func StandsSQL(edition, day string) string {
	return "(" + edition + ".published_on <= " + day + " AND NOT EXISTS (SELECT 1 FROM edition_withdrawal AS ew WHERE ew.edition_id = " + edition +
		".id AND ew.withdrawn_on <= " + day + " AND (ew.reinstated_on IS NULL OR ew.reinstated_on > " + day + ")))"
}

// NewestSQL is the newest edition of the course that stands on the day; NULL for none.
func NewestSQL(course, day string) string {
	return "(SELECT ne.id FROM edition AS ne WHERE ne.course_id = " + course + " AND " + StandsSQL("ne", day) + " ORDER BY ne.number DESC LIMIT 1)"
}

// RoundEditionSQL is the edition in which a round r is given: its own, or the newest
// that stands when its own was withdrawn before its first day.
func RoundEditionSQL(r string) string {
	return "CASE WHEN EXISTS (SELECT 1 FROM edition AS oe WHERE oe.id = " + r + ".edition_id AND NOT " + StandsSQL("oe", r+".first_day") +
		" AND oe.published_on <= " + r + ".first_day) THEN " + NewestSQL(r+".course_id", r+".first_day") + " ELSE " + r + ".edition_id END"
}

// HoldsSQL is the condition that the course is not retired on the day.
func HoldsSQL(course, day string) string {
	return "NOT EXISTS (SELECT 1 FROM course_retirement AS cr WHERE cr.course_id = " + course + " AND cr.taken_back_at IS NULL AND cr.from_day <= " + day +
		" AND (cr.taken_up_on IS NULL OR cr.taken_up_on > " + day + "))"
}

// RetiredFromSQL is the first day without the course, NULL when it holds: for what is asked
// of today and later days.
func RetiredFromSQL(course string) string {
	return "(SELECT rf.from_day FROM course_retirement AS rf WHERE rf.course_id = " + course + " AND rf.taken_back_at IS NULL AND rf.taken_up_on IS NULL)"
}

// WithdrawnSQL is the condition that the edition is withdrawn now.
func WithdrawnSQL(edition string) string {
	return "EXISTS (SELECT 1 FROM edition_withdrawal AS wn WHERE wn.edition_id = " + edition + " AND wn.reinstated_on IS NULL)"
}

// DemandedSQL is the condition that people are asked for the course on the day: it
// holds, and an edition of it stands.
func DemandedSQL(course, day string) string {
	return "(" + NewestSQL(course, day) + " IS NOT NULL AND " + HoldsSQL(course, day) + ")"
}

// Demanded tells whether people are asked for the course on the day.
func Demanded(ctx context.Context, q db.Querier, courseID int64, day clock.Day) (bool, error) {
	return db.Row(ctx, q, db.One[bool], `SELECT `+DemandedSQL("$1", "$2"), courseID, day)
}

// AddDemanded adds DemandedSQL to a query that is put together.
func AddDemanded(b *db.Builder, course string, day clock.Day) *db.Builder {
	condition := DemandedSQL(course, "?")
	args := make([]any, strings.Count(condition, "?"))
	for i := range args {
		args[i] = day
	}
	return b.Add(condition, args...)
}

// StampSQL is a number that grows with every change of what holds.
const StampSQL = `(
	(SELECT COUNT(*) FROM edition)
	+ (SELECT COUNT(*) + COUNT(reinstated_at) FROM edition_withdrawal)
	+ (SELECT COUNT(*) + COUNT(taken_back_at) + COUNT(taken_up_at) FROM course_retirement))`

// OverSQL is the condition that the edition was only tried, without counting, and the trial
// has ended: nobody takes a course in it any more.
func OverSQL(edition string) string {
	return "EXISTS (SELECT 1 FROM trial AS ov WHERE ov.edition_id = " + edition + " AND ov.ended_at IS NOT NULL AND NOT ov.counts)"
}

// CountsSQL is the condition that who completes the course in the edition has completed
// it: all editions but one that a group tries without.
func CountsSQL(edition string) string {
	return "NOT EXISTS (SELECT 1 FROM trial AS tr WHERE tr.edition_id = " + edition + " AND NOT tr.counts)"
}
