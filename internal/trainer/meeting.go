package trainer

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
)

// NewMeeting is what it takes to plan a trainer meeting (utbildarträff): its guests are
// Invited.
type NewMeeting struct {
	RegionID     int64
	Title        string
	Day          clock.Day
	Starts, Ends string // "13:00"
	Place        string
	Link         string // "https://…", empty: none
	Agenda       string
	Invited
}

// Invited are who is asked to a meeting: the teams of courses in the region, and those
// who lead local occasions of courses in its municipalities.
type Invited struct {
	Courses []int64 // whose teams
	Local   []int64 // whose local occasions
}

// check tells whether anybody is meant.
func (i Invited) check(checks *fault.Checks) {
	checks.Require(len(i.Courses)+len(i.Local) > 0, "courses", "trainer.meeting_nobody")
}

// localSince is for how many days after an occasion whoever led it is invited as one
// who leads local occasions: a year with its holidays.
const localSince = 400

// Meeting is a trainer meeting. Invited, Accepted, Declined and Attended count
// its guests.
type Meeting struct {
	ID           int64
	RegionID     int64
	Title        string
	Day          clock.Day
	Starts, Ends string
	Place        string
	Link         string
	Agenda       string
	CancelledAt  *clock.Instant
	Invited      int
	Accepted     int
	Declined     int
	Attended     int
}

// Guest is somebody who is invited. Municipality is the employer's on the
// meeting's day; Attended is nil until somebody has said.
type Guest struct {
	PersonID     int64
	Name         string
	Municipality string
	Answer       Answer
	Attended     *bool
}

// MeetingDetail is a meeting as its page shows it: Guests for those who manage
// it, Own for who is invited.
type MeetingDetail struct {
	Meeting
	Manages bool
	Guests  []Guest
	Own     *Guest
}

// Answerable tells whether guests may answer on the day.
func (m Meeting) Answerable(today clock.Day) bool { return m.CancelledAt == nil && m.Day >= today }

// Markable tells whether one can say who came: from the day itself on.
func (m Meeting) Markable(today clock.Day) bool { return m.CancelledAt == nil && m.Day <= today }

// check tells what is wrong, per field.
func (n *NewMeeting) check(today clock.Day) fault.Checks {
	n.Title, n.Place, n.Link, n.Agenda = strings.TrimSpace(n.Title), strings.TrimSpace(n.Place), strings.TrimSpace(n.Link), strings.TrimSpace(n.Agenda)
	var checks fault.Checks
	checks.Require(n.Title != "", "title", "trainer.meeting_title_missing")
	checks.Require(utf8.RuneCountInString(n.Title) <= 100, "title", "round.text_too_long", "Max", 100)
	checks.Require(n.Day >= today, "day", "trainer.meeting_past")
	CheckHours(&checks, "", n.Day, n.Starts, n.Ends)
	checks.Require(n.Place != "" || n.Link != "", "place", "trainer.meeting_nowhere")
	checks.Require(utf8.RuneCountInString(n.Place) <= 200, "place", "round.text_too_long", "Max", 200)
	u, err := url.Parse(n.Link)
	checks.Require(n.Link == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(n.Link) <= 500, "link", "round.link_wrong")
	checks.Require(utf8.RuneCountInString(n.Agenda) <= 4000, "agenda", "round.text_too_long", "Max", 4000)
	return checks
}

// PlanMeeting plans a meeting and invites the teams.
func PlanMeeting(ctx context.Context, tx *db.Tx, viewer access.Viewer, n NewMeeting, today clock.Day) (int64, error) {
	if !manages(viewer, n.RegionID) {
		return 0, fault.NotFound
	}
	checks := n.check(today)
	n.Invited.check(&checks)
	if err := checks.Err(); err != nil {
		return 0, err
	}
	id, err := db.Row(ctx, tx, db.One[int64], `
		INSERT INTO trainer_meeting (region_id, title, day, starts, ends, place, link, agenda)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`, n.RegionID, n.Title, n.Day, n.Starts, n.Ends, n.Place, n.Link, n.Agenda)
	if err != nil {
		return 0, err
	}
	invited, err := invite(ctx, tx, id, n.Day, n.Invited)
	if err == nil && invited == 0 {
		err = fault.Invalid("courses", "trainer.meeting_empty_teams")
	}
	return id, err
}

// invite asks those who are in the courses' teams of the meeting's region on its
// day, and those who hold a day of a local occasion there from localSince days before
// it on, and work in the region then. It tells how many were not invited before.
func invite(ctx context.Context, tx *db.Tx, meetingID int64, on clock.Day, who Invited) (int64, error) {
	team, teamArgs := db.In("t.course_id", who.Courses)
	local, localArgs := db.In("r.course_id", who.Local)
	var b db.Builder
	b.Add(`
		INSERT INTO trainer_meeting_guest (meeting_id, person_id)
		SELECT m.id, t.person_id
		FROM trainer_meeting AS m
		JOIN trainer AS t ON t.region_id = m.region_id
		WHERE m.id = ?
		AND t.recruited_on <= m.day
		AND (t.ended_on IS NULL OR t.ended_on >= m.day)`, meetingID).
		Add("AND "+team, teamArgs...).
		Add(`
		UNION
		SELECT m.id, t.person_id
		FROM trainer_meeting AS m
		JOIN round AS r ON r.region_id = m.region_id
		JOIN course_day AS d ON d.round_id = r.id
		JOIN day_trainer AS t ON t.course_day_id = d.id
		JOIN employment AS e ON e.person_id = t.person_id AND e.region_id = m.region_id AND e.from_day <= m.day AND (e.to_day IS NULL OR e.to_day >= m.day)
		WHERE m.id = ?
		AND `+leadsLocally, meetingID, on-localSince).
		Add("AND "+local, localArgs...).
		Add("ON CONFLICT (meeting_id, person_id) DO NOTHING")
	return db.Exec(ctx, tx, b.String(), b.Args()...)
}

// leadsLocally is the condition that t holds the day d of a local round r, no earlier
// than a day.
const leadsLocally = `r.municipality_id IS NOT NULL
		AND r.cancelled_at IS NULL
		AND d.day >= ?
		AND COALESCE(t.answer, '') <> 'declined'`

// LocalCourse is a course of which somebody leads local occasions; Leaders counts them.
type LocalCourse struct {
	ID      int64
	Name    string
	Leaders int
}

// LocalCourses are the courses whose local leaders a meeting in the region on the day
// would reach, in Swedish order, for those who manage its rounds.
func LocalCourses(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64, on clock.Day) ([]LocalCourse, error) {
	if !manages(viewer, regionID) {
		return nil, fault.NotFound
	}
	var b db.Builder
	b.Add(`
		SELECT c.id, c.name, COUNT(DISTINCT t.person_id)
		FROM round AS r
		JOIN course AS c ON c.id = r.course_id
		JOIN course_day AS d ON d.round_id = r.id
		JOIN day_trainer AS t ON t.course_day_id = d.id
		JOIN employment AS e ON e.person_id = t.person_id AND e.region_id = r.region_id AND e.from_day <= ? AND (e.to_day IS NULL OR e.to_day >= ?)
		WHERE r.region_id = ?
		AND `+leadsLocally+`
		GROUP BY c.id, c.name, c.sort_key
		ORDER BY c.sort_key`, on, on, regionID, on-localSince)
	return db.Rows(ctx, q, func(c *LocalCourse) []any { return []any{&c.ID, &c.Name, &c.Leaders} }, b.String(), b.Args()...)
}

// Invite asks the teams of more courses, or more local leaders, to a meeting that is to
// come, and tells how many were not invited before.
func Invite(ctx context.Context, tx *db.Tx, viewer access.Viewer, meetingID int64, who Invited, today clock.Day) (int64, error) {
	m, err := managedMeeting(ctx, tx, viewer, meetingID)
	switch {
	case err != nil:
		return 0, err
	case !m.Answerable(today):
		return 0, fault.Conflict("trainer.meeting_over")
	}
	var checks fault.Checks
	who.check(&checks)
	if err := checks.Err(); err != nil {
		return 0, err
	}
	return invite(ctx, tx, meetingID, m.Day, who)
}

const meetingColumns = `
			m.id,
			m.region_id,
			m.title,
			m.day,
			m.starts,
			m.ends,
			m.place,
			m.link,
			m.agenda,
			m.cancelled_at,
			(SELECT COUNT(*) FROM trainer_meeting_guest AS g WHERE g.meeting_id = m.id),
			(SELECT COUNT(*) FROM trainer_meeting_guest AS g WHERE g.meeting_id = m.id AND g.answer = 'accepted'),
			(SELECT COUNT(*) FROM trainer_meeting_guest AS g WHERE g.meeting_id = m.id AND g.answer = 'declined'),
			(SELECT COUNT(*) FROM trainer_meeting_guest AS g WHERE g.meeting_id = m.id AND g.attended)`

func (m *Meeting) columns() []any {
	return []any{
		&m.ID, &m.RegionID, &m.Title, &m.Day, &m.Starts, &m.Ends, &m.Place, &m.Link, &m.Agenda, &m.CancelledAt,
		&m.Invited, &m.Accepted, &m.Declined, &m.Attended,
	}
}

// managedMeeting is the meeting for those who manage it, and holds it for the
// transaction.
func managedMeeting(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64) (Meeting, error) {
	if _, err := db.Exec(ctx, tx, `UPDATE trainer_meeting SET title = title WHERE id = $1`, id); err != nil {
		return Meeting{}, err
	}
	m, err := db.Row(ctx, tx, (*Meeting).columns, `SELECT`+meetingColumns+` FROM trainer_meeting AS m WHERE m.id = $1`, id)
	if err == nil && !manages(viewer, m.RegionID) {
		err = fault.NotFound
	}
	return m, err
}

// Meetings are the region's, the latest first, for those who manage its rounds.
func Meetings(ctx context.Context, q db.Querier, viewer access.Viewer, regionID int64) ([]Meeting, error) {
	if !manages(viewer, regionID) {
		return nil, fault.NotFound
	}
	return db.Rows(ctx, q, (*Meeting).columns, `
		SELECT`+meetingColumns+`
		FROM trainer_meeting AS m
		WHERE m.region_id = $1
		ORDER BY m.day DESC, m.starts DESC, m.id DESC`, regionID)
}

// Invitation is a meeting to which the viewer is invited, with their answer.
type Invitation struct {
	Meeting
	Answer   Answer
	WasThere *bool // nil: nobody has said
}

// NeedsAnswer tells whether somebody waits for the guest's answer.
func (i Invitation) NeedsAnswer(today clock.Day) bool { return i.Answer == "" && i.Answerable(today) }

// MyMeetings are those to which the viewer is invited, from the day on, the
// earliest first.
func MyMeetings(ctx context.Context, q db.Querier, viewer access.Viewer, from clock.Day) ([]Invitation, error) {
	return db.Rows(ctx, q, func(i *Invitation) []any { return append(i.columns(), &i.Answer, &i.WasThere) }, `
		SELECT`+meetingColumns+`,
			COALESCE(me.answer, ''),
			me.attended
		FROM trainer_meeting_guest AS me
		JOIN trainer_meeting AS m ON m.id = me.meeting_id
		WHERE me.person_id = $1
		AND m.day >= $2
		ORDER BY m.day, m.starts, m.id`, viewer.PersonID, from)
}

// MeetingByID is a meeting for those who manage it or are invited. Who is only
// invited sees no other guests.
func MeetingByID(ctx context.Context, q db.Querier, viewer access.Viewer, id int64) (MeetingDetail, error) {
	m, err := db.Row(ctx, q, (*Meeting).columns, `SELECT`+meetingColumns+` FROM trainer_meeting AS m WHERE m.id = $1`, id)
	if err != nil {
		return MeetingDetail{}, err
	}
	d := MeetingDetail{Meeting: m, Manages: manages(viewer, m.RegionID)}
	guests, err := db.Rows(ctx, q, func(g *Guest) []any {
		return []any{&g.PersonID, &g.Name, &g.Municipality, &g.Answer, &g.Attended}
	}, `
		SELECT
			p.id,
			TRIM(p.given_name || ' ' || p.family_name),
			COALESCE(o.name, ''),
			COALESCE(g.answer, ''),
			g.attended
		FROM trainer_meeting_guest AS g
		JOIN person AS p ON p.id = g.person_id
		LEFT JOIN employed AS e ON e.main AND e.person_id = p.id AND e.from_day <= $2 AND (e.to_day IS NULL OR e.to_day >= $2)
		LEFT JOIN organisation AS o ON o.id = e.municipality_id
		WHERE g.meeting_id = $1
		ORDER BY p.sort_key, p.id`, id, m.Day)
	if err != nil {
		return d, err
	}
	for i := range guests {
		if guests[i].PersonID == viewer.PersonID {
			d.Own = &guests[i]
		}
	}
	switch {
	case d.Manages:
		d.Guests = guests
	case d.Own == nil:
		return MeetingDetail{}, fault.NotFound
	}
	return d, nil
}

// AnswerMeeting gives the viewer's own answer; it can be changed until the day
// is over. fault.Conflict "trainer.meeting_over" after it, or when it is
// cancelled.
func AnswerMeeting(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, a Answer, today clock.Day) error {
	m, err := MeetingByID(ctx, tx, viewer, id)
	switch {
	case err != nil:
		return err
	case m.Own == nil:
		return fault.NotFound
	case !a.Valid():
		return fault.Invalid("answer", "trainer.answer_wrong")
	case !m.Answerable(today):
		return fault.Conflict("trainer.meeting_over")
	}
	_, err = db.Exec(ctx, tx, `UPDATE trainer_meeting_guest SET answer = $3 WHERE meeting_id = $1 AND person_id = $2`, id, viewer.PersonID, a)
	return err
}

// MarkMeeting says who of the guests came; those who are not named did not.
func MarkMeeting(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, came []int64, today clock.Day) error {
	m, err := managedMeeting(ctx, tx, viewer, id)
	switch {
	case err != nil:
		return err
	case m.CancelledAt != nil:
		return fault.Conflict("trainer.meeting_over")
	case !m.Markable(today):
		return fault.Conflict("trainer.meeting_ahead", "Day", m.Day)
	}
	if _, err := db.Exec(ctx, tx, `UPDATE trainer_meeting_guest SET attended = FALSE WHERE meeting_id = $1`, id); err != nil {
		return err
	}
	is, args := db.In("person_id", came)
	var b db.Builder
	b.Add("UPDATE trainer_meeting_guest SET attended = TRUE WHERE meeting_id = ?", id).Add("AND "+is, args...)
	_, err = db.Exec(ctx, tx, b.String(), b.Args()...)
	return err
}

// ChangeMeeting plans a meeting that is not over anew; its region and guests
// stay. On another day or at another time all guests are asked again.
func ChangeMeeting(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, n NewMeeting, today clock.Day) error {
	m, err := managedMeeting(ctx, tx, viewer, id)
	switch {
	case err != nil:
		return err
	case !m.Answerable(today):
		return fault.Conflict("trainer.meeting_over")
	}
	checks := n.check(today)
	if err := checks.Err(); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `
		UPDATE trainer_meeting
		SET title = $2, day = $3, starts = $4, ends = $5, place = $6, link = $7, agenda = $8
		WHERE id = $1`, id, n.Title, n.Day, n.Starts, n.Ends, n.Place, n.Link, n.Agenda); err != nil {
		return err
	}
	if n.Day == m.Day && n.Starts == m.Starts && n.Ends == m.Ends {
		return nil
	}
	_, err = db.Exec(ctx, tx, `UPDATE trainer_meeting_guest SET answer = NULL WHERE meeting_id = $1`, id)
	return err
}

// CancelMeeting calls a meeting off that is not over.
func CancelMeeting(ctx context.Context, tx *db.Tx, viewer access.Viewer, id int64, now clock.Instant) error {
	m, err := managedMeeting(ctx, tx, viewer, id)
	switch {
	case err != nil:
		return err
	case !m.Answerable(now.Day()):
		return fault.Conflict("trainer.meeting_over")
	}
	_, err = db.Exec(ctx, tx, `UPDATE trainer_meeting SET cancelled_at = $2 WHERE id = $1`, id, now)
	return err
}
