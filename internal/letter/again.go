package letter

import (
	"context"

	"yrkesresan/internal/access"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/trainer"
)

// SendAgain sends what bounced of the letter once more, to the addresses that
// people have now, for those who manage the round; it tells how many e-mails.
func SendAgain(ctx context.Context, tx *db.Tx, viewer access.Viewer, roundID, letterID int64) (int, error) {
	if _, err := managed(ctx, tx, viewer, roundID); err != nil {
		return 0, err
	}
	return again(ctx, tx, func(j *postJob) []any { return []any{&j.Letter, &j.Person, &j.Part} }, `
		UPDATE round_letter_recipient
		SET failed_at = NULL, failure = ''
		WHERE letter_id = (SELECT id FROM round_letter WHERE id = $2 AND round_id = $1)
		AND failed_at IS NOT NULL
		RETURNING letter_id, person_id, part`, roundID, letterID)
}

// SendMeetingAgain is SendAgain for a trainer meeting: what bounced last, of
// each guest.
func SendMeetingAgain(ctx context.Context, tx *db.Tx, viewer access.Viewer, meetingID int64) (int, error) {
	m, err := trainer.MeetingByID(ctx, tx, viewer, meetingID)
	if err == nil && !m.Manages {
		err = fault.NotFound
	}
	if err != nil {
		return 0, err
	}
	return again(ctx, tx, func(j *meetingJob) []any { return []any{&j.Meeting, &j.Person, &j.Sequence} }, `
		UPDATE trainer_meeting_letter
		SET failed_at = NULL, failure = ''
		WHERE meeting_id = $1
		AND failed_at IS NOT NULL
		AND sequence = (
			SELECT MAX(x.sequence)
			FROM trainer_meeting_letter AS x
			WHERE x.meeting_id = trainer_meeting_letter.meeting_id
			AND x.person_id = trainer_meeting_letter.person_id
		)
		RETURNING meeting_id, person_id, sequence`, meetingID)
}

// again gives the bounced e-mails that the query takes back to the post.
func again[J jobs.Args](ctx context.Context, tx *db.Tx, columns func(*J) []any, query string, args ...any) (int, error) {
	bounced, err := db.Rows(ctx, tx, columns, query, args...)
	if err != nil {
		return 0, err
	}
	for _, job := range bounced {
		if err := jobs.Add(ctx, tx, job); err != nil {
			return 0, err
		}
	}
	return len(bounced), nil
}

// Bounced tells whether the e-mail never reached its reader's mail server.
func (p Part) Bounced() bool { return p.FailedAt != nil }
