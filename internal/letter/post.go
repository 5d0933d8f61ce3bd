package letter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yrkesresan/internal/clock"
	"yrkesresan/internal/db"
	"yrkesresan/internal/fault"
	"yrkesresan/internal/jobs"
	"yrkesresan/internal/mail"
)

// postJob hands one part of a letter to the mail server.
type postJob struct {
	Letter int64 `json:"letter"`
	Person int64 `json:"person"`
	Part   int   `json:"part"`
}

func (postJob) Kind() string { return "letter_post" }

// Queue is that of all letters: without a mail server it stands still.
func (postJob) Queue() string { return mail.Queue }

// Handle lets the queue write letters, and send them if there is a mail server.
func Handle(q *jobs.Queue, d *db.DB, now clock.Clock, sender *mail.Sender, site Site) {
	jobs.Handle(q, func(ctx context.Context, job newsJob) error {
		return d.Write(ctx, func(tx *db.Tx) error { return Write(ctx, tx, job.Round, site, now()) })
	})
	jobs.Handle(q, func(ctx context.Context, _ dueJob) error { return Due(ctx, d, site, now()) })
	jobs.Every(q, 10*time.Minute, dueJob{})
	if sender.Ready() {
		jobs.Handle(q, func(ctx context.Context, job postJob) error { return post(ctx, d, now, sender, job) })
	}
}

// What is kept as the failure of a part, beside the answers of mail servers.
const (
	noAddress   = "no_address"  // the person has none
	unreachable = "mail_server" // it did not answer; tried again
)

// post sends the part unless it was sent or bounced before.
func post(ctx context.Context, d *db.DB, now clock.Clock, sender *mail.Sender, job postJob) error {
	type row struct {
		subject, body, calendar, email string
		done                           bool
	}
	r, err := db.Row(ctx, d.Reader(), func(r *row) []any { return []any{&r.subject, &r.body, &r.calendar, &r.email, &r.done} }, `
		SELECT
			r.subject,
			r.body,
			r.calendar,
			COALESCE(p.email, ''),
			r.sent_at IS NOT NULL OR r.failed_at IS NOT NULL
		FROM round_letter_recipient AS r
		JOIN person AS p ON p.id = r.person_id
		WHERE r.letter_id = $1
		AND r.person_id = $2
		AND r.part = $3`, job.Letter, job.Person, job.Part)
	if errors.Is(err, fault.NotFound) || err == nil && r.done {
		return nil
	}
	if err != nil {
		return err
	}
	if r.email == "" {
		return note(ctx, d, job, nil, ptr(now()), noAddress)
	}
	letter := mail.Letter{
		To: r.email, Subject: r.subject, Text: r.body, Calendar: r.calendar,
		Key: fmt.Sprintf("round-letter-%d-person-%d-part-%d", job.Letter, job.Person, job.Part),
	}
	if r.calendar != "" {
		letter.CalendarMethod = string(method(r.calendar))
	}
	err = sender.Deliver(ctx, letter)
	// The letter is on its way or not, whatever becomes of ctx.
	noting := context.WithoutCancel(ctx)
	var refusal *mail.Refusal
	switch {
	case err == nil:
		return note(noting, d, job, ptr(now()), nil, "")
	case errors.As(err, &refusal) && refusal.Final && refusal.Answer == "":
		return errors.Join(err, note(noting, d, job, nil, ptr(now()), noAddress))
	case errors.As(err, &refusal) && refusal.Final:
		return errors.Join(err, note(noting, d, job, nil, ptr(now()), refusal.Answer))
	case errors.As(err, &refusal):
		return errors.Join(err, note(noting, d, job, nil, nil, refusal.Answer))
	}
	return errors.Join(err, note(noting, d, job, nil, nil, unreachable))
}

func note(ctx context.Context, d *db.DB, job postJob, sent, failed *clock.Instant, failure string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `
			UPDATE round_letter_recipient
			SET sent_at = $4, failed_at = $5, failure = $6
			WHERE letter_id = $1
			AND person_id = $2
			AND part = $3`, job.Letter, job.Person, job.Part, sent, failed, failure)
		return err
	})
}

func ptr(t clock.Instant) *clock.Instant { return &t }
