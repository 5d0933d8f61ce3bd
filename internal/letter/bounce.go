package letter

import (
	"context"
	"time"

	"yrkesresan/internal/access"
	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/mail"
	"yrkesresan/internal/people"
)

// reportLife is how long after a letter was sent a report about it is looked
// up: mail servers give up after five days (RFC 5321 § 4.5.4.1).
const reportLife = 30 * 24 * time.Hour

// Bounce notes what came back about a letter that a mail server had taken: it
// has bounced. A report that does not name the letter is about the last one that
// the address got. A report that it is only late changes nothing. fault.NotFound
// when the report is about no letter of ours.
func Bounce(ctx context.Context, tx *db.Tx, report mail.Report, now clock.Instant) error {
	since := now.Add(-reportLife)
	type sent[J any] struct {
		job   J
		at    clock.Instant
		email string
	}
	parts, err := db.Rows(ctx, tx, func(s *sent[postJob]) []any {
		return []any{&s.job.Letter, &s.job.Person, &s.job.Part, &s.at, &s.email}
	}, `
		SELECT
			r.letter_id,
			r.person_id,
			r.part,
			r.sent_at,
			LOWER(COALESCE(p.email, ''))
		FROM round_letter_recipient AS r
		JOIN person AS p ON p.id = r.person_id
		WHERE r.sent_at >= $1`, since)
	if err != nil {
		return err
	}
	meetings, err := db.Rows(ctx, tx, func(s *sent[meetingJob]) []any {
		return []any{&s.job.Meeting, &s.job.Person, &s.job.Sequence, &s.at, &s.email}
	}, `
		SELECT
			l.meeting_id,
			l.person_id,
			l.sequence,
			l.sent_at,
			LOWER(COALESCE(p.email, ''))
		FROM trainer_meeting_letter AS l
		JOIN person AS p ON p.id = l.person_id
		WHERE l.sent_at >= $1`, since)
	if err != nil {
		return err
	}
	personal, err := db.Rows(ctx, tx, func(s *sent[personJob]) []any { return []any{&s.job.Letter, &s.at, &s.email} }, `
		SELECT
			l.id,
			l.sent_at,
			LOWER(COALESCE(p.email, ''))
		FROM person_letter AS l
		JOIN person AS p ON p.id = l.person_id
		WHERE l.sent_at >= $1`, since)
	if err != nil {
		return err
	}
	var found mailing
	var at clock.Instant
	look := func(j mailing, key string, sentAt clock.Instant, email string) {
		ours := mail.Name(key) == report.Letter
		if report.Letter == "" {
			ours = email != "" && email == report.Recipient && sentAt >= at
		}
		if ours {
			found, at = j, sentAt
		}
	}
	for _, s := range parts {
		look(s.job, s.job.key(), s.at, s.email)
	}
	for _, s := range meetings {
		look(s.job, s.job.key(), s.at, s.email)
	}
	for _, s := range personal {
		look(s.job, s.job.key(), s.at, s.email)
	}
	if found == nil {
		return fault.NotFound
	}
	if !report.Failed {
		return nil
	}
	return found.note(ctx, tx, nil, &now, "550 "+report.Status)
}

// LastBouncedSQL is when a letter to the person p last came back or could not be
// sent, since their address was last changed; NULL when none has.
const LastBouncedSQL = `(
	SELECT MAX(b.failed_at)
	FROM (
		SELECT r.failed_at FROM round_letter_recipient AS r WHERE r.person_id = p.id
		UNION ALL
		SELECT l.failed_at FROM person_letter AS l WHERE l.person_id = p.id
	) AS b
	WHERE b.failed_at > COALESCE((
		SELECT MAX(c.changed_at)
		FROM person_change AS c
		WHERE c.person_id = p.id
		AND COALESCE(c.email, '') <> COALESCE(p.email, '')
	), 0)
)`

// LastBounce is LastBouncedSQL of the person, if the viewer may see them.
func LastBounce(ctx context.Context, q db.Querier, viewer access.Viewer, personID int64, today clock.Day) (*clock.Instant, error) {
	if err := people.Visible(ctx, q, viewer, personID, today); err != nil {
		return nil, err
	}
	return db.Row(ctx, q, db.One[*clock.Instant], `SELECT `+LastBouncedSQL+` FROM person AS p WHERE p.id = $1`, personID)
}
