package together

import (
	"context"
	"errors"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/attendance"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/round"
)

// Screen is what the screen shows: which step, since when, and how many minutes it was
// given beyond its own. Version counts the moves; 0 is a screen that nobody has begun.
type Screen struct {
	Step    int
	Since   clock.Instant
	Extra   int
	Version int
	MovedBy *int64 // the person
}

// screenColumns are those of a day_screen s, which may be missing.
const screenColumns = `
			COALESCE(s.step, 0),
			COALESCE(s.since, 0),
			COALESCE(s.extra, 0),
			COALESCE(s.version, 0),
			s.moved_by`

func (s *Screen) columns() []any { return []any{&s.Step, &s.Since, &s.Extra, &s.Version, &s.MovedBy} }

// Until is when the time of the step is out; false for a step without a time of its own,
// and before anybody has begun.
func (s Screen) Until(steps []Step) (clock.Instant, bool) {
	if s.Version == 0 || s.Step >= len(steps) || steps[s.Step].Minutes == 0 {
		return 0, false
	}
	return s.Since.Add(time.Duration(steps[s.Step].Minutes+s.Extra) * time.Minute), true
}

// Standing is whether the day's screen can be moved.
type Standing string

// Where a day stands. Before it, who holds it can practise.
const (
	Ahead     Standing = "ahead"
	Open      Standing = "open"
	Over      Standing = "over"
	Cancelled Standing = "cancelled"
)

// StandingOf is where the day stands: open from midnight to midnight.
func StandingOf(day clock.Day, cancelled bool, now clock.Instant) Standing {
	switch today := now.Day(); {
	case cancelled:
		return Cancelled
	case today < day:
		return Ahead
	case today > day:
		return Over
	}
	return Open
}

// Running is a course day at the screen. Content is nil when the round has no edition
// whose content is here; there are no steps then.
type Running struct {
	DayID     int64
	EditionID int64
	Content   *catalogue.Content
	Steps     []Step
	Screen    Screen
	Standing  Standing
	Course    catalogue.Course
}

// Run is a day for those who hold it: with its list, and the tasks that the group has
// done.
type Run struct {
	Running
	Sheet round.Sheet
	Done  []attendance.Together
}

// Has tells whether the group has done the task.
func (r Run) Has(key string) bool {
	for _, d := range r.Done {
		if d.Task == key {
			return true
		}
	}
	return false
}

// RunOf is the day at the screen, for those who may save its attendance.
func RunOf(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64, now clock.Instant) (Run, error) {
	sheet, err := round.SheetOf(ctx, q, viewer, dayID)
	if err != nil {
		return Run{}, err
	}
	return RunIn(ctx, q, sheet, now)
}

// RunIn is RunOf for who has read the day's list: it asks no viewer.
func RunIn(ctx context.Context, q db.Querier, sheet round.Sheet, now clock.Instant) (Run, error) {
	r := Run{Sheet: sheet}
	var err error
	if r.Running, err = running(ctx, q, sheet.Day.ID, now); err != nil {
		return r, err
	}
	r.Done, err = attendance.TogetherOn(ctx, q, sheet.Day.ID)
	return r, err
}

// Room is a day for somebody with a seat: what the screen shows, on their own phone.
type Room struct {
	Running
	Mine attendance.OwnDay
}

// RoomOf is the day as the viewer follows it; fault.NotFound without a seat on it.
func RoomOf(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64, now clock.Instant) (Room, error) {
	mine, err := attendance.MyDay(ctx, q, viewer, dayID)
	if fault.Of(err) != nil {
		return Room{}, fault.NotFound
	}
	if err != nil {
		return Room{}, err
	}
	r := Room{Mine: mine}
	r.Running, err = running(ctx, q, dayID, now)
	return r, err
}

// running is the day at its screen, whoever asks. The edition is that which the screen
// was begun with: who follows does not change to another in the middle.
func running(ctx context.Context, q db.Querier, dayID int64, now clock.Instant) (Running, error) {
	r := Running{DayID: dayID}
	type row struct {
		day       clock.Day
		ordinal   int
		cancelled bool
	}
	d, err := db.Row(ctx, q, func(d *row) []any {
		return append([]any{
			&d.day, &d.ordinal, &d.cancelled, &r.Course.ID, &r.Course.Slug, &r.Course.Name, &r.Course.ShortName, &r.Course.Days, &r.EditionID,
		}, r.Screen.columns()...)
	}, `
		SELECT
			d.day,
			d.ordinal,
			r.cancelled_at IS NOT NULL,
			c.id,
			c.slug,
			c.name,
			c.short_name,
			c.days,
			COALESCE(s.edition_id, `+lifetime.RoundEditionSQL("r")+`, 0),`+screenColumns+`
		FROM course_day AS d
		JOIN round AS r ON r.id = d.round_id
		JOIN course AS c ON c.id = r.course_id
		LEFT JOIN day_screen AS s ON s.course_day_id = d.id
		WHERE d.id = $1`, dayID)
	if err != nil {
		return r, err
	}
	r.Standing = StandingOf(d.day, d.cancelled, now)
	r.Content, err = catalogue.ContentOf(ctx, q, r.EditionID)
	if errors.Is(err, fault.NotFound) {
		return r, nil
	}
	if err == nil {
		r.Steps = Steps(r.Content, d.ordinal)
		r.Screen.Step = min(r.Screen.Step, len(r.Steps)-1)
	}
	return r, err
}

// Moved is that somebody else moved the screen meanwhile, or gave the step more time.
var Moved = fault.Conflict("together.moved")

// mostExtra is how many minutes a step can be given beyond its own.
const mostExtra = 600

// Move shows another step, or gives the step that is shown some minutes more. version is
// that of the screen that was seen. fault.Conflict "together.not_open" on another day
// than the screen's, "round.is_cancelled", and Moved; fault.NotFound for a step that does
// not exist.
func (r Run) Move(ctx context.Context, tx *db.Tx, viewer access.Viewer, to, more, version int, now clock.Instant) error {
	switch {
	case r.Standing == Cancelled:
		return fault.Conflict("round.is_cancelled")
	case r.Standing != Open:
		return fault.Conflict("together.not_open", "Day", r.Sheet.Day.Day)
	case to < 0 || to >= len(r.Steps) || more < 0:
		return fault.NotFound
	}
	var n int64
	var err error
	if version == 0 {
		n, err = db.Exec(ctx, tx, `
			INSERT INTO day_screen (course_day_id, edition_id, step, since, moved_by)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (course_day_id) DO NOTHING`, r.DayID, r.EditionID, to, now, viewer.ActorID())
	} else {
		n, err = db.Exec(ctx, tx, `
			UPDATE day_screen
			SET extra = CASE WHEN step <> $3 THEN 0 WHEN extra + CAST($4 AS INTEGER) > CAST($7 AS INTEGER) THEN CAST($7 AS INTEGER) ELSE extra + CAST($4 AS INTEGER) END,
				since = CASE WHEN step = $3 THEN since ELSE CAST($5 AS BIGINT) END,
				step = $3,
				version = version + 1,
				moved_by = $6
			WHERE course_day_id = $1
			AND version = $2`, r.DayID, version, to, more, now, viewer.ActorID(), mostExtra)
	}
	if err == nil && n == 0 {
		err = Moved
	}
	return err
}
