package letter

import (
	"context"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/mail"
)

// reportLife is how long after a letter was sent a report about it is looked
// up: mail servers give up after five days (RFC 5321 § 4.5.4.1).
const reportLife = 30 * 24 * time.Hour

// Bounce notes what came back about a letter that a mail server had taken: it
// has bounced. A report that it is only late changes nothing. fault.NotFound
// when the report is about no letter of ours.
func Bounce(ctx context.Context, tx *db.Tx, report mail.Report, now clock.Instant) error {
	since := now.Add(-reportLife)
	parts, err := db.Rows(ctx, tx, func(j *postJob) []any { return []any{&j.Letter, &j.Person, &j.Part} }, `
		SELECT letter_id, person_id, part FROM round_letter_recipient WHERE sent_at >= $1`, since)
	if err != nil {
		return err
	}
	meetings, err := db.Rows(ctx, tx, func(j *meetingJob) []any { return []any{&j.Meeting, &j.Person, &j.Sequence} }, `
		SELECT meeting_id, person_id, sequence FROM trainer_meeting_letter WHERE sent_at >= $1`, since)
	if err != nil {
		return err
	}
	var found mailing
	for _, j := range parts {
		if mail.Name(j.key()) == report.Letter {
			found = j
		}
	}
	for _, j := range meetings {
		if mail.Name(j.key()) == report.Letter {
			found = j
		}
	}
	if found == nil {
		return fault.NotFound
	}
	if !report.Failed {
		return nil
	}
	return found.note(ctx, tx, nil, &now, "550 "+report.Status)
}
