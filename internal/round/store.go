package round

import (
	"context"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/catalogue"
	"yrkesresan/internal/catalogue/lifetime"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/people"
	"yrkesresan/internal/trainer"
)

// WaitsSQL is the condition that an open queue entry w waits for a seat: it has
// none offered, and its manager has allowed it or need not.
const WaitsSQL = `w.offered_at IS NULL AND (NOT w.needs_manager OR w.allowed_at IS NOT NULL)`

// UsedSQL counts, for a quota q of the round r, the seats that the
// municipality's people have or are offered.
var UsedSQL = `(
	SELECT COUNT(*)
	FROM (
		SELECT n.person_id, n.employer_id FROM enrolment AS n WHERE n.round_id = q.round_id AND n.withdrawn_at IS NULL
		UNION ALL
		SELECT w.person_id, w.employer_id FROM queue_entry AS w WHERE w.round_id = q.round_id AND w.ended_at IS NULL AND w.offered_at IS NOT NULL
	) AS s
	JOIN employment AS e ON ` + people.SendsSQL("e", "s") + ` AND e.from_day <= r.first_day AND (e.to_day IS NULL OR e.to_day >= r.first_day)
	WHERE e.municipality_id = q.municipality_id
)`

// SetAsideSQL are the seats of a round r that are set aside and neither used
// nor released.
var SetAsideSQL = `COALESCE((
		SELECT SUM(CASE WHEN q.seats > ` + UsedSQL + ` THEN q.seats - ` + UsedSQL + ` ELSE 0 END)
		FROM seat_quota AS q
		WHERE q.round_id = r.id
		AND q.released_at IS NULL
	), 0)`

// Manages tells whether the viewer may change rounds of the region; 0 asks for
// national ones.
func Manages(viewer access.Viewer, regionID int64) bool {
	return ManagesAt(viewer, access.Place{RegionID: regionID})
}

// ManagesAt tells whether the viewer may change rounds of the place, which is
// that of a local round when it names a municipality.
func ManagesAt(viewer access.Viewer, place access.Place) bool {
	switch {
	case place.MunicipalityID != 0:
		return access.PlanLocally(viewer).Covers(place)
	case place.RegionID == 0:
		return access.ManageNationalRounds(viewer)
	}
	return access.ManageRounds(viewer).Covers(place)
}

// Visible is the condition on a round r that the viewer may see it; doc.go says
// the rule. Lists and single rounds ask by it alike. A plan that was deleted is seen
// by nobody but the product itself, which has to write about it.
func Visible(viewer access.Viewer) (string, []any) {
	var parts []string
	var args []any
	or := func(part string, more ...any) {
		parts, args = append(parts, part), append(args, more...)
	}
	// Each part names what an index finds, so that no list reads every round.
	within := func(scope access.Scope, and string) {
		switch {
		case scope.Everything:
			or("TRUE" + and)
		case len(scope.Regions) > 0:
			region, more := access.Scope{Regions: scope.Regions}.Where(access.Columns{Region: "r.region_id"})
			or(region+and, more...)
		}
	}
	within(access.ManageRounds(viewer), "")
	if access.ManageNationalRounds(viewer) {
		or("r.region_id IS NULL")
	}
	if published := access.Rounds(viewer); viewer.PersonID != 0 || !published.Empty() {
		within(published, " AND r.municipality_id IS NULL AND r.published_at IS NOT NULL")
		or("r.region_id IS NULL AND r.published_at IS NOT NULL")
	}
	local := access.PlanLocally(viewer)
	if here, more := (access.Scope{Municipalities: local.Municipalities, Units: local.Units}).
		Where(access.Columns{Municipality: "r.municipality_id", Unit: "r.unit_id"}); more != nil {
		or(here, more...)
	}
	seen := access.LocalRounds(viewer)
	if here, more := (access.Scope{Municipalities: seen.Municipalities}).Where(access.Columns{Municipality: "r.municipality_id"}); more != nil {
		or(here+" AND r.unit_id IS NULL AND r.published_at IS NOT NULL", more...)
	}
	if here, more := (access.Scope{Units: seen.Units}).Where(access.Columns{Unit: "r.unit_id"}); more != nil {
		// The unit has no index; its municipality has.
		in, ids := db.In("r.municipality_id", seen.Municipalities)
		or(in+" AND "+here+" AND r.published_at IS NOT NULL", append(ids, more...)...)
	}
	if viewer.PersonID != 0 {
		or(`r.id IN (
			SELECT d.round_id
			FROM day_trainer AS t
			JOIN course_day AS d ON d.id = t.course_day_id
			WHERE t.person_id = ?
		)`, viewer.PersonID)
		or(`r.id IN (
			SELECT n.round_id
			FROM enrolment AS n
			WHERE n.person_id = ?
			AND n.withdrawn_at IS NULL
		)`, viewer.PersonID)
		or(`r.id IN (
			SELECT w.round_id
			FROM queue_entry AS w
			WHERE w.person_id = ?
			AND w.ended_at IS NULL
		)`, viewer.PersonID)
	}
	if len(parts) == 0 {
		return "FALSE", nil
	}
	seenBy := "(" + strings.Join(parts, "\n\tOR ") + ")"
	if !access.ManageRounds(viewer).Everything {
		seenBy = "(r.deleted_at IS NULL AND " + seenBy + ")"
	}
	return seenBy, args
}

// awaitingSQL are the participants of r who attended every day and are not
// approved: Approvable in SQL; in a local round on whoever's word, as in fulfil.
const awaitingSQL = `
	FROM enrolment AS n
	WHERE n.round_id = r.id
	AND n.withdrawn_at IS NULL
	AND n.approved_at IS NULL
	AND NOT EXISTS (
		SELECT 1
		FROM course_day AS d
		WHERE d.round_id = r.id
		AND NOT EXISTS (
			SELECT 1
			FROM attendance AS a
			WHERE a.course_day_id = d.id
			AND a.enrolment_id = n.id
			AND a.mark IN ('present', 'late')
			AND (a.source <> 'own' OR r.municipality_id IS NOT NULL)
		)
	)`

// unheldSQL and approvedSQL are conditions on r.
const (
	unheldSQL   = `EXISTS (SELECT 1 FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NULL)`
	approvedSQL = `
		(EXISTS (SELECT 1 FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL AND n.approved_at IS NOT NULL)
		AND NOT EXISTS (SELECT 1` + awaitingSQL + `))`
)

// retiredSQL is the condition on r that its course is retired on a day, today or later.
var retiredSQL = `COALESCE(` + lifetime.RetiredFromSQL("r.course_id") + ` <= ?, FALSE)`

// RoundColumns are what Round.columns reads, of a round r in roundTables. That
// person_id is more than 0 says nothing new: see Year. While a day has no marks
// nobody awaits approval, so that their marks need not be asked for one by one.
var RoundColumns = `
	r.id,
	r.course_id,
	` + catalogue.TitleSQL("c") + `,
	c.slug,
	ed.id,
	COALESCE(ed.number, 0),
	COALESCE(r.region_id, 0),
	COALESCE(o.name, ''),
	COALESCE(r.municipality_id, 0),
	COALESCE(lm.name, ''),
	COALESCE(r.unit_id, 0),
	COALESCE(lu.name, ''),
	COALESCE(r.rollout_id, 0),
	r.label,
	r.delivery,
	COALESCE(r.tariff_kind, ''),
	r.capacity,
	r.minimum,
	r.signup_from,
	r.signup_until,
	r.first_day,
	r.last_day,
	r.note,
	r.decide_on,
	r.withdraw_until,
	COALESCE(r.step_id, 0),
	COALESCE(st.name, ''),
	` + lifetime.RetiredFromSQL("r.course_id") + `,
	r.accept_hours,
	r.version,
	r.published_at,
	r.confirmed_at,
	r.cancelled_at,
	COALESCE(r.cancel_cause, CASE WHEN r.cancelled_at IS NULL THEN '' ELSE 'other' END),
	r.cancel_reason,
	(SELECT COUNT(*) FROM course_day AS d WHERE d.round_id = r.id),
	(SELECT COUNT(*) FROM course_day AS d WHERE d.round_id = r.id AND d.held_at IS NOT NULL),
	(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id > 0 AND n.withdrawn_at IS NULL),
	(SELECT COUNT(*) FROM queue_entry AS w WHERE w.round_id = r.id AND w.ended_at IS NULL AND w.offered_at IS NOT NULL),
	` + SetAsideSQL + `,
	(SELECT COUNT(*) FROM queue_entry AS w WHERE w.round_id = r.id AND w.ended_at IS NULL AND ` + WaitsSQL + `),
	(SELECT COUNT(*) FROM enrolment AS n WHERE n.round_id = r.id AND n.withdrawn_at IS NULL AND n.approved_at IS NOT NULL),
	CASE WHEN EXISTS (
		SELECT 1
		FROM course_day AS d
		WHERE d.round_id = r.id
		AND NOT EXISTS (SELECT 1 FROM attendance AS a WHERE a.course_day_id = d.id)
	) THEN 0 ELSE (SELECT COUNT(*)` + awaitingSQL + `) END`

// RoundTables are what RoundColumns are read from.
var RoundTables = `
	JOIN course AS c ON c.id = r.course_id
	LEFT JOIN edition AS ed ON ed.id = ` + lifetime.RoundEditionSQL("r") + `
	LEFT JOIN organisation AS o ON o.id = r.region_id
	LEFT JOIN organisation AS lm ON lm.id = r.municipality_id
	LEFT JOIN organisation AS lu ON lu.id = r.unit_id
	LEFT JOIN step AS st ON st.id = r.step_id`

func (r *Round) Columns() []any {
	return []any{
		&r.ID, &r.CourseID, &r.Course, &r.CourseSlug, &r.EditionID, &r.Edition, &r.RegionID, &r.Region,
		&r.MunicipalityID, &r.Municipality, &r.UnitID, &r.Unit, &r.RolloutID, &r.Label, &r.Delivery, &r.TariffKind,
		&r.Capacity, &r.Minimum, &r.SignupFrom, &r.SignupUntil, &r.FirstDay, &r.LastDay, &r.Note,
		&r.DecideOn, &r.WithdrawUntil, &r.StepID, &r.Step, &r.RetiredFrom, &r.AcceptHours, &r.Version,
		&r.PublishedAt, &r.ConfirmedAt, &r.CancelledAt, &r.CancelCause, &r.CancelReason,
		&r.Days, &r.Held, &r.Seats, &r.Offered, &r.SetAside, &r.Waiting, &r.Approved, &r.Awaiting,
	}
}

// Seen are those of the rounds that the viewer may see: a page leads to no other.
func Seen(ctx context.Context, q db.Querier, viewer access.Viewer, ids []int64) (map[int64]bool, error) {
	seen := map[int64]bool{}
	if len(ids) == 0 {
		return seen, nil
	}
	in, these := db.In("r.id", ids)
	condition, args := Visible(viewer)
	var b db.Builder
	b.Add("SELECT r.id FROM round AS r WHERE "+in, these...).Add("AND "+condition, args...)
	found, err := db.Rows(ctx, q, db.One[int64], b.String(), b.Args()...)
	for _, id := range found {
		seen[id] = true
	}
	return seen, err
}

// Head is the round without its days and participants; fault.NotFound when the
// viewer may not see it.
func Head(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) (Detail, error) {
	condition, args := Visible(viewer)
	var b db.Builder
	b.Add("SELECT"+RoundColumns+`,
			EXISTS (
				SELECT 1
				FROM course_day AS d
				JOIN day_trainer AS t ON t.course_day_id = d.id
				WHERE d.round_id = r.id
				AND t.person_id = ?
				AND (t.answer = 'accepted' OR t.answer IS NULL AND t.asked_at IS NULL)
			),
			COALESCE((SELECT n.id FROM enrolment AS n WHERE n.round_id = r.id AND n.person_id = ? AND n.withdrawn_at IS NULL), 0)
		FROM round AS r`+RoundTables+`
		WHERE r.id = ?`, viewer.PersonID, viewer.PersonID, roundID).
		Add("AND "+condition, args...)
	d, err := db.Row(ctx, q, func(d *Detail) []any {
		return append(d.Columns(), &d.Teaches, &d.EnrolmentID)
	}, b.String(), b.Args()...)
	d.Manages = ManagesAt(viewer, d.Place())
	return d, err
}

// Get is the round's page: its days with their trainers, and the participants
// that the viewer may see.
func Get(ctx context.Context, q db.Querier, viewer access.Viewer, roundID int64) (Detail, error) {
	d, err := Head(ctx, q, viewer, roundID)
	if err != nil {
		return Detail{}, err
	}
	if d.CourseDays, err = CourseDays(ctx, q, roundID); err != nil {
		return Detail{}, err
	}
	d.Enrolments, err = Enrolments(ctx, q, viewer, d)
	return d, err
}

// OfEnrolment is the page of the round in which the seat is, for those who may
// see whose it is; fault.NotFound for others.
func OfEnrolment(ctx context.Context, q db.Querier, viewer access.Viewer, enrolmentID int64) (Detail, Enrolment, error) {
	id, err := db.Row(ctx, q, db.One[int64], `SELECT round_id FROM enrolment WHERE id = $1`, enrolmentID)
	if err != nil {
		return Detail{}, Enrolment{}, err
	}
	d, err := Get(ctx, q, viewer, id)
	if err != nil {
		return Detail{}, Enrolment{}, err
	}
	for _, e := range d.Enrolments {
		if e.ID == enrolmentID {
			return d, e, nil
		}
	}
	return Detail{}, Enrolment{}, fault.NotFound
}

// CourseDays are the round's days in their order with their trainers, lead
// trainers first.
func CourseDays(ctx context.Context, q db.Querier, roundID int64) ([]Day, error) {
	type row struct {
		Day
		t Trainer
	}
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{
			&r.ID, &r.Ordinal, &r.Day.Day, &r.Starts, &r.Ends, &r.Place, &r.RoomID, &r.Link, &r.HeldAt, &r.Attended,
			&r.t.PersonID, &r.t.Name, &r.t.Role, &r.t.Present, &r.t.AskedAt, &r.t.Answer, &r.t.MunicipalityID, &r.t.Municipality, &r.t.RSS,
		}
	}, `
		SELECT
			d.id,
			d.ordinal,
			d.day,
			d.starts,
			d.ends,
			d.place,
			COALESCE(d.room_id, 0),
			d.link,
			d.held_at,
			(SELECT COUNT(*) FROM attendance AS a WHERE a.course_day_id = d.id AND a.mark IN ('present', 'late')),
			COALESCE(t.person_id, 0),
			COALESCE(TRIM(p.given_name || ' ' || p.family_name), ''),
			COALESCE(t.role, ''),
			t.present,
			t.asked_at,
			COALESCE(t.answer, ''),
			COALESCE(e.municipality_id, 0),
			COALESCE(m.name, ''),
			e.id IS NOT NULL AND e.municipality_id IS NULL
		FROM course_day AS d
		LEFT JOIN day_trainer AS t ON t.course_day_id = d.id
		LEFT JOIN person AS p ON p.id = t.person_id
		LEFT JOIN employed AS e ON `+people.SendsSQL("e", "t")+` AND e.from_day <= d.day AND (e.to_day IS NULL OR e.to_day >= d.day)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		WHERE d.round_id = $1
		ORDER BY d.ordinal, t.role, p.sort_key, p.id`, roundID)
	if err != nil {
		return nil, err
	}
	var days []Day
	for _, r := range rows {
		if len(days) == 0 || days[len(days)-1].ID != r.ID {
			days = append(days, r.Day)
		}
		last := &days[len(days)-1]
		switch {
		case r.t.PersonID == 0:
		case r.t.Answer == trainer.Declined:
			last.Declined = append(last.Declined, r.t)
		default:
			last.Trainers = append(last.Trainers, r.t)
		}
	}
	return days, nil
}

// Enrolments are the seats of the round, whose days are loaded, that the viewer
// may see, with their marks.
func Enrolments(ctx context.Context, q db.Querier, viewer access.Viewer, d Detail) ([]Enrolment, error) {
	condition, args := "TRUE", []any(nil)
	if !d.MarksAttendance() {
		scope := access.People(viewer)
		if d.EnrolmentID == 0 && access.Staff(viewer).Empty() {
			return nil, nil
		}
		condition, args = scope.Where(access.Columns{
			Region: "e.region_id", Municipality: "e.municipality_id", Unit: "e.organisation_id", Person: "n.person_id",
		})
	}
	type row struct {
		Enrolment
		day    int64 // of the mark, 0 for none
		mark   Mark
		reason string
		word   Word
	}
	var b db.Builder
	b.Add(`
		SELECT
			n.id,
			n.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(e.municipality_id, 0),
			COALESCE(m.name, ''),
			COALESCE(o.name, ''),
			n.enrolled_at,
			n.approved_on,
			n.approved_on IS NOT NULL AND n.approved_by IS NULL,
			COALESCE(a.course_day_id, 0),
			COALESCE(a.mark, ''),
			COALESCE(a.reason, ''),
			COALESCE(a.source, ''),
			COALESCE(a.marked_at, 0)
		FROM enrolment AS n
		JOIN person AS p ON p.id = n.person_id
		LEFT JOIN employed AS e ON `+people.SendsSQL("e", "n")+` AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		LEFT JOIN organisation AS m ON m.id = e.municipality_id
		LEFT JOIN organisation AS o ON o.id = e.organisation_id
		LEFT JOIN attendance AS a ON a.enrolment_id = n.id
		WHERE n.round_id = ?
		AND n.withdrawn_at IS NULL`, d.FirstDay, d.FirstDay, d.ID).
		Add("AND "+condition, args...).
		Add("ORDER BY p.sort_key, p.id, n.id")
	rows, err := db.Rows(ctx, q, func(r *row) []any {
		e := &r.Enrolment
		return []any{
			&e.ID, &e.PersonID, &e.Name, &e.MunicipalityID, &e.Municipality, &e.Unit, &e.EnrolledAt, &e.ApprovedOn, &e.ByRule,
			&r.day, &r.mark, &r.reason, &r.word.Source, &r.word.At,
		}
	}, b.String(), b.Args()...)
	if err != nil {
		return nil, err
	}
	place := make(map[int64]int, len(d.CourseDays)) // day → its place in the marks
	for i, day := range d.CourseDays {
		place[day.ID] = i
	}
	var all []Enrolment
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].ID != r.ID {
			e := r.Enrolment
			e.Marks, e.Reasons, e.Words = make([]Mark, len(d.CourseDays)), make([]string, len(d.CourseDays)), make([]Word, len(d.CourseDays))
			all = append(all, e)
		}
		if day, marked := place[r.day]; marked {
			e := &all[len(all)-1]
			e.Marks[day], e.Reasons[day], e.Words[day] = r.mark, r.reason, r.word
		}
	}
	return all, nil
}

// RoundOf is the round of the course day.
func RoundOf(ctx context.Context, q db.Querier, dayID int64) (int64, error) {
	return db.Row(ctx, q, db.One[int64], `SELECT round_id FROM course_day WHERE id = $1`, dayID)
}

// SheetOf is the day's attendance form, for those who may save it.
func SheetOf(ctx context.Context, q db.Querier, viewer access.Viewer, dayID int64) (Sheet, error) {
	id, err := RoundOf(ctx, q, dayID)
	if err != nil {
		return Sheet{}, err
	}
	return SheetIn(ctx, q, viewer, id, dayID)
}

// SheetIn is SheetOf for who knows the day's round.
func SheetIn(ctx context.Context, q db.Querier, viewer access.Viewer, roundID, dayID int64) (Sheet, error) {
	d, err := Get(ctx, q, viewer, roundID)
	if err != nil {
		return Sheet{}, err
	}
	return d.sheet(dayID)
}

// SheetWithoutNames is SheetIn for what concerns the day alone: nobody of the list is read.
func SheetWithoutNames(ctx context.Context, q db.Querier, viewer access.Viewer, roundID, dayID int64) (Sheet, error) {
	d, err := Head(ctx, q, viewer, roundID)
	if err != nil {
		return Sheet{}, err
	}
	if d.CourseDays, err = CourseDays(ctx, q, roundID); err != nil {
		return Sheet{}, err
	}
	return d.sheet(dayID)
}

// sheet is that of the day, for those who mark attendance; fault.NotFound for others.
func (d Detail) sheet(dayID int64) (Sheet, error) {
	if !d.MarksAttendance() {
		return Sheet{}, fault.NotFound
	}
	sheet := Sheet{Round: d.Round, Enrolments: d.Enrolments}
	for i, day := range d.CourseDays {
		if day.ID != dayID {
			continue
		}
		sheet.Day = day
		for j := range sheet.Enrolments {
			e := &sheet.Enrolments[j]
			e.Marks, e.Reasons, e.Words = e.Marks[i:i+1], e.Reasons[i:i+1], e.Words[i:i+1]
		}
	}
	return sheet, nil
}

// Mine are the rounds in which the viewer has a seat, the earliest first.
func Mine(ctx context.Context, q db.Querier, viewer access.Viewer) ([]Own, error) {
	if viewer.PersonID == 0 {
		return nil, nil
	}
	own, err := db.Rows(ctx, q, func(o *Own) []any { return append(o.Columns(), &o.EnrolmentID, &o.ApprovedOn) }, `
		SELECT`+RoundColumns+`,
			mine.id,
			mine.approved_on
		FROM enrolment AS mine
		JOIN round AS r ON r.id = mine.round_id`+RoundTables+`
		WHERE mine.person_id = $1
		AND mine.withdrawn_at IS NULL
		ORDER BY r.first_day, r.id`, viewer.PersonID)
	if err != nil || len(own) == 0 {
		return own, err
	}
	type row struct {
		Day
		round int64
		mark  Mark
	}
	days, err := db.Rows(ctx, q, func(r *row) []any {
		return []any{&r.round, &r.ID, &r.Ordinal, &r.Day.Day, &r.Starts, &r.Ends, &r.Place, &r.HeldAt, &r.mark}
	}, `
		SELECT
			d.round_id,
			d.id,
			d.ordinal,
			d.day,
			d.starts,
			d.ends,
			d.place,
			d.held_at,
			COALESCE(a.mark, '')
		FROM enrolment AS n
		JOIN course_day AS d ON d.round_id = n.round_id
		LEFT JOIN attendance AS a ON a.course_day_id = d.id AND a.enrolment_id = n.id
		WHERE n.person_id = $1
		AND n.withdrawn_at IS NULL
		ORDER BY d.round_id, d.ordinal`, viewer.PersonID)
	if err != nil {
		return nil, err
	}
	at := make(map[int64]*Own, len(own))
	for i := range own {
		at[own[i].ID] = &own[i]
	}
	for _, r := range days {
		if o := at[r.round]; o != nil { // nil: signed up between the two questions
			o.CourseDays, o.Marks = append(o.CourseDays, r.Day), append(o.Marks, r.mark)
		}
	}
	return own, nil
}
