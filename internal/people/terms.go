package people

import (
	"context"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/audit"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// Form is somebody's form of employment; empty when nobody has said.
type Form string

// The forms of employment.
const (
	Permanent Form = "permanent"
	FixedTerm Form = "fixed_term"
	Hourly    Form = "hourly"
)

// Forms are all forms in the order of the forms to fill in.
var Forms = []Form{Permanent, FixedTerm, Hourly}

// Key is the form's message key.
func (f Form) Key() string { return "people.form." + string(f) }

// Shift is when of the day somebody works; empty when nobody has said.
type Shift string

// The shifts.
const (
	DayShift     Shift = "day"
	EveningShift Shift = "evening"
	NightShift   Shift = "night"
	MixedShift   Shift = "mixed"
)

// Shifts are all shifts in the order of the forms to fill in.
var Shifts = []Shift{DayShift, EveningShift, NightShift, MixedShift}

// Key is the shift's message key.
func (s Shift) Key() string { return "people.shift." + string(s) }

// Terms are what a municipality plans its staff's courses by.
type Terms struct {
	Title  string
	Form   Form
	Shift  Shift
	Agency string // the staffing agency that they come from; empty for the municipality's own
}

func (t *Terms) check() error {
	t.Title, t.Agency = strings.TrimSpace(t.Title), strings.TrimSpace(t.Agency)
	var checks fault.Checks
	checks.Require(utf8.RuneCountInString(t.Title) <= 100, "title", "fault.too_long", "Max", 100)
	checks.Require(utf8.RuneCountInString(t.Agency) <= 100, "agency", "fault.too_long", "Max", 100)
	checks.Require(t.Form == "" || has(Forms, t.Form), "form", "people.form_unknown")
	checks.Require(t.Shift == "" || has(Shifts, t.Shift), "shift", "people.shift_unknown")
	return checks.Err()
}

func has[T comparable](all []T, one T) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}

// SetTerms says what somebody's employment of the day is like. The viewer holds
// an office where they are employed: managers plan their staff's time.
// fault.Invalid "form", "shift", "title", or "agency" for who comes from one and has no last
// day.
func SetTerms(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, t Terms, day clock.Day) error {
	if err := t.check(); err != nil {
		return err
	}
	e, err := plannedOn(ctx, tx, viewer, personID, day)
	if err != nil {
		return err
	}
	if t.Agency != "" && e.Until == nil {
		return fault.Invalid("agency", "people.agency_needs_end")
	}
	if _, err = db.Exec(ctx, tx, `UPDATE employment SET title = $2, form = $3, shift = $4, agency = $5 WHERE id = $1`, e.ID, t.Title, t.Form, t.Shift, t.Agency); err != nil {
		return err
	}
	return audit.Changed(ctx, tx, viewer, audit.Employment, personID)
}

// FromAgencies is how many of those employed in the municipality on the day come from
// staffing agencies, for those who see its people.
func FromAgencies(ctx context.Context, q db.Querier, viewer access.Viewer, m access.Place, day clock.Day) (int, error) {
	if err := access.Staff(viewer).Allow(m); err != nil {
		return 0, err
	}
	return db.Row(ctx, q, db.One[int], `
		SELECT COUNT(DISTINCT e.person_id)
		FROM employed AS e
		JOIN employment AS x ON x.id = e.id
		WHERE e.municipality_id = $1
		AND e.from_day <= $2
		AND e.to_day >= $2
		AND x.agency <> ''`, m.MunicipalityID, day)
}

// plannedOn is the person's employment on the day, if the viewer plans the time
// of the people there.
func plannedOn(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) (Employment, error) {
	return EmploymentIn(ctx, q, access.Staff(viewer), personID, day)
}

// OnLeave is a time that somebody is on leave, until and including Until. Why
// is not kept.
type OnLeave struct {
	ID int64
	clock.Period
}

func (o *OnLeave) columns() []any { return []any{&o.ID, &o.From, &o.Until} }

// overlaps tells whether two periods have a day in common.
func overlaps(a, b clock.Period) bool {
	return (b.Until == nil || a.From <= *b.Until) && (a.Until == nil || b.From <= *a.Until)
}

// LeaveOf are the times that somebody is or will be on leave, from the day on.
// None for those who neither are the person nor hold an office where they work.
func LeaveOf(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, day clock.Day) ([]OnLeave, error) {
	if _, err := EmploymentIn(ctx, q, access.People(viewer), personID, day); err != nil {
		if fault.Of(err) != nil {
			err = nil // employed nowhere: nobody plans for them
		}
		return nil, err
	}
	return leaveFrom(ctx, q, personID, day)
}

func leaveFrom(ctx context.Context, q db.Querier, personID int64, day clock.Day) ([]OnLeave, error) {
	return db.Rows(ctx, q, (*OnLeave).columns, `
		SELECT
			id,
			from_day,
			to_day
		FROM leave
		WHERE person_id = $1
		AND (to_day IS NULL OR to_day >= $2)
		ORDER BY from_day`, personID, day)
}

// TellLeave says that somebody is on leave from a day on, until another if it
// is known. The viewer holds an office where they are employed on the day that
// it is told. fault.Invalid "to" when the days are in the wrong order,
// fault.Conflict "people.leave_overlaps" when they are on leave then already.
func TellLeave(ctx context.Context, tx *db.Tx, viewer access.Viewer, personID int64, p clock.Period, now clock.Instant) (int64, error) {
	if p.Until != nil && *p.Until < p.From {
		return 0, fault.Invalid("to", "people.leave_backwards")
	}
	if _, err := plannedOn(ctx, tx, viewer, personID, now.Day()); err != nil {
		return 0, err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Leave, personID); err != nil {
		return 0, err
	}
	// All who tell of a person's leave change the person's row first, so that
	// two at once cannot both find the days free.
	if _, err := db.Exec(ctx, tx, `UPDATE person SET id = id WHERE id = $1`, personID); err != nil {
		return 0, err
	}
	known, err := leaveFrom(ctx, tx, personID, p.From)
	if err != nil {
		return 0, err
	}
	for _, each := range known {
		if overlaps(each.Period, p) {
			return 0, fault.Conflict("people.leave_overlaps")
		}
	}
	return db.Row(ctx, tx, db.One[int64], `
		INSERT INTO leave (person_id, from_day, to_day, told_at, told_by)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, personID, p.From, p.Until, now, viewer.ActorID())
}

// EndLeave says that the person is back from the day on: the leave ends the day
// before, or is taken away when it had not begun.
func EndLeave(ctx context.Context, tx *db.Tx, viewer access.Viewer, leaveID int64, back clock.Day, now clock.Instant) error {
	type row struct {
		person int64
		from   clock.Day
	}
	l, err := db.Row(ctx, tx, func(r *row) []any { return []any{&r.person, &r.from} },
		`SELECT person_id, from_day FROM leave WHERE id = $1`, leaveID)
	if err != nil {
		return err
	}
	if _, err := plannedOn(ctx, tx, viewer, l.person, now.Day()); err != nil {
		return err
	}
	if err := audit.Changed(ctx, tx, viewer, audit.Leave, l.person); err != nil {
		return err
	}
	if back <= l.from {
		_, err = db.Exec(ctx, tx, `DELETE FROM leave WHERE id = $1`, leaveID)
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE leave SET to_day = $2 WHERE id = $1 AND (to_day IS NULL OR to_day >= $2)`, leaveID, back-1)
	if err == nil && n == 0 {
		err = fault.Conflict("people.leave_over")
	}
	return err
}
