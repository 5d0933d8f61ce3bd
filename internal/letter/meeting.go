package letter

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"yrkesresan/internal/access"
	"yrkesresan/internal/address"
	"yrkesresan/internal/calendar"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/organisation"
	"yrkesresan/internal/round"
	"yrkesresan/internal/trainer"
)

// The kinds of letters about a trainer meeting.
const (
	MeetingInvited   Kind = "meeting_invited"
	MeetingChanged   Kind = "meeting_changed"   // day, time, place or link
	MeetingCancelled Kind = "meeting_cancelled" // it is called off
	MeetingDeclined  Kind = "meeting_declined"  // the guest said no: it leaves their calendar
)

// guest is somebody invited to a meeting, with what they were last written.
type guest struct {
	Person
	answer   trainer.Answer
	sequence int    // -1: never
	entry    string // what their calendar entry said; empty when never
}

// outOfCalendar is what an entry says that was taken out.
const outOfCalendar = "cancelled"

// AfterMeeting writes to the meeting's guests what they do not know yet: that they are
// invited, that day, time, place or link is another, that it is called off. Whatever
// changes a meeting or its guests calls it in the same transaction; for nothing it
// writes nothing. A meeting that is over gives no letters. It asks no viewer.
func AfterMeeting(ctx context.Context, tx *db.Tx, meetingID int64, site Site, now clock.Instant) error {
	written, err := writeMeeting(ctx, tx, meetingID, site, now)
	if err != nil {
		return err
	}
	for _, job := range written {
		if err := jobs.Add(ctx, tx, job); err != nil {
			return err
		}
	}
	return nil
}

// RecordMeeting keeps the letters about the meeting as sent then, and sends
// nothing: for data that are loaded with their history.
func RecordMeeting(ctx context.Context, tx *db.Tx, meetingID int64, site Site, at clock.Instant) error {
	written, err := writeMeeting(ctx, tx, meetingID, site, at)
	if err != nil {
		return err
	}
	for _, job := range written {
		if _, err := db.Exec(ctx, tx, `
			UPDATE trainer_meeting_letter
			SET sent_at = $4
			WHERE meeting_id = $1
			AND person_id = $2
			AND sequence = $3`, job.Meeting, job.Person, job.Sequence, at); err != nil {
			return err
		}
	}
	return nil
}

func writeMeeting(ctx context.Context, tx *db.Tx, meetingID int64, site Site, now clock.Instant) ([]meetingJob, error) {
	// The lock: whoever comes second finds everybody written to.
	if _, err := db.Exec(ctx, tx, `UPDATE trainer_meeting SET title = title WHERE id = $1`, meetingID); err != nil {
		return nil, err
	}
	m, err := trainer.MeetingByID(ctx, tx, access.System(), meetingID)
	if err != nil || m.Day < now.Day() {
		return nil, err
	}
	region, err := organisation.ByID(ctx, tx, m.RegionID)
	if err != nil {
		return nil, err
	}
	all, err := guests(ctx, tx, meetingID)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	var written []meetingJob
	for _, g := range all {
		kind, entry := nextLetter(m.Meeting, g)
		if kind == "" {
			continue
		}
		g.sequence++
		subject, body := meetingText(kind, m.Meeting, region.Name, g.Person, site)
		rows = append(rows, []any{
			m.ID, g.ID, g.sequence, kind, entry, subject, body, meetingEntry(m.Meeting, g, entry == outOfCalendar, site, now), now,
		})
		written = append(written, meetingJob{Meeting: m.ID, Person: g.ID, Sequence: g.sequence})
	}
	return written, db.Insert(ctx, tx, "trainer_meeting_letter",
		[]string{"meeting_id", "person_id", "sequence", "kind", "entry", "subject", "body", "calendar", "made_at"}, rows)
}

// nextLetter is what the guest is to be written next, and what their calendar
// then says; no kind when they know it all.
func nextLetter(m trainer.Meeting, g guest) (kind Kind, entry string) {
	entry = strings.Join([]string{m.Title, m.Day.String(), m.Starts, m.Ends, m.Place, m.Link}, "\n")
	kind = MeetingChanged
	switch {
	case m.CancelledAt != nil:
		kind, entry = MeetingCancelled, outOfCalendar
	case g.answer == trainer.Declined:
		kind, entry = MeetingDeclined, outOfCalendar
	case g.entry == "" || g.entry == outOfCalendar:
		kind = MeetingInvited
	}
	if g.entry == entry || g.entry == "" && entry == outOfCalendar {
		return "", ""
	}
	return kind, entry
}

func guests(ctx context.Context, q db.Querier, meetingID int64) ([]guest, error) {
	return db.Rows(ctx, q, func(g *guest) []any {
		return []any{&g.ID, &g.Given, &g.Family, &g.Email, &g.Language, &g.answer, &g.sequence, &g.entry}
	}, `
		SELECT
			p.id,
			p.given_name,
			p.family_name,
			COALESCE(p.email, ''),
			p.language,
			COALESCE(g.answer, ''),
			COALESCE(l.sequence, -1),
			COALESCE(l.entry, '')
		FROM trainer_meeting_guest AS g
		JOIN person AS p ON p.id = g.person_id
		LEFT JOIN trainer_meeting_letter AS l ON l.meeting_id = g.meeting_id AND l.person_id = g.person_id
		AND l.sequence = (SELECT MAX(x.sequence) FROM trainer_meeting_letter AS x WHERE x.meeting_id = g.meeting_id AND x.person_id = g.person_id)
		WHERE g.meeting_id = $1
		ORDER BY p.sort_key, p.id`, meetingID)
}

func meetingPage(m trainer.Meeting, site Site) string {
	return site.page(address.Meeting(m.ID))
}

func meetingText(kind Kind, m trainer.Meeting, region string, p Person, site Site) (subject, body string) {
	l := p.lang()
	args := []any{"Title", m.Title, "When", when(l, m.Day, m.Starts, m.Ends), "Day", l.ShortDay(m.Day)}
	paragraphs := []string{l.T("letter.hello", "Name", p.Given), l.T("letter.lead."+string(kind), args...)}
	answer := "letter.more"
	if kind == MeetingInvited || kind == MeetingChanged {
		paragraphs = append(paragraphs, dayText(l, round.Day{Day: m.Day, Starts: m.Starts, Ends: m.Ends, Place: m.Place, Link: m.Link}, 1))
		if m.Agenda != "" {
			paragraphs = append(paragraphs, l.T("letter.agenda", "Agenda", m.Agenda))
		}
		answer = "letter.answer"
	}
	paragraphs = append(paragraphs, l.T(answer, "Link", meetingPage(m, site)), signed(l, round.Round{Region: region}))
	return l.T("letter.subject."+string(kind), args...), strings.Join(paragraphs, "\n\n") + "\n"
}

func meetingEntry(m trainer.Meeting, g guest, cancelled bool, site Site, now clock.Instant) string {
	l := g.lang()
	page := meetingPage(m, site)
	description := l.T("letter.more", "Link", page)
	if m.Link != "" {
		description = l.T("letter.link", "Link", m.Link) + "\n" + description
	}
	text, _ := calendar.Invitation(calendar.Item{
		UID: calendar.MeetingUID(m.ID, g.ID), Sequence: g.sequence, Changed: now, Day: m.Day, Starts: m.Starts, Ends: m.Ends,
		Summary: m.Title, Description: description, Place: m.Place, Link: m.Link, Page: page,
		Cancelled: cancelled, Open: g.answer != trainer.Accepted,
	}, site.From, calendar.Party{Name: g.Name(), Email: g.Email})
	return text
}

// MeetingLetter is one e-mail about a meeting; Number is its sequence.
type MeetingLetter struct {
	Part
	Kind   Kind
	MadeAt clock.Instant
}

// MeetingLetters are all letters about the meeting, the latest first, for those
// who manage it.
func MeetingLetters(ctx context.Context, q db.Querier, viewer access.Viewer, meetingID int64) ([]MeetingLetter, error) {
	m, err := trainer.MeetingByID(ctx, q, viewer, meetingID)
	if err == nil && !m.Manages {
		err = fault.NotFound
	}
	if err != nil {
		return nil, err
	}
	return db.Rows(ctx, q, func(m *MeetingLetter) []any {
		return []any{&m.PersonID, &m.Name, &m.Number, &m.Kind, &m.Subject, &m.Body, &m.Calendar, &m.MadeAt, &m.SentAt, &m.FailedAt, &m.Failure}
	}, `
		SELECT
			l.person_id,
			TRIM(p.given_name || ' ' || p.family_name),
			l.sequence,
			l.kind,
			l.subject,
			l.body,
			l.calendar <> '',
			l.made_at,
			l.sent_at,
			l.failed_at,
			l.failure
		FROM trainer_meeting_letter AS l
		JOIN person AS p ON p.id = l.person_id
		WHERE l.meeting_id = $1
		ORDER BY l.made_at DESC, p.sort_key, p.id, l.sequence DESC`, meetingID)
}

// meetingJob hands one letter about a meeting to the mail server.
type meetingJob struct {
	Meeting  int64 `json:"meeting"`
	Person   int64 `json:"person"`
	Sequence int   `json:"sequence"`
}

func (meetingJob) Kind() string { return "letter_meeting" }

// Queue is that of all letters.
func (meetingJob) Queue() string { return mail.Queue }

func (j meetingJob) key() string {
	return fmt.Sprintf("trainer-meeting-%d-person-%d-letter-%d", j.Meeting, j.Person, j.Sequence)
}

func (j meetingJob) read(ctx context.Context, q db.Querier) (piece, error) {
	p, err := db.Row(ctx, q, (*piece).columns, `
		SELECT
			l.subject,
			l.body,
			l.calendar,
			COALESCE(p.email, ''),
			l.sent_at IS NOT NULL OR l.failed_at IS NOT NULL
		FROM trainer_meeting_letter AS l
		JOIN person AS p ON p.id = l.person_id
		WHERE l.meeting_id = $1
		AND l.person_id = $2
		AND l.sequence = $3`, j.Meeting, j.Person, j.Sequence)
	if errors.Is(err, fault.NotFound) {
		return piece{done: true}, nil
	}
	p.key = j.key()
	return p, err
}

func (j meetingJob) note(ctx context.Context, tx *db.Tx, sent, failed *clock.Instant, failure string) error {
	_, err := db.Exec(ctx, tx, `
		UPDATE trainer_meeting_letter
		SET sent_at = $4, failed_at = $5, failure = $6
		WHERE meeting_id = $1
		AND person_id = $2
		AND sequence = $3`, j.Meeting, j.Person, j.Sequence, sent, failed, failure)
	return err
}
